package app

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"guichet/data"
	"guichet/data/store"
)

// Import is the report of an import.
type Import struct {
	Added   int          // organisations added
	Present int          // already at the register, by SIREN: left as they are
	Refused []ImportLine // lines not imported
	// Incomplete are lines imported whose letters will be held back.
	Incomplete []ImportLine
}

// ImportLine names a line of the file, from 1, and what is wrong with it.
type ImportLine struct {
	Line     int
	Name     string
	Problems data.Problems
}

// importColumns are the columns that an organisations file may have; type and
// nom are required.
var importColumns = []string{
	"type", "nom", "siren", "code_insee", "complement", "adresse", "distribution", "code_postal", "libelle_acheminement",
	"pays", "courriel", "telephone", "representant_civilite", "representant_prenom", "representant_nom", "representant_fonction",
}

// ImportOrganisations reads a CSV file with a header line, in UTF-8 or
// Windows-1252, separated by semicolons, commas or tabs. Unreadable and wrong
// lines are reported with their number and fields, the others are imported, in
// one transaction. A commune or grouping without a named representative gets
// its mayor or president by office. Administrators only.
func (a *App) ImportOrganisations(ctx context.Context, file io.Reader) (report Import, err error) {
	operator, err := allow(ctx, data.Administrator)
	if err != nil {
		return report, err
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return report, refined(err)
	}
	reader, columns, err := organisationsReader(content)
	if err != nil {
		return report, err
	}
	err = a.update(ctx, operator, func(c *change) error {
		report = Import{}
		for {
			record, err := reader.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			line, problems := unreadable(reader, err)
			if problems == nil {
				problems, err = c.importLine(&report, line, organisationRow{columns, record})
				if err != nil {
					return err
				}
			}
			if problems != nil {
				report.Refused = append(report.Refused, ImportLine{Line: line, Name: rowName(columns, record), Problems: problems})
			}
		}
		return c.audit("organisation.import", "organisation", 0, nil, map[string]any{
			"added": report.Added, "present": report.Present, "refused": len(report.Refused),
		})
	})
	return report, err
}

// organisationsReader reads the header line.
func organisationsReader(content []byte) (*csv.Reader, map[string]int, error) {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if !utf8.Valid(content) {
		content, _ = charmap.Windows1252.NewDecoder().Bytes(content) // every byte decodes
	}
	header, _, _ := bytes.Cut(content, []byte("\n"))
	reader := csv.NewReader(bytes.NewReader(content))
	reader.Comma = ';'
	for _, comma := range ",\t" {
		if bytes.ContainsRune(header, comma) && !bytes.ContainsRune(header, ';') {
			reader.Comma = comma
		}
	}
	names, err := reader.Read()
	if err != nil {
		return nil, nil, refuse(Invalid, "Le fichier n’a pas de ligne d’en-tête lisible", nil)
	}
	columns := map[string]int{}
	for i, name := range names {
		if name = strings.ToLower(strings.TrimSpace(name)); slices.Contains(importColumns, name) {
			columns[name] = i
		}
	}
	for _, required := range []string{"type", "nom"} {
		if _, found := columns[required]; !found {
			return nil, nil, refuse(Invalid, "La colonne « {{.Column}} » manque : l’en-tête doit être {{.Columns}}",
				data.Values{"Column": required, "Columns": strings.Join(importColumns, ";")})
		}
	}
	return reader, columns, nil
}

// unreadable tells the line just read and why it cannot be used.
func unreadable(reader *csv.Reader, err error) (int, data.Problems) {
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse) && errors.Is(err, csv.ErrFieldCount):
		return parse.StartLine, data.Problems{{Field: "line", Message: "Ligne illisible : le nombre de colonnes n’est pas celui de l’en-tête"}}
	case errors.As(err, &parse):
		return parse.StartLine, data.Problems{{Field: "line", Message: "Ligne illisible : un guillemet n’est pas à sa place"}}
	case err != nil:
		return 0, data.Problems{{Field: "line", Message: "Ligne illisible"}}
	}
	line, _ := reader.FieldPos(0)
	return line, nil
}

// importLine imports one line. Problems refuse it; an error ends the import.
func (c *change) importLine(report *Import, line int, row organisationRow) (data.Problems, error) {
	o, r := row.organisation(), row.representative()
	if o.SIREN != "" {
		_, err := c.OrganisationBySIREN(o.SIREN)
		if err == nil {
			report.Present++
			return nil, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	var problems data.Problems
	if err := c.addOrganisation(&o, r); errors.As(err, &problems) {
		return problems, nil
	} else if err != nil {
		return nil, err
	}
	report.Added++
	var e *Error
	if _, err := addressLines(o, r); errors.As(refined(err), &e) {
		report.Incomplete = append(report.Incomplete, ImportLine{Line: line, Name: o.Name, Problems: e.Problems})
	}
	return nil, nil
}

// organisationRow is a line of the file.
type organisationRow struct {
	columns map[string]int
	record  []string
}

func (r organisationRow) get(column string) string {
	i, found := r.columns[column]
	if !found || i >= len(r.record) {
		return ""
	}
	return strings.TrimSpace(r.record[i])
}

func rowName(columns map[string]int, record []string) string {
	return organisationRow{columns, record}.get("nom")
}

func (r organisationRow) organisation() data.Organisation {
	return data.Organisation{
		Kind: data.OrganisationKind(strings.ToLower(r.get("type"))), Name: r.get("nom"),
		SIREN: strings.ReplaceAll(r.get("siren"), " ", ""), INSEECode: r.get("code_insee"),
		Address: data.Address{
			Complement: r.get("complement"), Street: r.get("adresse"), Distribution: r.get("distribution"),
			PostalCode: r.get("code_postal"), City: r.get("libelle_acheminement"), Country: r.get("pays"),
		},
		Email: r.get("courriel"), Phone: r.get("telephone"),
	}
}

func (r organisationRow) representative() data.LegalRepresentative {
	representative := data.LegalRepresentative{
		Civility: data.Civility(r.get("representant_civilite")), FirstName: r.get("representant_prenom"),
		LastName: r.get("representant_nom"), Office: r.get("representant_fonction"),
	}
	kind := data.OrganisationKind(strings.ToLower(r.get("type")))
	byOffice := kind == data.Commune || kind == data.EPCI
	if representative.Office == "" && (byOffice || representative.LastName != "") {
		representative.Office = data.OfficeOf(kind)
	}
	return representative
}
