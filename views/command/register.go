package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"guichet/app"
	"guichet/data"
)

type windowCommand struct {
	Screens string `placeholder:"DOSSIER" help:"Enregistrer une image de chaque écran dans ce dossier, puis finir."`
}

// Run opens the window.
func (c *windowCommand) Run(s *session) error {
	if s.window == nil {
		return misuse("cette version n’a pas de fenêtre")
	}
	options := WindowOptions{Screens: c.Screens, Operator: s.commands.Operator}
	if c.Screens != "" {
		var err error
		if options.Password, err = s.secret("GUICHET_PASSWORD", "Mot de passe de "+options.Operator); err != nil {
			return err
		}
	}
	return s.window(s.ctx, s.commands.DB, s.options, options)
}

type initCommand struct {
	Name string `required:"" placeholder:"NOM" help:"Le nom de l’administrateur, « Claire Martin »."`
}

// Run creates the register and its first administrator.
func (c *initCommand) Run(s *session) error {
	if s.commands.Operator == "" {
		return misuse("il faut nommer le premier administrateur : --operator NOM")
	}
	guichet, err := app.Open(s.ctx, s.commands.DB, s.options)
	if err != nil {
		return err
	}
	defer guichet.Close()
	if has, err := guichet.HasOperators(s.ctx); err != nil || has {
		return errors.Join(err, fmt.Errorf("le registre %s a déjà ses opérateurs", s.commands.DB))
	}
	password, err := s.secret("GUICHET_PASSWORD", "Mot de passe du premier administrateur")
	if err != nil {
		return err
	}
	operator, err := guichet.CreateOperator(s.ctx, app.NewOperator{
		Login: s.commands.Operator, Name: c.Name, Password: password, Roles: data.Roles,
	})
	if err != nil {
		return err
	}
	result := map[string]any{"register": guichet.Path(), "operator": operator.Login}
	return s.show(result, func(w io.Writer) {
		fmt.Fprintf(w, "Registre créé : %s\nPremier administrateur : %s\n", guichet.Path(), operator.Login)
	})
}

type demoCommand struct {
	Seed uint64 `default:"1" help:"Le germe : le même donne le même registre."`
}

// Run builds the demo register.
func (c *demoCommand) Run(s *session) error {
	err := app.BuildDemo(s.ctx, s.commands.DB, c.Seed, s.options, func(done, total int) {
		fmt.Fprintf(os.Stderr, "\rRegistre de démonstration : %d/%d", done, total)
	})
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	result := map[string]any{"register": s.commands.DB, "operators": []string{app.DemoOperator, "courrier", "assistance"}}
	return s.show(result, func(w io.Writer) {
		fmt.Fprintf(w, "Registre de démonstration : %s\nOpérateurs : %s (tous les rôles), courrier, assistance · mot de passe %s\n",
			s.commands.DB, app.DemoOperator, app.DemoPassword)
	})
}

type importCommand struct {
	Organisations importOrganisationsCommand `cmd:"" help:"Importer des organisations (CSV)."`
}

type importOrganisationsCommand struct {
	File string `arg:"" placeholder:"FICHIER" help:"Le fichier CSV ; sa première ligne nomme les colonnes."`
}

// importedLine is a line of an import's report.
type importedLine struct {
	Line     int      `json:"line"`
	Name     string   `json:"name"`
	Fields   []string `json:"fields"`
	Problems []string `json:"problems"`
}

func importedLines(lines []app.ImportLine) []importedLine {
	report := []importedLine{}
	for _, line := range lines {
		l := importedLine{Line: line.Line, Name: line.Name}
		for _, problem := range line.Problems {
			l.Fields, l.Problems = append(l.Fields, problem.Field), append(l.Problems, problem.Error())
		}
		report = append(report, l)
	}
	return report
}

// Run imports organisations. It is refused when a line was.
func (c *importOrganisationsCommand) Run(s *session) error {
	file, err := os.Open(c.File)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("le fichier %s n’existe pas", c.File)
	} else if err != nil {
		return err
	}
	defer file.Close()
	return s.with(func(ctx context.Context, guichet *app.App) error {
		report, err := guichet.ImportOrganisations(ctx, file)
		if err != nil {
			return err
		}
		refused, incomplete := importedLines(report.Refused), importedLines(report.Incomplete)
		result := map[string]any{"added": report.Added, "present": report.Present, "refused": refused, "incomplete": incomplete}
		err = s.show(result, func(w io.Writer) {
			fmt.Fprintf(w, "%d organisations importées, %d déjà au registre, %d lignes refusées\n", report.Added, report.Present, len(refused))
			for _, line := range incomplete {
				fmt.Fprintf(w, "ligne %d, %s, lettres retenues : %v\n", line.Line, line.Name, line.Problems)
			}
		})
		if len(refused) > 0 {
			for _, line := range refused {
				fmt.Fprintf(os.Stderr, "ligne %d, %s, refusée : %v %v\n", line.Line, line.Name, line.Fields, line.Problems)
			}
			err = errors.Join(err, fmt.Errorf("%d lignes n’ont pas été importées, les autres le sont", len(refused)))
		}
		return err
	})
}

