package fault

// Codes of the ledger and its two stores.
const (
	CodeOutcomeUnknown   Code = "outcome_unknown"
	CodeNotWritten       Code = "not_written"
	CodeClock            Code = "clock"
	CodeNewerFormat      Code = "newer_format"
	CodeStoreReplaced    Code = "store_replaced"
	CodeStoreLocked      Code = "store_locked"
	CodeStoreNotOurs     Code = "store_not_ours"
	CodeStoreDamaged     Code = "store_damaged"
	CodeStoreFull        Code = "store_full"
	CodeContention       Code = "contention"
	CodeCommitTooLarge   Code = "commit_too_large"
	CodeChainBroken      Code = "chain_broken"
	CodeStoreUnreachable Code = "store_unreachable"
	CodeStoreMissing     Code = "store_missing"
	CodeStoreNoFolder    Code = "store_no_folder"
	CodeStoreNotAllowed  Code = "store_not_allowed"
	CodeStoreEmpty       Code = "store_empty"
	CodeCopyDiffers      Code = "copy_differs"
	CodeSameStore        Code = "same_store"
	CodeBackupNotOurs    Code = "backup_not_ours"
	CodeBackupDamaged    Code = "backup_damaged"
	CodeBackupNewer      Code = "backup_newer_format"
)

var ledgerMessages = []message{
	{CodeOutcomeUnknown, "The store has not said whether this was written; read it back, or repeat the request with the same Idempotency-Key.", "Le stockage n’a pas dit si ceci est écrit ; relisez, ou répétez la requête avec la même Idempotency-Key.", "لم يؤكد المخزن ما إذا تمت الكتابة؛ أعيدوا القراءة، أو كرروا الطلب بنفس Idempotency-Key."},
	{CodeNotWritten, "This request has written nothing: the store did not answer in time. Try again.", "Cette requête n’a rien écrit : le stockage n’a pas répondu à temps. Réessayez.", "لم يكتب هذا الطلب شيئًا: لم يستجب المخزن في الوقت المناسب. أعيدوا المحاولة."},
	{CodeClock, "This node's clock lies before the last commit's time; it writes nothing until it is set right.", "L’horloge de ce nœud est en retard sur le dernier enregistrement ; il n’écrit rien tant qu’elle n’est pas réglée.", "ساعة هذه العقدة متأخرة عن آخر قيد؛ لن تكتب شيئًا حتى تُضبط."},
	{CodeNewerFormat, "The store holds commits of a newer format; upgrade this node.", "Le stockage contient des enregistrements d’un format plus récent ; mettez ce nœud à jour.", "يحتوي المخزن على قيود بصيغة أحدث؛ حدّثوا هذه العقدة."},
	{CodeStoreReplaced, "The store was replaced or restored under this node.", "Le stockage a été remplacé ou restauré sous ce nœud.", "استُبدل المخزن أو استُعيد أثناء عمل هذه العقدة."},
	{CodeStoreLocked, "The store file {path} is open in another process.", "Le fichier {path} est ouvert dans un autre processus.", "ملف المخزن {path} مفتوح في عملية أخرى."},
	{CodeStoreNotOurs, "{path} is not a Dalil store.", "{path} n’est pas un stockage de Dalil.", "‏{path} ليس مخزنًا لـ«دليل»."},
	{CodeStoreDamaged, "The store is damaged: {what}.", "Le stockage est endommagé : {what}.", "المخزن تالف: {what}."},
	{CodeStoreFull, "The store's disk is full; nothing was written.", "Le disque du stockage est plein ; rien n’a été écrit.", "قرص المخزن ممتلئ؛ لم يُكتب شيء."},
	{CodeContention, "Other nodes kept writing first; nothing was written, try again.", "D’autres nœuds ont toujours écrit avant ; rien n’a été écrit, réessayez.", "سبقت عقد أخرى إلى الكتابة؛ لم يُكتب شيء، أعيدوا المحاولة."},
	{CodeCommitTooLarge, "One commit holds at most {max} changes.", "Un enregistrement contient au plus {max} modifications.", "القيد الواحد يضم {max} تغييرًا على الأكثر."},
	{CodeChainBroken, "The hash chain is broken at position {seq}: {what}.", "La chaîne d’empreintes est rompue à la position {seq} : {what}.", "سلسلة البصمات مقطوعة عند الموضع {seq}: {what}."},
	{CodeStoreUnreachable, "The store cannot be reached.", "Le stockage est injoignable.", "تعذر الوصول إلى المخزن."},
	{CodeStoreMissing, "There is no store at {path}.", "Il n’y a pas de stockage dans {path}.", "لا يوجد مخزن في {path}."},
	{CodeStoreNoFolder, "The folder of the store file {path} does not exist.", "Le dossier du fichier {path} n’existe pas.", "مجلد ملف المخزن {path} غير موجود."},
	{CodeStoreNotAllowed, "This program may not read and write the store file {path}.", "Ce programme n’a pas le droit de lire et d’écrire le fichier {path}.", "لا يُسمح لهذا البرنامج بقراءة ملف المخزن {path} والكتابة فيه."},
	{CodeStoreEmpty, "The store holds nothing.", "Le stockage ne contient rien.", "المخزن فارغ."},
	{CodeCopyDiffers, "The destination does not hold the beginning of the source: {what}.", "La destination ne contient pas le début de la source : {what}.", "الوجهة لا تحتوي بداية المصدر: {what}."},
	{CodeSameStore, "Source and destination are the same store.", "La source et la destination sont le même stockage.", "المصدر والوجهة هما المخزن نفسه."},
	{CodeBackupNotOurs, "{path} is not a Dalil backup.", "{path} n’est pas une sauvegarde de Dalil.", "‏{path} ليس نسخة احتياطية لـ«دليل»."},
	{CodeBackupDamaged, "The backup is damaged: {what}.", "La sauvegarde est endommagée : {what}.", "النسخة الاحتياطية تالفة: {what}."},
	{CodeBackupNewer, "The backup was written by a newer Dalil: it has format {format}; upgrade this program.", "La sauvegarde vient d’un Dalil plus récent : elle est au format {format} ; mettez ce programme à jour.", "كُتبت النسخة الاحتياطية بإصدار أحدث من «دليل»: صيغتها {format}؛ حدّثوا هذا البرنامج."},
}
