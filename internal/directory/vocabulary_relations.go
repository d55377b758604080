package directory

func relationTypes() *Vocabulary {
	return newVocabulary(VocabularyRelationTypes,
		label("Types de relations", "أنواع العلاقات", "Types of relations"),
		directed(RelationPartOf, label("fait partie de", "جزء من", "is part of"),
			"has_part", label("comprend", "يضم", "includes")),
		directed(RelationFunds, label("finance", "يموِّل", "funds"),
			"funded_by", label("est financé par", "يموِّله", "is funded by")),
		directed(RelationSupervises, label("supervise", "يشرف على", "supervises"),
			"supervised_by", label("est supervisé par", "يخضع لإشراف", "is supervised by")),
		directed(RelationReportsTo, label("rend compte à", "يقدم تقاريره إلى", "reports to"),
			"receives_reports_of", label("reçoit les rapports de", "يتلقى تقارير", "receives the reports of")),
		directed(RelationMemberOf, label("est membre de", "عضو في", "is a member of"),
			"has_member", label("a pour membre", "من أعضائه", "has as a member")),
		directed(RelationRepresents, label("représente", "يمثل", "represents"),
			"represented_by", label("est représenté par", "يمثله", "is represented by")),
		directed(RelationSuccessorOf, label("succède à", "حل محل", "is the successor of"),
			"succeeded_by", label("a pour successeur", "حل محله", "was succeeded by")),
		symmetric(RelationPartnersWith, label("est partenaire de", "في شراكة مع", "partners with")),
		symmetric(RelationCooperatesWith, label("coopère avec", "يتعاون مع", "cooperates with")),
		symmetric(RelationAgreementWith, label("a un accord avec", "تربطه اتفاقية مع", "has an agreement with")),
		symmetric(RelationRelatedTo, label("est en lien avec", "على صلة مع", "is related to")),
	)
}

func directed(code string, name Text, inverseCode string, inverse Text) Term {
	return Term{Code: code, Label: name, InverseCode: inverseCode, Inverse: inverse}
}

// symmetric gives the other end the same code and label, so that a reader of either end need not ask which it is.
func symmetric(code string, name Text) Term {
	return Term{Code: code, Label: name, InverseCode: code, Inverse: name, Symmetric: true}
}