type registerCommand struct {
	Organisation  string `required:"" placeholder:"SIREN" help:"L’organisation, par son SIREN ou son nom."`
	Administrator bool   `help:"Inscrire comme administrateur de l’organisation."`
	Civility      string `enum:"Madame,Monsieur," default:"" help:"Madame ou Monsieur."`
	First         string `required:"" placeholder:"PRÉNOM" help:"Le prénom."`
	Last          string `required:"" placeholder:"NOM" help:"Le nom."`
	Email         string `required:"" placeholder:"ADRESSE" help:"L’adresse électronique."`
	Phone         string `placeholder:"NUMÉRO" help:"Le téléphone."`
	AcceptTerms   bool   `help:"Les conditions d’utilisation sont acceptées."`
}

// Run registers a person. The account's password is read from
// GUICHET_ACCOUNT_PASSWORD, or asked for.
func (c *registerCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		organisation, err := findOrganisation(ctx, guichet, c.Organisation)
		if err != nil {
			return err
		}
		password, err := s.secret("GUICHET_ACCOUNT_PASSWORD", "Mot de passe du compte")
		if err != nil {
			return err
		}
		made, err := guichet.Register(ctx, app.Registration{
			OrganisationID: organisation.ID, Administrator: c.Administrator, Civility: data.Civility(c.Civility),
			FirstName: c.First, LastName: c.Last, Email: c.Email, Phone: c.Phone, Password: password, TermsAccepted: c.AcceptTerms,
		})
		if err != nil {
			return err
		}
		result := map[string]any{
			"identifier": made.Account.Identifier, "organisation": organisation.Name, "siren": organisation.SIREN, "letter": made.Reference,
		}
		return s.show(result, func(w io.Writer) {
			fmt.Fprintf(w, "Compte %s pour %s · lettre %s en file\n", made.Account.Identifier, organisation.Name, made.Reference)
		})
	})
}

// findOrganisation finds the one organisation with a SIREN or a name.
func findOrganisation(ctx context.Context, guichet *app.App, query string) (data.Organisation, error) {
	found, err := guichet.FindOrganisations(ctx, query)
	if err != nil {
		return data.Organisation{}, err
	}
	exact := found[:0:0]
	for _, o := range found {
		if o.SIREN == query || data.Fold(o.Name) == data.Fold(query) {
			exact = append(exact, o)
		}
	}
	switch {
	case len(exact) == 1:
		return exact[0].Organisation, nil
	case len(exact) == 0 && len(found) == 1:
		return found[0].Organisation, nil
	case len(found) == 0:
		return data.Organisation{}, fmt.Errorf("aucune organisation ne répond à « %s »", query)
	}
	return data.Organisation{}, fmt.Errorf("%d organisations répondent à « %s » : donnez son SIREN", len(found), query)
}

type activateCommand struct {
	Token string `arg:"" optional:"" placeholder:"JETON" help:"Le jeton ; de préférence dans GUICHET_TOKEN ou demandé, les arguments étant lisibles de toute la machine."`
}

// Run activates an account.
func (c *activateCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) (err error) {
		if c.Token == "" {
			if c.Token, err = s.secret("GUICHET_TOKEN", "Jeton d’activation"); err != nil {
				return err
			}
		}
		account, err := guichet.Activate(ctx, c.Token)
		if err != nil {
			return err
		}
		usable := account.Usable(guichet.Now())
		result := map[string]any{"identifier": account.Identifier, "usable": usable}
		return s.show(result, func(w io.Writer) {
			fmt.Fprintf(w, "Compte %s activé%s\n", account.Identifier, map[bool]string{true: "", false: " ; il attend sa validation"}[usable])
		})
	})
}

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Recalculer la chaîne du journal et trouver son premier maillon rompu."`
}

type auditVerifyCommand struct{}

// Run verifies the audit's chain.
func (c *auditVerifyCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		check, err := guichet.VerifyAudit(ctx)
		if err != nil {
			return err
		}
		if check.Broken.ID != 0 {
			return fmt.Errorf("le journal est rompu à l’entrée %d (%s, %s)", check.Broken.ID, check.Broken.At.Format("2006-01-02 15:04"), check.Broken.Action)
		}
		return s.show(map[string]any{"entries": check.Entries, "whole": true}, func(w io.Writer) {
			fmt.Fprintf(w, "Journal intact : %d entrées\n", check.Entries)
		})
	})
}
