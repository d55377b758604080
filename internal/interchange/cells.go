package interchange

import (
	"math"
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// plain is the column of a text that is taken as it is.
func plain[R directory.Record, S ~string](name string, at func(R) *S) column {
	return member(name, at, appendText[S], func(cell string) (S, fault.Code, fault.Args) {
		return S(cell), "", nil
	})
}

// lower is the column of an id that may be written as a notation, in any case.
func lower[R directory.Record](name string, at func(R) *string) column {
	return member(name, at, appendText[string], func(cell string) (string, fault.Code, fault.Args) {
		return strings.ToLower(cell), "", nil
	})
}

// listed is the column of a list; its entries are parted by semicolons.
func listed[R directory.Record](name string, at func(R) *[]string) column {
	return member(name, at, appendList,
		func(cell string) ([]string, fault.Code, fault.Args) { return entries(cell), "", nil }).shaped(shapeList)
}

// date is the column of a date. A whole number of five digits is how a spreadsheet counts days, never a year.
func date[R directory.Record](name string, at func(R) *directory.Date) column {
	return member(name, at, appendText[directory.Date], readDate).shaped(shapeDate)
}

func readDate(cell string) (directory.Date, fault.Code, fault.Args) {
	if days, err := strconv.Atoi(cell); err == nil && len(cell) == 5 {
		return "", fault.CodeSerialDate, fault.Args{"value": cell, "date": serialDay(days)}
	}
	if date := directory.Date(cell); date.Valid() {
		return date, "", nil
	}
	return "", fault.CodeBadDateCell, fault.Args{"value": shown(cell)}
}

// How a spreadsheet counts days: 61 is the first of March 1900. Before it, it counts a 29th of February that was not.
const (
	serialEpoch = -25569 // day 0, counted from 1970-01-01
	firstSerial = 61
	lastSerial  = 2958465 // 9999-12-31
)

// serialDay returns the day of a number of firstSerial or more.
func serialDay(days int) directory.Date { return directory.Day(serialEpoch + days).Date() } //nolint:gosec // five digits

// whole is the column of a whole number.
func whole[R directory.Record](name string, at func(R) **int) column {
	show := func(to []byte, n *int) []byte {
		if n == nil {
			return to
		}
		return strconv.AppendInt(to, int64(*n), 10)
	}
	return member(name, at, show, func(cell string) (*int, fault.Code, fault.Args) {
		n, err := strconv.Atoi(cell)
		if err != nil {
			return nil, fault.CodeBadNumber, fault.Args{"value": shown(cell)}
		}
		return &n, "", nil
	}).shaped(shapeNumber)
}

// amount is the column of the number of an amount of money.
func amount[R directory.Record](name string, at func(R) **directory.Money) column {
	c := moneyPart(name, at, func(m *directory.Money) *float64 { return &m.Amount }, appendNumber, readNumber)
	return c.shaped(shapeNumber)
}

// currency is the column of the currency of an amount of money.
func currency[R directory.Record](name string, at func(R) **directory.Money) column {
	return moneyPart(name, at, func(m *directory.Money) *string { return &m.Currency },
		appendText[string], func(cell string) (string, fault.Code, fault.Args) { return strings.ToUpper(cell), "", nil })
}

// moneyPart is the column of one of the two members of an amount of money, which is there when one of them is.
func moneyPart[R directory.Record, T any](
	name string, at func(R) **directory.Money, part func(*directory.Money) *T,
	show func([]byte, T) []byte, read func(string) (T, fault.Code, fault.Args),
) column {
	return column{
		name: name,
		show: func(to []byte, r directory.Record) []byte {
			if own, ok := r.(R); ok && *at(own) != nil {
				return show(to, *part(*at(own)))
			}
			return to
		},
		set: func(r directory.Record, cell string) (fault.Code, fault.Args) {
			value, code, args := read(cell)
			own, ok := r.(R)
			if code != "" || !ok {
				return code, args
			}
			if *at(own) == nil {
				*at(own) = new(directory.Money)
			}
			*part(*at(own)) = value
			return "", nil
		},
		clear: func(r directory.Record) {
			own, ok := r.(R)
			if !ok || *at(own) == nil {
				return
			}
			var none T
			if *part(*at(own)) = none; **at(own) == (directory.Money{}) {
				*at(own) = nil
			}
		},
	}
}

func appendText[S ~string](to []byte, s S) []byte { return append(to, s...) }

// appendList appends the entries of a list cell.
func appendList(to []byte, list []string) []byte {
	for i, entry := range list {
		to = append(separated(to, i), entry...)
	}
	return to
}

// separated appends what stands before the entry i of a list cell.
func separated(to []byte, i int) []byte {
	if i > 0 {
		to = append(to, ';')
	}
	return to
}

func appendNumber(to []byte, n float64) []byte { return strconv.AppendFloat(to, n, 'f', -1, 64) }

// readNumber reads digits with a decimal point; no other way of writing a number is sure to be meant.
func readNumber(cell string) (float64, fault.Code, fault.Args) {
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) || strings.ContainsAny(cell, "xXpP_") {
		return 0, fault.CodeBadNumber, fault.Args{"value": shown(cell)}
	}
	return n, "", nil
}

// text is a member in several languages.
func text[R directory.Record](name string, at func(R) *directory.Text) textMember {
	texts := func(r directory.Record) directory.Text {
		if own, ok := r.(R); ok {
			return *at(own)
		}
		return nil
	}
	return textMember{name: name, column: func(lang string) column {
		return column{
			name: name + "_" + lang, pointer: "/" + name + "/" + lang, texts: texts, lang: lang,
			show: func(to []byte, r directory.Record) []byte { return append(to, texts(r)[lang]...) },
			set: func(r directory.Record, cell string) (fault.Code, fault.Args) {
				if own, ok := r.(R); ok {
					if *at(own) == nil {
						*at(own) = make(directory.Text)
					}
					(*at(own))[lang] = cell
				}
				return "", nil
			},
			clear: func(r directory.Record) {
				if own, ok := r.(R); ok {
					if delete(*at(own), lang); len(*at(own)) == 0 {
						*at(own) = nil
					}
				}
			},
		}
	}}
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

// shown cuts a value for a message.
func shown(value string) string {
	value = strings.ToValidUTF8(value, "\uFFFD")
	if runes := []rune(value); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return value
}
