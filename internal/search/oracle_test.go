package search

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// oracle holds documents as they were given, and answers by loops over all words of all texts. It is written from the
// package's documentation; it shares with the index how texts are cut into words, and what a stop word and a skeleton is.
type oracle map[uint32][]Text

// standing says what a word of a query may be found as beside itself.
type standing int

const (
	inside  standing = iota
	widened          // inside, of a query that finds little: a beginning, too
	atEnd            // a beginning, with a letter wrong, too
	bare             // an article alone: any Arabic word
)

// foundIn is how well and in which way a word of a query is found as a word of a text; 0 for not at all.
func foundIn(asked, word string, stands standing) (quality int, how way) {
	type question struct {
		asked, word string
		stands      standing
	}
	type answer struct {
		quality int
		how     way
	}
	if known, ok := answers.Load(question{asked, word, stands}); ok {
		a, _ := known.(answer)
		return a.quality, a.how
	}
	quality, how = workOut(asked, word, stands)
	answers.Store(question{asked, word, stands}, answer{quality, how})
	return quality, how
}

// answers keeps what foundIn has worked out: it is slow, and asked the same again and again.
var answers sync.Map

func workOut(asked, word string, stands standing) (quality int, how way) {
	better := func(q int, w way) {
		if q > quality || q == quality && w < how {
			quality, how = q, w
		}
	}
	if asked == word {
		better(1000, equal)
		return quality, how
	}
	d := editsBetween([]rune(asked), []rune(word))
	n := len([]rune(asked))
	number := strings.ContainsAny(asked, "0123456789")
	near := !number && (n >= 4 && d == 1 || n >= 8 && d <= 2)
	if near {
		better(map[int]int{1: 800, 2: 600}[d], edited)
	}
	if bones := skeleton(asked); bones != "" && bones == skeleton(word) {
		if near && isArabic([]rune(asked)[0]) == isArabic([]rune(word)[0]) {
			better(830, edited)
		} else {
			better(830, spelt)
		}
	}
	if stands == widened && n >= 3 && strings.HasPrefix(word, asked) {
		better(500+300*n/len([]rune(word)), abridged)
	}
	if first := []rune(word)[0]; stands == bare && isArabic(first) {
		better(700+300/len([]rune(word)), begun)
	}
	if stands == atEnd {
		if strings.HasPrefix(word, asked) {
			better(700+300*n/len([]rune(word)), begun)
		}
		if rest := typedArticle.FindStringSubmatch(asked); rest != nil && strings.HasPrefix(word, rest[1]) {
			better(700+300*len([]rune(rest[1]))/len([]rune(word)), begun)
		}
		if n >= 6 && !number {
			for m := range []rune(word) { // a beginning of the word, one edit away, not in the first letter
				part := []rune(word)[:m+1]
				if oneEditAfterTheFirst([]rune(asked), part) {
					better(500+300*len(part)/len([]rune(word)), edited)
				}
			}
		}
	}
	return quality, how
}

// typedArticle is an article with the one or two letters that somebody has typed of the word, bareArticle one alone,
// openArticle that or the one letter that begins it, mayBeArticle what begins an article or some other word.
var (
	typedArticle = regexp.MustCompile(`^(?:[وبكف]?ال|و?لل)(.{1,2})$`)
	bareArticle  = regexp.MustCompile(`^(?:[وبكف]?ال|و?لل)$`)
	openArticle  = regexp.MustCompile(`^(?:[وبكف]?ال|و?لل|ا|ل)$`)
	mayBeArticle = regexp.MustCompile(`^[وبكف]ا$`)
)

// oneEditAfterTheFirst tells whether one edit that leaves the first letter alone makes b of a.
func oneEditAfterTheFirst(a, b []rune) bool {
	for i := 1; i < len(a); i++ {
		if string(b) == string(a[:i])+string(a[i+1:]) {
			return true
		}
		if i+1 < len(a) && a[i] != a[i+1] && string(b) == string(a[:i])+string(a[i+1])+string(a[i])+string(a[i+2:]) {
			return true
		}
		if len(b) > i && string(b) != string(a) && b[i] != a[i] &&
			(string(b) == string(a[:i])+string(b[i])+string(a[i+1:]) || string(b) == string(a[:i])+string(b[i])+string(a[i:])) {
			return true
		}
	}
	return false
}

