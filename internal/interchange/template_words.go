package interchange

// words is what the template says in one language.
type words struct {
	guideSheet, listSheet                           string
	guide                                           []string // the header of the guide
	yes, text, date, number, list, json, id, sameAs string
	notInList                                       string
}

func wordsIn(lang string) words {
	switch lang {
	case "fr":
		return words{
			guideSheet: "Guide", listSheet: "Listes", guide: []string{"Feuille", "Colonne", "Obligatoire", "Contenu"},
			yes: "oui", text: "Texte", date: "Date : AAAA, AAAA-MM ou AAAA-MM-JJ", number: "Nombre, comme 1234.5",
			list: "Liste, séparée par des points-virgules", json: "Liste d’objets JSON, comme dans l’API",
			id:        "Identifiant : a–z, 0–9, « . », « _ », « - » ; vide : trouvé ou formé à l’import",
			sameAs:    "En cas de doublon possible : l’identifiant de la fiche existante, ou « new » si c’en est une autre",
			notInList: "Ce mot n’est pas dans la liste. Le garder ?",
		}
	case "ar":
		return words{
			guideSheet: "دليل", listSheet: "قوائم", guide: []string{"الورقة", "العمود", "إلزامي", "المحتوى"},
			yes: "نعم", text: "نص", date: "تاريخ: YYYY أو YYYY-MM أو YYYY-MM-DD", number: "عدد مثل 1234.5",
			list: "قائمة تفصل بينها فواصل منقوطة (;)", json: "قائمة كائنات JSON كما في الواجهة البرمجية",
			id:        "معرّف من a–z و0–9 و«.» و«_» و«-»؛ إن تُرك فارغًا يُعثر عليه أو يُكوَّن عند الاستيراد",
			sameAs:    "عند احتمال التكرار: معرّف السجل الموجود، أو new إن كان سجلًا آخر",
			notInList: "هذه الكلمة ليست في القائمة. هل تُبقونها؟",
		}
	default:
		return words{
			guideSheet: "Guide", listSheet: "Lists", guide: []string{"Sheet", "Column", "Required", "Content"},
			yes: "yes", text: "Text", date: "Date: YYYY, YYYY-MM or YYYY-MM-DD", number: "Number, like 1234.5",
			list: "List, parted by semicolons", json: "List of objects in JSON, as in the API",
			id:        "Id: a–z, 0–9, '.', '_', '-'; empty: found or made on import",
			sameAs:    "For a possible duplicate: the id of the record that is there, or new if it is another one",
			notInList: "This word is not in the list. Keep it?",
		}
	}
}
