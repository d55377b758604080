package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dalil/internal/search"
)

func TestTextsAreCutIntoFoldedWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Ministère de l’Emploi":         "ministere de l emploi",
		"O.I.T. et U.N.H.C.R":           "oit et unhcr",
		"J. R. Dupont":                  "j r dupont",
		"www.anapec.org":                "www anapec org",
		"منظمة العمل الدولية":           "منظمه عمل دوليه",
		"للعلوم والتكنولوجيا":           "علوم تكنولوجيا",
		"الله":                          "الله",
		"مُنَظَّمَةُ العَمَــــل":       "منظمه عمل",
		"وزارة":                         "وزاره",
		"\u200fالرباط\u200e":            "رباط",
		"قانون ٥١":                      "قانون 51",
		"":                              "",
		"?*[].()":                       "",
		strings.Repeat("a", 100) + " b": strings.Repeat("a", 60) + " b",
	} {
		if got := strings.Join(search.Words(text), " "); got != want {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
	}
}

// found returns the documents that a query finds, the best first.
func found(t *testing.T, x *search.Index, size int, text string) []uint32 {
	t.Helper()
	q, ok := search.NewQuery(text)
	if !ok {
		return nil
	}
	m := x.Match(q)
	defer m.Close()
	seen := search.NewBits(uint32(size))
	for doc := range size {
		seen.Add(uint32(doc))
	}
	if !q.FindsEnough(m.Sets(), seen) {
		m.Widen()
	}
	weights := q.Weights(m.Sets(), seen)
	m.Weigh(weights)
	var docs []uint32
	scores := make(map[uint32]int)
	q.Hits(m.Sets(), seen, weights).Each(func(doc uint32) {
		docs = append(docs, doc)
		scores[doc] = m.Score(doc).Score
	})
	slices.SortStableFunc(docs, func(a, b uint32) int { return scores[b] - scores[a] })
	return docs
}

// indexOf makes an index of names, one a document.
func indexOf(names ...string) *search.Index {
	b := search.NewBuilder()
	for _, name := range names {
		b.Add([]search.Text{{Value: name}})
	}
	return b.Index()
}

func TestSpellingsFindEachOther(t *testing.T) {
	t.Parallel()
	for _, names := range [][]string{
		{"Rabat", "Ribat", "الرباط", "رباط"},
		{"Mohammed", "Muhammad", "Mohamed", "Mohammad", "محمد", "مُحمَّد"},
		{"Marrakech", "Marrakesh", "Marrakch", "مراكش"},
		{"Youssef", "Yusuf", "Yousef", "يوسف"},
		{"Ouarzazate", "Warzazat", "ورزازات"},
		{"Hassan", "Hasan", "حسن"},
		{"Khadija", "Khadijah", "خديجة"},
		{"Sharif", "Chérif", "شريف"},
		{"Meknès", "Meknes", "مكناس"},
	} {
		x := indexOf(append([]string{"Banque centrale", "Union européenne", "التعاون الوطني"}, names...)...)
		for _, name := range names {
			if got := found(t, x, len(names)+3, name); len(got) != len(names) || slices.ContainsFunc(got, func(doc uint32) bool { return doc < 3 }) {
				t.Errorf("%s finds %v, want the %d spellings", name, got, len(names))
			}
		}
	}
}

func TestANameIsFoundWhileItsArticleIsTyped(t *testing.T) {
	t.Parallel()
	names := []string{"منظمة العمل الدولية", "المعهد الوطني للعلوم والتكنولوجيا", "وزارة الشغل بالمغرب", "مدرسة", "الوكالة الوطنية"}
	x := indexOf(names...)
	for doc, name := range names {
		letters := []rune(name)
		for n := strings.IndexRune(name, ' ') / 2; n > 0 && n <= len(letters); n++ { // letters have two bytes
			if got := found(t, x, len(names), string(letters[:n])); len(got) == 0 || got[0] != uint32(doc) {
				t.Errorf("%q finds %v, want %q first", string(letters[:n]), got, name)
			}
		}
	}
}

func TestAnArticleAloneBeginsEveryArabicName(t *testing.T) {
	t.Parallel()
	x := indexOf("الوكالة الوطنية", "البنك الدولي", "Banque mondiale", "البحث والخبرة", "الاعتراف بالمؤهلات")
	for asked, want := range map[string][]uint32{
		"ال":           {1, 3, 0, 4},
		"الب":          {1, 3},
		"البحث و":      {3},
		"البحث وا":     {3},
		"البحث وال":    {3},
		"الاعتراف با":  {4},
		"الاعتراف بال": {4},
	} {
		got := found(t, x, 5, asked)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", asked, got, want)
		}
	}
}

