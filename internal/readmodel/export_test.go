package readmodel

// AwaitOrder waits until the order that is being made in the background is there; it tells whether there was one.
func (s *Snapshot) AwaitOrder() bool {
	for _, o := range s.caches.byActor.all() {
		if o.renewal != nil {
			<-o.renewal.done
			return o.renewal.made != nil
		}
	}
	return false
}

// OrderChanged is how many actors have changed since the order was made; -1 where there is none.
func (s *Snapshot) OrderChanged() int {
	for _, o := range s.caches.byActor.all() {
		return cardinality(o.changed)
	}
	return -1
}

// ForgetTexts leaves the indexes of texts to whoever asks first.
func (e *Edit) ForgetTexts() { e.forgetTexts() }
