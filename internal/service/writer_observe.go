package service

import (
	"time"

	"dalil/internal/fault"
)

// Observer is told what the writer does, and what goes wrong beside it. Its functions must be quick, and may be called
// by several goroutines at once; a nil one is passed over.
type Observer struct {
	Waited   func(time.Duration)                   // a proposal was taken up after so long
	Appended func(commits int, took time.Duration) // a group is durable
	Unclear  func()                                // an append got no clear answer
	Moved    func(proposals int)                   // another node was first, and so many proposals run again
	Refused  func(proposals int, why fault.Code)   // so many could not be written, whatever they said
	Failed   func(Task)                            // a task failed, and is tried again
}

// Task is what goes on beside the writing.
type Task string

// The tasks.
const (
	TaskFollow  Task = "follow"   // hearing of the commits of other nodes
	TaskRedact  Task = "redact"   // dropping erased texts
	TaskKeyUses Task = "key_uses" // keeping the hours of the keys' last uses
	TaskSurvey  Task = "survey"   // asking the store how far it is
)

// Tasks lists them.
func Tasks() []Task { return []Task{TaskFollow, TaskRedact, TaskKeyUses, TaskSurvey} }

func (o *Observer) waited(d time.Duration) {
	if o.Waited != nil {
		o.Waited(max(0, d))
	}
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

func (o *Observer) refused(proposals int, why error) {
	if o.Refused != nil && proposals > 0 {
		o.Refused(proposals, fault.CodeOf(why))
	}
}

func (o *Observer) failed(t Task) {
	if o.Failed != nil {
		o.Failed(t)
	}
}
