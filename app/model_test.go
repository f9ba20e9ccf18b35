package app

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/data"
)

// model is the rules R1–R17 written anew, as plainly as possible, in memory:
// random sequences of use cases must leave the register as they leave it.
type model struct {
	organisations []int64
	accounts      []*modelAccount
	requests      []*modelRequest
	administrator map[int64]*modelAccount // by organisation
	services      []int64
	subscriptions []*modelSubscription
	batches       []string // numbers of those whose sheets are to be printed
}

type modelAccount struct {
	id, organisation int64
	identifier       string
	nonce            string // of the live link; empty: none
	expires          time.Time
	activated        time.Time
	signedIn         time.Time
	validated        bool
	invalidated      bool
}

// usable is R10 and R11.
func (a *modelAccount) usable(now time.Time) bool {
	last := a.activated
	if a.signedIn.After(last) {
		last = a.signedIn
	}
	unused := !last.IsZero() && now.After(data.EndOfDay(data.AddMonths(last, 16)))
	return !a.activated.IsZero() && a.validated && !a.invalidated && !unused
}

type modelRequest struct {
	account   *modelAccount
	kind      data.RequestKind
	open      bool
	reference string
	state     data.LetterState
	batch     string // number; empty while queued
	codes     data.ConfirmationCodes
	posted    time.Time
	wrong     int
}

// end closes the request, and its letter if it is queued or live.
func (r *modelRequest) end(state data.LetterState) {
	r.open = false
	if r.state == data.Queued || r.state == data.Composed || r.state == data.Posted {
		r.state = state
	}
}

type modelSubscription struct {
	id, organisation, service int64
	live                      bool
	granted                   map[int64]bool // by account
}

// machine drives the register and the model together.
type machine struct {
	*desk
	model
	other *App // another workstation of a shared register; the same one of a file
	steps *int
}

func pickOne[T any](rt *rapid.T, name string, from []T) T {
	if len(from) == 0 {
		rt.Skip("nothing to choose")
	}
	return from[rapid.IntRange(0, len(from)-1).Draw(rt, name)]
}

// agrees asserts that a use case was done exactly when the model allows it.
func (m *machine) agrees(rt *rapid.T, what string, allowed bool, err error) {
	rt.Helper()
	if kind := KindOf(err); (err == nil) != allowed || kind == Internal || kind == Unavailable {
		rt.Fatalf("%s: the model allows it: %v, the register says: %v", what, allowed, err)
	}
}

func (m *machine) register(rt *rapid.T) {
	organisation := pickOne(rt, "organisation", m.organisations)
	administrator := rapid.Bool().Draw(rt, "administrator")
	made, err := m.Register(m.helpDesk, Registration{
		OrganisationID: organisation, Administrator: administrator, TermsAccepted: true, Password: "Portail-2026",
		FirstName: rapid.SampledFrom([]string{"Anne", "Jean-Pierre", "Cœur"}).Draw(rt, "first"),
		LastName:  rapid.SampledFrom([]string{"Heitz", "de Hautecloque", "Müller"}).Draw(rt, "last"),
		Email:     fmt.Sprintf("p%d@mairie.fr", len(m.accounts)),
	})
	m.agrees(rt, "register", true, err)
	account := &modelAccount{
		id: made.Account.ID, organisation: organisation, identifier: made.Account.Identifier,
		nonce: made.Account.ActivationNonce, expires: m.clock.Add(72 * time.Hour),
	}
	for _, other := range m.accounts {
		if other.identifier == account.identifier {
			rt.Fatalf("the identifier %s is given twice", account.identifier)
		}
	}
	m.accounts = append(m.accounts, account)
	kind := data.UserRegistration
	if administrator {
		kind = data.AdministratorRegistration
	}
	m.ask(account, kind, made.Reference)
}

