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
}

// open connects and logs in.
func open(ctx context.Context, server Server) (*session, error) {
	l, err := dial(ctx, server.Host, server.Port, server.Security, server.Timeout)
	if err != nil {
		return nil, err
	}
	s := &session{link: l}
	if err := s.greet(ctx, server); err != nil {
		l.Close()
		return nil, err
	}
	if err := s.login(ctx, server.User, server.Password); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// greet makes the connection secure and waits for the server's greeting.
func (s *session) greet(ctx context.Context, server Server) error {
	config := tlsConfig(server.Host, server.RootCAs)
	switch server.Security {
	case SecurityTLS:
		conn, err := s.link.handshake(ctx, config)
		if err != nil {
			return err
		}
		s.client = imapclient.New(conn, nil)
	case SecurityStartTLS:
		return s.startTLS(ctx, &imapclient.Options{TLSConfig: config})
	default:
		s.client = imapclient.New(s.link, nil)
	}
	if err := s.link.watch(ctx, s.client.WaitGreeting); err != nil {
		return broken("IMAP greeting", err)
	}
	return nil
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
	said := censor(strings.TrimSpace(fmt.Sprintf("%s %s", refusal.Code, refusal.Text)), password)
	switch refusal.Code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeServerBug, imap.ResponseCodeInUse, imap.ResponseCodeLimit:
		return fmt.Errorf("IMAP login: %w: %s", ErrUnreachable, said)
	case imap.ResponseCodePrivacyRequired:
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

// enter opens the folder and returns its UIDVALIDITY and whether it holds anything.
func (s *session) enter(ctx context.Context, folder string) (validity uint32, empty bool, err error) {
	var data *imap.SelectData
	err = s.link.watch(ctx, func() (err error) {
		data, err = s.client.Select(cmp.Or(folder, "INBOX"), nil).Wait()
		return err
	})
	var refusal *imap.Error
	switch {
	case errors.As(err, &refusal):
		return 0, false, fmt.Errorf("%w: %s: %w", ErrFolder, cmp.Or(folder, "INBOX"), err)
	case err != nil:
		return 0, false, broken("IMAP SELECT", err)
	case data.UIDValidity == 0:
		return 0, false, fmt.Errorf("%w: %s: the server has no UIDVALIDITY", ErrFolder, cmp.Or(folder, "INBOX"))
	}
	return data.UIDValidity, data.NumMessages == 0, nil
}

// listing is a mail as the server lists it.
type listing struct {
	uid      uint32
	size     int64
	received time.Time
}

// list returns what the folder holds of a set of UIDs, in their order.
func (s *session) list(ctx context.Context, set imap.UIDSet) ([]listing, error) {
	var listed []listing
	options := &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true}
	err := s.fetch(ctx, set, options, func(item listing, _ *imapclient.FetchItemDataBodySection) error {
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
// missing from the answer.
func (s *session) bodies(ctx context.Context, mails []listing, section imap.FetchItemBodySection, room int64) (map[uint32]answer, error) {
	answers := make(map[uint32]answer, len(mails))
	section.Peek = true
	options := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{&section}}
	err := s.fetch(ctx, uids(mails), options, func(item listing, part *imapclient.FetchItemDataBodySection) error {
		switch {
		case part == nil || part.Literal == nil:
			return nil
		case part.Literal.Size() > room:
			answers[item.uid] = answer{}
			return nil
		}
		body, err := io.ReadAll(part.Literal)
		if err == nil && int64(len(body)) != part.Literal.Size() {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
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

// fetch runs one UID FETCH to its end. With a body section, each is called once for it, to read the section or not;
// without, once per mail. An error of each ends the connection.
func (s *session) fetch(ctx context.Context, set imap.UIDSet, options *imap.FetchOptions,
	each func(listing, *imapclient.FetchItemDataBodySection) error,
) error {
	err := s.link.watch(ctx, func() error {
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

// flag marks mails as seen. A server that refuses is not an error: the flag is for people who look into the mailbox.
func (s *session) flag(ctx context.Context, mails []Raw) error {
	var set imap.UIDSet
	for _, mail := range mails {
		set.AddNum(imap.UID(mail.UID))
	}
	err := s.link.watch(ctx, func() error {
		store := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}
		return s.client.Store(set, store, nil).Close()
	})
	var refusal *imap.Error
	if err == nil || errors.As(err, &refusal) {
		return nil
	}
	return broken("IMAP STORE", err)
}

func uids(mails []listing) imap.UIDSet {
	var set imap.UIDSet
	for _, mail := range mails {
		set.AddNum(imap.UID(mail.uid))
	}
	return set
}

// censor takes the password out of a text that a server may have made of it.
func censor(text, password string) string {
	if password == "" {
		return text
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(password)
	return strings.NewReplacer(password, "…", quoted, "…").Replace(text)
}