// editsBetween is the distance, worked out as it is defined.
func editsBetween(a, b []rune) int {
	known := make(map[[2]int]int)
	var between func(i, j int) int
	between = func(i, j int) int {
		if i == 0 || j == 0 {
			return i + j
		}
		if d, ok := known[[2]int{i, j}]; ok {
			return d
		}
		d := min(between(i-1, j), between(i, j-1)) + 1
		same := between(i-1, j-1)
		if a[i-1] != b[j-1] {
			same++
		}
		d = min(d, same)
		if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
			d = min(d, between(i-2, j-2)+1)
		}
		known[[2]int{i, j}] = d
		return d
	}
	return between(len(a), len(b))
}

// asked is a query as the oracle reads it.
type asked struct {
	sequence, words []string
	required        []bool
	open            bool // the last word is an article that any word may follow
	wide            bool // it found little
}

func ask(text string) asked {
	a := asked{sequence: Words(text)}
	for _, word := range a.sequence {
		if !slices.Contains(a.words, word) {
			a.words = append(a.words, word)
		}
	}
	stops := 0
	for _, word := range a.words {
		a.required = append(a.required, !isStop(word))
		if isStop(word) {
			stops++
		}
	}
	for i := range a.required {
		a.required[i] = a.required[i] || stops == len(a.words)
	}
	for i := range a.words {
		if !a.isLast(i) || !a.required[i] || a.countRequired() == 1 {
			continue
		}
		a.open = openArticle.MatchString(a.words[i])
		a.required[i] = !a.open && !mayBeArticle.MatchString(a.words[i])
	}
	return a
}

func (a *asked) isLast(i int) bool { return a.words[i] == a.sequence[len(a.sequence)-1] }

func (a *asked) countRequired() (n int) {
	for _, required := range a.required {
		if required {
			n++
		}
	}
	return n
}

func (a *asked) standing(i int) standing {
	switch {
	case a.isLast(i) && a.required[i] && a.countRequired() == 1 && bareArticle.MatchString(a.words[i]):
		return bare
	case a.isLast(i):
		return atEnd
	case a.wide && a.required[i]:
		return widened
	default:
		return inside
	}
}

// has tells whether a word of the query is in any text of a document.
func (o oracle) has(a *asked, i int, doc uint32) bool {
	for _, text := range o[doc] {
		for _, word := range Words(text.Value) {
			if quality, _ := foundIn(a.words[i], word, a.standing(i)); quality > 0 {
				return true
			}
		}
	}
	return false
}

// countWhole is how many of the documents seen have every word required.
func (o oracle) countWhole(a *asked, seen []uint32) (n int) {
	for _, doc := range seen {
		whole := true
		for i := range a.words {
			whole = whole && (!a.required[i] || o.has(a, i, doc))
		}
		if whole {
			n++
		}
	}
	return n
}

// hits are the documents found, of those seen.
func (o oracle) hits(a *asked, seen []uint32) (hits []uint32, weights []int) {
	a.wide = o.countWhole(a, seen) < 10
	total, required := 0, 0
	for i := range a.words {
		n := 0
		for _, doc := range seen {
			if o.has(a, i, doc) {
				n++
			}
		}
		weight := 0
		if a.required[i] {
			required++
			weight = 1
			n = max(n, min(10, len(seen)/16))
			for ratio := (len(seen) + 1) / (n + 1) * ((len(seen) + 1) / (n + 1)); ratio > 0; ratio /= 2 {
				weight++
			}
		}
		total += weight
		weights = append(weights, weight)
	}
	for _, least := range []int{2 * total, total} {
		for _, doc := range seen {
			found := 0
			for i := range a.words {
				if a.required[i] && o.has(a, i, doc) {
					found += weights[i]
				}
			}
			if 2*found >= least {
				hits = append(hits, doc)
			}
		}
		if len(hits) > 0 || required < 2 {
			break
		}
	}
	return hits, weights
}

