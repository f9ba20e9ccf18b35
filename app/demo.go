package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"

	"guichet/assets"
	"guichet/data"
)

// The demo register's operators share a password; no other register has a
// default one.
const (
	DemoOperator = "demo"
	DemoName     = "Démonstration Alsace" // the register's
	DemoPassword = "guichet-demo-2026"    // #nosec G101 -- of the demo register alone
)

// demoOrganisations is the number of communes in the demo register.
const demoOrganisations = 260

// BuildDemo builds the demo register: real communes and groupings of Alsace
// with invented people, accounts in every state, batches, and tickets of every
// heading. It is built by the use cases themselves, on a clock that moves
// through the twenty months before the options' time. The same seed and time
// give the same register, but for the salts of its passwords. Conflict when
// the register has operators already.
func BuildDemo(ctx context.Context, path string, seed uint64, options Options, progress func(done, total int)) (err error) {
	now := time.Now
	if options.Clock != nil {
		now = options.Clock
	}
	d := &demo{
		rand: rand.New(rand.NewPCG(seed, 20)), today: now().In(data.Paris), progress: progress, // #nosec G404 -- invented people, the same each time
		people: sections(assets.DemoPeople),
	}
	d.codes = &codeRecorder{random: rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), 'd', 'e', 'm', 'o'})}
	options.Clock = func() time.Time { return d.clock }
	options.Random = d.codes
	if options.Passwords == nil { // hundreds of invented passwords: cheap hashes will do
		options.Passwords = &argon2id.Params{Memory: 8 * 1024, Iterations: 1, Parallelism: 2, SaltLength: 16, KeyLength: 32}
	}
	d.clock = d.morning(-20*30 - 7)
	if d.app, err = Open(ctx, path, options); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.app.Close()) }()
	if has, err := d.app.HasOperators(ctx); err != nil || has {
		return errors.Join(err, refuse(Conflict, "Le registre {{.Path}} est déjà en service : la démonstration demande un registre neuf", data.Values{"Path": path}))
	}
	return d.build(ctx)
}

// demo is the state of the building.
type demo struct {
	app      *App
	rand     *rand.Rand
	today    time.Time
	clock    time.Time
	codes    *codeRecorder
	people   map[string][]string
	progress func(done, total int)
	accounts []data.Account // registered so far
	received uint32         // mails
}

// morning is nine o'clock, a number of days from today.
func (d *demo) morning(days int) time.Time {
	t := d.today.AddDate(0, 0, days)
	return time.Date(t.Year(), t.Month(), t.Day(), 9, d.rand.IntN(50), 0, 0, t.Location())
}

// workday is nine o'clock, a negative number of working days from today.
func (d *demo) workday(back int) time.Time {
	at, days := d.morning(0), 0
	for back < 0 {
		days--
		at = d.morning(days)
		if at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
			back++
		}
	}
	return at
}

func (d *demo) chance(percent int) bool { return d.rand.IntN(100) < percent }

func pick[T any](d *demo, from []T) T { return from[d.rand.IntN(len(from))] }

func (d *demo) report(done, total int) {
	if d.progress != nil {
		d.progress(done, total)
	}
}

func (d *demo) build(ctx context.Context) error {
	ctx, err := d.operators(ctx)
	if err != nil {
		return err
	}
	if err := d.settings(ctx); err != nil {
		return err
	}
	if err := d.organisations(ctx); err != nil {
		return err
	}
	if err := d.services(ctx); err != nil {
		return err
	}
	organisations, err := d.app.FindOrganisations(ctx, "")
	if err != nil {
		return err
	}
	d.rand.Shuffle(len(organisations), func(i, j int) { organisations[i], organisations[j] = organisations[j], organisations[i] })
	const rounds = 14
	for round := range rounds {
		if err := d.round(ctx, organisations, round, rounds); err != nil {
			return fmt.Errorf("demo round %d: %w", round, err)
		}
		d.report(round+1, rounds+2)
	}
	queue, err := d.present(ctx, organisations)
	if err != nil {
		return err
	}
	d.report(rounds+1, rounds+2)
	if err := d.tickets(ctx); err != nil {
		return err
	}
	if err := d.queue(ctx, queue); err != nil {
		return err
	}
	if err := d.oddTickets(ctx); err != nil {
		return err
	}
	d.report(rounds+2, rounds+2)
	return nil
}

