// Package readmodel has one duty: the in-memory index of the current state, and its queries.
//
// A Snapshot is one immutable state; readers share it without locks. An Edit is a private continuation of a snapshot:
// it copies what it changes, once, and shares the rest. What a Snapshot answers is decided here, so that it can be
// recomputed by plain loops and compared:
//
// # Who sees what
//
// The effective visibility of a record is the narrowest of its own (a draft is seen like ministry) and of every record
// that it names, transitively, whether live or archived. A caller sees the records whose effective visibility is not
// above the clearance. Whatever is counted, listed or offered as a facet value is counted among those alone.
//
// # What a list holds
//
// Live records; archived ones (merged and erased ones included) only by the filter status=archived, which may stand
// beside other statuses. Filters are AND-ed, the values of one are OR-ed with None (absence); a record that has one of
// Not is left out, and NotNone leaves out those without a value. An erased record is in no list.
//
// Values that are codes of a closed vocabulary, and ids of records, are checked: an unknown one, and one that the
// caller may not see, is a fault with code unknown_value. The hierarchical ones cover what lies below them: under,
// territory, framework, and for roles function and initiative. reach covers what lies above as well.
//
//   - status, visibility: the record's own words (not the effective visibility).
//   - source: it names the source. updated_since, unattested_since: a date (its first day, UTC) or an RFC 3339 time;
//     "since" includes the instant; a record that was never attested was not attested since; no exclusion, no none.
//   - actors: territory means the member territories; state is active when absent; identifier is scheme:value, compared
//     without case and spaces, whatever the issuer.
//   - initiatives: state is the record's own, else what its dates say on the last day of Query.AsOf (Query.Today when
//     any); actor holds when the actor has a visible live role in it that holds at Query.RolesAsOf.
//   - roles: group and country are those of the role's actor; raci is the letter in effect (none: no letter);
//     framework is any code of the role's function or of its initiative.
//   - relations: actor and under hold when either end does.
//
// Filters of actors that go through roles (type, raci, function, initiative, framework) look at the visible live roles
// of the actor that hold at Query.RolesAsOf, each with the meaning that it has for roles. When any of them asks for a
// value (or for presence, !none), one and the same role must satisfy all of them, exclusions included. When all of
// them only exclude, no role of the actor may have an excluded value. None of one of them is satisfied when no role of
// the actor has a value at all; the filter then asks nothing more of the roles. actor of initiatives works likewise.
//
// # Dates
//
// A record holds at an AsOf when its period is not empty and shares a day with it; Strict leaves out those whose start
// is unknown. The period is founded to dissolved of actors, start to end of initiatives and relations, the effective
// period of roles. Functions and sources have none and always hold. With Any everything holds and Strict says nothing.
// HiddenByDate is how many more there would be with Any both for the list and for roles; never below zero.
//
// # Facets
//
// Each facet is counted without its own filter: of the records that all the other filters leave (the default, live
// records, where status is left out), the count of a value is how many of them its filter would keep. So hierarchical
// facets count what lies below, and facets through roles count distinct actors that have one and the same role for
// the value and the other role filters. Values with a count of zero are not listed. By count, then value; after as many
// as Query.FacetLimit says the others are only counted. The values that its own filter asks for are always listed, with
// what that filter would keep (status=archived as well). Absence is told beside the values, as the filter none counts it.
//
// Histograms (founded, dissolved, start, end, date by year or decade; created, updated, attested by month, year or decade)
// have filters that take what they count. A date that is not known, or that never came, is their absence.
//
// # Sort
//
// The sort keys, each ascending or descending, then id ascending (or as asked). name is the folded label in Query.Lang;
// created and updated are the instants; founded, start, date, end and dissolved are the first or last days of the
// period (of roles the effective one): an unknown start is before all, a missing end after all; order is after all when
// absent; version is the number, notation the text.
//
// # Who does what
//
// The evidence of an Analysis is the visible live roles that hold at AsOf and fit the filters of roles, archived ones
// never. Filters look at the actor itself; counts, groups and countries are those of what it counts as (Rolled).
//
//   - Matrix: a role counts in the row, or column, of each value that it has and of what lies above it, else in none. The
//     filter function chooses the functions that are rows, and framework those that carry it or that a role of the
//     evidence names. Amounts are exact to the millionth; a sum of nothing is not told.
//   - Profile: units and relations are those that hold at AsOf. A relation between two of an actor's own units is told
//     from both ends.
//   - Timeline, Compare: the initiatives that the filters initiative and framework choose and, with other filters, that a
//     role of the evidence is in, or in what is below them.
package readmodel
