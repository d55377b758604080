package fault

// Codes of queries: parameters, cursors, filters.
const (
	CodeBadParameter     Code = "bad_parameter"
	CodeUnknownParameter Code = "unknown_parameter"
	CodeRepeatedParam    Code = "repeated_parameter"
	CodeBadInteger       Code = "bad_integer"
	CodeBadBoolean       Code = "bad_boolean"
	CodeBadTime          Code = "bad_time"
	CodeBadCursor        Code = "bad_cursor"
	CodeCursorMismatch   Code = "cursor_mismatch"
	CodeUnknownValue     Code = "unknown_value"
	CodeTooManyValues    Code = "too_many_values"
	CodeValueTooLong     Code = "value_too_long"
	CodeUnknownFacet     Code = "unknown_facet"
	CodeUnknownSort      Code = "unknown_sort"
	CodeUnknownField     Code = "unknown_field"
	CodeCombination      Code = "combination"
)

var queryMessages = []message{
	{CodeBadParameter, "A parameter is wrong; see errors.", "Un paramètre est erroné ; voir errors.", "أحد المعاملات خاطئ؛ انظر errors."},
	{CodeUnknownParameter, "There is no such parameter here.", "Ce paramètre n’existe pas ici.", "لا يوجد معامل بهذا الاسم هنا."},
	{CodeRepeatedParam, "This parameter is given once at most.", "Ce paramètre se donne une fois au plus.", "يُعطى هذا المعامل مرة واحدة على الأكثر."},
	{CodeBadInteger, "An integer from {min} to {max} is expected.", "Un entier de {min} à {max} est attendu.", "المتوقع عدد صحيح من {min} إلى {max}."},
	{CodeBadBoolean, "true or false is expected.", "true ou false est attendu.", "المتوقع true أو false."},
	{CodeBadTime, "A date (YYYY, YYYY-MM, YYYY-MM-DD) or an RFC 3339 time is expected.", "Une date (AAAA, AAAA-MM, AAAA-MM-JJ) ou une heure RFC 3339 est attendue.", "المتوقع تاريخ (YYYY أو YYYY-MM أو YYYY-MM-DD) أو وقت RFC 3339."},
	{CodeBadCursor, "This cursor was not made here, or was changed.", "Ce curseur ne vient pas d’ici, ou a été modifié.", "هذا المؤشر ليس صادرًا من هنا أو جرى تغييره."},
	{CodeCursorMismatch, "This cursor belongs to another list or other filters.", "Ce curseur appartient à une autre liste ou à d’autres filtres.", "هذا المؤشر يخص قائمة أخرى أو مرشحات أخرى."},
	{CodeUnknownValue, "{value} is not known here; expected: {expected}.", "{value} est inconnu ici ; attendu : {expected}.", "‏{value} غير معروف هنا؛ المتوقع: {expected}."},
	{CodeTooManyValues, "At most {max} values.", "{max} valeurs au plus.", "‏{max} قيمة على الأكثر."},
	{CodeValueTooLong, "At most {max} characters.", "{max} caractères au plus.", "‏{max} حرفًا على الأكثر."},
	{CodeUnknownFacet, "There is no facet {value}; there are: {expected}.", "La facette {value} n’existe pas ; il y a : {expected}.", "لا يوجد وجه تصنيف {value}؛ المتاح: {expected}."},
	{CodeUnknownSort, "There is no sort {value}; there are: {expected}.", "Le tri {value} n’existe pas ; il y a : {expected}.", "لا يوجد ترتيب {value}؛ المتاح: {expected}."},
	{CodeUnknownField, "There is no field {value}.", "Le champ {value} n’existe pas.", "لا يوجد حقل {value}."},
	{CodeCombination, "This does not go together with {other}.", "Ceci ne se combine pas avec {other}.", "لا يجتمع هذا مع {other}."},
}
