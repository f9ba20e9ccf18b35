package mailbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// session is an IMAP connection that is logged in. One command at a time is under way, and every fetch is read to its
// end before the next: two fetches in flight block each other for ever with Dovecot.
type session struct {
	link   *link
	client *imapclient.Client
	guard  *guard
	news   chan struct{} // the server said that the folder changed

	name     string // of the folder that is open
	messages uint32 // in it, as it was opened
}

// open connects and logs in.
func open(ctx context.Context, server Server) (s *session, err error) {
	if !server.Auth.OAuth() {
		return connect(ctx, server, func(s *session) error {
			return hide(s.login(ctx, server.User, server.Password), server.Password)
		})
	}
	err = withToken(ctx, server.Token, func(token string) (err error) {
		s, err = connect(ctx, server, func(s *session) error { return hide(s.present(ctx, server, token), token) })
		return err
	})
	return s, err
}

// reopen has the session go on over a new connection, whoever holds it, in the folder that the server is read from.
func (s *session) reopen(ctx context.Context, server Server) (folder, error) {
	s.close()
	fresh, err := open(ctx, server)
	if err != nil {
		return folder{}, err
	}
	*s = *fresh
	return s.enter(ctx, server.Folder)
}

// connect opens a connection and has login log in on it.
func connect(ctx context.Context, server Server, login func(*session) error) (*session, error) {
	l, err := dial(ctx, server.Host, server.Port, server.Security, server.Timeout)
	if err != nil {
		return nil, err
	}
	s := &session{link: l, guard: &guard{}, news: make(chan struct{}, 1)}
	if err := s.greet(ctx, server); err != nil {
		l.Close()
		return nil, err
	}
	if err := login(s); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// greet makes the connection secure and waits for the server's greeting.
func (s *session) greet(ctx context.Context, server Server) error {
	config := tlsConfig(server.Host, server.RootCAs)
	options := &imapclient.Options{TLSConfig: config, DebugWriter: s.guard, UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages != nil {
				s.told()
			}
		},
	}}
	switch server.Security {
	case SecurityTLS:
		conn, err := s.link.handshake(ctx, config)
		if err != nil {
			return err
		}
		s.client = imapclient.New(conn, options)
	case SecurityStartTLS:
		return s.startTLS(ctx, options)
	default:
		s.client = imapclient.New(s.link, options)
	}
	if err := s.link.watch(ctx, s.client.WaitGreeting); err != nil {
		return broken("IMAP greeting", err)
	}
	return nil
}

// told notes that the folder changed, for who waits.
func (s *session) told() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

func (s *session) startTLS(ctx context.Context, options *imapclient.Options) error {
	err := s.link.watch(ctx, func() (err error) {
		s.client, err = imapclient.NewStartTLS(s.link, options)
		return err
	})
	var refusal *imap.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		return fmt.Errorf("%w: no STARTTLS: %s", ErrInsecure, refusal.Text)
	}
	return broken("IMAP STARTTLS", err)
}

// present logs in by an access token.
func (s *session) present(ctx context.Context, server Server, token string) error {
	err := s.link.watch(ctx, func() error {
		return s.client.Authenticate(tokenClient(server.Auth, server.User, token, server.Host, server.Port))
	})
	var refusal *imap.Error
	var bearer *sasl.OAuthBearerError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &bearer):
		s.link.Close() // the exchange is not over: no goodbye would be heard
		return fmt.Errorf("IMAP login: %w", errTokenRefused)
	case !errors.As(err, &refusal):
		return broken("IMAP login", err)
	case passing(refusal.Code):
		return fmt.Errorf("IMAP login: %w: %s", ErrUnreachable, refusal.Text)
	}
	return fmt.Errorf("IMAP login: %w", errTokenRefused) // NO, or BAD for the library's empty answer
}

// passing tells whether a login fails for a reason that passes.
func passing(code imap.ResponseCode) bool {
	switch code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeServerBug, imap.ResponseCodeInUse, imap.ResponseCodeLimit:
		return true
	}
	return false
}

func (s *session) login(ctx context.Context, user, password string) error {
	err := s.link.watch(ctx, func() error {
		caps, err := s.client.Capability().Wait()
		if err != nil {
			return err
		}
		if caps.Has(imap.AuthCap(sasl.Plain)) {
			return s.client.Authenticate(sasl.NewPlainClient("", user, password))
		}
		return s.client.Login(user, password).Wait()
	})
	var refusal *imap.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &refusal):
		return broken("IMAP login", err)
	}
	// The cause is left out of the chain: a server may repeat what was sent.
	said := strings.TrimSpace(fmt.Sprintf("%s %s", refusal.Code, refusal.Text))
	switch {
	case passing(refusal.Code):
		return fmt.Errorf("IMAP login: %w: %s", ErrUnreachable, said)
	case refusal.Code == imap.ResponseCodePrivacyRequired:
		return fmt.Errorf("IMAP login: %w: %s", ErrInsecure, said)
	}
	return fmt.Errorf("IMAP login: %w: %s", ErrRefused, said)
}

// close ends the session: politely if the server answers at once.
func (s *session) close() {
	s.link.silence = min(s.link.silence, 2*time.Second)
	_ = s.link.watch(context.Background(), func() error { return s.client.Logout().Wait() })
	s.link.Close()
	_ = s.client.Close()
}

