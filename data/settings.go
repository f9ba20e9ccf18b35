package data

import "time"

// Settings are what an administrator sets for a register. Passwords are not
// among them: they live in the keyring.
type Settings struct {
	// RegisterName names the register in the window.
	RegisterName string
	// Letterhead and signature of the letters.
	Sender         []string
	Place          string
	PortalURL      string
	Signatory      string
	SignatoryTitle string
	SupportEmail   string
	SupportPhone   string
	// LetterTexts are the letters' paragraphs where they are not Guichet's own.
	LetterTexts LetterTexts
	// Duplex gives each letter a second page, for its back, which bears Verso.
	Duplex bool
	Verso  string
	// Envelope is what letters are put into.
	Envelope Envelope
	// Postage is what a deposit slip counts with.
	Postage Postage
	// Printers are the offsets of those that were calibrated.
	Printers []PrinterOffset
	// CutOff is the time of day, 15:04, after which a letter waits for the
	// next day's post.
	CutOff string
	// BatchLimit is the most letters of one batch.
	BatchLimit int
	// CodeValidDays is how long codes work after posting, 10 to 90.
	CodeValidDays int
	// AlsaceMoselle adds Good Friday and 26 December to the public holidays.
	AlsaceMoselle bool
	// LockMinutes is after how long without a key or the mouse a session locks;
	// 0: never.
	LockMinutes int
	Retention   Retention
	Backup      BackupSettings
	HelpDesk    HelpDeskSettings
	Mailboxes   []MailboxSettings
	Smarthost   SmarthostSettings
}

// HelpDeskSettings are how assistance requests are handled.
type HelpDeskSettings struct {
	// Opens and Closes are times of day, 15:04: answer times count in the hours
	// between, Monday to Friday or Saturday, less public holidays.
	Opens, Closes string
	Saturday      bool
	// AnswerHours and SolveHours are the working hours within which a ticket of
	// normal priority is to be answered and solved.
	AnswerHours, SolveHours int
	// Acknowledge answers each new request with its number.
	Acknowledge bool
	// Signature ends each reply.
	Signature string
	// Answers are the stock answers that are not Guichet's own.
	Answers map[Heading]string
}

// SmarthostSettings name the SMTP server that takes outgoing mail.
type SmarthostSettings struct {
	Host            string
	Port            int
	Security        string
	User            string
	Auth            MailAuth
	OAuth           OAuthSettings
	From            string // address that mails come from
	CertificateFile string
}

// DefaultSettings are a new register's settings.
func DefaultSettings() Settings {
	return Settings{
		RegisterName: "Registre", Envelope: EnvelopeDL, Postage: Postage{Service: "Lettre verte"}, CutOff: "15:30", BatchLimit: 500, CodeValidDays: DefaultValidDays,
		LockMinutes: 15, Retention: DefaultRetention(), Backup: BackupSettings{Keep: 30},
		HelpDesk:  HelpDeskSettings{Opens: "08:30", Closes: "17:30", AnswerHours: 8, SolveHours: 24},
		Smarthost: SmarthostSettings{Port: 587, Security: "starttls"},
	}
}

// Check names every setting that breaks a rule.
func (s Settings) Check() error {
	var problems Problems
	problems.Require("register_name", s.RegisterName)
	if _, err := time.Parse("15:04", s.CutOff); err != nil {
		problems.Add("cut_off", "L’heure limite s’écrit 15:30", nil)
	}
	if s.BatchLimit < 1 || s.BatchLimit > 100_000 {
		problems.Add("batch_limit", "Un lot compte de 1 à 100 000 lettres", nil)
	}
	if s.CodeValidDays < 10 || s.CodeValidDays > 90 {
		problems.Add("code_valid_days", "Les codes valent de 10 à 90 jours", nil)
	}
	if !s.Envelope.Known() {
		problems.Add("envelope", "Format d’enveloppe inconnu « {{.Value}} »", Values{"Value": s.Envelope})
	}
	if s.Postage.Home < 0 || s.Postage.Abroad < 0 {
		problems.Add("postage", "Un tarif ne peut pas être négatif", nil)
	}
	if s.LockMinutes < 0 || s.LockMinutes > 480 {
		problems.Add("lock_minutes", "La session se verrouille après 1 à 480 minutes ; 0 : jamais", nil)
	}
	s.Retention.check(&problems)
	s.Backup.check(&problems)
	s.HelpDesk.check(&problems)
	s.checkMailboxes(&problems)
	s.Smarthost.check(&problems)
	return problems.Err()
}

// check names every setting that breaks a rule; without a server nothing is
// sent, and nothing is to be said.
func (s SmarthostSettings) check(problems *Problems) {
	if s.Host == "" {
		return
	}
	problems.checkServer("smarthost", s.Port, s.Security)
	if s.From != "" && !ValidEmail(s.From) {
		problems.Add("smarthost.from", "« {{.Value}} » n’est pas une adresse", Values{"Value": s.From})
	}
	if s.Auth.OAuth() {
		problems.Require("smarthost.client_id", s.OAuth.ClientID)
	}
}

// CheckMailboxes names every setting of the mailboxes that breaks a rule.
func (s Settings) CheckMailboxes() error {
	var problems Problems
	s.checkMailboxes(&problems)
	return problems.Err()
}

func (s Settings) checkMailboxes(problems *Problems) {
	for i, m := range s.Mailboxes {
		m.check(problems, s.Mailboxes[:i])
	}
}

func (h HelpDeskSettings) check(problems *Problems) {
	if opens, closes := clockTime(h.Opens), clockTime(h.Closes); closes <= opens {
		problems.Add("help_desk_hours", "Les heures de l’assistance s’écrivent 08:30 et 17:30, l’ouverture avant la fermeture", nil)
	}
	if h.AnswerHours < 1 || h.SolveHours < 1 || h.AnswerHours > 1000 || h.SolveHours > 1000 {
		problems.Add("help_desk_targets", "Les délais comptent de 1 à 1000 heures ouvrées", nil)
	}
	for _, heading := range Headings {
		if _, err := ParseTemplate("answer."+string(heading), h.Answers[heading], AnswerVariables); err != nil {
			*problems = append(*problems, err.(Problems)...)
		}
	}
}

// CutOffOn is the cut-off time on a day.
func (s Settings) CutOffOn(day time.Time) time.Time {
	clock, err := time.Parse("15:04", s.CutOff)
	if err != nil {
		return EndOfDay(day)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, day.Location())
}
