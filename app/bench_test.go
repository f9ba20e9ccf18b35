package app

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
	"guichet/data/store"
)

// benchDesk is a register with n letters queued.
func benchDesk(b testing.TB, n int) (*App, context.Context) {
	b.Helper()
	ctx := context.Background()
	a, err := Open(ctx, filepath.Join(b.TempDir(), "register.db"), Options{
		Clock: func() time.Time { return tuesday }, Passwords: cheap, NoKeyring: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { a.Close() })
	operator, err := a.CreateOperator(ctx, NewOperator{Login: "b", Name: "B", Password: "un mot de passe long", Roles: data.WorkRoles})
	if err != nil {
		b.Fatal(err)
	}
	ctx = As(ctx, operator)
	settings := data.DefaultSettings()
	settings.Sender, settings.Place, settings.PortalURL, settings.Signatory = []string{"Portail"}, "Strasbourg", "https://portail.example", "C. Martin"
	settings.BatchLimit = 100_000
	if err := a.SaveSettings(ctx, settings); err != nil {
		b.Fatal(err)
	}
	o, err := a.AddOrganisation(ctx, data.Organisation{
		Kind: data.Commune, Name: "Commune d'Achenheim", Address: data.Address{PostalCode: "67204", City: "ACHENHEIM"},
	}, data.LegalRepresentative{Office: "Maire"})
	if err != nil {
		b.Fatal(err)
	}
	err = a.update(ctx, operator, func(c *change) error {
		for i := range n {
			made := Registered{Account: data.Account{
				OrganisationID: o.ID, FirstName: "Anne", LastName: fmt.Sprintf("Heitz %d", i), Email: fmt.Sprintf("a%d@b.fr", i), RegisteredAt: c.now,
				Identifier: fmt.Sprintf("a%d", i), ActivationExpiresAt: c.now,
			}}
			if err := c.AddAccount(&made.Account); err != nil {
				return err
			}
			if _, err := c.request(made.Account, data.UserRegistration); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return a, ctx
}

// BenchmarkCompose composes 2,000 letters with their codes, hashes, PDF and
// transaction.
func BenchmarkCompose(b *testing.B) {
	const n = 2000
	a, ctx := benchDesk(b, n)
	for b.Loop() {
		batch, err := a.Compose(ctx, nil, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := a.CancelBatch(ctx, batch.Number); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "letters/s")
}

// BenchmarkReceive parses and stores batches of 200 mails.
func BenchmarkReceive(b *testing.B) {
	a, ctx := benchDesk(b, 0)
	operator, _ := OperatorOf(ctx)
	uid := uint32(0)
	for b.Loop() {
		mails := make([]mailbox.Raw, 200)
		for i := range mails {
			uid++
			body := textMail("Anne", "a@b.fr", "Courrier non reçu", fmt.Sprintf("%d@b.fr", uid), tuesday, "Bonjour,\nrien n’est arrivé.\n")
			mails[i] = mailbox.Raw{UIDValidity: 1, UID: uid, Received: tuesday, Body: body}
		}
		if _, err := a.receive(ctx, operator, "b", mails, mailbox.Cursor{UIDValidity: 1, UID: uid}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(200*float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}

// BenchmarkDirectory searches among 100,000 organisations, as one types, and
// reads a page far down.
func BenchmarkDirectory(b *testing.B) {
	a, ctx := benchDesk(b, 0)
	err := a.store.Update(ctx, func(tx *store.Tx) error {
		for i := range 100_000 {
			o := data.Organisation{Kind: data.Commune, Name: fmt.Sprintf("Commune de Ville%d", i), CreatedAt: tuesday}
			if err := tx.AddOrganisation(&o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, query := range map[string]struct {
		filter data.DirectoryFilter
		offset int
	}{
		"first":  {data.DirectoryFilter{}, 0},
		"middle": {data.DirectoryFilter{}, 50_000},
		"last":   {data.DirectoryFilter{Order: data.ByPostalCode, Descending: true}, 99_900},
		"rare":   {data.DirectoryFilter{Text: "ville4242"}, 0},
		"common": {data.DirectoryFilter{Text: "com"}, 0},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := a.Directory(ctx, query.filter, query.offset, 100); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			if n, err := a.CountDirectory(ctx, data.DirectoryFilter{Text: "com"}); err != nil || n != 100_001 {
				b.Fatal(n, err)
			}
		}
	})
}
