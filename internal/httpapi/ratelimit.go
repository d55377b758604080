package httpapi

import (
	"container/list"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"dalil/internal/fault"
)

// maxBuckets bounds how many callers are remembered; the one not seen for the longest is forgotten first.
const maxBuckets = 20_000

// limiter keeps a token bucket for each caller: for a key, or for the address of whoever shows none.
type limiter struct {
	anonymous, signedIn policy

	mu      sync.Mutex
	buckets map[string]*list.Element // of bucket
	recent  *list.List               // the last seen in front
}

// policy is how many requests a minute, and how that is told.
type policy struct {
	quota  int
	header []string
}

type bucket struct {
	key    string
	tokens *rate.Limiter
}

func newLimiter(anonymous, signedIn int) *limiter {
	return &limiter{
		anonymous: newPolicy("anonymous", anonymous), signedIn: newPolicy("signed-in", signedIn),
		buckets: make(map[string]*list.Element), recent: list.New(),
	}
}

func newPolicy(name string, quota int) policy {
	return policy{quota, []string{fmt.Sprintf(`"%s";q=%d;w=60`, name, quota)}}
}

// perSecond is how fast a bucket fills.
func (p policy) perSecond() float64 { return float64(p.quota) / time.Minute.Seconds() }

// admit takes a token for a call, and tells in the headers what is left.
func (l *limiter) admit(c *call, now time.Time) error {
	p, name := l.anonymous, "anonymous"
	if c.caller.SignedIn() {
		p, name = l.signedIn, "signed-in"
	}
	if p.quota <= 0 {
		return nil
	}
	tokens := l.bucket(c.who(), p)
	admitted := tokens.AllowN(now, 1)
	left := tokens.TokensAt(now)
	whole := max(0, math.Floor(left))
	wait := (float64(p.quota) - left) / p.perSecond() // until the bucket is full
	if whole < 1 {
		wait = (1 - left) / p.perSecond() // until the next request is admitted
	}
	h := c.out.Header()
	h["Ratelimit-Policy"] = p.header
	h["Ratelimit"] = []string{`"` + name + `";r=` + strconv.Itoa(int(whole)) + `;t=` + strconv.Itoa(int(math.Ceil(wait)))}
	if admitted {
		return nil
	}
	refusal := fault.New(fault.TooMany, fault.CodeTooManyRequests, nil)
	refusal.RetryAfter = time.Duration(wait * float64(time.Second))
	return refusal
}

// who is what a caller is counted by: the key, or the address of whoever shows none.
func (c *call) who() string {
	if c.caller.SignedIn() {
		return "key " + c.caller.ID
	}
	return "address " + network(c.gin.ClientIP())
}

// bucket returns the bucket of a key.
func (l *limiter) bucket(key string, p policy) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if held, ok := l.buckets[key]; ok {
		l.recent.MoveToFront(held)
		return bucketOf(held).tokens
	}
	if len(l.buckets) >= maxBuckets {
		oldest := l.recent.Back()
		delete(l.buckets, bucketOf(oldest).key)
		l.recent.Remove(oldest)
	}
	b := &bucket{key, rate.NewLimiter(rate.Limit(p.perSecond()), p.quota)}
	l.buckets[key] = l.recent.PushFront(b)
	return b.tokens
}

func bucketOf(e *list.Element) *bucket {
	b, ok := e.Value.(*bucket)
	if !ok {
		panic("a bucket is what the list holds")
	}
	return b
}

// network is what stands for one client: its address, of IPv6 the /64, which one client has whole.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap(); ip.Is4() {
		return ip.String()
	}
	return netip.PrefixFrom(ip.WithZone(""), 64).Masked().String()
}
