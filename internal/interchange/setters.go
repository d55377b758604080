package interchange

import (
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// setter fills a member of a record from a cell that is not empty; it returns what is wrong with the cell, "" for
// nothing. Each is made for one kind of record, the kind of its sheet.
type setter func(r directory.Record, cell string) (fault.Code, fault.Args)

// filled makes a setter that cannot fail.
func filled[R directory.Record](fill func(r R, cell string)) setter {
	return func(r directory.Record, cell string) (fault.Code, fault.Args) {
		if own, ok := r.(R); ok {
			fill(own, cell)
		}
		return "", nil
	}
}

// plain fills a text member as it is.
func plain[R directory.Record, S ~string](member func(R) *S) setter {
	return filled(func(r R, cell string) { *member(r) = S(cell) })
}

// term fills a member with a code of a vocabulary: "web page" is web_page.
func term[R directory.Record](member func(R) *string) setter {
	return filled(func(r R, cell string) { *member(r) = spelled(cell) })
}

// lower fills a member with an id.
func lower[R directory.Record](member func(R) *string) setter {
	return filled(func(r R, cell string) { *member(r) = strings.ToLower(cell) })
}

// language fills one language of a text.
func language[R directory.Record](member func(R) *directory.Text, lang string) setter {
	return filled(func(r R, cell string) {
		t := member(r)
		if *t == nil {
			*t = make(directory.Text)
		}
		(*t)[lang] = cell
	})
}

// list fills a list; its entries are parted by semicolons.
func list[R directory.Record](member func(R) *[]string) setter {
	return filled(func(r R, cell string) { *member(r) = entries(cell) })
}

// identifier adds an identifier of a scheme.
func identifier(scheme string) setter {
	return filled(func(a *directory.Actor, cell string) {
		a.Identifiers = append(a.Identifiers, directory.Identifier{Scheme: scheme, Value: cell})
	})
}

// amount fills the number of an amount of money.
func amount[R directory.Record](member func(R) **directory.Money) setter {
	return func(r directory.Record, cell string) (fault.Code, fault.Args) {
		own, ok := r.(R)
		n, err := strconv.ParseFloat(cell, 64)
		if !ok || err != nil {
			return fault.CodeBadNumber, fault.Args{"value": cell}
		}
		money(member(own)).Amount = n
		return "", nil
	}
}

// currency fills the currency of an amount of money.
func currency[R directory.Record](member func(R) **directory.Money) setter {
	return filled(func(r R, cell string) { money(member(r)).Currency = strings.ToUpper(cell) })
}

func money(m **directory.Money) *directory.Money {
	if *m == nil {
		*m = new(directory.Money)
	}
	return *m
}

// frameworks fills a list of FRAMEWORK:code.
func frameworks[R directory.Record](member func(R) *[]directory.FrameworkCode) setter {
	return filled(func(r R, cell string) {
		for _, entry := range entries(cell) {
			framework, code, _ := strings.Cut(entry, ":")
			*member(r) = append(*member(r), directory.FrameworkCode{
				Framework: strings.TrimSpace(framework), Code: strings.TrimSpace(code),
			})
		}
	})
}

// links fills the links of an initiative, written type:initiative.
func links(r directory.Record, cell string) (fault.Code, fault.Args) {
	i, ok := r.(*directory.Initiative)
	for _, entry := range entries(cell) {
		kind, id, cut := strings.Cut(entry, ":")
		if !ok || !cut {
			return fault.CodeUnknownLinkType, nil
		}
		i.Links = append(i.Links, directory.InitiativeLink{Type: spelled(kind), Initiative: strings.ToLower(strings.TrimSpace(id))})
	}
	return "", nil
}

// entries parts a list cell.
func entries(cell string) []string {
	var list []string
	for entry := range strings.SplitSeq(cell, ";") {
		if entry = strings.TrimSpace(entry); entry != "" {
			list = append(list, entry)
		}
	}
	return list
}

// spelled brings a code's spellings to the one of the vocabulary.
func spelled(cell string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(cell)), " ", "_")
}
