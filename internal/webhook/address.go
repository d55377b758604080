package webhook

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"syscall"
)

// errAddress says that an address is none that a message may be sent to.
var errAddress = errors.New("the address is not a public one")

// reserved are the networks that no public machine has an address of its own in, beside those that netip knows. What
// carries an IPv4 address inside is among them: it would be a way around.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

// Public tells whether an address can be that of a public machine.
func Public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, network := range reserved {
		if network.Contains(ip) {
			return false
		}
	}
	return true
}

// control judges an address when a connection is made to it.
func control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !Public(at.Addr()) {
		return errAddress
	}
	return nil
}

// Allowed tells whether an address may be given at all: https and no password in it. Where private addresses are
// allowed, so is http to this machine itself.
func Allowed(address string, private bool) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	literal := err == nil
	switch {
	case u.Scheme == "http":
		return private && (u.Hostname() == "localhost" || literal && ip.Unmap().IsLoopback())
	case u.Scheme != "https":
		return false
	default:
		return private || !literal || Public(ip)
	}
}

// dialer makes connections that are judged, unless private addresses are allowed.
func dialer(private bool) *net.Dialer {
	d := &net.Dialer{Timeout: dialTime}
	if !private {
		d.Control = control
	}
	return d
}