// words finds the words of the query in some texts: the quality, whether all that are required are there and how, and
// what they cover of the texts.
func (a *asked) in(texts []Text, weights []int) (quality int, how How, covered, length int, places []int) {
	var words []string
	for _, text := range texts {
		for _, word := range Words(text.Value) {
			if text.Class != Prose || !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
	}
	total := 0
	how = AllWords
	met := make([]bool, len(words))
	for i, word := range a.words {
		best, by, place := 0, edited, -1
		for at, other := range words {
			q, w := foundIn(word, other, a.standing(i))
			met[at] = met[at] || q > 0
			if q > best || q == best && q > 0 && w < by {
				best, by, place = q, w, at
			}
		}
		places = append(places, place)
		if !a.required[i] {
			continue
		}
		total += weights[i]
		quality += weights[i] * best
		switch {
		case best == 0 || how == None:
			how = None
		case by == edited:
			how = Fuzzy
		case by == spelt && how == AllWords:
			how = Translit
		}
	}
	for at, word := range words {
		length += lengthOf(word)
		if met[at] {
			covered += lengthOf(word)
		}
	}
	return quality / max(1, total), how, covered, length, places
}

// score judges a document.
func (o oracle) score(a *asked, doc uint32, weights []int) (best Hit) {
	var names []Text
	for at, text := range o[doc] {
		if text.Class != Prose {
			names = append(names, text)
		}
		score, how := a.scoreOf(text, weights)
		if score > best.Score {
			best.Score, best.How, best.Text = score, how, at
		}
	}
	if best.How != None {
		return best
	}
	if quality, how, _, _, _ := a.in(names, weights); how != None {
		best.Score, best.How = 1000+quality/2, how
	} else if quality, how, _, _, _ := a.in(o[doc], weights); how != None {
		best.Score, best.How = 400+quality/5, how
	} else {
		best.Score, best.How = max(1, best.Score), Fuzzy
	}
	return best
}

// begins tells whether a word begins with the last one of the query.
func (a *asked) begins(word string) bool {
	last := a.sequence[len(a.sequence)-1]
	rest := typedArticle.FindStringSubmatch(last)
	if a.standing(slices.Index(a.words, last)) == bare {
		return isArabic([]rune(word)[0])
	}
	return strings.HasPrefix(word, last) || rest != nil && strings.HasPrefix(word, rest[1])
}

// scoreOf judges one text.
func (a *asked) scoreOf(text Text, weights []int) (int, How) {
	words := Words(text.Value)
	quality, how, covered, length, places := a.in([]Text{text}, weights)
	any := false
	for _, place := range places {
		any = any || place >= 0
	}
	if !any {
		return 0, None
	}
	if text.Class == Prose {
		if how == None {
			return quality / 5, None
		}
		return 600 + quality/3, how
	}
	penalty := map[Class]int{OtherName: 50, Former: 100}[text.Class]
	n := len(a.sequence)
	if slices.Equal(words, a.sequence) {
		return 10_000 - penalty, Exact
	}
	asked := 0
	for _, word := range a.sequence {
		asked += lengthOf(word)
	}
	if len(words) >= n && slices.Equal(words[:n-1], a.sequence[:n-1]) && (a.open || a.begins(words[n-1])) {
		if q, by := foundIn(a.sequence[n-1], words[n-1], a.standing(slices.Index(a.words, a.sequence[n-1]))); q > 0 && by <= begun || a.open {
			return 8000 + 1000*min(asked, length)/length - penalty, Prefix
		}
	}
	share := 1000 * covered / length
	less := 0
	for i, place := range places {
		if place >= 0 && a.required[i] {
			if _, by := foundIn(a.words[i], words[place], a.standing(i)); by == abridged {
				less = 800
			}
		}
	}
	order, last := 400, -1
	for _, word := range a.sequence {
		i := slices.Index(a.words, word)
		if places[i] < 0 || !a.required[i] {
			continue
		}
		if places[i] < last {
			order = 0
		}
		last = places[i]
	}
	switch how {
	case AllWords:
		return 5500 + quality/2 + share*3/2 + order - penalty - less, how
	case Translit:
		return 2000 + 2*quality + share + order - penalty, how
	case Fuzzy:
		return 1500 + 2*quality + share + order - penalty, how
	default:
		return quality/5 + share/5, None
	}
}

// someWords are those that random texts are made of: many near to one another.
var someWords = strings.Fields("office officiel offices national nationale nationalite internationale international " +
	"travail travaux migration migrations emigration immigration rabat ribat robot الرباط محمد mohammed muhammad mohamed " +
	"العمل عمل وزارة الوزارة de la l of the في oit ilo iom oim universite university مدرسة المدرسة الجامعة agadir maroc marocain " +
	"العلم علم عام المعلم العام ال وال الع للع وا با باب لل " +
	"observatoire observatory coopération cooperation 2022 2023 東京大学 東京 дом c'est d'emploi emploi emplois a b ab abc abd cop21 cop22 20222023")

// randomText makes a text of some of the words, now and then with a typo.
func randomText(r *rand.Rand, most int) string {
	var words []string
	for range 1 + r.IntN(most) {
		word := []rune(someWords[r.IntN(len(someWords))])
		if i := r.IntN(len(word)); r.IntN(4) == 0 {
			switch r.IntN(4) {
			case 0:
				word = slices.Delete(word, i, i+1)
			case 1:
				word = slices.Insert(word, i, 'e')
			case 2:
				word[i] = 'x'
			default:
				word = word[:1+i]
			}
		}
		words = append(words, string(word))
	}
	return strings.Join(words, " ")
}

func randomTexts(r *rand.Rand) []Text {
	var texts []Text
	for range r.IntN(4) {
		texts = append(texts, Text{randomText(r, 5), Class(r.IntN(5))})
	}
	return texts
}

// seeds returns how many random tests to make, and from which seed on.
func seeds(t *testing.T, n int) (from, to uint64) {
	t.Helper()
	if asked := os.Getenv("DALIL_TEST_SEED"); asked != "" {
		seed, err := strconv.ParseUint(asked, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return seed, seed + 1
	}
	first := rand.Uint64N(1 << 40)
	return first, first + uint64(n)
}

func TestTheIndexFindsWhatLoopsFind(t *testing.T) {
	t.Parallel()
	from, to := seeds(t, 25)
	for seed := from; seed < to; seed++ {
		r := rand.New(rand.NewPCG(seed, 3))
		o, b := make(oracle), NewBuilder()
		for doc := range uint32(r.IntN(60)) {
			o[doc] = randomTexts(r)
			b.Add(o[doc])
		}
		x := b.Index()
		for range 6 {
			compareWithLoops(t, r, o, x, seed)
			was := maps.Clone(o)
			var changes []Change
			for range r.IntN(12) { // none, or some documents change, new ones come
				c := Change{uint32(r.IntN(70)), randomTexts(r)}
				if !slices.ContainsFunc(changes, func(other Change) bool { return other.Document == c.Document }) {
					changes = append(changes, c)
					o[c.Document] = c.Texts
				}
			}
			before := x
			switch r.IntN(4) {
			case 0:
				x = x.rebuilt(changes)
			case 1:
				x = x.renewing(changes, func() *Index { return before.rebuilt(nil) })
			default:
				x = x.With(changes)
			}
			compareWithLoops(t, r, was, before, seed) // it shares with the new one, and never changes
		}
		if t.Failed() {
			t.Fatalf("DALIL_TEST_SEED=%d", seed)
		}
	}
	if to-from > 1 && min(led.Load(), begunBy.Load(), widenings.Load(), enough.Load()) < 10 {
		t.Errorf("leaders were found only %d times, by the beginnings of names only %d times; %d queries were widened, %d not",
			led.Load(), begunBy.Load(), widenings.Load(), enough.Load())
	}
}

// compareWithLoops asks both for random texts, some documents being hidden.
func compareWithLoops(t *testing.T, r *rand.Rand, o oracle, x *Index, seed uint64) {
	t.Helper()
	var seen []uint32
	bits := NewBits(128)
	for doc := range uint32(80) {
		if _, ok := o[doc]; ok && r.IntN(5) > 0 {
			seen = append(seen, doc)
			bits.Add(doc)
		}
	}
	for range 6 {
		text := randomText(r, 4)
		if r.IntN(3) == 0 { // somebody has just begun to type
			text = string([]rune(text)[:min(3, len([]rune(text)))])
		}
		q, ok := NewQuery(text)
		if !ok {
			continue
		}
		a := ask(text)
		want, weights := o.hits(&a, seen)
		m := x.Match(q)
		if q.FindsEnough(m.Sets(), bits) {
			enough.Add(1)
		} else {
			m.Widen()
			widenings.Add(1)
		}
		got := q.Hits(m.Sets(), bits, q.Weights(m.Sets(), bits))
		m.Weigh(q.Weights(m.Sets(), bits))
		var hits []uint32
		got.Each(func(doc uint32) {
			if bits.Has(doc) {
				hits = append(hits, doc)
			}
		})
		if !slices.Equal(hits, want) {
			t.Errorf("seed %d: %q finds %v, want %v", seed, text, hits, want)
		}
		for _, doc := range want {
			hit, best := m.Score(doc), o.score(&a, doc, weights)
			if hit.Score != best.Score || hit.How != best.How || hit.Text != best.Text {
				t.Errorf("seed %d: %q in %s: %d %s by %d, want %d %s by %d", seed, text, shown(o[doc]),
					hit.Score, hit.How, hit.Text, best.Score, best.How, best.Text)
			}
		}
		compareLeaders(t, r, m, want, text)
		compareBeginners(t, r, x, q, m, want)
		m.Close()
	}
}

// compareLeaders asks for the documents with the highest scores alone.
func compareLeaders(t *testing.T, r *rand.Rand, m *Matcher, hits []uint32, text string) {
	t.Helper()
	k := 1 + r.IntN(4)
	got, ok := m.Leaders(k, func(doc uint32) bool { return slices.Contains(hits, doc) })
	if !ok {
		return
	}
	var scores []int
	for _, doc := range hits {
		scores = append(scores, m.Score(doc).Score)
	}
	slices.Sort(scores)
	least := scores[len(scores)-k]
	for _, doc := range hits {
		if m.Score(doc).Score >= least && !slices.Contains(got, doc) {
			t.Errorf("%q: the %d leaders %v lack %d", text, k, got, doc)
		}
	}
	led.Add(1)
}

// compareBeginners asks for the same by the beginnings of names alone.
func compareBeginners(t *testing.T, r *rand.Rand, x *Index, q *Query, m *Matcher, hits []uint32) {
	t.Helper()
	b, ok := x.Beginners(q)
	if ok != (len(q.sequence) == 1 && !typedArticle.MatchString(q.words[0]) && !bareArticle.MatchString(q.words[0])) {
		t.Errorf("%q of %d words: %v", q.words, len(q.sequence), ok)
	}
	if !ok {
		return
	}
	defer b.Close()
	k := 1 + r.IntN(3)
	got, ok := b.Leaders(k, func(doc uint32) bool { return slices.Contains(hits, doc) })
	if b.tried.Count() > 0 {
		t.Errorf("%q: what was tried is not taken out", q.words)
	}
	scores := make(map[uint32]int)
	for _, leader := range got {
		hit := m.Score(leader.Document)
		own := b.Score(leader.Document)
		if scores[leader.Document] = hit.Score; hit.Score != leader.Score || hit.Score != own.Score || hit.How != own.How || hit.Text != own.Text {
			t.Errorf("%q: %d is %d, %+v, want %+v", q.words, leader.Document, leader.Score, own, hit)
		}
	}
	if len(scores) != len(got) {
		t.Errorf("%q: of %v one comes twice", q.words, got)
	}
	if !ok {
		return
	}
	least := slices.Sorted(maps.Values(scores))[len(scores)-k]
	for _, doc := range hits {
		if score := m.Score(doc).Score; score >= least && scores[doc] == 0 {
			t.Errorf("%q: the %d leaders %v lack %d of %d", q.words, k, got, doc, score)
		}
	}
	begunBy.Add(1)
}

// led counts the comparisons of leaders, begunBy those of them by the beginnings of names alone; widenings the queries that
// found little, enough the others.
var led, begunBy, widenings, enough atomic.Int64

func shown(texts []Text) string {
	var all []string
	for i, text := range texts {
		all = append(all, fmt.Sprintf("%d: %q (%d)", i, text.Value, text.Class))
	}
	return strings.Join(all, ", ")
}
