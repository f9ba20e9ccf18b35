package app

import (
	"context"
	"io"
	"iter"

	"guichet/data"
	"guichet/data/store"
)

// Export writes a file of the register, without the archived organisations.
// What it writes, Import reads: imported again it changes nothing.
// Administrators only.
func (a *App) Export(ctx context.Context, kind FileKind, format Format, w io.Writer) error {
	operator, err := allow(ctx, "Export")
	if err != nil {
		return err
	}
	reader, known := importers[kind]
	if !known {
		return refuse(Invalid, "Type de fichier inconnu « {{.Kind}} »", data.Values{"Kind": kind})
	}
	var rows [][]string
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		rows, err = exportRows(tx, kind)
		return err
	})
	if err != nil {
		return err
	}
	return a.writeExport(ctx, operator, "register.export", string(kind), format, w, reader.columns, rows)
}

func exportRows(tx *store.Tx, kind FileKind) (rows [][]string, err error) {
	const page = 1000
	services, err := tx.EServices()
	if err != nil {
		return nil, err
	}
	codes := map[int64]string{}
	for _, service := range services {
		codes[service.ID] = service.Code
	}
	for offset := 0; ; offset += page {
		organisations, err := tx.Directory(data.DirectoryFilter{}, offset, page)
		if err != nil {
			return nil, err
		}
		for _, o := range organisations {
			more, err := organisationRows(tx, kind, o, codes)
			if err != nil {
				return nil, err
			}
			rows = append(rows, more...)
		}
		if len(organisations) < page {
			return rows, nil
		}
	}
}

// organisationRows are an organisation's lines of a file.
func organisationRows(tx *store.Tx, kind FileKind, o data.OrganisationSummary, codes map[int64]string) (rows [][]string, err error) {
	switch kind {
	case OrganisationsFile:
		return [][]string{organisationValues(o.Organisation, o.Representative)}, nil
	case RepresentativesFile:
		if o.Representative.IsZero() {
			return nil, nil
		}
		r, err := tx.Representative(o.Organisation.ID)
		return [][]string{representativeValues(o.Organisation, r)}, err
	case SubscriptionsFile:
		subscriptions, err := tx.Subscriptions(o.Organisation.ID)
		for _, s := range subscriptions {
			if s.Live() {
				rows = append(rows, []string{o.SIREN, o.Name, codes[s.EServiceID]})
			}
		}
		return rows, err
	case AccountsFile:
		accounts, err := tx.OrganisationAccounts(o.Organisation.ID)
		for _, account := range accounts {
			if account.Erased() {
				continue
			}
			role := userRole
			if account.ID == o.Administrator.ID {
				role = administratorRole
			}
			rows = append(rows, accountValues(o.Organisation, account, role))
		}
		return rows, err
	}
	m, err := permissionMatrix(tx, o.Organisation.ID)
	for i, account := range m.Accounts {
		for j, service := range m.Services {
			if m.Granted[i][j] {
				rows = append(rows, []string{account.Identifier, account.Name(), o.SIREN, service.Code})
			}
		}
	}
	return rows, err
}

// writeExport writes a file, and records that it was by an action on a subject.
func (a *App) writeExport(ctx context.Context, operator data.Operator, action, subject string, format Format, w io.Writer, columns []string, rows [][]string) error {
	if err := writeSpreadsheet(w, format, columns, rows); err != nil {
		return refined(err)
	}
	return a.update(ctx, operator, func(c *change) error {
		return c.audit(action, subject, 0, nil, map[string]any{"lines": len(rows)})
	})
}

// ExportTable writes a table as it is on the screen, row by row as rows gives
// them, and records that it was, by the table's name: none of it when reading
// stops with an error or ctx ends. Whoever works here may: it is what they see.
func (a *App) ExportTable(ctx context.Context, name string, format Format, w io.Writer, columns []string, rows iter.Seq2[[]string, error]) error {
	operator, err := allow(ctx, "ExportTable")
	if err != nil {
		return err
	}
	lines := 0
	err = writeRows(w, format, columns, func(yield func([]string, error) bool) {
		for row, err := range rows {
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				lines++
			}
			if !yield(row, err) {
				return
			}
		}
	})
	if err != nil {
		return refined(err)
	}
	return a.update(ctx, operator, func(c *change) error {
		return c.audit("table.export", "table", 0, nil, map[string]any{"table": name, "lines": lines})
	})
}
