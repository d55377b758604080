package fault

import "strconv"

// Size stands in Args for a number of bytes. It is said in units of 1,024 where it is whole ones: 2 MB, 2 Mo.
type Size int64

func (s Size) in(lang string) string {
	n, units := int64(s), [...]string{"bytes", "kB", "MB"}
	switch lang {
	case "fr":
		units = [...]string{"octets", "ko", "Mo"}
	case "ar":
		units = [...]string{"بايت", "كيلوبايت", "ميغابايت"}
	}
	unit := 0
	for unit < len(units)-1 && n >= 1<<10 && n%(1<<10) == 0 {
		n >>= 10
		unit++
	}
	return strconv.FormatInt(n, 10) + " " + units[unit]
}