// operators makes the staff and returns the context of the one who does
// everything.
func (d *demo) operators(ctx context.Context) (context.Context, error) {
	for _, in := range []NewOperator{
		{Login: DemoOperator, Name: "Claire Martin", Roles: []data.Role{data.MailRoom, data.HelpDesk, data.Administrator}},
		{Login: "courrier", Name: "Paul Hirtz", Roles: []data.Role{data.MailRoom}},
		{Login: "assistance", Name: "Nora Stoll", Roles: []data.Role{data.HelpDesk}},
		{Login: "lecture", Name: "Jean Kern", Roles: []data.Role{data.Reader}},
	} {
		in.Password = DemoPassword
		operator, err := d.app.CreateOperator(ctx, in)
		if err != nil {
			return ctx, err
		}
		if in.Login == DemoOperator {
			ctx = As(ctx, operator)
		}
	}
	return ctx, nil
}

func (d *demo) settings(ctx context.Context) error {
	settings := data.DefaultSettings()
	settings.RegisterName = DemoName
	settings.Sender = []string{"Portail e-services d’Alsace", "Service des codes de confirmation", "10 place de la République", "67000 Strasbourg"}
	settings.Place, settings.PortalURL = "Strasbourg", "https://portail.example"
	settings.Signatory, settings.SignatoryTitle = "Claire MARTIN", "Responsable du portail e-services"
	settings.SupportEmail, settings.SupportPhone = "assistance@portail.example", "03 88 00 00 00"
	settings.AlsaceMoselle = true
	settings.HelpDesk.Signature = "L’assistance du portail e-services"
	mail := data.MailboxSettings{Host: "127.0.0.1", Port: DemoMailPort, Security: "none", User: DemoMailUser, Folders: []string{"INBOX"}}
	settings.Mailboxes = []data.MailboxSettings{mail}
	settings.Smarthost = data.SmarthostSettings{
		Host: "127.0.0.1", Port: DemoSMTPPort, Security: "none", From: "ne-pas-repondre@portail.example",
	}
	if err := d.app.SaveSettings(ctx, settings); err != nil {
		return err
	}
	_, err := d.app.SetMailPassword(ctx, MailboxPassword(mail), demoMailPassword)
	return err
}

// services makes the catalogue.
func (d *demo) services(ctx context.Context) error {
	for _, service := range []data.EService{
		{Code: "actes", Name: "Transmission des actes", Description: "Envoi des délibérations et arrêtés au contrôle de légalité."},
		{Code: "etat-civil", Name: "État civil", Description: "Échange des avis de mention entre mairies."},
		{Code: "subventions", Name: "Demandes de subvention", Description: "Dépôt et suivi des dossiers."},
		{Code: "urbanisme", Name: "Urbanisme", Description: "Instruction des autorisations d’urbanisme."},
	} {
		if _, err := d.app.AddEService(ctx, service); err != nil {
			return err
		}
	}
	return nil
}

// organisations imports some of Alsace's communes and all its groupings, with
// invented streets and representatives.
func (d *demo) organisations(ctx context.Context) error {
	lines := strings.Split(strings.TrimSpace(string(assets.OrganisationsAlsace)), "\n")
	rows := lines[1:]
	d.rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	var file bytes.Buffer
	file.WriteString("type;nom;siren;code_insee;code_postal;libelle_acheminement;adresse;courriel;" +
		"representant_civilite;representant_prenom;representant_nom;representant_fonction\n")
	communes := 0
	for _, row := range rows {
		f := strings.Split(row, ";")
		if f[0] == string(data.Commune) {
			if communes++; communes > demoOrganisations {
				continue
			}
		}
		seat := f
		if f[4] == "" {
			seat = seatOf(f[1], rows)
		}
		street := ""
		if seat[4] != "" {
			street = pick(d, d.people["rues"])
		}
		civility, first, last := d.person()
		office := data.OfficeOf(data.OrganisationKind(f[0]))
		if office == "Président" && civility == data.Madame {
			office = "Présidente"
		}
		host := strings.Trim(strings.ReplaceAll(data.Fold(f[1]), " ", "-"), "-")
		host = strings.NewReplacer("'", "-", ",", "", "commune-de-", "", "commune-d-", "").Replace(host)
		fmt.Fprintf(&file, "%s;%s;%s;%s;%s;%s;%s;mairie@%s.example;%s;%s;%s;%s\n",
			f[0], f[1], f[2], f[3], seat[4], seat[5], street, host, civility, first, last, office)
	}
	report, err := d.app.Import(ctx, OrganisationsFile, &file, false)
	for _, line := range report.Lines {
		if line.Action == LineRefused {
			err = errors.Join(err, fmt.Errorf("demo: line %d of the organisations: %w", line.Line, line.Problems))
		}
	}
	return err
}