// ask opens a request; one for an administrator supersedes the pending (R15).
func (m *machine) ask(account *modelAccount, kind data.RequestKind, reference string) {
	for _, former := range m.requests {
		if kind.MakesAdministrator() && former.open && former.kind.MakesAdministrator() && former.account.organisation == account.organisation {
			former.end(data.SupersededLetter)
		}
	}
	m.requests = append(m.requests, &modelRequest{account: account, kind: kind, open: true, reference: reference, state: data.Queued})
}

func (m *machine) activate(rt *rapid.T) {
	account := pickOne(rt, "account", m.accounts)
	nonce := account.nonce
	if nonce == "" {
		nonce = "used"
	}
	_, err := m.Activate(m.helpDesk, data.ActivationToken(account.id, nonce, m.secret))
	allowed := account.nonce != "" && !m.clock.After(account.expires)
	m.agrees(rt, "activate", allowed, err)
	if allowed {
		account.activated, account.nonce = m.clock, ""
	}
}

func (m *machine) renew(rt *rapid.T) {
	account := pickOne(rt, "account", m.accounts)
	m.agrees(rt, "renew", true, m.RenewActivation(m.helpDesk, account.id))
	stored := m.stored(rt, account)
	if stored.ActivationNonce == account.nonce {
		rt.Fatal("a renewed link is the old one")
	}
	account.nonce, account.expires = stored.ActivationNonce, m.clock.Add(72*time.Hour)
}

func (m *machine) stored(rt *rapid.T, account *modelAccount) data.Account {
	record, err := m.Organisation(m.admin, account.organisation)
	if err != nil {
		rt.Fatal(err)
	}
	at := slices.IndexFunc(record.Accounts, func(a data.Account) bool { return a.ID == account.id })
	return record.Accounts[at]
}

func (m *machine) validate(rt *rapid.T) {
	account := pickOne(rt, "account", m.accounts)
	allowed := m.administrator[account.organisation] != nil
	for _, request := range m.requests {
		if request.open && request.account == account && request.kind == data.AdministratorRegistration {
			allowed = false // R3
		}
	}
	m.agrees(rt, "validate", allowed, m.ValidateAccount(m.helpDesk, account.id))
	if !allowed {
		return
	}
	account.validated, account.invalidated = true, false
	for _, request := range m.requests {
		if request.open && request.account == account && request.kind == data.UserRegistration {
			request.end(data.WithdrawnLetter) // R4
		}
	}
}

func (m *machine) invalidate(rt *rapid.T) {
	account := pickOne(rt, "account", m.accounts)
	administrator := m.administrator[account.organisation]
	allowed := administrator != nil && administrator != account
	for _, request := range m.requests {
		if request.open && request.account == account && request.kind.MakesAdministrator() {
			allowed = false // the legal representative decides (R3)
		}
	}
	m.agrees(rt, "invalidate", allowed, m.InvalidateAccount(m.helpDesk, account.id))
	if !allowed {
		return
	}
	account.invalidated = true
	for _, request := range m.requests {
		if request.open && request.account == account {
			request.end(data.WithdrawnLetter)
		}
	}
}

func (m *machine) signIn(rt *rapid.T) {
	account := pickOne(rt, "account", m.accounts)
	allowed := account.usable(m.clock)
	m.agrees(rt, "sign in", allowed, m.RecordSignIn(m.helpDesk, account.identifier))
	if allowed {
		account.signedIn = m.clock
	}
}

func (m *machine) succeed(rt *rapid.T) {
	account := pickOne(rt, "account", m.accounts)
	allowed := account.usable(m.clock) && m.administrator[account.organisation] != account
	reference, err := m.RequestSuccession(m.helpDesk, account.id)
	m.agrees(rt, "request succession", allowed, err)
	if allowed {
		m.ask(account, data.AdministratorSuccession, reference)
	}
}

