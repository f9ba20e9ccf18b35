package mailbox

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Outgoing is a mail to send.
type Outgoing struct {
	MessageID  string // without <>; fixed by the caller before the first attempt
	From       Address
	ReplyTo    Address   // zero: answers go to From
	To         []Address // all of them get the mail, or none
	Cc         []Address
	Subject    string
	Text       string
	InReplyTo  string   // without <>
	References []string // without <>
	Date       time.Time
	Automatic  bool // written by a program: says so in its header
	Answering  bool // an automatic mail that answers another: it has a null envelope sender (RFC 3834, 3.3)
	Files      []OutgoingFile
}

// OutgoingFile is a file that goes with a mail.
type OutgoingFile struct {
	Name        string
	ContentType string
	Content     []byte
}

// Send hands one mail to the smarthost.
//
// An error is ErrPermanent when the smarthost refused the mail or a recipient with a 5xx answer, or the mail has no
// valid address; ErrUncertain when the connection broke after the mail had been handed over and no answer came; and
// ErrRefused, ErrCertificate or ErrInsecure when the smarthost has to be configured anew. Any other is temporary: the
// mail was not sent, and may be tried again under the same MessageID.
func Send(ctx context.Context, host Smarthost, mail Outgoing) error {
	message, err := compose(mail)
	if err != nil {
		return err
	}
	l, client, err := openSMTP(ctx, host)
	if err != nil {
		return err
	}
	defer l.Close()
	if err := transfer(ctx, l, client, message); err != nil {
		return hide(err, host.Password)
	}
	l.silence = min(l.silence, 2*time.Second)
	_ = l.watch(context.WithoutCancel(ctx), client.Quit) // the mail is sent whatever comes now
	return nil
}

// CheckSmarthost connects and logs in, and sends nothing. Its errors are Send's.
func CheckSmarthost(ctx context.Context, host Smarthost) error {
	l, client, err := openSMTP(ctx, host)
	if err != nil {
		return err
	}
	defer l.Close()
	return hide(l.watch(ctx, client.Quit), host.Password)
}

// openSMTP connects and logs in.
func openSMTP(ctx context.Context, host Smarthost) (l *link, client *smtp.Client, err error) {
	if host.User == "" || !host.Auth.OAuth() {
		return connectSMTP(ctx, host, "")
	}
	err = withToken(ctx, host.Token, func(token string) (err error) {
		l, client, err = connectSMTP(ctx, host, token)
		return err
	})
	return l, client, err
}

// connectSMTP opens a connection and logs in on it; token stands for the
// password where that is how one logs in.
func connectSMTP(ctx context.Context, host Smarthost, token string) (*link, *smtp.Client, error) {
	l, err := dial(ctx, host.Host, host.Port, host.Security, host.Timeout)
	if err != nil {
		return nil, nil, err
	}
	client, err := greetSMTP(ctx, l, host)
	if err == nil && host.User != "" {
		err = hide(authenticate(ctx, l, client, host, token), host.Password, token)
	}
	if err != nil {
		l.Close()
		return nil, nil, err
	}
	return l, client, nil
}

// greetSMTP makes the connection secure and says hello.
func greetSMTP(ctx context.Context, l *link, host Smarthost) (*smtp.Client, error) {
	var conn net.Conn = l
	if host.Security == SecurityTLS {
		secure, err := l.handshake(ctx, tlsConfig(host.Host, host.RootCAs))
		if err != nil {
			return nil, err
		}
		conn = secure
	}
	var client *smtp.Client
	err := l.watch(ctx, func() (err error) {
		if client, err = smtp.NewClient(conn, host.Host); err != nil {
			return err
		}
		return client.Hello(literalAddress(l.LocalAddr()))
	})
	if err != nil {
		return nil, broken("SMTP greeting", err)
	}
	if host.Security != SecurityStartTLS {
		return client, nil
	}
	var offered bool
	err = l.watch(ctx, func() error {
		if offered, _ = client.Extension("STARTTLS"); !offered {
			return nil
		}
		return client.StartTLS(tlsConfig(host.Host, host.RootCAs))
	})
	if err != nil {
		return nil, broken("SMTP STARTTLS", err)
	}
	if !offered {
		return nil, fmt.Errorf("%w: %s offers no STARTTLS", ErrInsecure, host.Host)
	}
	return client, nil
}

