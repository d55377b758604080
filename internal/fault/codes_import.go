package fault

// Codes of imports: what an organisations file leaves out, how rows find their records, and the import as a whole.
const (
	CodeSharedIdentifier  Code = "shared_identifier"
	CodeSelfLink          Code = "self_link"
	CodeUnknownBody       Code = "unknown_body"
	CodeCycleLeftOut      Code = "cycle_left_out"
	CodeSeveralMatches    Code = "several_matches"
	CodeRowTwice          Code = "row_twice"
	CodeSameAsUnknown     Code = "same_as_unknown"
	CodeSameAsOtherID     Code = "same_as_other_id"
	CodeNeedsRefused      Code = "needs_refused_row"
	CodeNeedsUnread       Code = "needs_unread_row"
	CodeImportRefused     Code = "import_refused"
	CodeBadForm           Code = "bad_form"
	CodeImportBusy        Code = "import_busy"
	CodeImportInterrupted Code = "import_interrupted"
	CodeUploadFull        Code = "upload_full"
)

var importMessages = []message{
	{CodeSharedIdentifier, "The identifier {identifier} is also that of another active organisation (line {lines}); it is left out.", "L’identifiant {identifier} est aussi celui d’une autre organisation active (ligne {lines}) ; il est laissé de côté.", "المعرّف {identifier} تحمله أيضًا منظمة نشطة أخرى (السطر {lines})؛ لذلك تُرك."},
	{CodeSelfLink, "The organisation names itself as its own {type}; this is left out.", "L’organisation se nomme elle-même ({type}) ; ceci est laissé de côté.", "تسمي المنظمة نفسها ({type})؛ لذلك تُركت هذه العلاقة."},
	{CodeUnknownBody, "The organisation {id}, named as {type}, is not in the file; this is left out.", "L’organisation {id}, nommée comme {type}, n’est pas dans le fichier ; ceci est laissé de côté.", "المنظمة {id}، المذكورة بصفة {type}، ليست في الملف؛ لذلك تُركت هذه العلاقة."},
	{CodeCycleLeftOut, "{from} and {to} would each be part of the other; this is left out.", "{from} et {to} feraient partie l’une de l’autre ; ceci est laissé de côté.", "‏{from} و{to} ستكون كل منهما جزءًا من الأخرى؛ لذلك تُركت هذه العلاقة."},
	{CodeSeveralMatches, "Several records could be meant: {ids}; say which with an id or in the column same_as.", "Plusieurs fiches peuvent être visées : {ids} ; précisez par un identifiant ou dans la colonne same_as.", "قد يُقصد أكثر من سجل: {ids}؛ حددوا المقصود بمعرّف أو في العمود same_as."},
	{CodeRowTwice, "Row {row} of {file} is about the same record, {id}.", "La ligne {row} de {file} porte sur la même fiche, {id}.", "السطر {row} من {file} يخص السجل نفسه، {id}."},
	{CodeSameAsUnknown, "There is no live record {id} to be the same as.", "Il n’existe pas de fiche active {id} à laquelle être identique.", "لا يوجد سجل حي {id} ليكون هو نفسه."},
	{CodeSameAsOtherID, "The row has the id of an existing record, and same_as names another.", "La ligne porte l’identifiant d’une fiche existante, et same_as en nomme une autre.", "يحمل السطر معرّف سجل موجود، ويسمي العمود same_as سجلًا آخر."},
	{CodeNeedsRefused, "This refers to row {row} of {file}, which is refused ({ref}).", "Ceci renvoie à la ligne {row} de {file}, qui est refusée ({ref}).", "يشير هذا إلى السطر {row} من {file}، وهو مرفوض ({ref})."},
	{CodeNeedsUnread, "This refers to {ref}, which may stand in a row of {file} that cannot be read.", "Ceci renvoie à {ref}, qui se trouve peut-être dans une ligne illisible de {file}.", "يشير هذا إلى {ref}، وقد يكون في سطر من {file} تتعذر قراءته."},
	{CodeImportRefused, "Rows refused: {count}; nothing was written.", "Lignes refusées : {count} ; rien n’a été écrit.", "عدد الأسطر المرفوضة: {count}؛ لم يُكتب شيء."},
	{CodeBadForm, "A form is expected whose parts are files, each called file and with a file name.", "Un formulaire est attendu dont les parties sont des fichiers, chacune nommée file et avec un nom de fichier.", "المتوقع استمارة أجزاؤها ملفات، كل منها باسم file ومعه اسم ملف."},
	{CodeImportBusy, "{max} imports are waiting or running already; try again later.", "{max} importations sont déjà en cours ou en file ; réessayez plus tard.", "توجد {max} عمليات استيراد تنتظر أو قيد التنفيذ؛ أعيدوا المحاولة لاحقًا."},
	{CodeUploadFull, "The server's disk has no room left for uploads; nothing was imported.", "Le disque du serveur n’a plus de place pour les fichiers envoyés ; rien n’a été importé.", "لم يبق على قرص الخادم مكان للملفات المرسلة؛ لم يُستورد شيء."},
	{CodeImportInterrupted, "The server stopped before the import was written; nothing was written.", "Le serveur s’est arrêté avant l’écriture ; rien n’a été écrit.", "توقف الخادم قبل الكتابة؛ لم يُكتب شيء."},
}
