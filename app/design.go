package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"

	"guichet/data"
	"guichet/data/store"
	"guichet/letters"
)

// logoSetting keeps the letterhead's logo apart from the other settings, which
// the audit writes out at each change.
const logoSetting = "logo"

// Logo is the letterhead's logo, a PNG, JPEG or SVG file; nil for none.
func (a *App) Logo(ctx context.Context) (logo []byte, err error) {
	if _, err := allow(ctx, "Logo"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		logo, err = readLogo(tx)
		return err
	})
	return logo, err
}

func readLogo(tx *store.Tx) ([]byte, error) {
	text, err := tx.Setting(logoSetting)
	if err != nil || text == "" {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}

// SaveDesign keeps the register's settings together with the letterhead's logo,
// none when it is empty. What cannot be printed, a text with an unknown variable
// or a file that cannot be drawn say, is a Problem of its field. Conflict when they
// are no longer as they were seen, the printers' offsets apart: the mail room changes
// those meanwhile. Administrators only.
func (a *App) SaveDesign(ctx context.Context, seen data.Settings, seenLogo []byte, settings data.Settings, logo []byte) error {
	operator, err := allow(ctx, "SaveDesign")
	if err != nil {
		return err
	}
	err = a.update(ctx, operator, func(c *change) error {
		present, err := readSettings(c.Tx)
		if err != nil {
			return err
		}
		presentLogo, err := readLogo(c.Tx)
		if err != nil {
			return err
		}
		seen.Printers = present.Printers
		if !reflect.DeepEqual(present, seen) || !bytes.Equal(presentLogo, seenLogo) {
			return refuse(Conflict, "Quelqu’un a changé les réglages entre-temps. Votre saisie est gardée : enregistrez-la de nouveau, ou abandonnez-la pour voir ce qui a changé.", nil)
		}
		return errors.Join(c.saveSettings(settings, logo), c.saveLogo(logo))
	})
	if err != nil {
		return err
	}
	return a.forgetMailboxes(seen, settings)
}

func (c *change) saveLogo(logo []byte) error {
	before, err := readLogo(c.Tx)
	if err != nil || bytes.Equal(before, logo) {
		return err
	}
	if err := c.SetSetting(logoSetting, base64.StdEncoding.EncodeToString(logo)); err != nil {
		return err
	}
	sum := sha256.Sum256(logo)
	return c.audit("settings.logo", "settings", 0, nil, map[string]any{"bytes": len(logo), "sha256": hex.EncodeToString(sum[:])})
}

// newDesign is what all letters share.
func newDesign(settings data.Settings, logo []byte) letters.Design {
	return letters.Design{
		Sender: settings.Sender, Place: settings.Place, PortalURL: settings.PortalURL,
		Signatory: settings.Signatory, SignatoryTitle: settings.SignatoryTitle,
		Phone: settings.SupportPhone, Email: settings.SupportEmail,
		Logo: logo, Texts: settings.LetterTexts, Verso: settings.Verso, Duplex: settings.Duplex, Envelope: settings.Envelope,
	}
}

func readDesign(tx *store.Tx, settings data.Settings) (letters.Design, error) {
	logo, err := readLogo(tx)
	return newDesign(settings, logo), err
}

// checkDesign names what of a letterhead, signature or text cannot be printed,
// an unknown variable among them. What is still empty is not complained of: a
// register's letterhead is filled step by step.
func checkDesign(design letters.Design) error {
	var problems data.Problems
	if err := letters.CheckDesign(completed(design)); errors.As(err, &problems) {
		return problems
	} else if err != nil {
		return err
	}
	return nil
}

// completed puts samples where a design is still empty.
func completed(design letters.Design) letters.Design {
	if len(design.Sender) == 0 {
		design.Sender = []string{"Expéditeur"}
	}
	for _, text := range []struct {
		value  *string
		sample string
	}{{&design.Place, "Lieu"}, {&design.PortalURL, "https://portail.example"}, {&design.Signatory, "Signataire"}} {
		if strings.TrimSpace(*text.value) == "" {
			*text.value = text.sample
		}
	}
	return design
}

// LetterText is the text of a kind of letter as it stands: the settings' where
// they have one, Guichet's own otherwise.
func LetterText(settings data.Settings, kind data.LetterTextKind) data.LetterText {
	return settings.LetterTexts[kind].Or(letters.DefaultTexts()[kind])
}

// LetterVariables are what a kind's text may hold in braces.
func LetterVariables(kind data.LetterTextKind) []data.Variable { return letters.Variables(kind) }

// VersoVariables are what the back of a letter may hold in braces.
func VersoVariables() []data.Variable { return letters.VersoVariables() }
