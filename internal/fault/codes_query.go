package fault

// Codes of queries: parameters, cursors, filters.
const (
	CodeBadParameter     Code = "bad_parameter"
	CodeUnknownParameter Code = "unknown_parameter"
	CodeRepeatedParam    Code = "repeated_parameter"
	CodeBadInteger       Code = "bad_integer"
	CodeBadBoolean       Code = "bad_boolean"
	CodeBadTime          Code = "bad_time"
	CodeBadInstant       Code = "bad_instant"
	CodeBadCursor        Code = "bad_cursor"
	CodeCursorMismatch   Code = "cursor_mismatch"
	CodeUnknownValue     Code = "unknown_value"
	CodeTooManyValues    Code = "too_many_values"
	CodeValueTooLong     Code = "value_too_long"
	CodeUnknownFacet     Code = "unknown_facet"
	CodeNoWords          Code = "no_words"
	CodeUnknownSort      Code = "unknown_sort"
	CodeUnknownField     Code = "unknown_field"
	CodeCombination      Code = "combination"
	CodeBeyondHead       Code = "beyond_head"
	CodeBadPlace         Code = "bad_place"
	CodeChangesNotReady  Code = "changes_not_ready"
	CodeTooManyStreams   Code = "too_many_streams"
	CodeNotInFile        Code = "not_in_file"
	CodeBadKnownAt       Code = "bad_known_at"
	CodePastNotReady     Code = "past_not_ready"
	CodeNotOnThatDay     Code = "not_on_that_day"
	CodeFileTooLong      Code = "file_too_long"
	CodeDateOutOfRange   Code = "date_out_of_range"
	CodeBadInterval      Code = "bad_interval"
	CodeNoFacetOfTime    Code = "no_facet_of_time"
	CodeNoRoleToFilter   Code = "no_role_to_filter"
)

