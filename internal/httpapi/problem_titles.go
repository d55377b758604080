package httpapi

import "dalil/internal/fault"

// titles are what a kind of refusal is called: English, French, Arabic.
type titles struct{ en, fr, ar string }

// titleOf names a kind of refusal in a language.
func titleOf(kind fault.Kind, lang string) string {
	t := titlesOf(kind)
	switch lang {
	case "fr":
		return t.fr
	case "ar":
		return t.ar
	default:
		return t.en
	}
}

func titlesOf(kind fault.Kind) titles {
	switch kind {
	case fault.Malformed:
		return titles{"Bad request", "Requête incorrecte", "طلب غير صالح"}
	case fault.Unauthenticated:
		return titles{"Not signed in", "Non authentifié", "دون تعريف بالهوية"}
	case fault.Forbidden:
		return titles{"Not allowed", "Accès refusé", "غير مسموح"}
	case fault.NotFound:
		return titles{"Not found", "Introuvable", "غير موجود"}
	case fault.Gone:
		return titles{"Archived", "Archivé", "مؤرشف"}
	case fault.Moved:
		return titles{"Merged", "Fusionné", "مدمج"}
	case fault.NotAllowed:
		return titles{"No such method here", "Méthode non admise", "طريقة غير متاحة"}
	case fault.NotAcceptable:
		return titles{"No such media type here", "Type de média indisponible", "نوع وسائط غير متاح"}
	case fault.Conflict:
		return titles{"Conflict", "Conflit", "تعارض"}
	case fault.Stale:
		return titles{"Changed meanwhile", "Modifié entre-temps", "تغيّر في هذه الأثناء"}
	case fault.NoCondition:
		return titles{"Condition required", "Condition requise", "شرط مطلوب"}
	case fault.TooLarge:
		return titles{"Too large", "Trop volumineux", "كبير جدًا"}
	case fault.URITooLong:
		return titles{"Address too long", "Adresse trop longue", "العنوان طويل جدًا"}
	case fault.Unsupported:
		return titles{"Unsupported media type", "Type de média non pris en charge", "نوع وسائط غير مدعوم"}
	case fault.Invalid:
		return titles{"A rule is broken", "Règle enfreinte", "مخالفة لقاعدة"}
	case fault.TooMany:
		return titles{"Too many requests", "Trop de requêtes", "طلبات كثيرة جدًا"}
	case fault.Unavailable:
		return titles{"Unavailable", "Indisponible", "غير متاح حاليًا"}
	case fault.Timeout:
		return titles{"Too slow", "Délai dépassé", "انتهت المهلة"}
	case fault.Internal:
	}
	return titles{"Internal error", "Erreur interne", "خطأ داخلي"}
}
