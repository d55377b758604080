package service

import (
	"dalil/internal/directory"
	"dalil/internal/fault"
)

// withoutReadOnly refuses a new record that brings what Dalil alone sets.
func withoutReadOnly(r directory.Record, prefix string) error {
	return readOnlyKept(&directory.Envelope{}, r.Head(), prefix)
}

// readOnlyKept refuses another value of a member that Dalil alone sets. Leaving it out is no change.
func readOnlyKept(was, is *directory.Envelope, prefix string) error {
	var fields []fault.Field
	refuse := func(changed bool, pointer string) {
		if changed {
			fields = append(fields, fault.Field{Pointer: prefix + pointer, Code: fault.CodeReadOnly})
		}
	}
	refuse(is.Version != 0 && is.Version != was.Version, "/version")
	refuse(otherStamp(was.Created, is.Created), "/created")
	refuse(otherStamp(was.Updated, is.Updated), "/updated")
	refuse(otherAttestation(was.Attested, is.Attested), "/attested")
	refuse(is.MergedInto != "" && is.MergedInto != was.MergedInto, "/merged_into")
	return fault.OfFields(fault.Invalid, fault.CodeReadOnly, fields)
}

// otherStamp tells whether a stamp was changed. Who wrote may be left out: not every caller is shown it.
func otherStamp(was, is *directory.Stamp) bool {
	if is == nil {
		return false
	}
	return was == nil || !is.At.Equal(was.At.Time) || is.Seq != was.Seq || (is.By != "" && is.By != was.By)
}

func otherAttestation(was, is *directory.Attestation) bool {
	if is == nil {
		return false
	}
	return was == nil || !is.At.Equal(was.At.Time) || (is.By != "" && is.By != was.By)
}