var queryMessages = []message{
	{CodeBadParameter, "A parameter is wrong; see errors.", "Un paramètre est erroné ; voir errors.", "أحد المعاملات خاطئ؛ انظر errors."},
	{CodeUnknownParameter, "There is no such parameter here.", "Ce paramètre n’existe pas ici.", "لا يوجد معامل بهذا الاسم هنا."},
	{CodeRepeatedParam, "This parameter is given once at most.", "Ce paramètre se donne une fois au plus.", "يُعطى هذا المعامل مرة واحدة على الأكثر."},
	{CodeBadInteger, "An integer from {min} to {max} is expected.", "Un entier de {min} à {max} est attendu.", "المتوقع عدد صحيح من {min} إلى {max}."},
	{CodeBadBoolean, "true or false is expected.", "true ou false est attendu.", "المتوقع true أو false."},
	{CodeBadTime, "A date (YYYY, YYYY-MM, YYYY-MM-DD) or an RFC 3339 time is expected.", "Une date (AAAA, AAAA-MM, AAAA-MM-JJ) ou une heure RFC 3339 est attendue.", "المتوقع تاريخ (YYYY أو YYYY-MM أو YYYY-MM-DD) أو وقت RFC 3339."},
	{CodeBadInstant, "An RFC 3339 time is expected, such as 2027-01-31T09:00:00Z.", "Une heure RFC 3339 est attendue, par exemple 2027-01-31T09:00:00Z.", "المتوقع وقت RFC 3339، مثل 2027-01-31T09:00:00Z."},
	{CodeBadCursor, "This cursor was not made here, or was changed.", "Ce curseur ne vient pas d’ici, ou a été modifié.", "هذا المؤشر ليس صادرًا من هنا أو جرى تغييره."},
	{CodeCursorMismatch, "This cursor belongs to another list or other filters.", "Ce curseur appartient à une autre liste ou à d’autres filtres.", "هذا المؤشر يخص قائمة أخرى أو مرشحات أخرى."},
	{CodeUnknownValue, "{value} is not known here; expected: {expected}.", "{value} est inconnu ici ; attendu : {expected}.", "‏{value} غير معروف هنا؛ المتوقع: {expected}."},
	{CodeTooManyValues, "At most {max} values.", "{max} valeurs au plus.", "‏{max} قيمة على الأكثر."},
	{CodeValueTooLong, "At most {max} characters.", "{max} caractères au plus.", "‏{max} حرفًا على الأكثر."},
	{CodeUnknownFacet, "There is no facet {value}; there are: {expected}.", "La facette {value} n’existe pas ; il y a : {expected}.", "لا يوجد وجه تصنيف {value}؛ المتاح: {expected}."},
	{CodeNoWords, "There is neither a letter nor a digit to look for.", "Il n’y a ni lettre ni chiffre à chercher.", "لا يوجد حرف ولا رقم للبحث عنه."},
	{CodeUnknownSort, "There is no sort {value}; there are: {expected}.", "Le tri {value} n’existe pas ; il y a : {expected}.", "لا يوجد ترتيب {value}؛ المتاح: {expected}."},
	{CodeUnknownField, "There is no field {value}.", "Le champ {value} n’existe pas.", "لا يوجد حقل {value}."},
	{CodeCombination, "This does not go together with {other}.", "Ceci ne se combine pas avec {other}.", "لا يجتمع هذا مع {other}."},
	{CodeBeyondHead, "Position {want} lies beyond the end of the log, which is at {have}: this is another directory, or it was restored to an earlier state. Begin again at 0.", "La position {want} est au-delà de la fin du journal, qui est à {have} : c’est un autre annuaire, ou il a été restauré à un état antérieur. Recommencez à 0.", "الموضع {want} يتجاوز نهاية السجل، وهي عند {have}: هذا دليل آخر، أو استُعيد إلى حالة سابقة. ابدؤوا من 0."},
	{CodeBadPlace, "Send back what an answer or an event gave as cursor or id: {expected}.", "Renvoyez ce qu’une réponse ou un événement a donné comme cursor ou id : {expected}.", "أعيدوا إرسال ما أعطته إجابة أو حدث في cursor أو id: {expected}."},
	{CodeChangesNotReady, "The changes before position {start} are being read; try again in a moment.", "Les changements antérieurs à la position {start} sont en cours de lecture ; réessayez dans un instant.", "تجري قراءة التغييرات السابقة للموضع {start}؛ أعيدوا المحاولة بعد لحظة."},
	{CodeTooManyStreams, "At most {max} streams are open at once; close one, or try again later.", "{max} flux au plus sont ouverts à la fois ; fermez-en un, ou réessayez plus tard.", "لا يُفتح أكثر من {max} تدفقًا في آن واحد؛ أغلقوا أحدها أو أعيدوا المحاولة لاحقًا."},
	{CodeNotInFile, "A file ({format}) is always the whole list; this parameter belongs to pages.", "Un fichier ({format}) est toujours la liste entière ; ce paramètre concerne les pages.", "الملف ({format}) هو القائمة كاملة دائمًا؛ هذا المعامل يخص الصفحات."},
	{CodeBadKnownAt, "A position from 1 to {have}, or an RFC 3339 time from {from} to now, is expected (write + as %2B).", "Une position de 1 à {have}, ou une heure RFC 3339 de {from} à maintenant, est attendue (écrivez + comme %2B).", "المتوقع موضع من 1 إلى {have}، أو وقت RFC 3339 من {from} إلى الآن (اكتبوا + هكذا: %2B)."},
	{CodePastNotReady, "The directory as it was at position {seq} is being put together; try again in a moment.", "L’annuaire tel qu’il était à la position {seq} est en cours de reconstitution ; réessayez dans un instant.", "تجري إعادة تكوين الدليل كما كان عند الموضع {seq}؛ أعيدوا المحاولة بعد لحظة."},
	{CodeNotOnThatDay, "The record is there, but it does not hold at {as_of}.", "La fiche existe, mais ne vaut pas à {as_of}.", "السجل موجود، لكنه غير سارٍ في {as_of}."},
	{CodeDateOutOfRange, "A date from {first} to {last} is expected.", "Une date de {first} à {last} est attendue.", "المتوقع تاريخ بين {first} و{last}."},
	{CodeBadInterval, "{value} is not a number from 0 to {max}, nor an interval such as 40..59, 80.. or ..20.", "{value} n’est ni un nombre de 0 à {max}, ni un intervalle tel que 40..59, 80.. ou ..20.", "‏{value} ليس عددًا من 0 إلى {max} ولا مجالًا مثل 40..59 أو 80.. أو ..20."},
	{CodeNoFacetOfTime, "{value} cuts at an instant and has no values to count; the facet {other} counts by month or by year.", "{value} coupe à un instant et n’a pas de valeurs à compter ; la facette {other} compte par mois ou par année.", "‏{value} يفصل عند لحظة ولا قيم له تُحصى؛ وجه التصنيف {other} يُحصي بالشهر أو بالسنة."},
	{CodeNoRoleToFilter, "What is absent has no role to filter by this: here absence is judged.", "Ce qui manque n’a pas de rôle à filtrer ainsi : ici, c’est l’absence qui est jugée.", "ما هو غائب ليس له دور يُرشَّح بهذا: هنا يُحكم على الغياب."},
	{CodeFileTooLong, "There are {total} rows; a file holds at most {max}. Narrow them with filters, or say with limit how many you want.", "Il y a {total} lignes ; un fichier en contient {max} au plus. Restreignez-les par des filtres, ou dites avec limit combien vous en voulez.", "عدد الأسطر {total}؛ لا يضم الملف أكثر من {max}. ضيّقوها بالمرشحات، أو حدّدوا بـlimit كم تريدون."},
}
