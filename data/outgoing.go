package data

import (
	"crypto/hmac"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// OutgoingKind says what an outgoing mail is.
type OutgoingKind string

// The kinds of mail that Guichet writes by itself.
const (
	// ActivationMail carries an account's activation link (R10).
	ActivationMail OutgoingKind = "activation"
	// WarningMail says that an account will be deactivated (R11 a).
	WarningMail OutgoingKind = "warning"
)

// ActivationPlace is where an activation mail's text takes the token; the
// token itself is derived when the mail is sent and stands nowhere in the store.
const ActivationPlace = "{{activation}}"

// OutgoingMail is a mail in the outbox. Its Message-ID is fixed before the
// first attempt, so that a repeated send is recognised.
type OutgoingMail struct {
	ID        int64
	Kind      OutgoingKind
	AccountID int64
	MessageID string
	ToName    string
	ToAddress string
	Subject   string
	Text      string
	CreatedAt time.Time
	Attempts  int
	NextTryAt time.Time // zero: not to be tried again
	SentAt    time.Time
	LastError string
}

// NextTry is when to try again after a number of failed attempts: 1, 2, 4 …
// minutes, at most 4 hours.
func NextTry(now time.Time, attempts int) time.Time {
	return now.Add(min(time.Minute<<min(attempts-1, 10), 4*time.Hour))
}

// ActivationToken is the token of an account's live activation link. It is
// derived from the register's secret; a new nonce voids it (R17).
func ActivationToken(accountID int64, nonce string, secret []byte) string {
	return fmt.Sprintf("%d-%s", accountID, keyedSymbols(secret, fmt.Sprintf("activation/%d/%s", accountID, nonce), 26))
}

// AccountOfToken is the account that a token speaks of; false when the text is
// no token. Only ValidActivation tells whether it is right.
func AccountOfToken(token string) (int64, bool) {
	number, _, found := strings.Cut(strings.TrimSpace(token), "-")
	id, err := strconv.ParseInt(number, 10, 64)
	return id, found && err == nil
}

// ValidActivation tells whether a token is the one of the account's live link,
// in constant time. It does not tell whether the link has expired.
func (a Account) ValidActivation(token string, secret []byte) bool {
	want := ActivationToken(a.ID, a.ActivationNonce, secret)
	return a.ActivationNonce != "" && hmac.Equal([]byte(want), []byte(strings.ToUpper(strings.TrimSpace(token))))
}
