package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"guichet/data"
)

// named is a record to be purged: its ID and what people call it.
type named = struct {
	ID   int64
	Name string
}

func namedFields(n *named) []any { return []any{&n.ID, &n.Name} }

// TicketsClosedBefore are the tickets that were closed, or thrown away as spam,
// before a time. A ticket merged into another goes with it, not by its own time.
func (tx *Tx) TicketsClosedBefore(before time.Time) ([]named, error) {
	return list(tx, "list old tickets", namedFields,
		`SELECT t.id, t.number FROM ticket t WHERE t.state = 'closed' AND t.closed_at < $1
		 OR (t.state = 'spam' OR t.state = 'merged' AND t.merged_into IS NULL) AND t.updated_at < $1 ORDER BY t.id`, before)
}

// DeleteTicket takes a ticket away, and those merged into it, with all that hangs
// on them. Their mails are remembered by a digest, so that they do not come in
// again.
func (tx *Tx) DeleteTicket(id int64) error {
	family, err := list(tx, "list merged tickets", func(id *int64) []any { return []any{id} },
		`WITH RECURSIVE family(id) AS (SELECT CAST($1 AS BIGINT) UNION SELECT t.id FROM ticket t JOIN family ON t.merged_into = family.id)
		 SELECT id FROM family`, id)
	if err != nil {
		return err
	}
	for _, member := range family {
		if err := tx.rememberMails(member); err != nil {
			return err
		}
		for _, statement := range []string{
			`DELETE FROM attachment WHERE message_id IN (SELECT id FROM message WHERE ticket_id = $1)`,
			`DELETE FROM draft WHERE ticket_id = $1`,
			`DELETE FROM sent_draft WHERE outgoing_mail_id IN (SELECT id FROM outgoing_mail WHERE ticket_id = $1)`,
			`UPDATE outgoing_mail SET thread_message_id = NULL WHERE thread_message_id IN (SELECT id FROM message WHERE ticket_id = $1)`,
			`DELETE FROM outgoing_mail WHERE ticket_id = $1`,
			`UPDATE message SET moved_from = NULL WHERE moved_from = $1`,
			`DELETE FROM message WHERE ticket_id = $1`,
			`UPDATE ticket SET merged_into = NULL WHERE merged_into = $1`,
			`UPDATE ticket SET follows = NULL WHERE follows = $1`,
			`DELETE FROM presence WHERE ticket_id = $1`,
			`DELETE FROM ticket_search WHERE rowid = $1`,
			`DELETE FROM ticket WHERE id = $1`,
		} {
			if _, err := tx.exec("delete ticket", statement, member); err != nil {
				return err
			}
		}
	}
	return nil
}

// rememberMails keeps a digest of each mail that came in on a ticket.
func (tx *Tx) rememberMails(ticketID int64) error {
	mails, err := list(tx, "list mails", func(m *data.Message) []any { return []any{&m.MessageID, &m.Hash} },
		`SELECT message_id, hash FROM message WHERE ticket_id = $1 AND mailbox IS NOT NULL`, ticketID)
	if err != nil {
		return err
	}
	for _, mail := range mails {
		_, err := tx.exec("remember mail", `INSERT INTO purged_mail (digest) VALUES ($1) ON CONFLICT DO NOTHING`, mailDigest(mail))
		if err != nil {
			return err
		}
	}
	return nil
}

func mailDigest(m data.Message) []byte {
	sum := sha256.Sum256(append([]byte(m.MessageID+"\x00"), m.Hash...))
	return sum[:]
}

// ownMessages are the messages that came to a ticket itself, wherever a merger
// moved them: those that came to another and were moved to it are not its own.
const ownMessages = `(ticket_id = $1 AND moved_from IS NULL OR moved_from = $1)`

