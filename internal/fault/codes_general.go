package fault

// Codes of requests in general: what the edge, access and every layer may say.
const (
	CodeInternal           Code = "internal"
	CodeNotFound           Code = "not_found"
	CodeNoSuchAddress      Code = "no_such_address"
	CodeGone               Code = "gone"
	CodeMerged             Code = "merged"
	CodeMethodNotAllowed   Code = "method_not_allowed"
	CodeUnauthenticated    Code = "unauthenticated"
	CodeForbidden          Code = "forbidden"
	CodeBadJSON            Code = "bad_json"
	CodeDuplicateMember    Code = "duplicate_member"
	CodeUnknownMember      Code = "unknown_member"
	CodeWrongType          Code = "wrong_type"
	CodeTooDeep            Code = "too_deep"
	CodeBodyRequired       Code = "body_required"
	CodeTooLarge           Code = "too_large"
	CodeURITooLong         Code = "uri_too_long"
	CodeHeadersTooLarge    Code = "headers_too_large"
	CodeUnsupportedMedia   Code = "unsupported_media_type"
	CodeUnsupportedCoding  Code = "unsupported_content_encoding"
	CodeNotAcceptable      Code = "not_acceptable"
	CodeBadHeader          Code = "bad_header"
	CodeTooManyRequests    Code = "too_many_requests"
	CodeTimeout            Code = "timeout"
	CodeUnavailable        Code = "unavailable"
	CodeNotReady           Code = "not_ready"
	CodeLoading            Code = "loading"
	CodePositionNotReached Code = "position_not_reached"
)

var generalMessages = []message{
	{CodeInternal, "Something went wrong on our side; the request id helps us to find it.", "Une erreur est survenue de notre côté ; l’identifiant de la requête nous aide à la retrouver.", "حدث خطأ من جانبنا؛ يساعدنا معرّف الطلب على العثور عليه."},
	{CodeNotFound, "There is no such record, or you may not see it.", "Cette fiche n’existe pas, ou vous ne pouvez pas la voir.", "لا يوجد هذا السجل، أو لا يحق لكم الاطلاع عليه."},
	{CodeNoSuchAddress, "There is nothing at this address.", "Il n’y a rien à cette adresse.", "لا يوجد شيء في هذا العنوان."},
	{CodeGone, "This record was archived.", "Cette fiche a été archivée.", "تمت أرشفة هذا السجل."},
	{CodeMerged, "This record was merged into {survivor}.", "Cette fiche a été fusionnée dans {survivor}.", "تم دمج هذا السجل في {survivor}."},
	{CodeMethodNotAllowed, "This address does not answer that method; see Allow.", "Cette adresse ne répond pas à cette méthode ; voir Allow.", "هذا العنوان لا يستجيب لهذه الطريقة؛ انظر Allow."},
	{CodeUnauthenticated, "Send a valid API key: Authorization: Bearer <key>.", "Envoyez une clé d’API valide : Authorization: Bearer <clé>.", "أرسلوا مفتاح API صالحًا: ‎Authorization: Bearer <key>‎."},
	{CodeForbidden, "Your key does not allow this.", "Votre clé ne permet pas cette action.", "مفتاحكم لا يسمح بهذا الإجراء."},
	{CodeBadJSON, "The body is not valid JSON.", "Le corps n’est pas du JSON valide.", "نص الطلب ليس JSON صالحًا."},
	{CodeDuplicateMember, "This member is given twice.", "Ce membre est donné deux fois.", "هذا العنصر مكرر."},
	{CodeUnknownMember, "There is no such member.", "Ce membre n’existe pas.", "لا يوجد عنصر بهذا الاسم."},
	{CodeWrongType, "This value has the wrong JSON type.", "Cette valeur n’a pas le bon type JSON.", "نوع هذه القيمة في JSON غير صحيح."},
	{CodeTooDeep, "The body is nested too deeply.", "Le corps est imbriqué trop profondément.", "تداخل نص الطلب عميق جدًا."},
	{CodeBodyRequired, "A body is required.", "Un corps de requête est requis.", "نص الطلب مطلوب."},
	{CodeTooLarge, "This is larger than {max}.", "Ceci dépasse {max}.", "هذا أكبر من {max}."},
	{CodeURITooLong, "The address is longer than {max}.", "L’adresse dépasse {max}.", "العنوان أطول من {max}."},
	{CodeHeadersTooLarge, "The request headers are too large.", "Les en-têtes de la requête sont trop volumineux.", "ترويسات الطلب كبيرة جدًا."},
	{CodeUnsupportedMedia, "Send the body as {expected}.", "Envoyez le corps en {expected}.", "أرسلوا نص الطلب بصيغة {expected}."},
	{CodeUnsupportedCoding, "Send the body without Content-Encoding.", "Envoyez le corps sans Content-Encoding.", "أرسلوا نص الطلب دون Content-Encoding."},
	{CodeNotAcceptable, "None of the media types in Accept is served here; offered: {offered}.", "Aucun type de média de Accept n’est servi ici ; disponibles : {offered}.", "لا يُقدَّم هنا أي من أنواع الوسائط في Accept؛ المتاح: {offered}."},
	{CodeBadHeader, "This header cannot be read; expected is a value such as {expected}.", "Cet en-tête est illisible ; valeur attendue, par exemple : {expected}.", "تعذرت قراءة هذه الترويسة؛ القيمة المتوقعة مثلًا: {expected}."},
	{CodeTooManyRequests, "Too many requests; try again after the time in Retry-After.", "Trop de requêtes ; réessayez après le délai de Retry-After.", "طلبات كثيرة جدًا؛ أعيدوا المحاولة بعد المدة المذكورة في Retry-After."},
	{CodeTimeout, "The request took too long.", "La requête a pris trop de temps.", "استغرق الطلب وقتًا طويلًا."},
	{CodeUnavailable, "The store does not answer at the moment.", "Le stockage ne répond pas pour le moment.", "المخزن لا يستجيب حاليًا."},
	{CodeNotReady, "This node is not ready yet.", "Ce nœud n’est pas encore prêt.", "هذه العقدة ليست جاهزة بعد."},
	{CodeLoading, "The directory is being loaded; ask again in a moment.", "L’annuaire est en cours de chargement ; redemandez dans un instant.", "يجري تحميل الدليل؛ أعيدوا الطلب بعد لحظات."},
	{CodePositionNotReached, "This node has not reached position {want} yet; it is at {have}.", "Ce nœud n’a pas encore atteint la position {want} ; il est à {have}.", "لم تصل هذه العقدة بعد إلى الموضع {want}؛ هي عند {have}."},
}
