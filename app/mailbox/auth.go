package mailbox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/wneessen/go-mail/smtp"
)

// Auth is how to log in.
type Auth string

// The ways to log in; the zero value is AuthPassword.
const (
	AuthPassword    Auth = "password"
	AuthXOAuth2     Auth = "xoauth2"
	AuthOAuthBearer Auth = "oauthbearer" // RFC 7628
)

// OAuth tells whether an access token stands for the password.
func (a Auth) OAuth() bool { return a == AuthXOAuth2 || a == AuthOAuthBearer }

// TokenSource gives an access token; again says that the last one was refused.
// Its error is ErrRefused when a person has to sign in anew.
type TokenSource func(ctx context.Context, again bool) (string, error)

// errTokenRefused says that a server refused an access token: a new one may do.
var errTokenRefused = errors.New("access token refused")

// withToken logs in by a token, and once more by a new one when it is refused.
// What is refused then is ErrRefused.
func withToken(ctx context.Context, source TokenSource, login func(token string) error) error {
	if source == nil {
		return fmt.Errorf("%w: nobody has signed in to this account", ErrRefused)
	}
	for _, again := range []bool{false, true} {
		token, err := source(ctx, again)
		if err != nil {
			return err
		}
		if err = login(token); !errors.Is(err, errTokenRefused) {
			return err
		}
	}
	return fmt.Errorf("%w: the access token is not accepted", ErrRefused)
}

// tokenClient is the SASL client of a token.
func tokenClient(auth Auth, user, token, host string, port int) sasl.Client {
	if auth == AuthOAuthBearer {
		return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: user, Token: token, Host: host, Port: port})
	}
	return xoauth2{user, token}
}

// xoauth2 is the SASL mechanism XOAUTH2 of Google and Microsoft.
type xoauth2 struct{ user, token string }

func (x xoauth2) Start() (mechanism string, response []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next answers the server's reason with an empty line, after which it refuses.
func (x xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }

// smtpToken is a SASL client of a token as the SMTP client wants it. It never
// runs in clear text but on the loopback.
type smtpToken struct {
	client sasl.Client
	clear  bool
}

func (a smtpToken) Start(server *smtp.ServerInfo) (mechanism string, response []byte, err error) {
	if !server.TLS && !a.clear {
		return "", nil, ErrInsecure
	}
	return a.client.Start()
}

func (a smtpToken) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	return a.client.Next(challenge)
}

// offers tells whether a list of mechanisms names one.
func offers(mechanisms, name string) bool {
	return strings.Contains(" "+strings.ToUpper(mechanisms)+" ", " "+strings.ToUpper(name)+" ")
}
