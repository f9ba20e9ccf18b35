package views

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/alexedwards/argon2id"

	"guichet/app"
	"guichet/data"
)

func TestMain(m *testing.M) {
	if err := Speak(French); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

const testPassword = "un bon mot de passe"

var testNow = time.Date(2026, 11, 24, 13, 20, 0, 0, data.Paris)

func testOptions() app.Options {
	return app.Options{
		Clock:     func() time.Time { return testNow },
		Passwords: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}, NoKeyring: true,
	}
}

// desk is a window over a register of its own, with who may sign in.
type desk struct {
	*testing.T
	w   *Window
	app *app.App
	ctx context.Context // the administrator's
	now time.Time
}

func openDesk(t *testing.T, path string) *desk {
	t.Helper()
	d := &desk{T: t, now: testNow}
	options := testOptions()
	options.Clock = func() time.Time { return d.now }
	guichet, err := app.Open(t.Context(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { guichet.Close() })
	w := newWindow(test.NewTempApp(t), guichet, &tasks{inline: true})
	t.Cleanup(w.window.Close)
	w.window.Resize(fyne.NewSize(windowWidth, 800))
	d.w, d.app = w, guichet
	return d
}

// TestDemoRegister works in the demo register: a ticket's thread, and the tour
// of all screens. GUICHET_SCREENS keeps the tour's pictures in a folder.
func TestDemoRegister(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo.db")
	if err := app.BuildDemo(t.Context(), path, 1, testOptions(), nil); err != nil {
		t.Fatal(err)
	}
	d := openDesk(t, path)
	d.signIn(app.DemoOperator, app.DemoPassword)
	t.Run("ticket", func(t *testing.T) { testTicket(t, d) })
	t.Run("audit", func(t *testing.T) { testAudit(t, d) })
	t.Run("reader", func(t *testing.T) {
		d.T = t
		testReader(d)
	})
	t.Run("tour", func(t *testing.T) {
		d.T = t
		folder := os.Getenv("GUICHET_SCREENS")
		if folder == "" {
			folder = t.TempDir()
		}
		tour := d.tour(folder)
		if os.Getenv("GUICHET_SCREENS") == "" {
			tour.Language = English // TestWindow visits them in French
		}
		if err := d.w.SaveScreens(tour); err != nil {
			t.Fatal(err)
		}
		if pictures, _ := filepath.Glob(filepath.Join(folder, "*.png")); len(pictures) < 20 {
			t.Errorf("%d pictures", len(pictures))
		}
	})
}

// tour composes a batch and enters the codes of its first letter.
func (d *desk) tour(folder string) Tour {
	d.ctx = app.As(d.Context(), d.w.frame.operator)
	batch, err := d.app.Compose(d.ctx, nil, nil)
	if err != nil {
		d.Fatal(err)
	}
	reference, codes := d.firstLetter(batch.Number)
	return Tour{
		Folder: folder, Login: app.DemoOperator, Password: app.DemoPassword, Codes: [3]string{reference, codes[0], codes[1]},
	}
}

func testTicket(t *testing.T, d *desk) {
	screen := d.w.frame.tickets
	screen.showView(data.ToHandleView)
	screen.list.find(func(s data.TicketSummary) bool { return s.AccountID != 0 && s.State == data.NewTicket })
	ticket := screen.ticket.shown
	first := strings.TrimSpace(strings.Split(ticket.Messages[0].Text, "\n")[0])
	d.T = t
	d.wantRead(ticket.Subject, plain(first), ticket.Account.Identifier, ticket.Organisation.Name)
	d.w.typed('a')
	d.wantRead("La demande est à vous", ticket.Number)
	ctx := app.As(t.Context(), d.w.frame.operator)
	d.w.typed('e')
	if found, err := d.app.Ticket(ctx, ticket.ID); err != nil || found.State != data.Solved || found.AssigneeID != d.w.frame.operator.ID {
		t.Errorf("the ticket is %s, %v", found.State, err)
	}
	// A change by somebody else in between is told, not overwritten.
	if err := d.app.ChangeTicket(ctx, screen.ticket.shown.Ticket, app.TicketChange{State: data.OpenTicket}); err != nil {
		t.Fatal(err)
	}
	screen.ticket.take()
	d.wantRead("a changé entre-temps")
}

func TestSignIn(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", "faux mot de passe")
	d.wantRead("Nom d’utilisateur ou mot de passe erroné")
	if d.w.frame != nil {
		t.Error("signed in with a wrong password")
	}
	d.signIn("claire", testPassword)
	d.wantRead("Bonjour Claire Martin", "Registre ·")
	d.tap("Fermer la session")
	if d.w.frame != nil || !d.entry(1).Password {
		t.Error("still signed in")
	}
}

// TestWrongPasswordIsTypedOver: what is typed after a refusal takes the place of
// what was refused.
func TestWrongPasswordIsTypedOver(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", "mauvais")
	test.Type(d.w.window.Canvas().Focused(), testPassword)
	if got := d.entry(1).Text; got != testPassword {
		t.Errorf("%d characters, want %d", len(got), len(testPassword))
	}
}

func TestFirstAdministrator(t *testing.T) {
	d := openDesk(t, filepath.Join(t.TempDir(), "register.db"))
	d.wantRead("Ce registre est neuf", "14 caractères au moins")
	test.Type(d.entry(0), "claire")
	test.Type(d.entry(1), "Claire Martin")
	test.Type(d.entry(2), "court")
	d.tap("Créer l’administrateur")
	if d.w.frame != nil {
		t.Fatal("a short password passed")
	}
	test.Type(d.entry(2), " devenu assez long")
	d.tap("Créer l’administrateur")
	d.wantRead("Mise en service")
}

func TestNavigationShowsWhatRolesUse(t *testing.T) {
	d, _ := newDesk(t)
	for login, c := range map[string]struct {
		role data.Role
		want string
	}{
		"courrier":   {data.MailRoom, "Accueil Courrier Réglages"},
		"assistance": {data.HelpDesk, "Accueil Codes Assistance Annuaire"},
		"admin":      {data.Administrator, "Accueil Courrier Codes Assistance Annuaire E-services Réglages Journal"},
	} {
		d.operator(login, c.role)
		d.signIn(login, testPassword)
		var words []string
		for _, item := range d.w.frame.nav.items {
			words = append(words, item.text)
		}
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("%s sees %q, want %q", login, got, c.want)
		}
	}
}