// folder is a folder as it was opened; next is the UID that its next mail gets, 0 where the server does not tell.
type folder struct{ validity, next, messages uint32 }

// enter opens the folder.
func (s *session) enter(ctx context.Context, name string) (folder, error) {
	var data *imap.SelectData
	err := s.link.watch(ctx, func() (err error) {
		data, err = s.client.Select(cmp.Or(name, "INBOX"), nil).Wait()
		return err
	})
	var refusal *imap.Error
	switch {
	case errors.As(err, &refusal):
		return folder{}, fmt.Errorf("%w: %s: %w", ErrFolder, cmp.Or(name, "INBOX"), err)
	case err != nil:
		return folder{}, broken("IMAP SELECT", err)
	case data.UIDValidity == 0:
		return folder{}, fmt.Errorf("%w: %s: the server has no UIDVALIDITY", ErrFolder, cmp.Or(name, "INBOX"))
	}
	s.name, s.messages = cmp.Or(name, "INBOX"), data.NumMessages
	return folder{data.UIDValidity, uint32(data.UIDNext), data.NumMessages}, nil
}

// listing is a mail as the server lists it.
type listing struct {
	uid      uint32
	size     int64
	received time.Time
}

// lineBytes is what the listing of a mail takes at most, and longestList all of them together.
const (
	lineBytes   = 256
	longestList = 256 << 20
)

// list returns what the folder holds of a set of UIDs, in their order, with or without sizes.
func (s *session) list(ctx context.Context, set imap.UIDSet, sizes bool) ([]listing, error) {
	var listed []listing
	options := &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: sizes}
	err := s.fetch(ctx, set, options, min(int64(s.messages)*lineBytes, longestList), func(item listing, _ *imapclient.FetchItemDataBodySection) error {
		listed = append(listed, item)
		return nil
	})
	slices.SortFunc(listed, func(a, b listing) int { return cmp.Compare(a.uid, b.uid) })
	return listed, err
}

// answer is a body as the server sent it; read is false where it was larger than there was room for.
type answer struct {
	body []byte
	read bool
}

// bodies reads a section of some mails, as long as they fit into room bytes. Mails that the server does not send are
// missing from the answer. What came before an error stands in it.
func (s *session) bodies(ctx context.Context, mails []listing, section imap.FetchItemBodySection, room int64) (map[uint32]answer, error) {
	answers := make(map[uint32]answer, len(mails))
	section.Peek = true
	options := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{&section}}
	err := s.fetch(ctx, uids(mails), options, room, func(item listing, part *imapclient.FetchItemDataBodySection) error {
		switch {
		case part == nil || part.Literal == nil:
			return nil
		case part.Literal.Size() > room:
			s.link.expect(part.Literal.Size()) // it is passed over, and takes no memory
			answers[item.uid] = answer{}
			return nil
		}
		body := make([]byte, part.Literal.Size())
		if _, err := io.ReadFull(part.Literal, body); err != nil {
			return err
		}
		room -= int64(len(body))
		answers[item.uid] = answer{body: body, read: true}
		return nil
	})
	var refusal *imap.Error
	if errors.As(err, &refusal) { // some mails were not sent: the others count
		err = nil
	}
	return answers, err
}

// errGoodbye means that the server itself ended the connection, and said so: no line that breaks does.
var errGoodbye = errors.New("the server says goodbye")

// fetch runs one UID FETCH to its end. With a body section, each is called once for it, to read the section or not;
// without, once per mail. An error of each ends the connection. The server may send some bytes.
func (s *session) fetch(ctx context.Context, set imap.UIDSet, options *imap.FetchOptions, bytes int64,
	each func(listing, *imapclient.FetchItemDataBodySection) error,
) error {
	err := s.link.watch(ctx, func() error {
		s.link.expect(bytes)
		command := s.client.Fetch(set, options)
		for message := command.Next(); message != nil; message = command.Next() {
			if err := read(message, len(options.BodySection) > 0, each); err != nil {
				// A literal that broke off may not be read again, as the closing of the command would.
				s.link.Close()
				return err
			}
		}
		return command.Close()
	})
	var refusal *imap.Error
	if err == nil || errors.As(err, &refusal) {
		return err
	}
	if ctx.Err() == nil && s.guard.goodbye() {
		return fmt.Errorf("IMAP FETCH: %w: %w: %w", errGoodbye, ErrUnreachable, err)
	}
	return broken("IMAP FETCH", err)
}

func read(message *imapclient.FetchMessageData, sections bool, each func(listing, *imapclient.FetchItemDataBodySection) error) error {
	var l listing
	for item := message.Next(); item != nil; item = message.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			l.uid = uint32(item.UID)
		case imapclient.FetchItemDataRFC822Size:
			l.size = item.Size
		case imapclient.FetchItemDataInternalDate:
			l.received = item.Time
		case imapclient.FetchItemDataBodySection:
			if !sections || l.uid == 0 {
				continue
			}
			if err := each(l, &item); err != nil {
				return err
			}
		}
	}
	if !sections && l.uid != 0 {
		return each(l, nil)
	}
	return nil
}

func uids(mails []listing) imap.UIDSet {
	var set imap.UIDSet
	for _, mail := range mails {
		set.AddNum(imap.UID(mail.uid))
	}
	return set
}
