package fault

// Codes of files in and out.
const (
	CodeBadFile           Code = "bad_file"
	CodeNoFile            Code = "no_file"
	CodeMissingColumn     Code = "missing_column"
	CodeUnknownColumn     Code = "unknown_column"
	CodeUnnamedColumn     Code = "unnamed_column"
	CodeUnknownColumnNear Code = "unknown_column_near"
	CodeDoubledColumn     Code = "doubled_column"
	CodeBadRow            Code = "bad_row"
	CodeWrongWidth        Code = "wrong_width"
	CodeBadNumber         Code = "bad_number"
	CodeNotUTF8           Code = "not_utf8"
	CodeNoFiles           Code = "no_files"
	CodeUnknownFile       Code = "unknown_file"
	CodeFileLeftOut       Code = "file_left_out"
	CodeEmptyFile         Code = "empty_file"
	CodeCutOff            Code = "cut_off"
	CodeUnknownLinkType   Code = "bad_link"
	CodeUnknownCodeNear   Code = "unknown_code_near"
	CodeSerialDate        Code = "serial_date"
	CodeBadObjects        Code = "bad_objects"
	CodeBadIdentifierCell Code = "bad_identifier_cell"
	CodeRowTooLong        Code = "row_too_long"
	CodeCellTooLong       Code = "cell_too_long"
	CodeTextTooLong       Code = "text_too_long_for_workbook"
	CodeTooManyRows       Code = "too_many_rows"
	CodeTooManyColumns    Code = "too_many_columns"
	CodeTooManyFaults     Code = "too_many_faults"
	CodeProtectedWorkbook Code = "protected_workbook"
	CodeOldWorkbook       Code = "old_workbook"
	CodeUnpacksTooLarge   Code = "unpacks_too_large"
	CodeMergedCells       Code = "merged_cells"
	CodeCellError         Code = "cell_error"
	CodeUnknownSheet      Code = "unknown_sheet"
	CodeUnknownLineKind   Code = "unknown_line_kind"
	CodeBadLine           Code = "bad_line"
	CodeNoStoredValue     Code = "no_stored_value"
	CodeLineCutOff        Code = "line_cut_off"
	CodeUnknownKind       Code = "unknown_kind"
	CodeNotWorkbook       Code = "not_a_workbook"
	CodeNoKnownSheet      Code = "no_known_sheet"
	CodeUnmarkedUTF16     Code = "unmarked_utf16"
	CodeBadDateCell       Code = "bad_date_cell"
)