func TestShortcuts(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	if d.w.pressed(fyne.Key3, fyne.KeyModifierShortcutDefault); d.w.frame.current != screen(d.w.frame.codes) {
		t.Error("Ctrl+3 does not show the codes")
	}
	d.w.pressed(fyne.Key5, fyne.KeyModifierShortcutDefault)
	d.w.frame.book.onAdd()
	if d.w.pressed(fyne.Key1, fyne.KeyModifierShortcutDefault) || d.w.frame.current != screen(d.w.frame.book) {
		t.Error("a shortcut passed through a dialog")
	}
	d.w.pressed(fyne.KeyEscape, 0)
	if d.w.dialog != nil {
		t.Error("Esc does not close the dialog")
	}
}

func TestRegistrationForm(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	d.w.frame.book.open(organisation.ID)
	d.tap("Nouvelle inscription")
	if !d.button("Valider").Disabled() {
		t.Error("Valider is enabled on an empty form")
	}
	d.wantRead("Il manque : le prénom, le nom, l’adresse électronique, un mot de passe selon les règles, l’accord")
	form := d.w.frame.book.form.(*registration)
	test.Type(form.first, "Frédéric")
	test.Type(form.last, "DUPONT DURAND")
	d.wantRead("frederic-dupont-dura", "ce serait frederic.dupont")
	test.Type(form.email, "f.dupont@achenheim.example")
	test.Type(form.password, "Soleil2026")
	d.wantRead("Il manque : l’accord")
	test.Tap(form.terms)
	d.tap("Valider")
	record, err := d.app.Organisation(d.ctx, organisation.ID)
	if err != nil || len(record.Accounts) != 1 || len(record.Letters) != 1 {
		t.Fatalf("accounts %v, letters %v, %v", record.Accounts, record.Letters, err)
	}
	d.wantRead("frederic-dupont-dura", "est inscrit : la lettre "+record.Letters[0].Reference)
}

// register registers somebody by the use case.
func (d *desk) register(organisation data.Organisation, first string, administrator bool) app.Registered {
	d.Helper()
	made, err := d.app.Register(d.ctx, app.Registration{
		OrganisationID: organisation.ID, Administrator: administrator, FirstName: first, LastName: "Dupont",
		Email: first + "@achenheim.example", Password: "Soleil2026", TermsAccepted: true,
	})
	if err != nil {
		d.Fatal(err)
	}
	return made
}

