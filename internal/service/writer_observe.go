package service

import (
	"errors"
	"time"

	"dalil/internal/fault"
	"dalil/internal/webhook"
)

// Observer is told what the writer does, what goes wrong beside it, and how messages to webhooks fare. Its functions must be quick, and may be called
// by several goroutines at once; a nil one is passed over.
type Observer struct {
	Waited   func(time.Duration)                   // a proposal was taken up after so long
	Appended func(commits int, took time.Duration) // a group is durable
	Unclear  func()                                // an append got no clear answer
	Moved    func(proposals int)                   // another node was first, and so many proposals run again
	Refused  func(proposals int, why fault.Code)   // so many could not be written, whatever they said
	Failed   func(Task)                            // a task failed, and is tried again
	Told     func(Delivery)                        // a message to a webhook was sent, once
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

// Delivery is what became of a message to a webhook.
type Delivery string

// What can become of a message.
const (
	DeliveryArrived     Delivery = "arrived"     // it was answered with 200 to 299
	DeliveryRefused     Delivery = "refused"     // it was answered with another status
	DeliveryUnreachable Delivery = "unreachable" // nobody answered it
)

// Deliveries lists them.
func Deliveries() []Delivery {
	return []Delivery{DeliveryArrived, DeliveryRefused, DeliveryUnreachable}
}

// deliveryOf returns what became of a message that was sent with this error.
func deliveryOf(err error) Delivery {
	if err == nil {
		return DeliveryArrived
	}
	if failure, ok := errors.AsType[*webhook.SendError](err); ok && failure.Status != 0 {
		return DeliveryRefused
	}
	return DeliveryUnreachable
}

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

func (o *Observer) told(d Delivery) {
	if o.Told != nil {
		o.Told(d)
	}
}