// EraseTicket takes all that tells of its requester out of a ticket, wherever a
// merger moved it, and closes it: its number, heading and times stay for the
// figures. What others wrote on tickets merged into it stays.
func (tx *Tx) EraseTicket(id int64, now time.Time) error {
	shown, err := list(tx, "find messages", func(id *int64) []any { return []any{id} },
		`SELECT DISTINCT ticket_id FROM message WHERE `+ownMessages, id)
	if err != nil {
		return err
	}
	if err := tx.eraseMessages(ownMessages, id); err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM draft WHERE ticket_id = $1`,
		`DELETE FROM sent_draft WHERE outgoing_mail_id IN (SELECT id FROM outgoing_mail WHERE ticket_id = $1)`,
		`UPDATE outgoing_mail SET ` + erasedMail + ` WHERE ticket_id = $1 AND thread_message_id IS NULL
		 OR thread_message_id IN (SELECT id FROM message WHERE ` + ownMessages + `)`,
	} {
		if _, err := tx.exec("erase ticket", statement, id); err != nil {
			return err
		}
	}
	_, err = tx.exec("erase ticket",
		`UPDATE ticket SET subject = '', requester_name = $2, requester_address = '', account_id = NULL, tags = '', unread = FALSE, due_at = NULL,
		 state = CASE WHEN state IN ('new', 'open', 'waiting', 'solved') THEN 'closed' ELSE state END, closed_at = coalesce(closed_at, $3)
		 WHERE id = $1`, id, data.ErasedName, now)
	for _, ticket := range append(shown, id) {
		err = errors.Join(err, tx.IndexTicket(ticket))
	}
	return err
}

// erasedMail is what of an outgoing mail is left; what was still to be sent is not.
const erasedMail = `to_name = '', to_address = '', cc_addresses = '', subject = '', text = '', last_error = '', next_try_at = NULL,
	state = CASE WHEN state IN ('waiting', 'failed', 'uncertain') THEN 'withdrawn' ELSE state END`

// eraseMessages takes what people wrote out of the messages of a condition, with
// its argument $1.
func (tx *Tx) eraseMessages(which string, arg any) error {
	if _, err := tx.exec("erase attachments", `DELETE FROM attachment WHERE message_id IN (SELECT id FROM message WHERE `+which+`)`, arg); err != nil {
		return err
	}
	_, err := tx.exec("erase messages",
		`UPDATE message SET from_name = '', from_address = '', to_addresses = '', cc_addresses = '', subject = '', text = '',
		 html = '', report = '', raw = NULL WHERE `+which, arg)
	return err
}

// EraseAddress takes out of the tickets of others what somebody wrote there, and
// the address out of what was sent to it; it returns how many messages and mails.
func (tx *Tx) EraseAddress(email string) (erased int64, err error) {
	email = strings.ToLower(email)
	tickets, err := list(tx, "find messages", func(id *int64) []any { return []any{id} }, `SELECT DISTINCT ticket_id FROM message WHERE lower(from_address) = $1`, email)
	if err != nil {
		return 0, err
	}
	if err := tx.eraseMessages(`lower(from_address) = $1`, email); err != nil {
		return 0, err
	}
	for _, ticket := range tickets {
		if err := tx.IndexTicket(ticket); err != nil {
			return 0, err
		}
	}
	mails, err := tx.exec("erase mails", `UPDATE outgoing_mail SET `+erasedMail+`
		WHERE ',' || lower(to_address) || ',' || lower(cc_addresses) || ',' LIKE $1 ESCAPE '\'`, contains(","+email+","))
	if err != nil {
		return 0, err
	}
	_, err = tx.exec("erase addressees", `UPDATE message SET to_addresses = '', cc_addresses = ''
		WHERE ',' || lower(to_addresses) || ',' || lower(cc_addresses) || ',' LIKE $1 ESCAPE '\'`, contains(","+email+","))
	return int64(len(tickets)) + mails, err
}

// UnlinkAccount leaves the tickets that others opened about an account without it.
func (tx *Tx) UnlinkAccount(id int64) error {
	_, err := tx.exec("unlink account", `UPDATE ticket SET account_id = NULL WHERE account_id = $1`, id)
	return err
}

// LettersEndedBefore are the letters that ended before a time, of requests that
// are closed.
func (tx *Tx) LettersEndedBefore(before time.Time) ([]named, error) {
	return list(tx, "list old letters", namedFields,
		`SELECT l.id, l.reference FROM letter l JOIN request q ON q.id = l.request_id
		 WHERE l.ended_at < $1 AND q.closed_at IS NOT NULL ORDER BY l.id`, before)
}

// DeleteLetter takes a letter away, and its request with its last letter.
func (tx *Tx) DeleteLetter(id int64) error {
	var request int64
	if err := tx.get("find letter", []any{&request}, `SELECT request_id FROM letter WHERE id = $1`, id); err != nil {
		return err
	}
	for _, statement := range []struct {
		query string
		id    int64
	}{
		{`UPDATE letter SET replaces_id = NULL WHERE replaces_id = $1`, id},
		{`DELETE FROM letter WHERE id = $1`, id},
		{`DELETE FROM request WHERE id = $1 AND closed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.request_id = request.id)`, request},
	} {
		if _, err := tx.exec("delete letter", statement.query, statement.id); err != nil {
			return err
		}
	}
	return nil
}