// literalAddress is what the client calls itself: its address, which needs no name and tells none.
func literalAddress(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	switch {
	case !ok:
		return "localhost"
	case tcp.IP.To4() != nil:
		return "[" + tcp.IP.String() + "]"
	}
	return "[IPv6:" + tcp.IP.String() + "]"
}

func authenticate(ctx context.Context, l *link, client *smtp.Client, host Smarthost, token string) error {
	clear := host.Security == SecurityNone
	err := l.watch(ctx, func() error {
		_, mechanisms := client.Extension("AUTH")
		switch {
		case host.Auth.OAuth():
			return client.Auth(smtpToken{tokenClient(host.Auth, host.User, token, host.Host, host.Port), clear})
		case offers(mechanisms, "PLAIN"):
			return client.Auth(smtp.PlainAuth("", host.User, host.Password, host.Host, clear))
		case offers(mechanisms, "LOGIN"):
			return client.Auth(smtp.LoginAuth(host.User, host.Password, host.Host, clear))
		case offers(mechanisms, "CRAM-MD5"):
			return client.Auth(smtp.CRAMMD5Auth(host.User, host.Password))
		}
		return fmt.Errorf("%w: no known way to log in among %q", ErrRefused, mechanisms)
	})
	var answer *textproto.Error
	var bearer *sasl.OAuthBearerError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrRefused), errors.Is(err, ErrInsecure):
		return err
	case errors.As(err, &bearer):
		return fmt.Errorf("SMTP login: %w", errTokenRefused)
	case !errors.As(err, &answer):
		return broken("SMTP login", err)
	}
	// The cause is left out of the chain: a server may repeat what was sent.
	said := fmt.Sprintf("%d %s", answer.Code, answer.Msg)
	switch {
	case answer.Code < 500:
		return fmt.Errorf("SMTP login: %w: %s", ErrUnreachable, said)
	case host.Auth.OAuth():
		return fmt.Errorf("SMTP login: %w", errTokenRefused)
	}
	return fmt.Errorf("SMTP login: %w: %s", ErrRefused, said)
}

// transfer hands the mail over. Until the final dot a broken connection means that it was not sent.
func transfer(ctx context.Context, l *link, client *smtp.Client, message composed) error {
	ascii := !strings.ContainsFunc(message.sender+strings.Join(message.recipients, ""), func(r rune) bool { return r > '~' })
	client.SkipSMTPUTF8(ascii)
	if err := l.watch(ctx, func() error { return client.Mail("<" + message.sender + ">") }); err != nil {
		return answered("sender", err)
	}
	for _, to := range message.recipients {
		if err := l.watch(ctx, func() error { return client.Rcpt("<" + to + ">") }); err != nil {
			return answered("recipient "+to, err)
		}
	}
	over := false // the whole mail may have reached the smarthost
	err := l.watch(ctx, func() error {
		data, err := client.Data()
		if err != nil {
			return err
		}
		if _, err := data.Write(message.data); err != nil {
			return err
		}
		over = true
		return data.Close()
	})
	var answer *textproto.Error
	if err != nil && over && !errors.As(err, &answer) {
		return fmt.Errorf("%w: %w", ErrUncertain, err)
	}
	if err != nil {
		return answered("mail", err)
	}
	return nil
}

// answered says what an error of the transfer means.
func answered(what string, err error) error {
	var answer *textproto.Error
	switch {
	case !errors.As(err, &answer):
		return broken("SMTP "+what, err)
	case answer.Code == 530:
		return fmt.Errorf("SMTP %s: %w: %w", what, ErrRefused, err)
	case answer.Code >= 500:
		return fmt.Errorf("SMTP %s: %w: %w", what, ErrPermanent, err)
	}
	return fmt.Errorf("SMTP %s: %w", what, err)
}

// composed is a mail with its envelope.
type composed struct {
	sender     string // "" for an automatic answer
	recipients []string
	data       []byte
}

