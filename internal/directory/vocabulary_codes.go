package directory

// Names of the vocabularies. Each framework's codes are a vocabulary named like the framework.
const (
	VocabularyGroups            = "groups"
	VocabularyActorKinds        = "actor_kinds"
	VocabularyActorStates       = "actor_states"
	VocabularyInitiativeKinds   = "initiative_kinds"
	VocabularyInitiativeStates  = "initiative_states"
	VocabularyInitiativeLinks   = "initiative_links"
	VocabularyRoleTypes         = "role_types"
	VocabularyRACI              = "raci"
	VocabularyRelationTypes     = "relation_types"
	VocabularySourceKinds       = "source_kinds"
	VocabularyIdentifierSchemes = "identifier_schemes"
	VocabularyOtherNameTypes    = "other_name_types"
	VocabularyStatuses          = "statuses"
	VocabularyVisibilities      = "visibilities"
	VocabularyConfidences       = "confidences"
	VocabularyLanguages         = "languages"
	VocabularyCountries         = "countries"
	VocabularyTerritories       = "territories"
	VocabularyFrameworks        = "frameworks"
	VocabularyGapRules          = "gap_rules"
	VocabularyGapSeverities     = "gap_severities"
	VocabularyCountedFields     = "counted_fields"
)

// Groups of actors; the first three are the tripartite constituents.
const (
	GroupGovernment         = "government"
	GroupEmployers          = "employers"
	GroupWorkers            = "workers"
	GroupInternational      = "international"
	GroupBilateralAgency    = "bilateral_agency"
	GroupForeignGovernment  = "foreign_government"
	GroupCivilSociety       = "civil_society"
	GroupAcademia           = "academia"
	GroupPrivateRecruitment = "private_recruitment"
	GroupOther              = "other"
)

// Kinds and states of actors.
const (
	ActorOrganisation = "organisation"
	ActorUnit         = "unit"
	ActorNetwork      = "network"
	ActorCommittee    = "committee"

	ActorActive    = "active"
	ActorDormant   = "dormant"
	ActorDissolved = "dissolved"
	ActorProposed  = "proposed"
)

// Schemes of identifiers. SchemeOther needs an issuer.
const (
	SchemeROR      = "ror"
	SchemeWikidata = "wikidata"
	SchemeIATI     = "iati"
	SchemeLEI      = "lei"
	SchemeISNI     = "isni"
	SchemeGRID     = "grid"
	SchemeFundRef  = "fundref"
	SchemeMAICE    = "ma-ice"
	SchemeOther    = "other"
)

// Types of other names.
const (
	NameAlias   = "alias"
	NameFormer  = "former"
	NameAcronym = "acronym"
)

// Kinds, states and links of initiatives.
const (
	InitiativeStrategy  = "strategy"
	InitiativeProgramme = "programme"
	InitiativeProject   = "project"
	InitiativeAgreement = "agreement"
	InitiativeLaw       = "law"
	InitiativeEvent     = "event"

	InitiativePlanned   = "planned"
	InitiativeActive    = "active"
	InitiativeCompleted = "completed"
	InitiativeSuspended = "suspended"

	LinkWithin      = "within"
	LinkSucceeds    = "succeeds"
	LinkImplements  = "implements"
	LinkAlignedWith = "aligned_with"
)

// Types of roles.
const (
	RoleLead                = "lead"
	RoleAccountable         = "accountable"
	RoleResponsible         = "responsible"
	RoleImplementer         = "implementer"
	RoleRegulator           = "regulator"
	RoleOrganiser           = "organiser"
	RoleDataProvider        = "data_provider"
	RoleRecruiter           = "recruiter"
	RoleTrainer             = "trainer"
	RoleHost                = "host"
	RolePartner             = "partner"
	RoleTechnicalAssistance = "technical_assistance"
	RoleConsulted           = "consulted"
	RoleSocialPartner       = "social_partner"
	RoleParticipant         = "participant"
	RoleInformed            = "informed"
	RoleObserver            = "observer"
	RoleFunder              = "funder"
	RoleBeneficiary         = "beneficiary"
	RoleOther               = "other"
)

// The letters of a RACI chart.
const (
	RACIAccountable = "A"
	RACIResponsible = "R"
	RACIConsulted   = "C"
	RACIInformed    = "I"
)

// Types of relations.
const (
	RelationPartOf         = "part_of"
	RelationFunds          = "funds"
	RelationSupervises     = "supervises"
	RelationReportsTo      = "reports_to"
	RelationMemberOf       = "member_of"
	RelationRepresents     = "represents"
	RelationSuccessorOf    = "successor_of"
	RelationPartnersWith   = "partners_with"
	RelationCooperatesWith = "cooperates_with"
	RelationAgreementWith  = "agreement_with"
	RelationRelatedTo      = "related_to"
)

// Kinds of sources.
const (
	SourceCommunique = "communique"
	SourceLaw        = "law"
	SourceReport     = "report"
	SourceWebPage    = "web_page"
	SourceAgreement  = "agreement"
	SourceOther      = "other"
)

// Degrees of confidence.
const (
	ConfidenceHigh   = "high"
	ConfidenceMedium = "medium"
	ConfidenceLow    = "low"
)

// Reference frameworks.
const (
	FrameworkMGI     = "MGI"
	FrameworkGCM     = "GCM"
	FrameworkSDG     = "SDG"
	FrameworkILOMFLM = "ILO-MFLM"
)
