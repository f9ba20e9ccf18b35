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
	Mailbox       MailboxSettings
	Smarthost     SmarthostSettings
}

// MailboxSettings name the IMAP folder that assistance requests come into.
type MailboxSettings struct {
	Host     string
	Port     int
	Security string // tls, starttls or none (loopback only)
	User     string
	Folder   string
	// CertificateFile is a PEM file of the authorities to trust besides the
	// system's; empty for none.
	CertificateFile string
}

// SmarthostSettings name the SMTP server that takes outgoing mail.
type SmarthostSettings struct {
	Host            string
	Port            int
	Security        string
	User            string
	From            string // address that mails come from
	CertificateFile string
}

// DefaultSettings are a new register's settings.
func DefaultSettings() Settings {
	return Settings{
		RegisterName: "Registre", Envelope: EnvelopeDL, Postage: Postage{Service: "Lettre verte"}, CutOff: "15:30", BatchLimit: 500, CodeValidDays: DefaultValidDays,
		Mailbox:   MailboxSettings{Port: 993, Security: "tls", Folder: "INBOX"},
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
	return problems.Err()
}

// CutOffOn is the cut-off time on a day.
func (s Settings) CutOffOn(day time.Time) time.Time {
	clock, err := time.Parse("15:04", s.CutOff)
	if err != nil {
		return EndOfDay(day)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, day.Location())
}
