package directory

func initiativeKinds() *Vocabulary {
	return newVocabulary(VocabularyInitiativeKinds,
		label("Natures d’initiatives", "أنواع المبادرات", "Kinds of initiatives"),
		Term{Code: InitiativeStrategy, Label: label("Stratégie", "استراتيجية", "Strategy")},
		Term{Code: InitiativeProgramme, Label: label("Programme", "برنامج", "Programme")},
		Term{Code: InitiativeProject, Label: label("Projet", "مشروع", "Project")},
		Term{Code: InitiativeAgreement, Label: label("Accord ou convention", "اتفاق أو اتفاقية", "Agreement")},
		Term{Code: InitiativeLaw, Label: label("Loi ou règlement", "قانون أو نص تنظيمي", "Law or regulation")},
		Term{Code: InitiativeEvent, Label: label("Événement", "حدث", "Event")},
	)
}

func initiativeStates() *Vocabulary {
	return newVocabulary(VocabularyInitiativeStates,
		label("États d’avancement des initiatives", "مراحل تقدم المبادرات", "States of initiatives"),
		Term{Code: InitiativePlanned, Label: label("Prévue", "مبرمجة", "Planned")},
		Term{Code: InitiativeActive, Label: label("En cours", "جارية", "Active")},
		Term{Code: InitiativeCompleted, Label: label("Achevée", "منتهية", "Completed")},
		Term{Code: InitiativeSuspended, Label: label("Suspendue", "معلقة", "Suspended")},
	)
}

// initiativeLinks have labels but no codes for the other end: a link is always kept by the initiative that has it.
func initiativeLinks() *Vocabulary {
	return newVocabulary(VocabularyInitiativeLinks,
		label("Liens entre initiatives", "الروابط بين المبادرات", "Links between initiatives"),
		Term{
			Code:    LinkWithin,
			Label:   label("s’inscrit dans", "تندرج في إطار", "is within"),
			Inverse: label("sert de cadre à", "تشكل إطارا لـ", "is the setting of"),
		},
		Term{
			Code:    LinkSucceeds,
			Label:   label("fait suite à", "تأتي بعد", "succeeds"),
			Inverse: label("a pour suite", "تليها", "is succeeded by"),
		},
		Term{
			Code:    LinkImplements,
			Label:   label("met en œuvre", "تنفذ", "implements"),
			Inverse: label("a pour mise en œuvre", "تنفذها", "is implemented by"),
		},
		Term{
			Code:    LinkAlignedWith,
			Label:   label("s’aligne sur", "تتماشى مع", "is aligned with"),
			Inverse: label("sert de référence à", "تشكل مرجعا لـ", "is a reference for"),
		},
	)
}
