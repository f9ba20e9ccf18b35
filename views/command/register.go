package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"guichet/app"
	"guichet/data"
)

type windowCommand struct {
	Screens  string `placeholder:"DOSSIER" help:"Enregistrer une image de chaque écran dans ce dossier, puis finir."`
	Language string `enum:"fr,en," default:"" placeholder:"LANGUE" help:"fr ou en, pour cette fois ; sinon celle que ce poste a choisie, le français d’abord."`
}

// Run opens the window.
func (c *windowCommand) Run(s *session) error {
	if s.window == nil {
		return misuse("cette version n’a pas de fenêtre")
	}
	options := WindowOptions{Screens: c.Screens, Operator: s.commands.Operator, Language: c.Language}
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
	guichet, err := s.openRegister()
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
		Login: s.commands.Operator, Name: c.Name, Password: password, Roles: data.WorkRoles,
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
	Seed uint64 `default:"1" help:"La graine du hasard : la même donne le même registre."`
}

// Run builds the demo register.
func (c *demoCommand) Run(s *session) error {
	instance, err := app.HoldRegister(s.ctx, s.commands.DB, false)
	if err != nil {
		return err
	}
	defer instance.Release() //nolint:errcheck // the process ends
	err = app.BuildDemo(s.ctx, s.commands.DB, c.Seed, s.options, func(done, total int) {
		fmt.Fprintf(os.Stderr, "\rRegistre de démonstration : %d/%d", done, total)
	})
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	result := map[string]any{"register": s.commands.DB, "operators": []string{app.DemoOperator, "courrier", "assistance", "lecture"}}
	return s.show(result, func(w io.Writer) {
		fmt.Fprintf(w, "Registre de démonstration : %s\nOpérateurs : %s (tous les rôles), courrier, assistance, lecture · mot de passe %s\n",
			s.commands.DB, app.DemoOperator, app.DemoPassword)
	})
}

type registerCommand struct {
	Organisation  string `required:"" placeholder:"SIREN" help:"L’organisation, par son SIREN ou son nom."`
	Administrator bool   `help:"Inscrire comme administrateur de l’organisation."`
	Civility      string `placeholder:"CIVILITÉ" enum:"Madame,Monsieur," default:"" help:"Madame ou Monsieur."`
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
