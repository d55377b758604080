package directory

func statuses() *Vocabulary {
	return newVocabulary(VocabularyStatuses,
		label("États de publication", "حالات النشر", "Statuses"),
		Term{Code: string(Draft), Label: label("Brouillon", "مسودة", "Draft")},
		Term{Code: string(Published), Label: label("Publié", "منشور", "Published")},
		Term{Code: string(Archived), Label: label("Archivé", "مؤرشف", "Archived")},
	)
}

func visibilities() *Vocabulary {
	return newVocabulary(VocabularyVisibilities,
		label("Niveaux de visibilité", "مستويات الاطلاع", "Visibilities"),
		Term{Code: string(Public), Label: label("Public", "للعموم", "Public")},
		Term{Code: string(Partners), Label: label("Partenaires", "للشركاء", "Partners")},
		Term{Code: string(Ministry), Label: label("Ministère", "للوزارة", "Ministry")},
	)
}

func confidences() *Vocabulary {
	return newVocabulary(VocabularyConfidences,
		label("Degrés de confiance", "درجات الموثوقية", "Degrees of confidence"),
		Term{Code: ConfidenceHigh, Label: label("Élevée", "عالية", "High")},
		Term{Code: ConfidenceMedium, Label: label("Moyenne", "متوسطة", "Medium")},
		Term{Code: ConfidenceLow, Label: label("Faible", "ضعيفة", "Low")},
	)
}

func sourceKinds() *Vocabulary {
	return newVocabulary(VocabularySourceKinds,
		label("Natures de sources", "أنواع المصادر", "Kinds of sources"),
		Term{Code: SourceCommunique, Label: label("Communiqué", "بلاغ", "Communiqué")},
		Term{Code: SourceLaw, Label: label("Texte juridique", "نص قانوني", "Law")},
		Term{Code: SourceReport, Label: label("Rapport", "تقرير", "Report")},
		Term{Code: SourceWebPage, Label: label("Page web", "صفحة إلكترونية", "Web page")},
		Term{Code: SourceAgreement, Label: label("Accord ou convention", "اتفاق أو اتفاقية", "Agreement")},
		Term{Code: SourceOther, Label: label("Autre document", "وثيقة أخرى", "Other document")},
	)
}

// languages are those of the directory first, then others that its sources are often written in. They name, and do not
// limit: a text may be in any language that BCP 47 can tag.
func languages() *Vocabulary {
	return newVocabulary(VocabularyLanguages,
		label("Langues", "اللغات", "Languages"),
		Term{Code: "fr", Label: label("français", "الفرنسية", "French")},
		Term{Code: "ar", Label: label("arabe", "العربية", "Arabic")},
		Term{Code: "en", Label: label("anglais", "الإنجليزية", "English")},
		Term{Code: "zgh", Label: label("amazighe", "الأمازيغية", "Amazigh")},
		Term{Code: "es", Label: label("espagnol", "الإسبانية", "Spanish")},
		Term{Code: "de", Label: label("allemand", "الألمانية", "German")},
		Term{Code: "it", Label: label("italien", "الإيطالية", "Italian")},
		Term{Code: "nl", Label: label("néerlandais", "الهولندية", "Dutch")},
		Term{Code: "pt", Label: label("portugais", "البرتغالية", "Portuguese")},
		Term{Code: "und", Label: label("langue inconnue", "لغة غير معروفة", "Unknown language")},
	)
}