// composeBatch composes all that is queued; then it is closed, or left composed.
func (m *machine) composeBatch(rt *rapid.T) {
	queued := 0
	for _, request := range m.requests {
		if request.state == data.Queued {
			queued++
		}
	}
	m.codes.drawn = nil
	batch, err := m.Compose(m.mailRoom, nil, nil)
	m.agrees(rt, "compose", queued > 0, err)
	if err != nil {
		return
	}
	if batch.Letters != queued {
		rt.Fatalf("composed %d letters of %d", batch.Letters, queued)
	}
	files, err := m.Letters(m.mailRoom, data.LetterFilter{State: data.Composed})
	if err != nil {
		rt.Fatal(err)
	}
	for _, file := range files {
		request := m.requestOf(rt, file.Reference)
		if request.state == data.Queued {
			request.state, request.batch, request.codes, request.wrong = data.Composed, batch.Number, m.codes.drawn[file.Sheet-1], 0
		}
	}
	m.batches = append(m.batches, batch.Number)
	if rapid.Bool().Draw(rt, "at once") {
		m.closeBatch(rt)
	}
}

// closeBatch posts a batch, or cancels it, from the workstation that has its sheets
// or from another one, of which it then hears.
func (m *machine) closeBatch(rt *rapid.T) {
	number := pickOne(rt, "batch", m.batches)
	by := m.App
	if rapid.Bool().Draw(rt, "elsewhere") {
		by = m.other
	}
	posted := rapid.IntRange(0, 3).Draw(rt, "fate") > 0
	if posted {
		m.agrees(rt, "mark printed", true, by.MarkPrinted(m.mailRoom, number))
		m.agrees(rt, "post", true, by.MarkPosted(m.mailRoom, number, m.clock))
	} else {
		m.agrees(rt, "cancel", true, by.CancelBatch(m.mailRoom, number))
	}
	m.agrees(rt, "post again", false, by.MarkPosted(m.mailRoom, number, m.clock))
	m.agrees(rt, "hear", true, m.tidySpool(m.nobody))
	m.batches = slices.DeleteFunc(m.batches, func(other string) bool { return other == number })
	for _, request := range m.requests {
		if request.state != data.Composed || request.batch != number {
			continue
		}
		request.state, request.posted = data.Posted, m.clock
		if !posted {
			request.state, request.batch, request.posted, request.codes = data.Queued, "", time.Time{}, data.ConfirmationCodes{}
		}
	}
}

func (m *machine) requestOf(rt *rapid.T, reference string) *modelRequest {
	for _, request := range m.requests {
		if request.reference == reference {
			return request
		}
	}
	rt.Fatalf("the register has a letter %s that the model does not know", reference)
	return nil
}

// enterCodes enters the right codes of any letter ever composed, or wrong ones.
func (m *machine) enterCodes(rt *rapid.T) {
	request := pickOne(rt, "letter", m.requests)
	if request.codes == (data.ConfirmationCodes{}) {
		rt.Skip("no codes")
	}
	right := rapid.IntRange(0, 3).Draw(rt, "right") > 0
	codes := request.codes
	if !right {
		codes[0], codes[1] = codes[1], codes[0]
	}
	_, err := m.Confirm(m.helpDesk, request.reference, codes[0], codes[1])
	lapsed := !request.posted.IsZero() && m.clock.After(data.EndOfDay(request.posted.AddDate(0, 0, 60)))
	live := request.state == data.Posted || request.state == data.Composed
	m.agrees(rt, "confirm", live && right && !lapsed, err)
	switch {
	case !live:
	case lapsed:
		request.state = data.ExpiredLetter
	case !right:
		if request.wrong++; request.wrong == data.WrongPairsAllowed {
			request.state = data.Locked
		}
	default:
		request.state, request.open = data.Confirmed, false
		request.account.validated, request.account.invalidated = true, false
		if request.kind.MakesAdministrator() {
			m.administrator[request.account.organisation] = request.account // R5
		}
	}
}

