//nolint:misspell // the labels are in French, too
package directory

func groups() *Vocabulary {
	return newVocabulary(VocabularyGroups,
		label("Groupes d’acteurs", "فئات الفاعلين", "Groups of actors"),
		Term{Code: GroupGovernment, Constituent: true, Label: label(
			"Pouvoirs publics", "السلطات العمومية", "Government")},
		Term{Code: GroupEmployers, Constituent: true, Label: label("Employeurs", "المشغلون", "Employers")},
		Term{Code: GroupWorkers, Constituent: true, Label: label("Travailleurs", "العمال", "Workers")},
		Term{Code: GroupInternational, Label: label(
			"Organisations internationales", "المنظمات الدولية", "International organisations")},
		Term{Code: GroupBilateralAgency, Label: label(
			"Agences de coopération bilatérale", "وكالات التعاون الثنائي", "Bilateral cooperation agencies")},
		Term{Code: GroupForeignGovernment, Label: label(
			"Gouvernements étrangers", "الحكومات الأجنبية", "Foreign governments")},
		Term{Code: GroupCivilSociety, Label: label("Société civile", "المجتمع المدني", "Civil society")},
		Term{Code: GroupAcademia, Label: label(
			"Enseignement supérieur et recherche", "التعليم العالي والبحث العلمي", "Academia and research")},
		Term{Code: GroupPrivateRecruitment, Label: label(
			"Agences de recrutement privées", "وكالات التشغيل الخصوصية", "Private recruitment agencies")},
		Term{Code: GroupOther, Label: label("Autres acteurs", "فاعلون آخرون", "Other actors")},
	)
}

func actorKinds() *Vocabulary {
	return newVocabulary(VocabularyActorKinds,
		label("Natures d’acteurs", "أنواع الفاعلين", "Kinds of actors"),
		Term{Code: ActorOrganisation, Label: label("Organisation", "مؤسسة أو منظمة", "Organisation")},
		Term{Code: ActorUnit, Label: label("Unité d’une organisation", "وحدة تابعة لمؤسسة", "Unit of an organisation")},
		Term{Code: ActorNetwork, Label: label("Réseau", "شبكة", "Network")},
		Term{Code: ActorCommittee, Label: label("Comité ou commission", "لجنة", "Committee")},
	)
}

func actorStates() *Vocabulary {
	return newVocabulary(VocabularyActorStates,
		label("Situations des acteurs", "أوضاع الفاعلين", "States of actors"),
		Term{Code: ActorActive, Label: label("En activité", "في حالة نشاط", "Active")},
		Term{Code: ActorDormant, Label: label("En sommeil", "متوقف عن النشاط", "Dormant")},
		Term{Code: ActorDissolved, Label: label("Dissous", "تم حله", "Dissolved")},
		Term{Code: ActorProposed, Label: label("En projet", "قيد الإحداث", "Proposed")},
	)
}

func identifierSchemes() *Vocabulary {
	return newVocabulary(VocabularyIdentifierSchemes,
		label("Systèmes d’identifiants", "أنظمة المعرِّفات", "Identifier schemes"),
		Term{Code: SchemeROR, Label: label(
			"ROR (registre des organismes de recherche)", "ROR (سجل هيئات البحث)",
			"ROR (Research Organization Registry)")},
		Term{Code: SchemeWikidata, Label: label("Wikidata", "ويكي بيانات", "Wikidata")},
		Term{Code: SchemeIATI, Label: label(
			"IATI (Initiative internationale pour la transparence de l’aide)",
			"IATI (المبادرة الدولية لشفافية المعونة)",
			"IATI (International Aid Transparency Initiative)")},
		Term{Code: SchemeLEI, Label: label(
			"LEI (identifiant d’entité juridique)", "LEI (معرِّف الكيان القانوني)", "LEI (Legal Entity Identifier)")},
		Term{Code: SchemeISNI, Label: label(
			"ISNI (code international normalisé des noms)", "ISNI (المعرِّف الدولي الموحد للأسماء)",
			"ISNI (International Standard Name Identifier)")},
		Term{Code: SchemeGRID, Label: label(
			"GRID (base mondiale d’identifiants de la recherche)", "GRID (قاعدة المعرِّفات العالمية للبحث)",
			"GRID (Global Research Identifier Database)")},
		Term{Code: SchemeFundRef, Label: label(
			"FundRef (registre des financeurs de la recherche)", "FundRef (سجل ممولي البحث)",
			"FundRef (registry of research funders)")},
		Term{Code: SchemeMAICE, Label: label(
			"ICE (identifiant commun de l’entreprise, Maroc)", "ICE (التعريف الموحد للمقاولة، المغرب)",
			"ICE (common company identifier, Morocco)")},
		Term{Code: SchemeOther, Label: label("Autre identifiant", "معرِّف آخر", "Other identifier")},
	)
}

func otherNameTypes() *Vocabulary {
	return newVocabulary(VocabularyOtherNameTypes,
		label("Types d’autres noms", "أنواع الأسماء الأخرى", "Types of other names"),
		Term{Code: NameAlias, Label: label("Autre appellation", "تسمية أخرى", "Alias")},
		Term{Code: NameFormer, Label: label("Ancien nom", "اسم سابق", "Former name")},
		Term{Code: NameAcronym, Label: label("Sigle", "اسم مختصر", "Acronym")},
	)
}
