package fault

// Codes of the rules that are judged against what the directory holds.
const (
	CodeIDTaken           Code = "id_taken"
	CodeMergedID          Code = "merged_id"
	CodeIdentifierTaken   Code = "identifier_taken"
	CodeNearName          Code = "near_name"
	CodeDuplicateRole     Code = "duplicate_role"
	CodeStillReferred     Code = "still_referred_to"
	CodeDanglingReference Code = "dangling_reference"
	CodeParentCycle       Code = "parent_cycle"
	CodeNotationTaken     Code = "notation_taken"
	CodeStale             Code = "stale"
	CodeConditionRequired Code = "condition_required"
	CodeNotArchived       Code = "not_archived"
	CodeIDMismatch        Code = "id_mismatch"
	CodeKeyReused         Code = "idempotency_key_reused"
	CodeKeyInUse          Code = "idempotency_key_in_use"
	CodeReasonTooLong     Code = "reason_too_long"
	CodeUnknownOperation  Code = "unknown_operation"
	CodeItemTwice         Code = "item_twice"
	CodeCannotAnswerRetry Code = "kept_outcome_unreadable"
	CodeLastAdminKey      Code = "last_admin_key"
	CodeInPast            Code = "in_past"
	CodeSecretShownOnce   Code = "secret_shown_once"
	CodeHookAddress       Code = "hook_address"
	CodeNotAllowedHere    Code = "not_allowed_here"
	CodeNotCitable        Code = "not_citable"
	CodeCitedTooLarge     Code = "cited_too_large"
	CodeTooManyCitations  Code = "too_many_citations"
)

