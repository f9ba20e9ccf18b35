package command

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"guichet/app"
	"guichet/data"
)

type operatorsCommand struct {
	List     operatorsListCommand     `cmd:"" default:"1" help:"Lister les opérateurs."`
	Add      operatorsAddCommand      `cmd:"" help:"Créer un opérateur ; son mot de passe, provisoire, est lu dans GUICHET_NEW_PASSWORD, ou demandé."`
	Disable  operatorsDisableCommand  `cmd:"" help:"Désactiver un opérateur."`
	Enable   operatorsEnableCommand   `cmd:"" help:"Réactiver un opérateur."`
	Reset    operatorsResetCommand    `cmd:"" help:"Fixer un mot de passe provisoire, lu dans GUICHET_NEW_PASSWORD, ou demandé."`
	Password operatorsPasswordCommand `cmd:"" help:"Changer son propre mot de passe ; le nouveau est lu dans GUICHET_NEW_PASSWORD, ou demandé."`
}

type operatorsListCommand struct{}

// operatorLine is an operator in JSON.
type operatorLine struct {
	Login        string      `json:"login"`
	Name         string      `json:"name"`
	Roles        []data.Role `json:"roles"`
	Enabled      bool        `json:"enabled"`
	MustChange   bool        `json:"must_change_password"`
	LastSignInAt *time.Time  `json:"last_sign_in_at,omitempty"`
}

// Run lists the operators.
func (c *operatorsListCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		operators, err := guichet.Operators(ctx)
		if err != nil {
			return err
		}
		lines := make([]operatorLine, len(operators))
		for i, o := range operators {
			lines[i] = operatorLine{Login: o.Login, Name: o.Name, Roles: o.Roles, Enabled: o.Enabled(), MustChange: o.MustChange}
			if !o.LastSignInAt.IsZero() {
				lines[i].LastSignInAt = &o.LastSignInAt
			}
		}
		return s.show(lines, func(w io.Writer) {
			table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			for _, o := range operators {
				labels := make([]string, len(o.Roles))
				for i, role := range o.Roles {
					labels[i] = role.Label()
				}
				state := ""
				if !o.Enabled() {
					state = "désactivé"
				}
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", o.Login, o.Name, strings.Join(labels, ", "), state)
			}
			table.Flush() //nolint:errcheck // standard output
		})
	})
}

type operatorsAddCommand struct {
	Login string   `arg:"" placeholder:"NOM" help:"Le nom d’utilisateur."`
	Name  string   `required:"" placeholder:"NOM" help:"Le nom affiché."`
	Roles []string `required:"" placeholder:"RÔLE" enum:"mail_room,help_desk,administrator,reader" help:"Ses rôles : mail_room (courrier), help_desk (assistance), administrator, reader (consultation)."`
}

// Run makes an operator, who chooses a password at the first session.
func (c *operatorsAddCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		password, err := s.secret("GUICHET_NEW_PASSWORD", "Mot de passe provisoire")
		if err != nil {
			return err
		}
		in := app.NewOperator{Login: c.Login, Name: c.Name, Password: password, MustChange: true}
		for _, role := range c.Roles {
			in.Roles = append(in.Roles, data.Role(role))
		}
		made, err := guichet.CreateOperator(ctx, in)
		if err != nil {
			return err
		}
		return s.show(map[string]any{"login": made.Login}, func(w io.Writer) { fmt.Fprintf(w, "Opérateur créé : %s\n", made.Login) })
	})
}

// onOperator does something to an operator, by login.
func (s *session) onOperator(login, said string, do func(ctx context.Context, guichet *app.App, o data.Operator) error) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		operators, err := guichet.Operators(ctx)
		if err != nil {
			return err
		}
		for _, o := range operators {
			if o.Login == strings.ToLower(login) {
				if err := do(ctx, guichet, o); err != nil {
					return err
				}
				return s.show(map[string]any{"login": o.Login}, func(w io.Writer) { fmt.Fprintf(w, said+"\n", o.Name) })
			}
		}
		return fmt.Errorf("aucun opérateur ne s’appelle « %s »", login)
	})
}

type operatorsDisableCommand struct {
	Login string `arg:"" placeholder:"NOM" help:"Le nom d’utilisateur."`
}

// Run disables an operator.
func (c *operatorsDisableCommand) Run(s *session) error {
	return s.onOperator(c.Login, "%s ne peut plus ouvrir de session", func(ctx context.Context, guichet *app.App, o data.Operator) error {
		return guichet.DisableOperator(ctx, o)
	})
}

type operatorsEnableCommand struct {
	Login string `arg:"" placeholder:"NOM" help:"Le nom d’utilisateur."`
}

// Run enables an operator.
func (c *operatorsEnableCommand) Run(s *session) error {
	return s.onOperator(c.Login, "%s peut de nouveau ouvrir une session", func(ctx context.Context, guichet *app.App, o data.Operator) error {
		return guichet.EnableOperator(ctx, o)
	})
}

type operatorsResetCommand struct {
	Login string `arg:"" placeholder:"NOM" help:"Le nom d’utilisateur."`
}

// Run gives an operator a provisional password.
func (c *operatorsResetCommand) Run(s *session) error {
	return s.onOperator(c.Login, "%s choisira son mot de passe à sa prochaine session", func(ctx context.Context, guichet *app.App, o data.Operator) error {
		password, err := s.secret("GUICHET_NEW_PASSWORD", "Mot de passe provisoire")
		if err != nil {
			return err
		}
		return guichet.ResetOperator(ctx, o, password)
	})
}

type operatorsPasswordCommand struct{}

// Run changes the operator's own password, which must be given once more.
func (c *operatorsPasswordCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		former, err := s.secret("GUICHET_PASSWORD", "Mot de passe actuel, encore une fois")
		if err != nil {
			return err
		}
		password, err := s.secret("GUICHET_NEW_PASSWORD", "Nouveau mot de passe")
		if err != nil {
			return err
		}
		operator, err := guichet.ChangePassword(ctx, former, password)
		if err != nil {
			return err
		}
		return s.show(map[string]any{"login": operator.Login}, func(w io.Writer) { fmt.Fprintln(w, "Mot de passe changé") })
	})
}
