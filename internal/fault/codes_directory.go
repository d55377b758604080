package fault

// Codes of the domain's shape rules: what can be wrong with one record by itself.
const (
	CodeInvalid          Code = "invalid"
	CodeRequired         Code = "required"
	CodeReadOnly         Code = "read_only"
	CodeBadID            Code = "bad_id"
	CodeReservedID       Code = "reserved_id"
	CodeUnknownCode      Code = "unknown_code"
	CodeBadDate          Code = "bad_date"
	CodeEndBeforeStart   Code = "end_before_start"
	CodeBadLanguage      Code = "bad_language"
	CodeEmptyText        Code = "empty_text"
	CodeTooLong          Code = "too_long"
	CodeTooMany          Code = "too_many"
	CodeTooFew           Code = "too_few"
	CodeRepeated         Code = "repeated"
	CodeBadTag           Code = "bad_tag"
	CodeBadURL           Code = "bad_url"
	CodeBadEmail         Code = "bad_email"
	CodeBadPhone         Code = "bad_phone"
	CodeBadIdentifier    Code = "bad_identifier"
	CodeBadCharacter     Code = "bad_character"
	CodeOutOfRange       Code = "out_of_range"
	CodeBadCurrency      Code = "bad_currency"
	CodeRoleNeedsTarget  Code = "function_or_initiative_required"
	CodeUnitNeedsParent  Code = "unit_needs_parent"
	CodeSameEnds         Code = "same_ends"
	CodeOwnParent        Code = "own_parent"
	CodeRecordTooLarge   Code = "record_too_large"
	CodeNotArchivedByPut Code = "archive_by_delete"
)

var directoryMessages = []message{
	{CodeInvalid, "The record breaks a rule; see errors.", "La fiche enfreint une règle ; voir errors.", "السجل يخالف قاعدة؛ انظر errors."},
	{CodeRequired, "This is required.", "Ceci est obligatoire.", "هذا الحقل إلزامي."},
	{CodeReadOnly, "This is set by Dalil; send it back unchanged or leave it out.", "Ceci est fixé par Dalil ; renvoyez-le inchangé ou omettez-le.", "هذا تحدده «دليل»؛ أعيدوه كما هو أو احذفوه."},
	{CodeBadID, "An id is 1 to 80 of a–z, 0–9, '.', '_' and '-', and begins with a letter or digit.", "Un identifiant compte 1 à 80 caractères parmi a–z, 0–9, « . », « _ » et « - », et commence par une lettre ou un chiffre.", "المعرّف من 1 إلى 80 حرفًا من a–z و0–9 و«.» و«_» و«-»، ويبدأ بحرف أو رقم."},
	{CodeReservedID, "This id is reserved.", "Cet identifiant est réservé.", "هذا المعرّف محجوز."},
	{CodeUnknownCode, "{value} is not a code of the vocabulary {vocabulary}.", "{value} n’est pas un code du vocabulaire {vocabulary}.", "‏{value} ليس رمزًا في قائمة {vocabulary}."},
	{CodeBadDate, "A date is YYYY, YYYY-MM or YYYY-MM-DD and must exist.", "Une date s’écrit AAAA, AAAA-MM ou AAAA-MM-JJ et doit exister.", "يُكتب التاريخ YYYY أو YYYY-MM أو YYYY-MM-DD ويجب أن يكون موجودًا."},
	{CodeEndBeforeStart, "The end lies before the start.", "La fin précède le début.", "النهاية تسبق البداية."},
	{CodeBadLanguage, "{value} is not a BCP 47 language tag.", "{value} n’est pas une étiquette de langue BCP 47.", "‏{value} ليس وسم لغة BCP 47."},
	{CodeEmptyText, "The text is empty.", "Le texte est vide.", "النص فارغ."},
	{CodeTooLong, "At most {max} characters.", "{max} caractères au plus.", "‏{max} حرفًا على الأكثر."},
	{CodeTooMany, "At most {max} entries.", "{max} entrées au plus.", "‏{max} مدخلات على الأكثر."},
	{CodeTooFew, "At least {min} entry.", "Au moins {min} entrée.", "مدخل واحد على الأقل ({min})."},
	{CodeRepeated, "An entry is repeated.", "Une entrée est répétée.", "مدخل مكرر."},
	{CodeBadTag, "A tag is 1 to 50 lower-case letters, digits, spaces, '-' or '_'.", "Une étiquette compte 1 à 50 lettres minuscules, chiffres, espaces, « - » ou « _ ».", "الوسم من 1 إلى 50 من الحروف الصغيرة والأرقام والمسافات و«-» و«_»."},
	{CodeBadURL, "An address begins with https:// or http:// and has a host.", "Une adresse commence par https:// ou http:// et comporte un hôte.", "يبدأ العنوان بـ ‎https://‎ أو ‎http://‎ ويتضمن اسم مضيف."},
	{CodeBadEmail, "This is not an e-mail address.", "Ce n’est pas une adresse électronique.", "هذا ليس عنوان بريد إلكتروني."},
	{CodeBadPhone, "A telephone number has digits, spaces and '+', '-', '.', '(' or ')'.", "Un numéro de téléphone comporte des chiffres, des espaces et « + », « - », « . », « ( » ou « ) ».", "رقم الهاتف يتكون من أرقام ومسافات و«+» و«-» و«.» و«(» و«)»."},
	{CodeBadIdentifier, "This is not an identifier of the scheme {scheme}.", "Ce n’est pas un identifiant du schéma {scheme}.", "هذا ليس معرّفًا من مخطط {scheme}."},
	{CodeBadCharacter, "The text has a control character or is not valid Unicode.", "Le texte contient un caractère de contrôle ou n’est pas de l’Unicode valide.", "يحتوي النص على حرف تحكم أو ليس يونيكود صالحًا."},
	{CodeOutOfRange, "From {min} to {max}.", "De {min} à {max}.", "من {min} إلى {max}."},
	{CodeBadCurrency, "{value} is not an ISO 4217 currency code.", "{value} n’est pas un code de devise ISO 4217.", "‏{value} ليس رمز عملة ISO 4217."},
	{CodeRoleNeedsTarget, "A role names a function, an initiative or both.", "Un rôle désigne une fonction, une initiative ou les deux.", "يذكر الدور وظيفة أو مبادرة أو كلتيهما."},
	{CodeUnitNeedsParent, "A unit names the actor it is part of.", "Une unité désigne l’acteur dont elle fait partie.", "تذكر الوحدة الجهة التي تنتمي إليها."},
	{CodeSameEnds, "A relation links two different actors.", "Une relation lie deux acteurs différents.", "تربط العلاقة بين جهتين مختلفتين."},
	{CodeOwnParent, "A record is not its own parent.", "Une fiche n’est pas son propre parent.", "لا يكون السجل أصلًا لنفسه."},
	{CodeRecordTooLarge, "A record is at most {max} of JSON.", "Une fiche compte au plus {max} de JSON.", "السجل {max} من JSON على الأكثر."},
	{CodeNotArchivedByPut, "Only DELETE archives a record.", "Seul DELETE archive une fiche.", "الأرشفة تتم بـ DELETE فقط."},
}
