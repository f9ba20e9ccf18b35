package mailbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// OAuth says where access tokens come from, by the device flow (RFC 8628).
type OAuth struct {
	ClientID     string
	ClientSecret string // empty: the client has none
	DeviceURL    string
	TokenURL     string
	Scopes       []string
}

// Errors of the device flow, to be asked with errors.Is.
var (
	// ErrExpired means that nobody signed in before the code's end.
	ErrExpired = errors.New("the code has expired")
	// ErrDenied means that the person, or their administrator, said no.
	ErrDenied = errors.New("access denied")
)

// DeviceLogin is a sign-in under way: a person types Code at Address.
type DeviceLogin struct {
	Code     string
	Address  string
	Complete string // Address with the code in it; empty: the server has none
	Until    time.Time
	response *oauth2.DeviceAuthResponse
}

// tokenTimeout is the longest that one request to a token server may last.
const tokenTimeout = 30 * time.Second

func (o OAuth) config() *oauth2.Config {
	return &oauth2.Config{
		ClientID: o.ClientID, ClientSecret: o.ClientSecret, Scopes: o.Scopes,
		Endpoint: oauth2.Endpoint{DeviceAuthURL: o.DeviceURL, TokenURL: o.TokenURL, AuthStyle: oauth2.AuthStyleInParams},
	}
}

// reach checks that tokens travel encrypted, or on the loopback, and gives requests an end.
func reach(ctx context.Context, addresses ...string) (context.Context, error) {
	for _, address := range addresses {
		parsed, err := url.Parse(address)
		if err != nil || parsed.Host == "" {
			return ctx, fmt.Errorf("%w: %q is no address of a token server", ErrUnreachable, address)
		}
		ip := net.ParseIP(parsed.Hostname())
		if loopback := parsed.Hostname() == "localhost" || ip != nil && ip.IsLoopback(); parsed.Scheme != "https" && !loopback {
			return ctx, fmt.Errorf("%w: tokens by %s from %s", ErrInsecure, parsed.Scheme, parsed.Host)
		}
	}
	return context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Timeout: tokenTimeout}), nil
}

// Begin asks for a code. ErrRefused when the server knows no such client.
func (o OAuth) Begin(ctx context.Context) (DeviceLogin, error) {
	ctx, err := reach(ctx, o.DeviceURL, o.TokenURL)
	if err != nil {
		return DeviceLogin{}, err
	}
	response, err := o.config().DeviceAuth(ctx)
	if err != nil {
		return DeviceLogin{}, tokenError(err)
	}
	return DeviceLogin{
		Code: response.UserCode, Address: response.VerificationURI, Complete: response.VerificationURIComplete,
		Until: response.Expiry, response: response,
	}, nil
}

// Finish waits until the person has signed in, and returns the refresh token. ErrExpired, ErrDenied, or the context's.
func (o OAuth) Finish(ctx context.Context, login DeviceLogin) (refreshToken string, err error) {
	ctx, err = reach(ctx, o.TokenURL)
	if err != nil {
		return "", err
	}
	token, err := o.config().DeviceAccessToken(ctx, login.response)
	switch {
	case errors.Is(err, context.DeadlineExceeded) && !login.Until.IsZero() && !time.Now().Before(login.Until):
		return "", ErrExpired
	case err != nil:
		return "", tokenError(err)
	case token.RefreshToken == "":
		return "", fmt.Errorf("%w: the server gave no refresh token: the scope offline_access may be missing", ErrRefused)
	}
	return token.RefreshToken, nil
}

// tokenError says what a token server's answer means, without what it holds.
func tokenError(err error) error {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return fmt.Errorf("%w: token server: %v", ErrUnreachable, networkError(err))
	}
	switch answer.ErrorCode {
	case "expired_token", "code_expired":
		return ErrExpired
	case "access_denied", "authorization_declined":
		return ErrDenied
	case "":
		return fmt.Errorf("%w: token server: %s", ErrUnreachable, answer.Response.Status)
	}
	return fmt.Errorf("%w: token server: %s", ErrRefused, clean(cut(answer.ErrorCode, 100)))
}

// networkError is an error without the request's address, which may hold secrets.
func networkError(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// earlier is how long before its end an access token is replaced.
const earlier = time.Minute

// Tokens gives access tokens for a refresh token, each until shortly before its end. rotated is told the new refresh
// token where the server gives one in the place of the former, which is then of no use. ErrRefused when a person has to
// sign in anew.
func (o OAuth) Tokens(refreshToken string, rotated func(refreshToken string) error) TokenSource {
	var mutex sync.Mutex
	var current *oauth2.Token
	return func(ctx context.Context, again bool) (string, error) {
		mutex.Lock()
		defer mutex.Unlock()
		if current != nil && !again && (current.Expiry.IsZero() || time.Until(current.Expiry) > earlier) {
			return current.AccessToken, nil
		}
		ctx, err := reach(ctx, o.TokenURL)
		if err != nil {
			return "", err
		}
		token, err := o.config().TokenSource(ctx, &oauth2.Token{RefreshToken: refreshToken}).Token()
		if err != nil {
			return "", tokenError(err)
		}
		if token.RefreshToken != "" && token.RefreshToken != refreshToken {
			if err := rotated(token.RefreshToken); err != nil {
				return "", err
			}
			refreshToken = token.RefreshToken
		}
		current = token
		return token.AccessToken, nil
	}
}
