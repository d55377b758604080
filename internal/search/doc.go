// Package search has one duty: an immutable index of short texts that finds by letters, whatever the script, with typos.
// It knows documents by number, and nothing of what they are.
//
// # Words
//
// Texts are folded (directory.Fold) and cut into words. Single letters with full stops between are one word (O.I.T. is
// OIT). The Arabic article is taken off (الرباط, للعلوم), when at least three letters stay. The small words of French,
// English, Arabic and some other languages (de, l', of, في) are stop words: they may be missing.
//
// # When a word of a query is found
//
// A word of a query is found in a text when a word of the text is
//
//   - equal to it;
//   - the last word of the query only: a longer word that begins with it (somebody is still typing), or with what follows
//     its Arabic article: الع is the beginning of العمل, which is kept as عمل;
//   - another word of three letters or more only when fewer than ten documents have all the words: a longer word that
//     begins with it (univ paris saclay);
//   - within one edit, when the word of the query has 4 to 7 letters, within two when it has 8 or more, and no digit. An
//     edit is a letter too many, one missing, another one, or two neighbours that changed places;
//   - of the same consonants (see skeleton): two spellings in Latin letters of one Arabic word, or the Arabic word
//     itself: Rabat, Ribat, الرباط.
//
// # What a query finds
//
// The documents in which every word of the query, stop words aside, is found, in whichever of their texts. A last word that
// is only an article (منظمة ال) is no more than a stop word: any word may follow; one that may become an article (البحث وا)
// may be missing, too. An article alone (ال) is the beginning of any Arabic word, as the article does not count. Only when
// there are none: those in which words of at least half the weight are found. What a word weighs follows from how rare it
// is among the documents that may be seen: see Weight. Texts may hold any other words beside.
//
// # Score
//
// From 0 to 10,000, for the best of the texts:
//
//	exact    10,000 when the words are those of the text, in the same order; a little less for other and former names
//	prefix    8,000 to 9,000: the text begins with the query; more for shorter texts
//	words     5,500 to 7,900: all words equal, or the last one begun; more for shorter texts and for the same order;
//	          800 less when another one is only begun
//	translit  up to 5,400: all words, some only of the same consonants
//	fuzzy     up to 4,900: all words, some with edits
//
// What is found only by several texts together, or only in prose, comes after all that, and what lacks a word last.
package search
