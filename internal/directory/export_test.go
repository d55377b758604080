package directory

import "reflect"

// FoldByTables is the slow way of Fold, which is right for every text.
var FoldByTables = foldByTables

// EncodeByLibrary is the slow way of Encode, which is right for every value.
var EncodeByLibrary = encodeByLibrary

// EncodeByPlan writes what a pointer points to, by a plan for its type. It returns false for what the plan cannot write.
func EncodeByPlan(pointer any) (text []byte, ok bool) {
	v := reflect.ValueOf(pointer)
	return new(planner).of(v.Type())(nil, v)
}

// ReadsByPlan tells whether a record's text is read by a plan, without the library.
func ReadsByPlan(kind Kind, text string) bool {
	record := reflect.ValueOf(kind.New()).Elem()
	end, ok := readers()[record.Type()](text, 0, record)
	return unescaped(text) && ok && end == len(text)
}
