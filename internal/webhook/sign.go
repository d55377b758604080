package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"
)

// prefix is what a secret begins with when it is told.
const prefix = "whsec_"

// Tell writes a secret as its holder is told it.
func Tell(secret []byte) string { return prefix + base64.StdEncoding.EncodeToString(secret) }

// Sign returns the signature of a message: the header's value.
func Sign(secret []byte, id string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
