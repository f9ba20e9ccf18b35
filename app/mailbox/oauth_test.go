package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// tokenServer is a token server on the loopback: it answers each request by the next of its answers, and then by the
// last for ever.
type tokenServer struct {
	OAuth
	mu      sync.Mutex
	answers []map[string]any // of the token endpoint; "error" makes it a refusal
	asked   []string         // the grant types
}

func newTokenServer(t *testing.T, answers ...map[string]any) *tokenServer {
	t.Helper()
	s := &tokenServer{answers: answers}
	handler := http.NewServeMux()
	handler.HandleFunc("/device", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("client_id") != "guichet" {
			writeJSON(w, map[string]any{"error": "invalid_client"})
			return
		}
		writeJSON(w, map[string]any{
			"device_code": "secret-device", "user_code": "ABCD-EFGH", "verification_uri": "https://login.example/device",
			"expires_in": 3, "interval": 1,
		})
	})
	handler.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked = append(s.asked, r.FormValue("grant_type")+" "+r.FormValue("refresh_token"))
		answer := s.answers[0]
		if len(s.answers) > 1 {
			s.answers = s.answers[1:]
		}
		writeJSON(w, answer)
	})
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s.OAuth = OAuth{ClientID: "guichet", DeviceURL: server.URL + "/device", TokenURL: server.URL + "/token", Scopes: []string{"mail", "offline_access"}}
	return s
}

func writeJSON(w http.ResponseWriter, value map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	if value["error"] != nil {
		w.WriteHeader(http.StatusBadRequest)
	}
	_ = json.NewEncoder(w).Encode(value)
}

func token(access, refresh string) map[string]any {
	return map[string]any{"access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": 3600}
}

func TestDeviceFlow(t *testing.T) {
	t.Parallel()
	refused := func(code string) map[string]any { return map[string]any{"error": code} }
	for name, c := range map[string]struct {
		answers []map[string]any
		refresh string
		err     error
	}{
		"signed in":     {[]map[string]any{refused("authorization_pending"), token("a1", "r1")}, "r1", nil},
		"denied":        {[]map[string]any{refused("authorization_pending"), refused("access_denied")}, "", ErrDenied},
		"declined":      {[]map[string]any{refused("authorization_declined")}, "", ErrDenied},
		"expired":       {[]map[string]any{refused("expired_token")}, "", ErrExpired},
		"never":         {[]map[string]any{refused("authorization_pending")}, "", ErrExpired},
		"no refresh":    {[]map[string]any{token("a1", "")}, "", ErrRefused},
		"other refusal": {[]map[string]any{refused("invalid_scope")}, "", ErrRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newTokenServer(t, c.answers...)
			login, err := server.Begin(t.Context())
			if err != nil || login.Code != "ABCD-EFGH" || login.Address != "https://login.example/device" || login.Until.IsZero() {
				t.Fatalf("%+v, %v", login, err)
			}
			refresh, err := server.Finish(t.Context(), login)
			if refresh != c.refresh || !errors.Is(err, c.err) || err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("%q, %v", refresh, err)
			}
		})
	}
}

func TestDeviceFlowSetup(t *testing.T) {
	server := newTokenServer(t, token("a", "r"))
	server.ClientID = "unknown"
	if _, err := server.Begin(t.Context()); !errors.Is(err, ErrRefused) {
		t.Error(err)
	}
	server.TokenURL = "http://login.example/token"
	if _, err := server.Begin(t.Context()); !errors.Is(err, ErrInsecure) {
		t.Error(err)
	}
	server.TokenURL, server.DeviceURL = "http://127.0.0.1:1/token", "http://127.0.0.1:1/device"
	if _, err := server.Begin(t.Context()); !errors.Is(err, ErrUnreachable) {
		t.Error(err)
	}
	login := DeviceLogin{}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	slow := newTokenServer(t, map[string]any{"error": "authorization_pending"})
	login, _ = slow.Begin(t.Context())
	if _, err := slow.Finish(cancelled, login); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestTokens refreshes tokens when they end or are refused, and hands a new refresh token over.
func TestTokens(t *testing.T) {
	short := token("a1", "r2")
	short["expires_in"] = 30 // ends too soon to be used twice
	server := newTokenServer(t, short, token("a2", ""), token("a3", ""), map[string]any{"error": "invalid_grant"})
	var kept []string
	tokens := server.Tokens("r1", func(refresh string) error { kept = append(kept, refresh); return nil })
	for i, want := range []string{"a1", "a2", "a2", "a3"} {
		got, err := tokens(t.Context(), i == 3)
		if got != want || err != nil {
			t.Errorf("%d: %q, %v", i, got, err)
		}
	}
	if _, err := tokens(t.Context(), true); !errors.Is(err, ErrRefused) {
		t.Error(err)
	}
	if !slices.Equal(kept, []string{"r2"}) || !slices.Equal(server.asked, []string{"refresh_token r1", "refresh_token r2", "refresh_token r2", "refresh_token r2"}) {
		t.Errorf("kept %q, asked %q", kept, server.asked)
	}
	failing := newTokenServer(t, token("a", "r2")).Tokens("r1", func(string) error { return io.ErrShortWrite })
	if _, err := failing(t.Context(), false); !errors.Is(err, io.ErrShortWrite) {
		t.Error("a refresh token that could not be kept is used:", err)
	}
}

// bearer accepts one access token, by either mechanism.
type bearer struct {
	accepted func() string
	refusal  error // as the protocol says it
}

func (b bearer) server(mechanism string, signedIn func() error) (sasl.Server, error) {
	check := func(user, token string) error {
		if user != "support" || token != b.accepted() {
			return errors.New("refused")
		}
		return signedIn()
	}
	if mechanism == "OAUTHBEARER" {
		return sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			if check(o.Username, o.Token) != nil {
				return &sasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
			}
			return nil
		}), nil
	}
	return &xoauth2Server{check: check, refusal: b.refusal}, nil
}

