package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"guichet/data"
	"guichet/data/store"
)

// Settings are the register's settings.
func (a *App) Settings(ctx context.Context) (settings data.Settings, err error) {
	if _, err := allow(ctx, "Settings"); err != nil {
		return settings, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		settings, err = readSettings(tx)
		return err
	})
	return settings, err
}

func readSettings(tx *store.Tx) (data.Settings, error) {
	settings := data.DefaultSettings()
	text, err := tx.Setting("settings")
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &settings)
	}
	if err != nil {
		return settings, fmt.Errorf("read settings: %w", err)
	}
	return settings, nil
}

// SaveSettings keeps the register's settings. Administrators only.
func (a *App) SaveSettings(ctx context.Context, settings data.Settings) error {
	operator, err := allow(ctx, "SaveSettings")
	if err != nil {
		return err
	}
	before, err := a.Settings(ctx)
	if err != nil {
		return err
	}
	err = a.update(ctx, operator, func(c *change) error {
		logo, err := readLogo(c.Tx)
		if err != nil {
			return err
		}
		return c.saveSettings(settings, logo)
	})
	if err != nil {
		return err
	}
	return a.forgetMailboxes(before, settings)
}

// forgetMailboxes forgets the secrets of the mailboxes that are no longer set.
func (a *App) forgetMailboxes(before, after data.Settings) (err error) {
	kept := map[string]bool{}
	for _, m := range after.Mailboxes {
		kept[MailboxPassword(m)] = true
	}
	for _, m := range before.Mailboxes {
		if name := MailboxPassword(m); !kept[name] {
			err = errors.Join(err, a.secrets.remove(name), a.secrets.remove(clientSecret(name)))
		}
	}
	return refined(err)
}

// saveSettings keeps settings that hold with a logo.
func (c *change) saveSettings(settings data.Settings, logo []byte) error {
	if err := checks(settings.Check(), checkDesign(newDesign(settings, logo))); err != nil {
		return err
	}
	before, err := readSettings(c.Tx)
	settings.Printers = before.Printers // SetPrinterOffset's
	if err != nil || reflect.DeepEqual(before, settings) {
		return err
	}
	if err := c.writeSettings(settings); err != nil {
		return err
	}
	return c.audit("settings.save", "settings", 0, before, settings)
}

func (c *change) writeSettings(settings data.Settings) error {
	text, err := json.Marshal(settings)
	if err != nil {
		return err
	}
	return c.SetSetting("settings", string(text))
}

// SetMailPassword keeps the password of the mailbox or the smarthost, in the
// keyring or, where there is none, in a 0600 file: inFile then tells to warn
// the user. Administrators only.
func (a *App) SetMailPassword(ctx context.Context, name, password string) (inFile bool, err error) {
	operator, err := allow(ctx, "SetMailPassword")
	if err != nil {
		return false, err
	}
	if inFile, err = a.secrets.set(name, password); err != nil {
		return inFile, refined(err)
	}
	return inFile, a.update(ctx, operator, func(c *change) error {
		return c.audit("settings.password", "settings", 0, nil, map[string]any{"name": name})
	})
}

// RegisterName is what the register is called, which who signs in sees.
func (a *App) RegisterName(ctx context.Context) (name string, err error) {
	err = a.view(ctx, func(tx *store.Tx) error {
		settings, err := readSettings(tx)
		name = settings.RegisterName
		return err
	})
	return name, err
}
