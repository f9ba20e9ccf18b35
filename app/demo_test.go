package app

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"guichet/data"
)

// cheap hashes passwords fast, in tests only.
var cheap = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// tuesday is the day on which most tests happen.
var tuesday = time.Date(2026, 11, 24, 13, 20, 0, 0, data.Paris)

func TestDemoRegister(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "demo.db")
	options := Options{Clock: func() time.Time { return tuesday }, Passwords: cheap, NoKeyring: true}
	if err := BuildDemo(ctx, path, 1, options, nil); err != nil {
		t.Fatal(err)
	}
	if err := BuildDemo(ctx, path, 1, options, nil); KindOf(err) != Conflict {
		t.Errorf("a register in service is built over: %v", err)
	}
	a, err := Open(ctx, path, options)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	signed, err := a.SignIn(ctx, DemoOperator, DemoPassword)
	if err != nil {
		t.Fatal(err)
	}
	ctx = As(ctx, signed.Operator)
	demoHasEverything(t, ctx, a)
	if check, err := a.VerifyAudit(ctx); err != nil || check.Broken.ID != 0 || check.Entries < 1000 {
		t.Errorf("audit: %+v, %v", check, err)
	}
}

func demoHasEverything(t *testing.T, ctx context.Context, a *App) {
	t.Helper()
	organisations, err := a.FindOrganisations(ctx, "")
	if err != nil || len(organisations) < 200 {
		t.Fatalf("%d organisations, %v", len(organisations), err)
	}
	blocks, administrators := map[data.Block]int{}, 0
	for _, o := range organisations {
		if o.Administrator.ID != 0 {
			administrators++
		}
		record, err := a.Organisation(ctx, o.Organisation.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, account := range record.Accounts {
			for _, block := range account.Blocks(a.Now()) {
				blocks[block]++
			}
			if account.Usable(a.Now()) {
				blocks["usable"]++
			}
		}
	}
	for _, block := range []data.Block{"usable", data.AwaitingActivation, data.AwaitingValidation, data.ActivationExpired, data.Unused, data.Invalidated} {
		if blocks[block] == 0 {
			t.Errorf("no account is %s", block)
		}
	}
	states := map[data.LetterState]int{}
	files, err := a.Letters(ctx, data.LetterFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		states[file.State]++
	}
	for _, state := range []data.LetterState{data.Queued, data.Composed, data.Posted, data.Confirmed, data.WithdrawnLetter, data.Locked} {
		if states[state] == 0 {
			t.Errorf("no letter is %s", state)
		}
	}
	w, err := a.Home(ctx)
	if err != nil || w.LettersReady == 0 || w.LettersHeld == 0 || w.BatchesToPrint != 1 || w.BatchesToPost != 1 {
		t.Errorf("waiting: %+v, %v", w, err)
	}
	headings := map[data.Heading]int{}
	tickets, err := a.Tickets(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, ticket := range tickets {
		headings[ticket.Heading]++
	}
	for _, heading := range data.Headings {
		if headings[heading] == 0 {
			t.Errorf("no ticket under %s", heading)
		}
	}
	t.Logf("%d organisations, %d administrators, accounts %v, letters %v, tickets %v", len(organisations), administrators, blocks, states, headings)
}