// compose writes the mail. Its error is ErrPermanent.
func compose(mail Outgoing) (composed, error) {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := message.FromFormat(quotable(mail.From.Name), mail.From.Address); err != nil {
		return composed{}, fmt.Errorf("%w: sender: %w", ErrPermanent, err)
	}
	if len(mail.To) == 0 {
		return composed{}, fmt.Errorf("%w: no recipient", ErrPermanent)
	}
	if err := addressTo(message, mail); err != nil {
		return composed{}, fmt.Errorf("%w: recipient: %w", ErrPermanent, err)
	}
	if mail.MessageID == "" || identifier(mail.MessageID) != "<"+mail.MessageID+">" {
		return composed{}, fmt.Errorf("%w: Message-ID %q", ErrPermanent, mail.MessageID)
	}
	setHeader(message, mail)
	message.SetBodyString(gomail.TypeTextPlain, strings.ReplaceAll(strings.ReplaceAll(mail.Text, "\r\n", "\n"), "\n", "\r\n"))
	for i, file := range mail.Files {
		kind := gomail.ContentType(cmp.Or(file.ContentType, "application/octet-stream"))
		if err := message.AttachReader(safeName(file.Name, i+1, ".bin"), bytes.NewReader(file.Content), gomail.WithFileContentType(kind)); err != nil {
			return composed{}, fmt.Errorf("%w: %s: %w", ErrPermanent, file.Name, err)
		}
	}
	var out bytes.Buffer
	if _, err := message.WriteTo(&out); err != nil {
		return composed{}, fmt.Errorf("%w: %w", ErrPermanent, err)
	}
	ready := composed{data: out.Bytes()}
	if !mail.Answering { // what comes back of a notice says that its address is bad
		ready.sender = message.GetFrom()[0].Address
	}
	for _, to := range slices.Concat(message.GetTo(), message.GetCc()) {
		ready.recipients = append(ready.recipients, to.Address)
	}
	return ready, nil
}

// addressTo sets the addresses of a mail's header but its sender's.
func addressTo(message *gomail.Msg, mail Outgoing) error {
	for _, to := range mail.To {
		if err := message.AddToFormat(quotable(to.Name), to.Address); err != nil {
			return err
		}
	}
	for _, to := range mail.Cc {
		if err := message.AddCcFormat(quotable(to.Name), to.Address); err != nil {
			return err
		}
	}
	if mail.ReplyTo.Address == "" {
		return nil
	}
	return message.ReplyToFormat(quotable(mail.ReplyTo.Name), mail.ReplyTo.Address)
}

// quotable is a name as it stands between quotes.
func quotable(name string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(clean(name))
}

// keptReferences is how many mails of a thread a mail names: the first, and the last ones (RFC 5322, 3.6.4). Servers
// refuse headers that grow without end.
const keptReferences = 30

// setHeader sets the fields that are no addresses.
func setHeader(message *gomail.Msg, mail Outgoing) {
	message.SetMessageIDWithValue(mail.MessageID)
	message.SetDateWithValue(mail.Date)
	message.Subject(clean(mail.Subject))
	if id := identifier(mail.InReplyTo); id != "" {
		message.SetGenHeaderPreformatted(gomail.HeaderInReplyTo, id)
	}
	var references []string
	for _, reference := range mail.References {
		if id := identifier(reference); id != "" {
			references = append(references, id)
		}
	}
	if over := len(references) - keptReferences; over > 0 {
		references = slices.Delete(references, 1, 1+over)
	}
	if len(references) > 0 {
		message.SetGenHeaderPreformatted(gomail.HeaderReferences, strings.Join(references, "\r\n "))
	}
	if mail.Automatic {
		submitted := gomail.Header("Auto-Submitted")
		message.SetGenHeader(submitted, "auto-generated")
		if mail.Answering {
			message.SetGenHeader(submitted, "auto-replied")
		}
		message.SetGenHeader("X-Auto-Response-Suppress", "All")
	}
}

// identifier is a Message-ID as a field holds it, or "" for what cannot be one.
func identifier(id string) string {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' }
	if id == "" || len(id) > 900 || strings.ContainsFunc(id, odd) {
		return ""
	}
	return "<" + id + ">"
}