var interchangeMessages = []message{
	{CodeBadFile, "The file cannot be read: {what}.", "Le fichier est illisible : {what}.", "تعذرت قراءة الملف: {what}."},
	{CodeNoFile, "There is no file or folder {path}.", "Il n’y a ni fichier ni dossier {path}.", "لا يوجد ملف ولا مجلد {path}."},
	{CodeMissingColumn, "The column {column} is missing; this row needs it.", "La colonne {column} manque ; cette ligne en a besoin.", "العمود {column} مفقود، وهذا السطر يحتاج إليه."},
	{CodeUnknownColumn, "There is no column {column} here.", "La colonne {column} n’existe pas ici.", "لا يوجد عمود {column} هنا."},
	{CodeUnnamedColumn, "The column {letter} has no name in the header.", "La colonne {letter} n’a pas de nom dans l’en-tête.", "العمود {letter} بلا اسم في صف العناوين."},
	{CodeUnknownColumnNear, "There is no column {column} here; did you mean {near}?", "La colonne {column} n’existe pas ici ; s’agit-il de {near} ?", "لا يوجد عمود {column} هنا؛ هل المقصود {near}؟"},
	{CodeDoubledColumn, "The column {column} is given twice.", "La colonne {column} est donnée deux fois.", "العمود {column} مكرر."},
	{CodeBadRow, "The quotes of this row do not match: a cell that has a quote in it stands in quotes, and its own quotes are doubled.", "Les guillemets de cette ligne ne concordent pas : une cellule qui en contient est entourée de guillemets, et les siens sont doublés.", "علامات الاقتباس في هذا السطر غير متطابقة: توضع الخلية التي تحتويها بين علامتي اقتباس وتُضاعف علاماتها."},
	{CodeWrongWidth, "The row has {got} cells, the header {want}.", "La ligne compte {got} cellules, l’en-tête {want}.", "في السطر {got} خلايا وفي الترويسة {want}."},
	{CodeBadNumber, "{value} is not a number; write it like 1234.5.", "{value} n’est pas un nombre ; écrivez-le comme 1234.5.", "‏{value} ليس عددًا؛ اكتبوه مثل 1234.5."},
	{CodeNotUTF8, "The file is not UTF-8 from here on (faulty cells: {cells}); in the spreadsheet program, save it as “CSV UTF-8”.", "À partir d’ici le fichier n’est pas en UTF-8 (cellules fautives : {cells}) ; dans le tableur, enregistrez-le en « CSV UTF-8 ».", "ابتداءً من هنا ليس الملف بترميز UTF-8 (الخلايا المعنية: {cells})؛ احفظوه في برنامج الجداول بصيغة «CSV UTF-8»."},
	{CodeNoFiles, "The folder holds none of the files of a directory: {expected}.", "Le dossier ne contient aucun des fichiers d’un annuaire : {expected}.", "لا يحتوي المجلد أيًا من ملفات الدليل: {expected}."},
	{CodeFileLeftOut, "This file of the folder is not read: its name does not say what is in it ({expected}).", "Ce fichier du dossier n’est pas lu : son nom ne dit pas ce qu’il contient ({expected}).", "لا يُقرأ هذا الملف من المجلد: اسمه لا يدل على محتواه ({expected})."},
	{CodeUnknownFile, "The name of the file does not say what is in it; expected: {expected}.", "Le nom du fichier ne dit pas ce qu’il contient ; attendu : {expected}.", "اسم الملف لا يدل على محتواه؛ المتوقع: {expected}."},
	{CodeEmptyFile, "The file is empty.", "Le fichier est vide.", "الملف فارغ."},
	{CodeCutOff, "The file ends in the middle: it was not copied whole.", "Le fichier est tronqué : il n’a pas été copié en entier.", "الملف مبتور: لم يُنسخ كاملًا."},
	{CodeUnknownLinkType, "A link is written type:initiative.", "Un lien s’écrit type:initiative.", "يُكتب الرابط على شكل type:initiative."},
	{CodeUnknownCodeNear, "{value} is not a code of the vocabulary {vocabulary}; did you mean {near}?", "{value} n’est pas un code du vocabulaire {vocabulary} ; s’agit-il de {near} ?", "‏{value} ليس رمزًا في قائمة {vocabulary}؛ هل المقصود {near}؟"},
	{CodeSerialDate, "{value} is how a spreadsheet counts days ({date}?); write a date as YYYY, YYYY-MM or YYYY-MM-DD.", "{value} est un jour compté par un tableur ({date} ?) ; écrivez la date AAAA, AAAA-MM ou AAAA-MM-JJ.", "‏{value} هو عدّ برنامج الجداول للأيام ({date}؟)؛ اكتبوا التاريخ YYYY أو YYYY-MM أو YYYY-MM-DD."},
	{CodeBadObjects, "The cell is not a list of objects in JSON with the members that the API documents.", "La cellule n’est pas une liste d’objets JSON avec les membres que l’API documente.", "الخلية ليست قائمة كائنات JSON بالعناصر الموثقة في الواجهة البرمجية."},
	{CodeBadIdentifierCell, "{value}: an identifier is written scheme:value.", "{value} : un identifiant s’écrit schéma:valeur.", "‏{value}: يُكتب المعرّف على شكل scheme:value."},
	{CodeRowTooLong, "The row is longer than {max}; perhaps a quote is not closed.", "La ligne dépasse {max} ; un guillemet n’est peut-être pas fermé.", "السطر أطول من {max}؛ ربما لم تُغلق علامة اقتباس."},
	{CodeCellTooLong, "The cell is longer than {max}.", "La cellule dépasse {max}.", "الخلية أطول من {max}."},
	{CodeTextTooLong, "{column} of {record} has more than {max} letters, which no cell of a workbook holds; CSV and JSON lines do.", "{column} de {record} dépasse {max} caractères, ce qu’aucune cellule d’un classeur ne contient ; le CSV et les lignes JSON le peuvent.", "‏{column} في {record} أطول من {max} محرفًا، ولا تتسع لذلك خلية في مصنف؛ ويتسع له CSV وسطور JSON."},
	{CodeTooManyRows, "The file has more than {max} rows.", "Le fichier compte plus de {max} lignes.", "في الملف أكثر من {max} سطر."},
	{CodeTooManyColumns, "The file has more than {max} columns.", "Le fichier compte plus de {max} colonnes.", "في الملف أكثر من {max} عمود."},
	{CodeTooManyFaults, "Further faults in this file: {more}.", "Autres fautes dans ce fichier : {more}.", "أخطاء أخرى في هذا الملف: {more}."},
	{CodeProtectedWorkbook, "The workbook is protected by a password; save it without one.", "Le classeur est protégé par un mot de passe ; enregistrez-le sans.", "المصنف محمي بكلمة سر؛ احفظوه بدونها."},
	{CodeOldWorkbook, "This is a workbook of the old format; save it as .xlsx.", "Ce classeur est à l’ancien format ; enregistrez-le en .xlsx.", "هذا المصنف بالصيغة القديمة؛ احفظوه بصيغة ‎.xlsx‎."},
	{CodeUnpacksTooLarge, "The workbook unpacks to more than {max}.", "Une fois décompressé, le classeur dépasse {max}.", "حجم المصنف بعد فك الضغط أكبر من {max}."},
	{CodeMergedCells, "The cells {range} are merged; each row needs its own value: unmerge and fill them.", "Les cellules {range} sont fusionnées ; chaque ligne a besoin de sa valeur : défusionnez-les et remplissez-les.", "الخلايا {range} مدمجة؛ لكل سطر قيمته: ألغوا الدمج واملؤوها."},
	{CodeCellError, "The cell holds the error {value} of a formula.", "La cellule contient l’erreur de formule {value}.", "في الخلية خطأ معادلة: {value}."},
	{CodeUnknownSheet, "The sheet {sheet} is none of a directory; expected: {expected}.", "La feuille {sheet} n’est pas celle d’un annuaire ; attendu : {expected}.", "الورقة {sheet} ليست من أوراق الدليل؛ المتوقع: {expected}."},
	{CodeUnknownLineKind, "Nothing says of what kind this record is: give the line the members kind and record, or name the file after the kind, as actors.ndjson.", "Rien ne dit le type de cette fiche : donnez à la ligne les membres kind et record, ou nommez le fichier d’après le type, comme actors.ndjson.", "لا شيء يدل على نوع هذا السجل: أعطوا السطر العنصرين kind وrecord، أو سموا الملف باسم النوع مثل actors.ndjson."},
	{CodeBadLine, "The line is not one object in JSON: {near} at character {at} does not belong there.", "La ligne n’est pas un objet JSON : {near}, au caractère {at}, n’a pas sa place.", "السطر ليس كائن JSON واحدًا: {near} عند الحرف {at} ليس في مكانه."},
	{CodeNoStoredValue, "The formula in this cell has no stored value; open the workbook in a spreadsheet program and save it.", "La formule de cette cellule n’a pas de valeur enregistrée ; ouvrez le classeur dans un tableur et enregistrez-le.", "ليس لمعادلة هذه الخلية قيمة محفوظة؛ افتحوا المصنف في برنامج الجداول واحفظوه."},
	{CodeLineCutOff, "The line is not one object in JSON: it ends in the middle, after character {at}.", "La ligne n’est pas un objet JSON : elle est tronquée après le caractère {at}.", "السطر ليس كائن JSON واحدًا: ينتهي في وسطه بعد الحرف {at}."},
	{CodeUnknownKind, "{value} is not a kind of record; expected: {expected}.", "{value} n’est pas un type de fiche ; attendu : {expected}.", "‏{value} ليس نوع سجل؛ المتوقع: {expected}."},
	{CodeNotWorkbook, "This is not a workbook, though it is named {ending}.", "Ceci n’est pas un classeur, malgré son nom en {ending}.", "هذا ليس مصنفًا رغم أن اسمه ينتهي بـ {ending}."},
	{CodeNoKnownSheet, "The workbook has none of the sheets of a directory: {expected}.", "Le classeur n’a aucune des feuilles d’un annuaire : {expected}.", "ليس في المصنف أي من أوراق الدليل: {expected}."},
	{CodeUnmarkedUTF16, "The file is UTF-16 without a byte order mark; in the spreadsheet program, save it as “CSV UTF-8”.", "Le fichier est en UTF-16 sans indicateur d’ordre des octets ; dans le tableur, enregistrez-le en « CSV UTF-8 ».", "الملف بترميز UTF-16 بلا علامة ترتيب البايتات؛ احفظوه في برنامج الجداول بصيغة «CSV UTF-8»."},
	{CodeBadDateCell, "{value} is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, of a day that exists.", "{value} n’est pas une date : écrivez AAAA, AAAA-MM ou AAAA-MM-JJ, d’un jour qui existe.", "‏{value} ليس تاريخًا: اكتبوا YYYY أو YYYY-MM أو YYYY-MM-DD ليوم موجود."},
}
