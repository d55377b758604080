// Package ledgertest has one duty: to say, by cases, what every ledger must do. The same suite runs on both adapters,
// with the same cases; what a store cannot do (be open in two processes at once), its case shows to be refused.
//
// An adapter's test calls Run with an Opener, and its TestMain hands child processes to RunChild:
//
//	func TestMain(m *testing.M) {
//		if ledgertest.IsChild() {
//			os.Exit(ledgertest.RunChild(open))
//		}
//		os.Exit(m.Run())
//	}
//
// Random content comes from a seed that every test prints; DALIL_TEST_SEED repeats it.
package ledgertest