var serviceMessages = []message{
	{CodeIDTaken, "The id {id} is taken.", "L’identifiant {id} est déjà pris.", "المعرّف {id} مستعمل."},
	{CodeMergedID, "The id {id} was merged and is never used again.", "L’identifiant {id} a été fusionné et ne sert plus.", "المعرّف {id} دُمج ولا يُستعمل مجددًا."},
	{CodeIdentifierTaken, "Another active actor has this identifier.", "Un autre acteur actif porte cet identifiant.", "جهة نشطة أخرى تحمل هذا المعرّف."},
	{CodeNearName, "An actor with a close name exists; see candidates, or send allow_duplicate=true.", "Un acteur au nom proche existe ; voir candidates, ou envoyez allow_duplicate=true.", "توجد جهة باسم قريب؛ انظر candidates، أو أرسلوا allow_duplicate=true."},
	{CodeDuplicateRole, "An equal role with an overlapping period exists; see candidates, or send allow_duplicate=true.", "Un rôle égal dont la période se recoupe existe ; voir candidates, ou envoyez allow_duplicate=true.", "يوجد دور مماثل بفترة متداخلة؛ انظر candidates، أو أرسلوا allow_duplicate=true."},
	{CodeStillReferred, "Live records that refer to this one: {count}; archive them with it, or first.", "Fiches actives qui y renvoient : {count} ; archivez-les avec elle ou avant.", "عدد السجلات الحية التي تشير إليه: {count}؛ أرشفوها معه أو قبله."},
	{CodeDanglingReference, "There is no live record {ref}.", "Il n’existe pas de fiche active {ref}.", "لا يوجد سجل حي {ref}."},
	{CodeParentCycle, "This would make a cycle of parents.", "Cela formerait un cycle de parents.", "سيشكل هذا حلقة من الأصول."},
	{CodeNotationTaken, "The function {id} has this notation.", "La fonction {id} porte cette notation.", "الوظيفة {id} تحمل هذا الترميز."},
	{CodeStale, "The record has changed since; it is now at version {version}.", "La fiche a changé depuis ; elle est à la version {version}.", "تغير السجل منذ ذلك الحين؛ هو الآن في النسخة {version}."},
	{CodeConditionRequired, "Send If-Match with the ETag of the version you changed.", "Envoyez If-Match avec l’ETag de la version modifiée.", "أرسلوا If-Match مع ETag النسخة التي عدّلتموها."},
	{CodeNotArchived, "The record is not archived.", "La fiche n’est pas archivée.", "السجل غير مؤرشف."},
	{CodeIDMismatch, "The id in the body is not the one in the address.", "L’identifiant du corps n’est pas celui de l’adresse.", "المعرّف في النص يخالف المعرّف في العنوان."},
	{CodeKeyReused, "This Idempotency-Key was used with another body.", "Cette Idempotency-Key a servi avec un autre corps.", "استُعمل Idempotency-Key هذا مع نص آخر."},
	{CodeKeyInUse, "The first request with this Idempotency-Key is still running.", "La première requête portant cette Idempotency-Key est encore en cours.", "الطلب الأول بهذا Idempotency-Key ما زال قيد التنفيذ."},
	{CodeReasonTooLong, "A reason is at most {max} characters.", "Un motif compte au plus {max} caractères.", "السبب {max} حرفًا على الأكثر."},
	{CodeUnknownOperation, "{value} is not an operation.", "{value} n’est pas une opération.", "‏{value} ليست عملية."},
	{CodeItemTwice, "The batch changes this record twice.", "Le lot modifie cette fiche deux fois.", "تغيّر الدفعة هذا السجل مرتين."},
	{CodeCannotAnswerRetry, "This was written, but its first answer can no longer be read.", "Ceci a été écrit, mais sa première réponse n’est plus lisible.", "تمت الكتابة، لكن الجواب الأول لم يعد متاحًا."},
	{CodeLastAdminKey, "This is the last valid admin key; make another first.", "C’est la dernière clé d’administration valide ; créez-en une autre d’abord.", "هذا آخر مفتاح إدارة صالح؛ أنشئوا غيره أولًا."},
	{CodeInPast, "This time has passed.", "Cette date est passée.", "هذا الوقت قد مضى."},
	{CodeHookAddress, "Messages are sent to https addresses of public machines, without a user name, a password or a fragment.", "Les messages s’envoient à des adresses https de machines publiques, sans nom d’utilisateur, mot de passe ni fragment.", "تُرسل الرسائل إلى عناوين https لأجهزة عامة، دون اسم مستخدم أو كلمة مرور أو جزء."},
	{CodeSecretShownOnce, "This request already made the key {id}; its secret was shown once and is kept nowhere.", "Cette requête a déjà créé la clé {id} ; son secret a été montré une fois et n’est conservé nulle part.", "أنشأ هذا الطلب المفتاح {id} من قبل؛ عُرض سره مرة واحدة ولا يُحفظ في أي مكان."},
	{CodeNotAllowedHere, "This does not belong here.", "Ceci n’a pas sa place ici.", "هذا ليس في موضعه."},
	{CodeNotCitable, "The path of a read of this API that takes known_at is expected, with its query, such as /api/v1/actors?group=workers, without {without}.", "Le chemin d’une lecture de cette API qui accepte known_at est attendu, avec sa requête, par exemple /api/v1/actors?group=workers, sans {without}.", "المتوقع مسار قراءة في هذه الواجهة تقبل known_at مع استعلامه، مثل /api/v1/actors?group=workers، دون {without}."},
	{CodeTooManyCitations, "The directory keeps at most {max} citations, and has them. An answer can still be asked for again at its position: add known_at to its address.", "L’annuaire conserve {max} citations au plus, et les a déjà. Une réponse peut toujours être redemandée à sa position : ajoutez known_at à son adresse.", "يحتفظ الدليل بما لا يتجاوز {max} استشهاد، وقد بلغها. يمكن دائمًا طلب الجواب من جديد عند موضعه: أضيفوا known_at إلى عنوانه."},
	{CodeCitedTooLarge, "The answer is over {max}; ask for less, for instance with limit.", "La réponse dépasse {max} ; demandez-en moins, par exemple avec limit.", "يتجاوز الجواب {max}؛ اطلبوا أقل، مثلًا بواسطة limit."},
}