// DeleteEmptyBatches takes closed batches of which no letter is left away.
func (tx *Tx) DeleteEmptyBatches(before time.Time) error {
	const empty = `closed_at < $1 AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.batch_id = batch.id)`
	if _, err := tx.exec("delete print jobs", `DELETE FROM print_job WHERE batch_id IN (SELECT id FROM batch WHERE `+empty+`)`, before); err != nil {
		return err
	}
	_, err := tx.exec("delete batches", `DELETE FROM batch WHERE `+empty, before)
	return err
}

// UnconfirmedBefore are the accounts that registered before a time, were never
// validated, and for which no letter is on its way.
func (tx *Tx) UnconfirmedBefore(before time.Time) ([]data.Account, error) {
	return list(tx, "list unconfirmed", accountFields,
		`SELECT `+accountColumns+` FROM account a WHERE a.validated_at IS NULL AND a.erased_at IS NULL AND a.registered_at < $1
		 AND NOT EXISTS (SELECT 1 FROM request q JOIN letter l ON l.request_id = q.id
		  WHERE q.account_id = a.id AND (l.state IN ('queued', 'composed', 'posted') OR q.created_at >= $1)) ORDER BY a.id`, before)
}

// EraseAccount takes all that tells of a person out of an account; its identifier
// stays, reserved for ever (R8).
func (tx *Tx) EraseAccount(a data.Account, now time.Time) error {
	err := tx.change("erase account",
		`UPDATE account SET civility = '', first_name = '', last_name = '', folded = $2, email = '', phone = '', password_hash = '',
		 activation_nonce = '', email_bounced_at = NULL, erased_at = $3 WHERE id = $1`, a.ID, data.Fold(a.Identifier), now)
	if err != nil {
		return err
	}
	for _, statement := range []string{
		`UPDATE permission SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL`,
		`UPDATE administration SET until = $2 WHERE account_id = $1 AND until IS NULL`,
	} {
		if _, err := tx.exec("erase account", statement, a.ID, now); err != nil {
			return err
		}
	}
	_, err = tx.exec("erase mails", `UPDATE outgoing_mail SET `+erasedMail+` WHERE account_id = $1`, a.ID)
	return errors.Join(err, tx.indexOrganisation(a.OrganisationID))
}

// EraseMandate takes a former representative's name out of a mandate, and out of
// the addresses of some letters.
func (tx *Tx) EraseMandate(r data.LegalRepresentative, letters []data.LetterFile) error {
	err := tx.change("erase mandate",
		`UPDATE legal_representative SET civility = '', first_name = '', last_name = $2 WHERE id = $1 AND until_day IS NOT NULL`, r.ID, data.ErasedName)
	if err != nil {
		return err
	}
	for _, file := range letters {
		if _, err := tx.exec("erase addresses", `UPDATE letter SET lines = '' WHERE id = $1`, file.Letter.ID); err != nil {
			return err
		}
	}
	return nil
}

// Mandate is one mandate: ErrNotFound when there is none.
func (tx *Tx) Mandate(id int64) (r data.LegalRepresentative, err error) {
	err = tx.get("find mandate", representativeFields(&r),
		`SELECT `+representativeColumns+` FROM legal_representative r WHERE r.id = $1`, id)
	return r, err
}

// Requesters are the people who wrote to the help desk whose address or name
// contains a word, with how many tickets they opened, at most limit.
func (tx *Tx) Requesters(word string, limit int) ([]data.Person, error) {
	return list(tx, "find requesters", func(p *data.Person) []any { return []any{&p.Email, &p.Name, &p.Tickets} },
		`SELECT email, max(name), sum(tickets) FROM (
		 SELECT lower(requester_address) AS email, requester_name AS name, 1 AS tickets FROM ticket
		 UNION ALL SELECT lower(from_address), from_name, 0 FROM message WHERE direction = 'in') AS people
		 WHERE email <> '' AND (email LIKE $1 ESCAPE '\' OR lower(name) LIKE $1 ESCAPE '\')
		 GROUP BY email ORDER BY 1 LIMIT $2`, contains(strings.ToLower(word)), limit)
}