func TestWhatMayBecomeAnArticleIsABeginningFirst(t *testing.T) {
	t.Parallel()
	x := indexOf("جامعة صحار", "جامعة باتنة", "كلية باتنة", "جامعة الرباط")
	if got := found(t, x, 4, "جامعة با"); !slices.Equal(got, []uint32{1, 0, 3}) {
		t.Errorf("it finds %v", got)
	}
}

func TestEveryWordMayBeABeginningWhenLittleIsFound(t *testing.T) {
	t.Parallel()
	names := []string{"Organisation internationale du Travail", "Travail organisé", "Université Paris-Saclay", "Paris"}
	for asked, want := range map[string][]uint32{
		"org int trav":      {0},
		"int org":           {0},
		"univ paris saclay": {2},
		"trav org":          {1, 0},
		"or int trav":       {0}, // two letters are too few, but most of the words are there
	} {
		if got := found(t, indexOf(names...), len(names), asked); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", asked, got, want)
		}
	}
	whole := slices.Repeat([]string{"Org travail"}, 10)
	if got := found(t, indexOf(append(whole, names...)...), 14, "org travail"); len(got) != 10 {
		t.Errorf("ten have the very words, but it finds %v", got)
	}
	x := indexOf("Office du travail", "Off Travail libre et autonome du grand pays", "Offices travail", "Off travaux")
	if got := found(t, x, 4, "off travail"); !slices.Equal(got, []uint32{1, 2, 0}) {
		t.Errorf("what is found by a beginning stands before what is found as it is: %v", got)
	}
}

func TestAWordTooMuchDoesNotHideAnAcronym(t *testing.T) {
	t.Parallel()
	names := []string{"GIZ", "ILO", "Office for Morocco of the ILO", "Genève Aéroport"}
	for n := range 60 {
		names = append(names, fmt.Sprintf("Ministère %d du Maroc", n))
	}
	x := indexOf(names...)
	for asked, want := range map[string][]uint32{
		"GIZ GmbH":         {0},
		"ILO Genève":       {1, 3, 2},
		"Tartempion Maroc": nil, // what the whole directory has does not tell one from another
	} {
		if got := found(t, x, len(names), asked); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", asked, got, want)
		}
	}
}

func TestTyposAreAllowedByLength(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, asked string
		finds       bool
	}{
		{"abc", "abd", false},
		{"bank", "benk", true},
		{"banque", "bnaque", true},
		{"banque", "bamqle", false},
		{"travail", "trvail", true},
		{"travail", "trvailx", false},
		{"organisme", "orgnaisem", true},
		{"organisme", "rgnisme", false},
		{"organisme", "rganisem", true},
		{"migrations", "imgrationss", true},
		{"migrations", "imgrtionsss", false},
		{"international", "internatoinale", true},
		{"عملية", "عمليه", true},
		{"وزارة", "وزراة", true},
		{"дом культуры", "культруы", true},
		{"Plan 2023", "2022", false},
		{"Plan 2023", "plna 2023", true},
		{"Plan 20232030", "20232031", false},
		{"Plan 20232030", "20233", false},
		{"Plan 20232030", "2023", true},
		{"COP22", "cop21", false},
		{"Plan 2023", "٢٠٢٣", true},
	} {
		x := indexOf("quelque chose", test.name)
		if got := slices.Contains(found(t, x, 2, test.asked), 1); got != test.finds {
			t.Errorf("%q finds %q: %t, want %t", test.asked, test.name, got, test.finds)
		}
	}
}

func TestTheRankOfWaysIsExactPrefixWordsFuzzy(t *testing.T) {
	t.Parallel()
	x := indexOf("Office migrations", "Office migration", "Nouvel office de la migration", "Migration office", "Office migraton")
	if got := found(t, x, 5, "office migration"); !slices.Equal(got, []uint32{1, 0, 3, 2, 4}) {
		t.Errorf("the order is %v", got)
	}
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"Ministère", "منظمة العمل", "a b c", "\u200f", "O.I.T.", "l'", "\xff", "東京大学", "aaaaaaaaaaaaaaaaaaa aaaaaaaa", "x\u0301"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		words := search.Words(name)
		x := indexOf("Organisation internationale du Travail", name, "الرباط")
		x = x.With([]search.Change{{Document: 2, Texts: []search.Text{{Value: text, Class: search.Prose}, {Value: name + " " + text}}}})
		found(t, x, 3, text)
		docs := found(t, x, 3, name)
		if len(words) > 0 && !slices.Contains(docs, 1) {
			t.Fatalf("%q does not find itself, but %v", name, docs)
		}
		if len(words) > 0 && len(words) <= 64 && docs[0] == 0 && !slices.Equal(words, search.Words("Organisation internationale du Travail")) {
			t.Fatalf("%q finds something else first", name)
		}
	})
}
