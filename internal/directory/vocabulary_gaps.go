package directory

// Rules of gaps: what may be missing, or wrong, in who does what.
const (
	GapNoLead             = "no_lead"
	GapSeveralLeads       = "several_leads"
	GapNoImplementer      = "no_implementer"
	GapNoFunder           = "no_funder"
	GapMissingConstituent = "missing_constituent"
	GapTerritoryUncovered = "territory_uncovered"
	GapUnsourced          = "unsourced"
	GapStale              = "stale"
)

// Severities of gaps.
const (
	SeverityHigh   = "high"
	SeverityMedium = "medium"
	SeverityLow    = "low"
)

// gapRules come in the order of their severity, the gravest first.
func gapRules() *Vocabulary {
	return newVocabulary(VocabularyGapRules,
		label("Règles des lacunes", "قواعد الثغرات", "Rules of gaps"),
		Term{Code: GapNoLead, Label: label("Sans chef de file", "بلا جهة قائدة", "No lead")},
		Term{Code: GapSeveralLeads, Label: label("Plusieurs chefs de file", "أكثر من جهة قائدة", "Several leads")},
		Term{Code: GapNoImplementer, Label: label("Sans mise en œuvre", "بلا جهة منفذة", "No implementer")},
		Term{Code: GapNoFunder, Label: label("Sans bailleur de fonds", "بلا جهة ممولة", "No funder")},
		Term{Code: GapMissingConstituent, Label: label(
			"Mandant tripartite absent", "غياب طرف من الأطراف الثلاثة", "Missing constituent")},
		Term{Code: GapTerritoryUncovered, Label: label("Région non couverte", "جهة غير مشمولة", "Region not covered")},
		Term{Code: GapUnsourced, Label: label("Rôle sans source", "دور بلا مصدر", "Role without a source")},
		Term{Code: GapStale, Label: label("Données à confirmer", "معطيات في حاجة إلى تأكيد", "To be confirmed again")},
	)
}

// gapSeverities come with the gravest first.
func gapSeverities() *Vocabulary {
	return newVocabulary(VocabularyGapSeverities,
		label("Gravité des lacunes", "درجات خطورة الثغرات", "Severities of gaps"),
		Term{Code: SeverityHigh, Label: label("Élevée", "عالية", "High")},
		Term{Code: SeverityMedium, Label: label("Moyenne", "متوسطة", "Medium")},
		Term{Code: SeverityLow, Label: label("Faible", "منخفضة", "Low")},
	)
}
