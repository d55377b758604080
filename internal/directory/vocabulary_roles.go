//nolint:misspell // the labels are in French, too
package directory

// roleTypes come in the order of what they imply: A, R, C, I, then those that imply none.
func roleTypes() *Vocabulary {
	return newVocabulary(VocabularyRoleTypes,
		label("Types de rôles", "أنواع الأدوار", "Types of roles"),
		roleType(RoleLead, RACIAccountable, label("Chef de file", "جهة قائدة", "Lead")),
		roleType(RoleAccountable, RACIAccountable, label(
			"Redevable des résultats", "جهة مساءَلة عن النتائج", "Accountable")),
		roleType(RoleResponsible, RACIResponsible, label("Responsable", "جهة مسؤولة", "Responsible")),
		roleType(RoleImplementer, RACIResponsible, label("Organisme de mise en œuvre", "جهة منفذة", "Implementer")),
		roleType(RoleRegulator, RACIResponsible, label("Autorité de régulation", "جهة مكلفة بالتقنين", "Regulator")),
		roleType(RoleOrganiser, RACIResponsible, label("Organisateur", "جهة منظِّمة", "Organiser")),
		roleType(RoleDataProvider, RACIResponsible, label(
			"Fournisseur de données", "جهة مزوِّدة بالمعطيات", "Data provider")),
		roleType(RoleRecruiter, RACIResponsible, label("Recruteur", "جهة موظِّفة", "Recruiter")),
		roleType(RoleTrainer, RACIResponsible, label("Organisme de formation", "جهة مكوِّنة", "Training provider")),
		roleType(RoleHost, RACIResponsible, label("Structure d’accueil", "جهة مستضيفة", "Host")),
		roleType(RolePartner, RACIResponsible, label("Partenaire", "شريك", "Partner")),
		roleType(RoleTechnicalAssistance, RACIResponsible, label(
			"Assistance technique", "مساعدة تقنية", "Technical assistance")),
		roleType(RoleConsulted, RACIConsulted, label("Consulté", "جهة مستشارة", "Consulted")),
		roleType(RoleSocialPartner, RACIConsulted, label("Partenaire social", "شريك اجتماعي", "Social partner")),
		roleType(RoleParticipant, RACIConsulted, label("Participant", "مشارك", "Participant")),
		roleType(RoleInformed, RACIInformed, label("Informé", "جهة يتم إخبارها", "Informed")),
		roleType(RoleObserver, RACIInformed, label("Observateur", "ملاحظ", "Observer")),
		roleType(RoleFunder, "", label("Bailleur de fonds", "جهة ممولة", "Funder")),
		roleType(RoleBeneficiary, "", label("Bénéficiaire", "مستفيد", "Beneficiary")),
		roleType(RoleOther, "", label("Autre rôle", "دور آخر", "Other role")),
	)
}

func roleType(code, letter string, name Text) Term {
	return Term{Code: code, RACI: letter, Label: name}
}

func raci() *Vocabulary {
	return newVocabulary(VocabularyRACI,
		label("Matrice RACI", "مصفوفة المسؤوليات", "RACI chart"),
		Term{Code: RACIAccountable, Label: label("Rend compte du résultat", "مساءَل عن النتيجة", "Accountable")},
		Term{Code: RACIResponsible, Label: label("Réalise", "مسؤول عن الإنجاز", "Responsible")},
		Term{Code: RACIConsulted, Label: label("Est consulté", "يُستشار", "Consulted")},
		Term{Code: RACIInformed, Label: label("Est informé", "يُخبَر", "Informed")},
	)
}
