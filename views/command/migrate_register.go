package command

import (
	"fmt"
	"io"
	"net/url"
	"os"

	"guichet/app"
)

type migrateRegisterCommand struct {
	From string `arg:"" placeholder:"DÉPART" help:"Le registre à déplacer : un fichier, ou postgres://UTILISATEUR@SERVEUR/BASE."`
	To   string `arg:"" placeholder:"ARRIVÉE" help:"Un fichier neuf, ou l’adresse d’une base neuve ; interrompu, le déplacement reprend où il en était."`
}

// migrated is a migration's result in JSON.
type migrated struct {
	From     string          `json:"from"`
	To       string          `json:"to"`
	Copied   int             `json:"copied"`
	Kept     int             `json:"kept"` // by an interrupted one
	Verified int             `json:"verified"`
	Mended   int             `json:"mended"`
	Audit    int             `json:"audit_entries"`
	Broken   int64           `json:"audit_broken,omitempty"`
	Tables   []migratedTable `json:"tables"`
}

type migratedTable struct {
	Table    string `json:"table"`
	Copied   int    `json:"copied"`
	Kept     int    `json:"kept"`
	Verified int    `json:"verified"`
	Mended   int    `json:"mended"`
}

// Run moves a register, verified row by row. Its owner does it, without a session.
func (c *migrateRegisterCommand) Run(s *session) error {
	for _, register := range []string{c.From, c.To} {
		if app.IsShared(register) && carriesPassword(register) { // every process of the machine reads arguments
			return misuse("l’adresse d’un registre ne porte pas de mot de passe : « guichet shared-password » le garde, ou PGPASSWORD")
		}
	}
	report, err := app.MigrateRegister(s.ctx, c.From, c.To, s.options, func(table string, done, total int) {
		fmt.Fprintf(os.Stderr, "\r%-22s %d/%d   ", table, done, total)
	})
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	result := migrated{From: app.RegisterLabel(c.From), To: app.RegisterLabel(c.To), Verified: report.Rows(), Audit: report.Audit.Entries, Broken: report.Audit.Broken.ID}
	for _, table := range report.Tables {
		result.Tables = append(result.Tables, migratedTable{table.Table, table.Copied, table.Kept, table.Verified, table.Mended})
		result.Copied += table.Copied
		result.Kept += table.Kept
		result.Mended += table.Mended
	}
	return s.show(result, result.write)
}

func (m migrated) write(w io.Writer) {
	for _, table := range m.Tables {
		fmt.Fprintf(w, "%-22s %8d copiées  %8d vérifiées\n", table.Table, table.Copied+table.Kept, table.Verified)
	}
	fmt.Fprintf(w, "Registre déplacé : %s → %s, %d lignes vérifiées\n", m.From, m.To, m.Verified)
	if m.Mended > 0 {
		fmt.Fprintf(w, "Textes où un caractère que PostgreSQL ne garde pas a été ôté : %d\n", m.Mended)
	}
	if m.Broken != 0 {
		fmt.Fprintf(w, "Le journal était rompu à l’entrée %d, et le reste\n", m.Broken)
	}
	fmt.Fprintln(w, "L’ancien registre n’a pas changé : n’y travaillez plus. Les mots de passe de courriel sont à ressaisir dans le nouveau.")
}

// carriesPassword tells whether an address has a password in it.
func carriesPassword(register string) bool {
	address, err := url.Parse(register)
	if err != nil {
		return false // it will not open
	}
	_, has := address.User.Password()
	return has || address.Query().Has("password")
}
