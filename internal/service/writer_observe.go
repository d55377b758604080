package service

import "time"

// Observer is told what the writer does. Its functions are called by the writer itself, so they must be quick; a nil
// one is passed over.
type Observer struct {
	Appended func(commits int, took time.Duration) // a group is durable
	Unclear  func()                                // an append got no clear answer
	Moved    func(proposals int)                   // another node was first, and so many proposals run again
}

func (o *Observer) appended(commits int, took time.Duration) {
	if o.Appended != nil {
		o.Appended(commits, took)
	}
}

func (o *Observer) unclear() {
	if o.Unclear != nil {
		o.Unclear()
	}
}

func (o *Observer) moved(proposals int) {
	if o.Moved != nil {
		o.Moved(proposals)
	}
}