// Representatives are all mandates with their organisation's name.
func (tx *Tx) Representatives() ([]data.Person, error) {
	return list(tx, "list mandates", func(p *data.Person) []any { return []any{&p.RepresentativeID, &p.Name, &p.Organisation, &p.InOffice} },
		`SELECT r.id, r.first_name || ' ' || r.last_name, o.name, r.until_day IS NULL
		 FROM legal_representative r JOIN organisation o ON o.id = r.organisation_id ORDER BY o.folded, r.from_day DESC`)
}

// TicketsOf are the tickets that somebody opened: under an address, or, without
// one, under an account.
func (tx *Tx) TicketsOf(email string, accountIDs []int64) ([]data.TicketSummary, error) {
	args := []any{strings.ToLower(email)}
	where := `lower(t.requester_address) = $1`
	if len(accountIDs) > 0 {
		for _, id := range accountIDs {
			args = append(args, id)
		}
		where += ` OR t.requester_address = '' AND t.account_id IN (` + placeholders(2, len(accountIDs)) + `)`
	}
	return list(tx, "list tickets", ticketSummaryFields, selectTicketSummary+` WHERE `+where+` ORDER BY t.id`, args...)
}

// OwnMessages are the messages that came to a ticket itself, wherever a merger
// moved them, with their attachments but without the attachments' content.
func (tx *Tx) OwnMessages(ticketID int64) ([]data.Message, error) {
	return tx.messagesWhere(ownMessages, ticketID)
}

// MessagesFrom are the messages that somebody wrote on the tickets of others.
func (tx *Tx) MessagesFrom(email string) ([]data.Message, error) {
	return tx.messagesWhere(`lower(m.from_address) = $1 AND NOT EXISTS (SELECT 1 FROM ticket t
		WHERE t.id = coalesce(m.moved_from, m.ticket_id) AND lower(t.requester_address) = $1)`, strings.ToLower(email))
}

// MailsTo are the mails that went to an address.
func (tx *Tx) MailsTo(email string) ([]data.OutgoingMail, error) {
	return list(tx, "list mails", outgoingFields,
		`SELECT `+outgoingColumns+` FROM outgoing_mail WHERE ',' || lower(to_address) || ',' || lower(cc_addresses) || ',' LIKE $1 ESCAPE '\' ORDER BY id`,
		contains(","+strings.ToLower(email)+","))
}

// shredding is the setting that stands while the files may have traces of what was
// erased.
const shredding = "shredding"

// WillShred has Shred called at the next start, if it is not before.
func (tx *Tx) WillShred() error { return tx.SetSetting(shredding, "1") }

// Shredding tells whether Shred is still to be called.
func (tx *Tx) Shredding() (bool, error) {
	value, err := tx.Setting(shredding)
	return value != "", err
}

// Shred leaves no trace on the disk of what was deleted: the search's index is
// rewritten, and the log emptied; the rest was overwritten when it was deleted. It
// takes seconds in a large register. A server's VACUUM does it there.
func (s *Store) Shred(ctx context.Context) error {
	defer s.use()()
	if !s.Shared() {
		for _, statement := range []string{
			`INSERT INTO ticket_search (ticket_search) VALUES ('optimize')`,
			`INSERT INTO organisation_search (organisation_search) VALUES ('optimize')`,
		} {
			if _, err := s.writer.ExecContext(ctx, statement); err != nil {
				return failed("shred", err)
			}
		}
		if err := s.emptyLog(ctx); err != nil {
			return failed("shred", err)
		}
	}
	return s.transact(ctx, s.writer, nil, func(tx *Tx) error { return tx.DropSetting(shredding) })
}

// emptyLog writes the log into the register, and cuts it off.
func (s *Store) emptyLog(ctx context.Context) error {
	for range 50 { // who reads keeps the log
		var busy, pages, copied int
		if err := s.writer.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &copied); err != nil {
			return failed("empty the log", err)
		}
		if busy == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fmt.Errorf("empty the log: %w: it is being read", ErrUnavailable)
}

// AccountMails are the IDs of the mails that went to an account's person.
func (tx *Tx) AccountMails(accountID int64) ([]int64, error) {
	return list(tx, "list mails", func(id *int64) []any { return []any{id} }, `SELECT id FROM outgoing_mail WHERE account_id = $1`, accountID)
}
