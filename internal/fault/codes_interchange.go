package fault

// Codes of files in and out.
const (
	CodeBadFile         Code = "bad_file"
	CodeMissingColumn   Code = "missing_column"
	CodeUnknownColumn   Code = "unknown_column"
	CodeDoubledColumn   Code = "doubled_column"
	CodeBadRow          Code = "bad_row"
	CodeWrongWidth      Code = "wrong_width"
	CodeBadNumber       Code = "bad_number"
	CodeNotUTF8         Code = "not_utf8"
	CodeNoFiles         Code = "no_files"
	CodeUnknownLinkType Code = "bad_link"
)

var interchangeMessages = []message{
	{CodeBadFile, "The file cannot be read: {what}.", "Le fichier est illisible : {what}.", "تعذرت قراءة الملف: {what}."},
	{CodeMissingColumn, "The column {column} is missing.", "La colonne {column} manque.", "العمود {column} مفقود."},
	{CodeUnknownColumn, "There is no column {column} here.", "La colonne {column} n’existe pas ici.", "لا يوجد عمود {column} هنا."},
	{CodeDoubledColumn, "The column {column} is given twice.", "La colonne {column} est donnée deux fois.", "العمود {column} مكرر."},
	{CodeBadRow, "The row cannot be read: {what}.", "La ligne est illisible : {what}.", "تعذرت قراءة السطر: {what}."},
	{CodeWrongWidth, "The row has {got} cells, the header {want}.", "La ligne compte {got} cellules, l’en-tête {want}.", "في السطر {got} خلايا وفي الترويسة {want}."},
	{CodeBadNumber, "{value} is not a number.", "{value} n’est pas un nombre.", "‏{value} ليس عددًا."},
	{CodeNotUTF8, "The file is not UTF-8.", "Le fichier n’est pas en UTF-8.", "الملف ليس بترميز UTF-8."},
	{CodeNoFiles, "The folder holds none of the files of a directory: {expected}.", "Le dossier ne contient aucun des fichiers d’un annuaire : {expected}.", "لا يحتوي المجلد أيًا من ملفات الدليل: {expected}."},
	{CodeUnknownLinkType, "A link is written type:initiative.", "Un lien s’écrit type:initiative.", "يُكتب الرابط على شكل type:initiative."},
}
