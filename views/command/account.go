package command

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"guichet/app"
	"guichet/data"
)

func joinWords(words []string) string { return strings.Join(words, " ") }

type identifierCommand struct {
	First string `arg:"" placeholder:"PRÉNOM" help:"Le prénom."`
	Last  string `arg:"" placeholder:"NOM" help:"Le nom."`
}

// Run shows what identifier a name would give.
func (c *identifierCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		p, err := guichet.PreviewIdentifier(ctx, c.First, c.Last)
		if err != nil {
			return err
		}
		return s.show(map[string]any{"identifier": p.Identifier, "simpler": p.Simpler}, func(w io.Writer) {
			fmt.Fprintln(w, p.Identifier)
			if p.Simpler != "" {
				fmt.Fprintf(w, "Plus simple, avec un seul prénom et un seul nom : %s\n", p.Simpler)
			}
		})
	})
}

type accountsCommand struct {
	Find       accountsFindCommand       `cmd:"" help:"Retrouver un compte par nom ou adresse électronique."`
	Validate   accountsValidateCommand   `cmd:"" help:"Noter que l’administrateur de l’organisation valide un utilisateur."`
	Invalidate accountsInvalidateCommand `cmd:"" help:"Noter que l’administrateur de l’organisation invalide une inscription."`
	Renew      accountsRenewCommand      `cmd:"" help:"Envoyer un nouveau lien d’activation ; l’ancien ne vaut plus."`
	Reactivate accountsReactivateCommand `cmd:"" help:"Réactiver un compte sur une demande d’assistance."`
	Succeed    accountsSucceedCommand    `cmd:"" help:"Un utilisateur demande à devenir l’administrateur : sa lettre est mise en file."`
	Password   accountsPasswordCommand   `cmd:"" help:"Fixer le mot de passe d’un compte, lu dans GUICHET_ACCOUNT_PASSWORD ou demandé."`
}

type accountsFindCommand struct {
	Text []string `arg:"" placeholder:"MOTS" help:"Nom, identifiant ou adresse électronique."`
}

// accountLine is an account in JSON.
type accountLine struct {
	Identifier    string   `json:"identifier"`
	Name          string   `json:"name"`
	Email         string   `json:"email"`
	Organisation  string   `json:"organisation"`
	Administrator bool     `json:"administrator"`
	Usable        bool     `json:"usable"`
	Blocks        []string `json:"blocks"`
}

// Run finds accounts.
func (c *accountsFindCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		found, err := guichet.FindAccounts(ctx, joinWords(c.Text))
		if err != nil {
			return err
		}
		lines := make([]accountLine, len(found))
		for i, a := range found {
			lines[i] = accountLine{
				Identifier: a.Identifier, Name: a.Name(), Email: a.Email, Organisation: a.OrganisationName,
				Administrator: a.Administrator, Usable: a.Usable(guichet.Now()), Blocks: []string{},
			}
			for _, block := range a.Blocks(guichet.Now()) {
				lines[i].Blocks = append(lines[i].Blocks, string(block))
			}
		}
		return s.show(lines, func(w io.Writer) {
			table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			for i, a := range found {
				var states []string
				for _, block := range a.Blocks(guichet.Now()) {
					states = append(states, block.Label())
				}
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", a.Identifier, lines[i].Name, a.Email, a.OrganisationName, strings.Join(states, ", "))
			}
			table.Flush() //nolint:errcheck // standard output
		})
	})
}

type accountArgument struct {
	Identifier string `arg:"" placeholder:"IDENTIFIANT" help:"Le compte, par son identifiant."`
}

// change runs a use case on the account named.
func (c *accountArgument) change(s *session, do func(ctx context.Context, guichet *app.App, account data.Account) error) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		found, err := guichet.FindAccounts(ctx, c.Identifier)
		if err != nil {
			return err
		}
		for _, account := range found {
			if account.Identifier != strings.ToLower(c.Identifier) {
				continue
			}
			if err := do(ctx, guichet, account.Account); err != nil {
				return err
			}
			return s.show(map[string]any{"identifier": account.Identifier, "organisation": account.OrganisationName}, func(w io.Writer) {
				fmt.Fprintf(w, "%s (%s)\n", account.Identifier, account.OrganisationName)
			})
		}
		return fmt.Errorf("aucun compte n’a l’identifiant « %s »", c.Identifier)
	})
}

type accountsValidateCommand struct{ accountArgument }

// Run validates an account.
func (c *accountsValidateCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, account data.Account) error {
		return guichet.ValidateAccount(ctx, account.ID)
	})
}

type accountsInvalidateCommand struct{ accountArgument }

// Run invalidates an account.
func (c *accountsInvalidateCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, account data.Account) error {
		return guichet.InvalidateAccount(ctx, account.ID)
	})
}

type accountsRenewCommand struct{ accountArgument }

// Run renews an activation.
func (c *accountsRenewCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, account data.Account) error {
		return guichet.RenewActivation(ctx, account.ID)
	})
}

type accountsReactivateCommand struct {
	accountArgument
	Ticket string `required:"" placeholder:"NUMÉRO" help:"La demande d’assistance qui le fonde, 26-001234."`
}

// Run reactivates an account.
func (c *accountsReactivateCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, account data.Account) error {
		ticket, err := guichet.TicketByNumber(ctx, c.Ticket)
		if err != nil {
			return err
		}
		return guichet.Reactivate(ctx, account.ID, ticket.ID)
	})
}

type accountsSucceedCommand struct{ accountArgument }

// Run requests a succession.
func (c *accountsSucceedCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, account data.Account) error {
		_, err := guichet.RequestSuccession(ctx, account.ID)
		return err
	})
}

type accountsPasswordCommand struct{ accountArgument }

// Run sets a password.
func (c *accountsPasswordCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, account data.Account) error {
		password, err := s.secret("GUICHET_ACCOUNT_PASSWORD", "Mot de passe du compte")
		if err != nil {
			return err
		}
		return guichet.SetAccountPassword(ctx, account.ID, password)
	})
}

type signedInCommand struct{ accountArgument }

// Run records a sign-in.
func (c *signedInCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, account data.Account) error {
		return guichet.RecordSignIn(ctx, account.Identifier)
	})
}

type sweepCommand struct{}

// Run sweeps.
func (c *sweepCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		done, err := guichet.Sweep(ctx)
		if err != nil {
			return err
		}
		result := map[string]any{"warned": done.Warned, "unused": done.Unused, "not_activated": done.NotActivated, "expired": done.Expired}
		return s.show(result, func(w io.Writer) {
			for _, part := range []struct {
				what  string
				names []string
			}{
				{"Prévenus d’une désactivation prochaine", done.Warned},
				{"Désactivés, inutilisés depuis 16 mois", done.Unused},
				{"Désactivés, jamais activés", done.NotActivated},
				{"Lettres échues", done.Expired},
			} {
				fmt.Fprintf(w, "%s : %d %s\n", part.what, len(part.names), strings.Join(part.names, " "))
			}
		})
	})
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
