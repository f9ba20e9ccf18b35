package command

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"guichet/app"
	"guichet/data"
)

type organisationsCommand struct {
	List    organisationsListCommand    `cmd:"" help:"Chercher dans l’annuaire."`
	Appoint organisationsAppointCommand `cmd:"" help:"Nommer le représentant légal."`
	Merge   organisationsMergeCommand   `cmd:"" help:"Fusionner une organisation saisie deux fois dans celle à garder."`
	Archive organisationsArchiveCommand `cmd:"" help:"Archiver une organisation : ses inscriptions en attente, abonnements et comptes prennent fin."`
}

type organisationsListCommand struct {
	Text            []string `arg:"" optional:"" placeholder:"MOTS" help:"Des débuts de mots : nom, SIREN, code postal, compte."`
	Kind            string   `placeholder:"TYPE" enum:"commune,epci,association,autre," default:"" help:"Seulement ce type."`
	Pending         bool     `help:"Seulement avec une inscription en attente."`
	NoAdministrator bool     `help:"Seulement sans administrateur."`
	Overdue         bool     `help:"Seulement avec une lettre postée depuis plus de 5 jours ouvrables et non confirmée."`
	Archived        bool     `help:"Seulement les archivées."`
	Limit           int      `default:"100" help:"Combien, au plus."`
}

// organisationLine is an organisation in JSON.
type organisationLine struct {
	Name           string `json:"name"`
	Kind           string `json:"kind"`
	SIREN          string `json:"siren"`
	PostalCode     string `json:"postal_code"`
	City           string `json:"city"`
	Representative string `json:"representative"`
	Administrator  string `json:"administrator"`
	Accounts       int    `json:"accounts"`
	Pending        int    `json:"pending"`
}

// Run lists organisations.
func (c *organisationsListCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		filter := data.DirectoryFilter{
			Text: joinWords(c.Text), Kind: data.OrganisationKind(c.Kind), Pending: c.Pending, NoAdministrator: c.NoAdministrator, Archived: c.Archived,
		}
		if c.Overdue {
			settings, err := guichet.Settings(ctx)
			if err != nil {
				return err
			}
			filter.PostedBy = data.OverduePostedBy(guichet.Now(), settings.AlsaceMoselle)
		}
		found, err := guichet.Directory(ctx, filter, 0, c.Limit)
		if err != nil {
			return err
		}
		lines := make([]organisationLine, len(found))
		for i, o := range found {
			lines[i] = organisationLine{
				Name: o.Name, Kind: string(o.Kind), SIREN: o.SIREN, PostalCode: o.Address.PostalCode, City: o.Address.City,
				Administrator: o.Administrator.Identifier, Accounts: o.Accounts, Pending: o.PendingRequests,
			}
			if !o.Representative.IsZero() {
				lines[i].Representative = o.Representative.Name()
			}
		}
		return s.show(lines, func(w io.Writer) {
			table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			for _, o := range lines {
				fmt.Fprintf(table, "%s\t%s\t%s %s\t%s\t%s\n", o.SIREN, o.Name, o.PostalCode, o.City, o.Representative, o.Administrator)
			}
			table.Flush() //nolint:errcheck // standard output
		})
	})
}

type organisationArgument struct {
	Organisation string `arg:"" placeholder:"SIREN" help:"L’organisation, par son SIREN ou son nom."`
}

// change runs a use case on the organisation named.
func (c *organisationArgument) change(s *session, do func(ctx context.Context, guichet *app.App, o data.Organisation) error) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		o, err := findOrganisation(ctx, guichet, c.Organisation)
		if err != nil {
			return err
		}
		if err := do(ctx, guichet, o); err != nil {
			return err
		}
		return s.show(map[string]any{"organisation": o.Name, "siren": o.SIREN}, func(w io.Writer) { fmt.Fprintln(w, o.Name) })
	})
}

type organisationsAppointCommand struct {
	organisationArgument
	Civility string `placeholder:"CIVILITÉ" enum:"Madame,Monsieur," default:"" help:"Madame ou Monsieur."`
	First    string `placeholder:"PRÉNOM" help:"Le prénom."`
	Last     string `placeholder:"NOM" help:"Le nom ; sans nom, seul le mandat est connu."`
	Office   string `required:"" placeholder:"FONCTION" help:"Maire, Présidente…"`
	From     string `placeholder:"AAAA-MM-JJ" help:"Le début du mandat ; par défaut, aujourd’hui."`
}

// Run appoints a representative.
func (c *organisationsAppointCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, o data.Organisation) error {
		r := data.LegalRepresentative{
			OrganisationID: o.ID, Civility: data.Civility(c.Civility), FirstName: c.First, LastName: c.Last, Office: c.Office,
		}
		if c.From != "" {
			var err error
			if r.From, err = time.ParseInLocation(time.DateOnly, c.From, data.Paris); err != nil {
				return misuse("--from attend une date comme 2026-11-24")
			}
		}
		return guichet.AppointRepresentative(ctx, r)
	})
}

type organisationsMergeCommand struct {
	organisationArgument
	Into string `required:"" placeholder:"SIREN" help:"L’organisation à garder."`
}

// Run merges two organisations.
func (c *organisationsMergeCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, o data.Organisation) error {
		kept, err := findOrganisation(ctx, guichet, c.Into)
		if err != nil {
			return err
		}
		return guichet.MergeOrganisations(ctx, o.ID, kept.ID)
	})
}

type organisationsArchiveCommand struct{ organisationArgument }

// Run archives an organisation.
func (c *organisationsArchiveCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, o data.Organisation) error {
		return guichet.ArchiveOrganisation(ctx, o.ID)
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
	case len(found) == 0:
		return data.Organisation{}, fmt.Errorf("aucune organisation ne répond à « %s »", query)
	}
	return data.Organisation{}, fmt.Errorf("%d organisations répondent à « %s », aucune ne s’appelle ainsi : donnez le SIREN ou le nom entier", len(found), query)
}
