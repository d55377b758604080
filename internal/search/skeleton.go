package search

import "strings"

// shortestSkeleton is how many consonants two words must share to be taken for spellings of one.
const shortestSkeleton = 3

// consonants brings the letters of both scripts to the consonant that they write, as people of the Maghreb transcribe
// it in French or English. Letters that stand for vowels, or for sounds that transcriptions leave out, are not in it.
var consonants = map[rune]byte{
	'ب': 'b', 'پ': 'b', 'ت': 't', 'ط': 't', 'ث': 't', 'ج': 'j', 'چ': 'c', 'ح': 'h', 'ه': 'h', 'خ': 'x',
	'د': 'd', 'ض': 'd', 'ذ': 'd', 'ظ': 'd', 'ر': 'r', 'ز': 'z', 'س': 's', 'ص': 's', 'ش': 'c', 'غ': 'g',
	'ف': 'f', 'ڤ': 'f', 'ق': 'k', 'ك': 'k', 'گ': 'g', 'ل': 'l', 'م': 'm', 'ن': 'n',
	'b': 'b', 'p': 'b', 't': 't', 'j': 'j', 'h': 'h', 'd': 'd', 'r': 'r', 'z': 'z', 's': 's', 'f': 'f', 'v': 'f',
	'g': 'g', 'q': 'k', 'k': 'k', 'l': 'l', 'm': 'm', 'n': 'n', 'c': 'k',
}

// digraphs are pairs of Latin letters that write one consonant.
var digraphs = map[string]byte{
	"kh": 'x', "sh": 'c', "ch": 'c', "th": 't', "dh": 'd', "gh": 'g', "ph": 'f', "ck": 'k', "dj": 'j',
	"ce": 's', "ci": 's', "cy": 's',
}

// initialVowel stands for a vowel that a word begins with.
const initialVowel = 'a'

// skeleton returns the consonants of a folded word in Latin or Arabic letters, doubled ones once; "" when there are too
// few for a comparison, or when the word is of another script.
func skeleton(word string) string {
	runes := []rune(word)
	bones := make([]byte, 0, len(runes))
	for i := 0; i < len(runes); i++ {
		bone, two := boneAt(runes, i)
		if bone == 0 {
			if !isVowel(runes[i]) {
				return ""
			}
			if i == 0 {
				bones = append(bones, initialBone(runes))
			}
			continue
		}
		if two {
			i++
		}
		if n := len(bones); n == 0 || bones[n-1] != bone || i == 0 {
			bones = append(bones, bone)
		}
	}
	if n := len(bones); n > 1 && bones[n-1] == 'h' { // ta marbuta, written or not
		bones = bones[:n-1]
	}
	if len(bones) < shortestSkeleton {
		return ""
	}
	return string(bones)
}

// boneAt returns the consonant at a place, and whether it takes two letters; 0 when there is none.
func boneAt(runes []rune, i int) (bone byte, two bool) {
	if runes[i] < 0x80 && i+1 < len(runes) && runes[i+1] < 0x80 {
		if bone, ok := digraphs[string(runes[i:i+2])]; ok {
			return bone, runes[i] != 'c' || runes[i+1] == 'h' || runes[i+1] == 'k'
		}
	}
	return consonants[runes[i]], false
}

// isVowel tells whether a letter is left out of a skeleton.
func isVowel(r rune) bool { return strings.ContainsRune("aeiouywاويعےہ", r) }

// initialBone is what a word that begins without a consonant begins with: w and y are consonants there.
func initialBone(runes []rune) byte {
	switch runes[0] {
	case 'w', 'و':
		return 'w'
	case 'y', 'ي':
		return 'y'
	case 'o':
		if len(runes) > 2 && runes[1] == 'u' && isVowel(runes[2]) { // Ouarzazate
			return 'w'
		}
	}
	return initialVowel
}