var codesInPDF = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b`)

// letterCodes are the codes of a batch's first letter, as printed.
func (d *desk) letterCodes(number string) []string {
	d.Helper()
	_, found := d.firstLetter(number)
	return found
}

var referenceInPDF = regexp.MustCompile(`L\d\d-\d{6}-[0-9A-Z]`)

// firstLetter is the reference and the codes of a batch's first letter.
func (d *desk) firstLetter(number string) (reference string, found []string) {
	d.Helper()
	files, err := d.app.BatchFiles(d.ctx, number)
	if err != nil {
		d.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-l", "1", "-layout", files[0], "-").Output()
	if errors.Is(err, exec.ErrNotFound) {
		d.Skip("pdftotext is not installed")
	} else if err != nil {
		d.Fatal(err)
	}
	for _, code := range codesInPDF.FindAllString(string(text), -1) {
		if data.ValidCode(code) && !slices.Contains(found, code) {
			found = append(found, code)
		}
	}
	return referenceInPDF.FindString(string(text)), found
}

func TestFromQueueToCodes(t *testing.T) {
	d, organisation := newDesk(t)
	made := d.register(organisation, "luc", true)
	d.signIn("claire", testPassword)
	d.w.frame.mail.showQueue()
	d.tap("Composer le lot d’une lettre")
	d.wantRead("composé : une lettre à imprimer")
	batches, err := d.app.Batches(d.ctx)
	if err != nil || len(batches) != 1 {
		t.Fatalf("batches %v, %v", batches, err)
	}
	codes := d.letterCodes(batches[0].Number)
	if len(codes) != 2 {
		t.Fatalf("%d codes in the PDF", len(codes))
	}
	d.tap("Imprimé…")
	d.wantRead("sorti correctement ?")
	d.tap("Oui, tout est bon")
	d.tap("Posté…")
	date := d.dateEntry()
	date.SetText("31/02/2026")
	d.tap("Noter le lot posté")
	d.wantRead("Date erronée « 31/02/2026 »")
	date.SetText("24/11/2026")
	d.tap("Noter le lot posté")
	d.wantRead("posté le 24 nov. 2026")

	f := d.w.frame
	f.show(f.codes)
	test.Type(f.codes.reference, strings.ToLower(made.Reference))
	if d.w.window.Canvas().Focused() != fyne.Focusable(f.codes.code1) {
		t.Error("the caret does not move on from the reference")
	}
	wrong := "0" + codes[0][1:]
	if codes[0][0] == '0' {
		wrong = "1" + codes[0][1:]
	}
	test.Type(f.codes.code1, wrong)
	d.wantRead("Ce code comporte une faute de frappe")
	f.codes.code1.SetText("")
	test.Type(f.codes.code1, codes[0])
	test.Type(f.codes.code2, codes[1])
	d.tap("Confirmer")
	d.wantRead("Commune d'Achenheim : luc DUPONT en est l’administrateur", "Il n’y avait pas d’administrateur avant")
	for _, field := range []*entry{f.codes.reference, f.codes.code1, f.codes.code2} {
		if field.Text != "" {
			t.Error("a code stays on the screen")
		}
	}
	record, err := d.app.Organisation(d.ctx, organisation.ID)
	if err != nil || record.Administrator.ID != made.Account.ID {
		t.Errorf("administrator %v, %v", record.Administrator, err)
	}
}

func TestCancelBatchAsksFirst(t *testing.T) {
	d, organisation := newDesk(t)
	d.register(organisation, "luc", true)
	batch, err := d.app.Compose(d.ctx, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	d.signIn("claire", testPassword)
	d.w.frame.mail.showBatches()
	d.tap("Annuler le lot…")
	d.w.pressed(fyne.KeyReturn, fyne.KeyModifierShortcutDefault)
	if d.w.dialog == nil {
		t.Fatal("Ctrl+Enter did a dangerous act")
	}
	d.tap("Annuler le lot")
	if _, err := d.app.BatchFiles(d.ctx, batch.Number); app.KindOf(err) != app.Conflict {
		t.Errorf("the batch is not cancelled: %v", err)
	}
}

func TestUnreachableMailbox(t *testing.T) {
	d, _ := newDesk(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0") // a port where nobody listens once it is closed
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	settings := testSettings()
	settings.Mailboxes = []data.MailboxSettings{{Host: "127.0.0.1", Port: port, Security: "none", User: "aide", Folders: []string{"INBOX"}}}
	if err := d.app.SaveSettings(d.ctx, settings); err != nil {
		t.Fatal(err)
	}
	d.signIn("claire", testPassword)
	for _, next := range []string{"13 h 21", "13 h 22", "13 h 24", "13 h 28", "13 h 35", "13 h 35"} {
		d.wantRead("Boîte : le serveur de courriel ne répond pas · prochain essai à " + next)
		d.w.frame.scope.pass("mailbox")
	}
	if d.w.dialog != nil {
		t.Error("an unreachable mailbox opened a dialog")
	}
}
