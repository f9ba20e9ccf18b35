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
	// AcknowledgementMail says that a request came in, and its number.
	AcknowledgementMail OutgoingKind = "acknowledgement"
	// ReplyMail is what an operator wrote to a requester.
	ReplyMail OutgoingKind = "reply"
	// ForwardMail is a message that an operator passed on.
	ForwardMail OutgoingKind = "forward"
)

// Automatic tells whether Guichet wrote the mail, and no operator.
func (k OutgoingKind) Automatic() bool { return k != ReplyMail && k != ForwardMail }

// Label is the kind as people read it.
func (k OutgoingKind) Label() string {
	switch k {
	case ActivationMail:
		return "Lien d’activation"
	case WarningMail:
		return "Avertissement de désactivation"
	case AcknowledgementMail:
		return "Accusé de réception"
	case ReplyMail:
		return "Réponse"
	case ForwardMail:
		return "Transfert"
	}
	return string(k)
}

const (
	// UndoDelay is how long a reply waits in the outbox for its writer to think
	// again.
	UndoDelay = 20 * time.Second
	// AutomaticPerHour is the most automatic mails an hour to one address:
	// beyond, two machines answer each other.
	AutomaticPerHour = 5
)

// OutboxState is where an outgoing mail is.
type OutboxState string

// The states of an outgoing mail.
const (
	OutboxWaiting   OutboxState = "waiting" // to be sent, or tried again
	OutboxSent      OutboxState = "sent"
	OutboxFailed    OutboxState = "failed"    // refused for good
	OutboxUncertain OutboxState = "uncertain" // sent or not: a person decides
	OutboxWithdrawn OutboxState = "withdrawn"
)

// Label is the state as people read it.
func (s OutboxState) Label() string {
	switch s {
	case OutboxWaiting:
		return "À envoyer"
	case OutboxSent:
		return "Envoyé"
	case OutboxFailed:
		return "Refusé"
	case OutboxUncertain:
		return "Envoi incertain"
	case OutboxWithdrawn:
		return "Retiré"
	}
	return string(s)
}

// ActivationPlace is where an activation mail's text takes the token; the
// token itself is derived when the mail is sent and stands nowhere in the store.
const ActivationPlace = "{{activation}}"

// OutgoingMail is a mail in the outbox. Its Message-ID is fixed before the
// first attempt, so that a repeated send is recognised.
type OutgoingMail struct {
	ID        int64
	Kind      OutgoingKind
	State     OutboxState
	AccountID int64
	TicketID  int64 // zero: of no ticket
	ThreadID  int64 // the Message that it sends; zero: Text is the whole
	MessageID string
	ToName    string // of the only recipient
	To        []string
	Cc        []string
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
	return fmt.Sprintf("%d-%s", accountID, keyedSymbols(secret, fmt.Sprintf("activation/%d/%s", accountID, nonce), tokenLength))
}

// AccountOfToken is the account that a token speaks of; false when the text is
// no token. Only ValidActivation tells whether it is right.
func AccountOfToken(token string) (int64, bool) {
	number, _, found := strings.Cut(strings.TrimSpace(token), "-")
	id, err := strconv.ParseInt(number, 10, 64)
	return id, found && err == nil
}

// tokenLength is how many symbols follow a token's hyphen.
const tokenLength = 26

// HideTokens is a text without the activation tokens in it: whoever quotes the
// activation e-mail hands its link on. It finds those as well that the soft line
// breaks of quoted-printable part.
func HideTokens(text string) string {
	var hidden strings.Builder
	kept := 0
	for from := 0; ; {
		hyphen := strings.IndexByte(text[from:], '-')
		if hyphen < 0 {
			break
		}
		hyphen += from
		from = hyphen + 1
		account := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(text[kept:hyphen], "\n"), "\r"), "=")
		start := kept + len(strings.TrimRight(account, "0123456789"))
		symbols, end := 0, hyphen+1
		for end < len(text) {
			if isTokenSymbol(text[end]) {
				symbols++
				end++
			} else if broken := softBreak(text[end:]); broken > 0 {
				end += broken
			} else {
				break
			}
		}
		if start < kept+len(account) && symbols == tokenLength {
			hidden.WriteString(text[kept:start] + "…")
			kept, from = end, end
		}
	}
	if kept == 0 {
		return text
	}
	return hidden.String() + text[kept:]
}

// softBreak is the length of the soft line break that a text begins with; 0: none.
func softBreak(text string) int {
	switch {
	case strings.HasPrefix(text, "=\r\n"):
		return len("=\r\n")
	case strings.HasPrefix(text, "=\n"):
		return len("=\n")
	}
	return 0
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isTokenSymbol(b byte) bool {
	return isDigit(b) || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}

// ValidActivation tells whether a token is the one of the account's live link,
// in constant time. It does not tell whether the link has expired.
func (a Account) ValidActivation(token string, secret []byte) bool {
	want := ActivationToken(a.ID, a.ActivationNonce, secret)
	return a.ActivationNonce != "" && hmac.Equal([]byte(want), []byte(strings.ToUpper(strings.TrimSpace(token))))
}

// ActivationSubject begins the subject of the mail that activates an account:
// the activation e-mail offers it ready to be sent, the token after it.
const ActivationSubject = "ACTIVATION"

// ActivationInSubject finds the token that a mail's subject hands in, whatever
// a mail program put before it (Re:, Tr:).
func ActivationInSubject(subject string) (token string, found bool) {
	_, after, found := strings.Cut(strings.ToUpper(subject), ActivationSubject+" ")
	token, _, _ = strings.Cut(strings.TrimSpace(after), " ")
	_, isToken := AccountOfToken(token)
	return token, found && isToken && len(token) > tokenLength
}