func (m *machine) subscribe(rt *rapid.T) {
	organisation, service := pickOne(rt, "organisation", m.organisations), pickOne(rt, "service", m.services)
	allowed := m.administrator[organisation] != nil
	for _, s := range m.subscriptions {
		if s.live && s.organisation == organisation && s.service == service {
			allowed = false
		}
	}
	made, err := m.Subscribe(m.admin, organisation, service)
	m.agrees(rt, "subscribe", allowed, err)
	if allowed {
		m.subscriptions = append(m.subscriptions, &modelSubscription{made.ID, organisation, service, true, map[int64]bool{}})
	}
}

func (m *machine) unsubscribe(rt *rapid.T) {
	subscription := pickOne(rt, "subscription", m.subscriptions)
	m.agrees(rt, "end subscription", subscription.live, m.EndSubscription(m.admin, subscription.id))
	subscription.live, subscription.granted = false, map[int64]bool{} // R7
}

func (m *machine) grant(rt *rapid.T) {
	subscription, account := pickOne(rt, "subscription", m.subscriptions), pickOne(rt, "account", m.accounts)
	allowed := subscription.live && account.organisation == subscription.organisation && account.usable(m.clock) &&
		m.administrator[account.organisation] != nil
	m.agrees(rt, "grant", allowed, m.GrantPermission(m.admin, subscription.id, account.id))
	if allowed {
		subscription.granted[account.id] = true
	}
}

func (m *machine) revoke(rt *rapid.T) {
	subscription, account := pickOne(rt, "subscription", m.subscriptions), pickOne(rt, "account", m.accounts)
	m.agrees(rt, "revoke", true, m.RevokePermission(m.admin, subscription.id, account.id))
	delete(subscription.granted, account.id)
}

func (m *machine) sweep(rt *rapid.T) {
	_, err := m.Sweep(m.admin)
	m.agrees(rt, "sweep", true, err)
	for _, request := range m.requests {
		if request.state == data.Posted && m.clock.After(data.EndOfDay(request.posted.AddDate(0, 0, 60))) {
			request.state = data.ExpiredLetter
		}
	}
	again, err := m.Sweep(m.admin)
	m.agrees(rt, "sweep again", true, err)
	if len(again.Warned)+len(again.Unused)+len(again.NotActivated)+len(again.Expired) > 0 {
		rt.Fatalf("a second sweep does something: %+v", again)
	}
}

func (m *machine) pass(rt *rapid.T) {
	m.clock = m.clock.Add(rapid.SampledFrom([]time.Duration{
		time.Minute, time.Hour, 30 * time.Hour, 100 * time.Hour, 25 * 24 * time.Hour, 200 * 24 * time.Hour,
	}).Draw(rt, "time"))
}

// check compares the register with the model after each step.
func (m *machine) check(rt *rapid.T) {
	*m.steps++
	m.checkSpool(rt)
	for _, id := range m.organisations {
		record, err := m.Organisation(m.admin, id)
		if err != nil {
			rt.Fatal(err)
		}
		administrator := int64(0)
		if m.administrator[id] != nil {
			administrator = m.administrator[id].id
		}
		if record.Administrator.ID != administrator {
			rt.Fatalf("organisation %d: administrator %d, the model says %d", id, record.Administrator.ID, administrator)
		}
		m.checkAccounts(rt, record)
		m.checkLetters(rt, record)
		m.checkPermissions(rt, id)
	}
}

func (m *machine) checkAccounts(rt *rapid.T, record OrganisationRecord) {
	byID := map[int64]data.Account{}
	for _, account := range record.Accounts {
		byID[account.ID] = account
	}
	for _, account := range m.accounts {
		if account.organisation != record.Organisation.ID {
			continue
		}
		stored := byID[account.id]
		if stored.Usable(m.clock) != account.usable(m.clock) || stored.Identifier != account.identifier {
			rt.Fatalf("%s: usable %v %v, the model says %v", stored.Identifier, stored.Usable(m.clock), stored.Blocks(m.clock), account.usable(m.clock))
		}
		if stored.Usable(m.clock) && (stored.ActivatedAt.IsZero() || stored.ValidatedAt.IsZero()) {
			rt.Fatalf("%s is usable without activation or validation", stored.Identifier)
		}
	}
}