// xoauth2Server is the server's side of XOAUTH2: it tells why it refuses, and refuses at the empty answer.
type xoauth2Server struct {
	check   func(user, token string) error
	refusal error
	failed  bool
}

func (s *xoauth2Server) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case s.failed:
		return nil, true, s.refusal
	case response == nil:
		return []byte{}, false, nil
	}
	fields := strings.Split(string(response), "\x01")
	if len(fields) < 2 || s.check(strings.TrimPrefix(fields[0], "user="), strings.TrimPrefix(fields[1], "auth=Bearer ")) != nil {
		s.failed = true
		return []byte(`{"status":"400","schemes":"Bearer"}`), false, nil
	}
	return nil, true, nil
}

// bearerSession is an IMAP session in memory that is signed in to by a token.
type bearerSession struct {
	imapserver.Session
	bearer bearer
}

func (s bearerSession) AuthenticateMechanisms() []string { return []string{"XOAUTH2", "OAUTHBEARER"} }

func (s bearerSession) Authenticate(mechanism string) (sasl.Server, error) {
	return s.bearer.server(mechanism, func() error { return s.Login("support", "secret") })
}

func bearerIMAP(t *testing.T, b bearer) Server {
	t.Helper()
	user := imapmemserver.NewUser("support", "secret")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	memory := imapmemserver.New()
	memory.AddUser(user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return bearerSession{memory.NewSession(), b}, nil, nil
		},
		InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener) //nolint:errcheck // ends with the test
	t.Cleanup(func() { server.Close() })
	return Server{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: SecurityNone, User: "support", Timeout: 5 * time.Second}
}

// bearerSMTP is an SMTP session that is signed in to by a token.
type bearerSMTP struct {
	smtp.Session
	bearer   bearer
	signedIn *bool
}

func (s bearerSMTP) AuthMechanisms() []string { return []string{"XOAUTH2", "OAUTHBEARER"} }

func (s bearerSMTP) Auth(mechanism string) (sasl.Server, error) {
	return s.bearer.server(mechanism, func() error { *s.signedIn = true; return nil })
}

func bearerSmarthost(t *testing.T, b bearer) Smarthost {
	t.Helper()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return bearerSMTP{sink{}, b, new(bool)}, nil
	}))
	server.Domain, server.AllowInsecureAuth, server.ErrorLog = "localhost", true, log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener) //nolint:errcheck // ends with the test
	t.Cleanup(func() { server.Close() })
	return Smarthost{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: SecurityNone, User: "support", Timeout: 5 * time.Second}
}

// TestTokenLogin signs in by both mechanisms, to IMAP and to SMTP: an old token is refreshed once, and a refusal told.
func TestTokenLogin(t *testing.T) {
	for _, auth := range []Auth{AuthXOAuth2, AuthOAuthBearer} {
		t.Run(string(auth), func(t *testing.T) {
			accepted := "old"
			current := func() string { return accepted }
			imap := bearerIMAP(t, bearer{current, &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeAuthenticationFailed, Text: "refused"}})
			host := bearerSmarthost(t, bearer{current, smtp.ErrAuthFailed})
			imap.Auth, host.Auth = auth, auth
			asked := 0
			source := func(_ context.Context, again bool) (string, error) {
				if asked++; again {
					return "fresh", nil
				}
				return "old", nil
			}
			imap.Token, host.Token = source, source
			check := func(wantAsked int, want error) {
				t.Helper()
				for _, protocol := range []func() error{
					func() error { _, err := CheckServer(t.Context(), imap); return err },
					func() error { return CheckSmarthost(t.Context(), host) },
				} {
					asked = 0
					err := protocol()
					if !errors.Is(err, want) || asked != wantAsked {
						t.Errorf("%v after %d tokens, want %v after %d", err, asked, want, wantAsked)
					}
					if err != nil && strings.Contains(err.Error(), "fresh") {
						t.Error("the error holds the token:", err)
					}
				}
			}
			check(1, nil)
			accepted = "fresh"
			check(2, nil)
			accepted = "another"
			check(2, ErrRefused)
			imap.Token, host.Token = nil, nil
			check(0, ErrRefused)
		})
	}
}
