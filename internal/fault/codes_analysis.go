package fault

// Codes of the questions about who does what.
const (
	CodeSameDimension  Code = "same_dimension"
	CodeMatrixTooLarge Code = "matrix_too_large"
	CodeFromAfterTo    Code = "from_after_to"
	CodeAnswerTooLarge Code = "answer_too_large"
	CodeStatesBackward Code = "states_backward"
)

var analysisMessages = []message{
	{CodeSameDimension, "rows and cols are both {value}; name two different dimensions.", "rows et cols valent tous deux {value} ; nommez deux dimensions différentes.", "‏rows وcols كلاهما {value}؛ سمّوا بُعدين مختلفين."},
	{CodeMatrixTooLarge, "This matrix would have {rows} rows and {cols} columns; at most {max} cells are answered. Narrow it with filters ({filters}), or name a smaller dimension such as group, country or type.", "Cette matrice compterait {rows} lignes et {cols} colonnes ; {max} cellules au plus sont données. Restreignez-la par des filtres ({filters}), ou nommez une dimension plus petite comme group, country ou type.", "ستضم هذه المصفوفة {rows} سطرًا و{cols} عمودًا؛ لا تُقدَّم أكثر من {max} خانة. ضيّقوها بالمرشحات ({filters}) أو سمّوا بُعدًا أصغر مثل group أو country أو type."},
	{CodeFromAfterTo, "from lies after to; the earlier of the two comes first.", "from est postérieur à to ; le plus ancien des deux vient en premier.", "‏from لاحق لـto؛ يأتي الأقدم منهما أولًا."},
	{CodeStatesBackward, "The first known_at lies after the second; the earlier of the two comes first.", "Le premier known_at est postérieur au second ; le plus ancien des deux vient en premier.", "‏known_at الأول لاحق للثاني؛ يأتي الأقدم منهما أولًا."},
	{CodeAnswerTooLarge, "This answer would have {count} entries; at most {max} are answered. Narrow it with filters ({filters}) or a date.", "Cette réponse compterait {count} entrées ; {max} au plus sont données. Restreignez-la par des filtres ({filters}) ou une date.", "ستضم هذه الإجابة {count} عنصرًا؛ لا يُقدَّم أكثر من {max}. ضيّقوها بالمرشحات ({filters}) أو بتاريخ."},
}
