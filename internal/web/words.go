package web

// words is everything the home page says, in one language.
type words struct {
	Lang, Dir, Name                 string
	Title, Lead                     string
	Sample                          string // said while the sample content is there
	Holds, Position                 string
	Kinds                           [6]string // in the order of shown
	Start, API, Docs, Document      string
	APIText, DocsText, DocumentText string
	Queries                         string
	Query                           []query
	Evidence                        string
}

// query is one of the first questions to try.
type query struct{ Question, Link string }

// everyLanguage returns the page in French, Arabic and English.
func everyLanguage() []words { return []words{french(), arabic(), english()} }

// questions ties the five first questions to their addresses, which are the same in every language. None names a record,
// so that each is answered whatever the directory holds.
func questions(asked [5]string) []query {
	links := [5]string{
		"/api/v1/actors?q=OIT&facets=group",
		"/api/v1/roles?raci=A&as_of=today&facets=function,type",
		"/api/v1/actors?group=workers&group=employers&facets=type,function",
		"/api/v1/matrix?rows=function&cols=group",
		"/api/v1/gaps?rule=no_lead&rule=missing_constituent",
	}
	list := make([]query, len(links))
	for i := range links {
		list[i] = query{asked[i], links[i]}
	}
	return list
}

func french() words {
	return words{
		Lang: "fr", Dir: "ltr", Name: "Français",
		Title:  "Qui fait quoi, où, depuis quand — et d’après quelle source",
		Lead:   "Dalil est l’annuaire des acteurs de la gouvernance des migrations de travail : pouvoirs publics, employeurs, syndicats et partenaires internationaux, avec leurs rôles, leurs liens et les preuves.",
		Sample: "Premier contenu : le Maroc et sa Stratégie nationale de mobilité professionnelle internationale (SNMPI).",
		Holds:  "Ce qu’il contient", Position: "Position du registre :",
		Kinds: [6]string{"acteurs", "initiatives", "rôles", "relations", "fonctions", "sources"},
		Start: "Par où commencer", API: "L’API", Docs: "Documentation interactive", Document: "Document OpenAPI 3.1",
		APIText: "REST, JSON, lecture libre des fiches publiques", DocsText: "chaque appel, à essayer dans le navigateur",
		DocumentText: "pour générer un client",
		Queries:      "Cinq premières questions",
		Query: questions([5]string{
			"Qui est l’OIT ? Le nom, un sigle ou une faute de frappe suffisent",
			"Qui pilote quoi aujourd’hui ?",
			"Que font les syndicats et les employeurs ?",
			"Combien d’acteurs de chaque groupe, fonction par fonction ?",
			"Où n’y a-t-il personne : ni pilote, ni employeurs, ni syndicats ?",
		}),
		Evidence: "Un fait peut nommer ses sources et son degré de confiance ; chaque état passé peut être relu.",
	}
}

func arabic() words {
	return words{
		Lang: "ar", Dir: "rtl", Name: "العربية",
		Title:  "من يفعل ماذا، وأين، ومنذ متى — وبأي دليل",
		Lead:   "«دليل» هو سجل الفاعلين في حكامة هجرة اليد العاملة: السلطات العمومية والمشغلون والنقابات والشركاء الدوليون، بأدوارهم وروابطهم والأدلة عليها.",
		Sample: "المحتوى الأول: المغرب واستراتيجيته الوطنية للتنقل المهني الدولي.",
		Holds:  "ما يحتويه", Position: "موضع السجل:",
		Kinds: [6]string{"جهات فاعلة", "مبادرات", "أدوار", "علاقات", "وظائف", "مصادر"},
		Start: "من أين تبدأ", API: "واجهة API", Docs: "توثيق تفاعلي", Document: "وثيقة OpenAPI 3.1",
		APIText: "‏REST وJSON، وقراءة السجلات العمومية مفتوحة للجميع", DocsText: "كل نداء قابل للتجربة في المتصفح",
		DocumentText: "لتوليد برنامج عميل",
		Queries:      "خمسة أسئلة أولى",
		Query: questions([5]string{
			"من هي OIT؟ يكفي الاسم أو الاختصار، ولو بخطأ في الكتابة",
			"من يقود ماذا اليوم؟",
			"ماذا تفعل النقابات والمشغلون؟",
			"كم جهة من كل فئة في كل وظيفة؟",
			"أين لا يوجد أحد: لا قائد ولا مشغلون ولا نقابات؟",
		}),
		Evidence: "يمكن لكل معلومة أن تذكر مصادرها ودرجة الثقة فيها، ويمكن الرجوع إلى كل حالة سابقة.",
	}
}

func english() words {
	return words{
		Lang: "en", Dir: "ltr", Name: "English",
		Title:  "Who does what, where, since when — and how do we know",
		Lead:   "Dalil is the directory of labour-migration governance: government, employers, unions and international partners, with their roles, their links and the evidence.",
		Sample: "First content: Morocco and its National Strategy for International Professional Mobility (SNMPI).",
		Holds:  "What it holds", Position: "Ledger position:",
		Kinds: [6]string{"actors", "initiatives", "roles", "relations", "functions", "sources"},
		Start: "Where to begin", API: "The API", Docs: "Interactive documentation", Document: "OpenAPI 3.1 document",
		APIText: "REST, JSON, public records open to read", DocsText: "every call, to try in the browser",
		DocumentText: "to generate a client from",
		Queries:      "Five first questions",
		Query: questions([5]string{
			"Who is OIT? A name, an acronym or a misspelling will do",
			"Who leads what today?",
			"What do unions and employers do?",
			"How many actors of each group, function by function?",
			"Where is nobody: no lead, no employers, no unions?",
		}),
		Evidence: "A fact can name its sources and how sure it is; every past state can be read back.",
	}
}
