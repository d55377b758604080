package httpapi_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"dalil/internal/bench"
)

// BenchmarkChanges follows the changes of 51,370 organisations over a real connection: all of them from the beginning,
// in pages of a thousand, as somebody does who makes a copy; and one question at the head that has no answer, as somebody
// asks who has the copy.
func BenchmarkChanges(b *testing.B) {
	actors := bench.Actors(b)
	address := strings.TrimSuffix(listen(b, organisationsAPI(b, actors)), "actors?") + "changes?limit=1000&"
	client := plainClient(b)
	last := ""
	b.Run("replay", func(b *testing.B) {
		told := 0
		for b.Loop() {
			next := "after=0"
			for next != "" {
				page := askedPage(b, client, address+next)
				told += len(page.Items)
				last = "cursor=" + page.Next
				if next = last; !page.More {
					next = ""
				}
			}
		}
		if told < b.N*len(actors)*9/10 { // those that were archived at once were never told
			b.Fatalf("%d changes in %d rounds", told, b.N)
		}
		b.ReportMetric(float64(told)/b.Elapsed().Seconds(), "records/s")
	})
	b.Run("poll", func(b *testing.B) {
		if last == "" {
			b.Skip("it goes on where the replay ended")
		}
		for b.Loop() {
			if page := askedPage(b, client, address+last); len(page.Items) > 0 {
				b.Fatalf("%d changes at the head", len(page.Items))
			}
		}
	})
}

// somePage is what is looked at of a page of changes.
type somePage struct {
	Items []struct{} `json:"items"`
	Next  string     `json:"cursor"`
	More  bool       `json:"more"`
}

// askedPage asks for a page.
func askedPage(b *testing.B, client *http.Client, address string) (page somePage) {
	b.Helper()
	res, err := client.Get(address) //nolint:noctx // of this process
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", res.StatusCode)
	}
	if err == nil {
		err = json.Unmarshal(body, &page)
	}
	if err != nil {
		b.Fatalf("%v: %.300s", err, body)
	}
	return page
}