// seatOf finds a commune that a grouping is named after; its own row, without
// an address, when there is none: its letters are held back.
func seatOf(grouping string, rows []string) []string {
	best := strings.Split(";;;;;;", ";")
	longest := 0
	for _, row := range rows {
		f := strings.Split(row, ";")
		_, name, found := strings.Cut(strings.NewReplacer("Commune d'", "Commune de ").Replace(f[1]), "Commune de ")
		if found && len(name) > max(3, longest) && f[5] != "" && strings.Contains(grouping, name) {
			best, longest = f, len(name)
		}
	}
	return best
}

// person invents somebody.
func (d *demo) person() (civility data.Civility, first, last string) {
	civility = data.Madame
	if d.chance(50) {
		civility = data.Monsieur
	}
	return civility, pick(d, d.people[string(civility)]), pick(d, d.people["noms"])
}

// register registers an invented person; some accounts are activated at once.
func (d *demo) register(ctx context.Context, organisation data.Organisation, administrator bool) (data.Account, error) {
	civility, first, last := d.person()
	email := fmt.Sprintf("%s.%s%d@%s", emailPart(first), emailPart(last), d.rand.IntN(900)+100, afterAt(organisation.Email))
	if n := len(d.accounts); n > 40 && d.chance(4) { // the same person elsewhere (R13)
		twin := d.accounts[d.rand.IntN(n)]
		if twin.OrganisationID != organisation.ID {
			civility, first, last, email = twin.Civility, twin.FirstName, twin.LastName, twin.Email
		}
	}
	made, err := d.app.Register(ctx, Registration{
		OrganisationID: organisation.ID, Administrator: administrator, Civility: civility, FirstName: first, LastName: last,
		Email: email, Password: "Portail-2026", TermsAccepted: true,
	})
	if KindOf(err) == Conflict { // the twin has an account there already
		return data.Account{}, nil
	}
	if err != nil {
		return data.Account{}, err
	}
	d.accounts = append(d.accounts, made.Account)
	return made.Account, nil
}

func emailPart(name string) string {
	return strings.NewReplacer(" ", "-", "'", "", "’", "").Replace(data.Fold(name))
}

func afterAt(email string) string {
	_, host, _ := strings.Cut(email, "@")
	return host
}

func (d *demo) activate(ctx context.Context, account data.Account) error {
	_, err := d.app.Activate(ctx, data.ActivationToken(account.ID, account.ActivationNonce, d.app.secret))
	return err
}

// codeRecorder draws from a seed and remembers the codes drawn for letters, in
// the order of their sheets: nobody else can know them.
type codeRecorder struct {
	random *rand.ChaCha8
	drawn  []data.ConfirmationCodes
}

// Read fills p; a read of the length that codes take is one.
func (r *codeRecorder) Read(p []byte) (int, error) {
	n, err := r.random.Read(p)
	if len(p) == data.CodesEntropy {
		codes, codesErr := data.NewConfirmationCodes(bytes.NewReader(p))
		r.drawn, err = append(r.drawn, codes), errors.Join(err, codesErr)
	}
	return n, err
}

// sections splits a text into its [sections], comments and blank lines left out.
func sections(text string) map[string][]string {
	all := map[string][]string{}
	section := ""
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
		case section != "":
			all[section] = append(all[section], line)
		}
	}
	for name, lines := range all {
		for len(lines) > 0 && lines[len(lines)-1] == "" {
			lines = lines[:len(lines)-1]
		}
		all[name] = slices.Clip(lines)
	}
	return all
}
