package app

import (
	"context"
	"errors"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
	"guichet/data/store"
)

// MailboxState is what the status bar says of the mailboxes.
type MailboxState struct {
	Configured bool
	FetchedAt  time.Time // of the one read longest ago; zero: never
}

// Mailbox tells whether a mailbox is set and when it was read last.
func (a *App) Mailbox(ctx context.Context) (state MailboxState, err error) {
	if _, err := allow(ctx, "Mailbox"); err != nil {
		return state, err
	}
	err = a.view(ctx, func(tx *store.Tx) error {
		settings, err := readSettings(tx)
		if err != nil {
			return err
		}
		first := true
		for _, folder := range mailFolders(settings) {
			_, _, fetchedAt, err := tx.MailboxCursor(folder.name())
			if err != nil {
				return err
			}
			if first || fetchedAt.Before(state.FetchedAt) {
				state.FetchedAt, first = fetchedAt, false
			}
			state.Configured = true
		}
		return nil
	})
	return state, err
}

// mailFolder is a folder of an account, which is read on its own.
type mailFolder struct {
	account data.MailboxSettings
	folder  string
}

// name names the folder for its cursor.
func (f mailFolder) name() string { return f.account.Folder(f.folder) }

func mailFolders(settings data.Settings) (folders []mailFolder) {
	for _, account := range settings.Mailboxes {
		for _, folder := range account.Folders {
			folders = append(folders, mailFolder{account, folder})
		}
	}
	return folders
}

// Fetch brings every new mail of the mailboxes in, once: each becomes a ticket
// or a message of one. A batch of mails is stored in one transaction with how
// far the folder was read, and only then marked or moved on the server; killed
// in between, the next pass loses and doubles nothing. A folder that cannot be
// read does not keep the others from it; its error is returned. Conflict while
// another workstation of a shared register does it. Help desk and
// administrators.
func (a *App) Fetch(ctx context.Context) (Fetched, error) {
	operator, err := allow(ctx, "Fetch")
	if err != nil {
		return Fetched{}, err
	}
	settings, err := a.Settings(ctx)
	if err != nil {
		return Fetched{}, err
	}
	folders := mailFolders(settings)
	if len(folders) == 0 {
		return Fetched{}, refuse(Unavailable, "Aucune boîte aux lettres n’est réglée", nil)
	}
	var total Fetched
	led, err := a.store.Lead(ctx, mailLead, func(ctx context.Context) (failures error) {
		for _, folder := range folders {
			got, err := a.fetchFolder(ctx, operator, folder)
			total.add(got)
			failures = errors.Join(failures, err)
		}
		return failures
	})
	if err == nil && !led {
		err = refuse(Conflict, "Un autre poste relève les boîtes aux lettres", nil)
	}
	return total, refined(err)
}

func (a *App) fetchFolder(ctx context.Context, operator data.Operator, folder mailFolder) (total Fetched, err error) {
	cursor, err := a.cursor(ctx, folder)
	if err != nil {
		return total, err
	}
	server, err := a.mailServer(folder.account, folder.folder)
	if err != nil {
		return total, err
	}
	_, err = mailbox.Fetch(ctx, server, cursor, a.take(operator, folder, total.add))
	if err != nil {
		return total, logged(ctx, refined(err))
	}
	return total, a.recordFetch(ctx, operator, folder)
}

// take reads what a folder brings in, has it stored, and says what it became.
func (a *App) take(operator data.Operator, folder mailFolder, became func(Fetched)) mailbox.Take {
	return func(mails []mailbox.Raw, next mailbox.Cursor) func(context.Context) error {
		parsed := a.parseMails(folder.name(), mails)
		return func(ctx context.Context) error {
			batch, err := a.storeMails(ctx, operator, folder.name(), parsed, next)
			if err == nil {
				became(batch)
			}
			return err
		}
	}
}

// cursor is how far a folder was read.
func (a *App) cursor(ctx context.Context, folder mailFolder) (cursor mailbox.Cursor, err error) {
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		cursor.UIDValidity, cursor.UID, _, err = tx.MailboxCursor(folder.name())
		return err
	})
	return cursor, err
}

// recordFetch keeps when a folder was read, new mail or not.
func (a *App) recordFetch(ctx context.Context, operator data.Operator, folder mailFolder) error {
	return a.update(ctx, operator, func(c *change) error {
		uidValidity, uid, _, err := c.MailboxCursor(folder.name())
		if err != nil {
			return err
		}
		return c.SetMailboxCursor(folder.name(), uidValidity, uid, c.now)
	})
}