// checkSpool: each batch to be printed has its sheets, and nothing else has any.
func (m *machine) checkSpool(rt *rapid.T) {
	var names []string
	for _, number := range m.batches {
		names = append(names, data.Batch{Number: number}.FileName(1))
	}
	if got := m.spoolNames(); !slices.Equal(got, names) {
		rt.Fatalf("the spool holds %v, want %v", got, names)
	}
}

func (m *machine) checkLetters(rt *rapid.T, record OrganisationRecord) {
	open := map[int64]bool{}
	for _, request := range record.Requests {
		open[request.ID] = true
	}
	for _, letter := range record.Letters {
		request := m.requestOf(rt, letter.Reference)
		if letter.State != request.state || open[letter.RequestID] != request.open {
			rt.Fatalf("%s is %s (open %v), the model says %s (open %v)", letter.Reference, letter.State, open[letter.RequestID], request.state, request.open)
		}
		if live := letter.Live() && len(letter.Hash) > 0; live && !open[letter.RequestID] {
			rt.Fatalf("%s has live codes for a closed request", letter.Reference)
		} else if !letter.Live() && len(letter.Hash) > 0 {
			rt.Fatalf("%s is %s and keeps its codes", letter.Reference, letter.State)
		}
	}
}

func (m *machine) checkPermissions(rt *rapid.T, organisation int64) {
	matrix, err := m.Permissions(m.admin, organisation)
	if err != nil {
		rt.Fatal(err)
	}
	for i, account := range matrix.Accounts {
		for j, service := range matrix.Services {
			want := false
			for _, s := range m.subscriptions {
				want = want || s.live && s.organisation == organisation && s.service == service.ID && s.granted[account.ID]
			}
			if matrix.Granted[i][j] != want {
				rt.Fatalf("%s may use %s: %v, the model says %v", account.Identifier, service.Code, matrix.Granted[i][j], want)
			}
			if matrix.Granted[i][j] && !matrix.Subscriptions[j].Live() {
				rt.Fatalf("%s holds a permission without a live subscription", account.Identifier)
			}
		}
	}
}

// TestModel drives random sequences of use cases, at least 10,000 steps.
func TestModel(t *testing.T) {
	steps := 0
	for seed := 1; steps < modelSteps(t); seed++ {
		for name, value := range map[string]string{"rapid.seed": strconv.Itoa(seed), "rapid.steps": "60"} {
			if err := flag.Set(name, value); err != nil {
				t.Fatal(err)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			m := &machine{desk: openDesk(t), steps: &steps, model: model{administrator: map[int64]*modelAccount{}}}
			defer m.Close()
			if m.other = m.App; IsShared(m.path) {
				m.other = m.workstation()
				defer m.other.Close()
			}
			for _, name := range []string{"Commune A", "Commune B"} {
				m.organisations = append(m.organisations, m.organisation(name).ID)
			}
			for _, code := range []string{"actes", "etat-civil"} {
				service, err := m.AddEService(m.admin, data.EService{Code: code, Name: code})
				m.done(err)
				m.services = append(m.services, service.ID)
			}
			rt.Repeat(map[string]func(*rapid.T){
				"register": m.register, "activate": m.activate, "renew": m.renew, "validate": m.validate, "invalidate": m.invalidate,
				"signIn": m.signIn, "succeed": m.succeed, "compose": m.composeBatch, "close": m.closeBatch, "enterCodes": m.enterCodes, "enterCodes2": m.enterCodes,
				"subscribe": m.subscribe, "unsubscribe": m.unsubscribe, "grant": m.grant, "grant2": m.grant, "revoke": m.revoke,
				"sweep": m.sweep, "pass": m.pass, "": m.check,
			})
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d steps", steps)
}

// modelSteps is 10,000, or 1,000 with -short.
func modelSteps(t *testing.T) int {
	t.Helper()
	if testing.Short() {
		return 1000
	}
	return 10000
}
