package app

import (
	"context"
	"errors"
	"io"
	"strings"

	"guichet/data"
)

// FileKind is what a file of the register holds, a record a line.
type FileKind string

// The files of the register.
const (
	OrganisationsFile   FileKind = "organisations"
	RepresentativesFile FileKind = "representatives"
	AccountsFile        FileKind = "accounts"
	SubscriptionsFile   FileKind = "subscriptions"
	PermissionsFile     FileKind = "permissions"
)

// FileKinds are all files, in the order in which they are imported.
var FileKinds = []FileKind{OrganisationsFile, RepresentativesFile, AccountsFile, SubscriptionsFile, PermissionsFile}

// LineAction is what an import does, or would do, with a line.
type LineAction string

// The actions on a line.
const (
	LineAdded   LineAction = "added"
	LineChanged LineAction = "changed"
	LineSame    LineAction = "same"
	LineRefused LineAction = "refused"
)

// Label is the action as people read it.
func (a LineAction) Label() string {
	switch a {
	case LineAdded:
		return "Ajout"
	case LineChanged:
		return "Modification"
	case LineSame:
		return "Sans changement"
	case LineRefused:
		return "Refus"
	}
	return string(a)
}

// FieldChange is a column whose value a line changes.
type FieldChange struct{ Column, Before, After string }

// ImportLine is a line of the file, by its number from 1, and what becomes of it.
type ImportLine struct {
	Line     int
	Name     string
	Action   LineAction
	Changes  []FieldChange // of LineChanged
	Problems data.Problems // of LineRefused
	// Held are what will hold the organisation's letters back.
	Held data.Problems
}

// Import is the report of an import, line by line.
type Import struct {
	Kind   FileKind
	DryRun bool // nothing was written
	Lines  []ImportLine
	// Ignored are the file's columns that its kind has not: what they hold is
	// not imported.
	Ignored []string
}

// Count counts the lines of an action.
func (i Import) Count(action LineAction) (n int) {
	for _, line := range i.Lines {
		if line.Action == action {
			n++
		}
	}
	return n
}

// importer reads one kind of file.
type importer struct {
	columns  []string
	required []string
	// line imports a line. data.Problems and refusals refuse it; any other
	// error ends the import.
	line func(a *App, c *change, row sheetRow) (ImportLine, error)
}

var importers = map[FileKind]importer{
	OrganisationsFile:   {organisationColumns, []string{"type", "nom"}, importOrganisation},
	RepresentativesFile: {representativeColumns, []string{"siren", "fonction"}, importRepresentative},
	AccountsFile:        {accountColumns, []string{"siren", "prenom", "nom", "courriel"}, importAccount},
	SubscriptionsFile:   {subscriptionColumns, []string{"siren", "e_service"}, importSubscription},
	PermissionsFile:     {permissionColumns, []string{"identifiant", "e_service"}, importPermission},
}

// errDryRun ends the transaction of a dry run.
var errDryRun = errors.New("dry run")

// Import reads a file of the register, CSV or XLSX, in one transaction. Wrong
// and unreadable lines are refused with their number and fields, the others
// are imported; a line whose record is there already changes what differs. A
// dry run reports the same and writes nothing. Administrators only.
func (a *App) Import(ctx context.Context, kind FileKind, file io.Reader, dryRun bool) (report Import, err error) {
	operator, err := allow(ctx, "Import")
	if err != nil {
		return report, err
	}
	reader, known := importers[kind]
	if !known {
		return report, refuse(Invalid, "Type de fichier inconnu « {{.Kind}} »", data.Values{"Kind": kind})
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return report, refined(err)
	}
	sheet, err := readSpreadsheet(content, reader.columns, reader.required)
	if err != nil {
		return report, err
	}
	err = a.update(ctx, operator, func(c *change) error {
		report = Import{Kind: kind, DryRun: dryRun, Ignored: sheet.without(reader.columns)}
		for _, row := range sheet.rows {
			if err := ctx.Err(); err != nil {
				return err
			}
			line, err := a.importRow(c, reader, row)
			if err != nil {
				return err
			}
			report.Lines = append(report.Lines, line)
		}
		if dryRun {
			return refuseDryRun
		}
		return c.audit("register.import", string(kind), 0, nil, map[string]any{
			"added": report.Count(LineAdded), "changed": report.Count(LineChanged), "refused": report.Count(LineRefused),
		})
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return report, err
}

// refuseDryRun rolls a dry run's transaction back.
var refuseDryRun = &Error{Kind: Conflict, Message: "Essai à blanc", cause: errDryRun}

// importRow imports one line; a refused one leaves nothing behind.
func (a *App) importRow(c *change, reader importer, row sheetRow) (ImportLine, error) {
	if row.unreadable != "" {
		return ImportLine{Line: row.line, Action: LineRefused, Problems: data.Problems{{Field: "line", Message: row.unreadable}}}, nil
	}
	var line ImportLine
	err := c.Attempt(func() (err error) {
		line, err = reader.line(a, c, row)
		return err
	})
	line.Line = row.line
	if err == nil {
		return line, nil
	}
	var problems data.Problems
	var refusal *Error
	switch {
	case errors.As(err, &problems):
	case errors.As(err, &refusal) && refusal.Kind != Internal:
		problems = data.Problems{{Field: "line", Message: refusal.Message, Values: refusal.Values}}
	default:
		return line, err
	}
	line.Action, line.Problems, line.Changes = LineRefused, problems, nil
	return line, nil
}

// changes lists the columns in which two rows of a file differ; only what the
// file has a column for counts.
func changes(row sheetRow, columns, before, after []string) []FieldChange {
	var all []FieldChange
	for i, column := range columns {
		if _, given := row.values[column]; given && before[i] != after[i] {
			all = append(all, FieldChange{column, before[i], after[i]})
		}
	}
	return all
}

// take puts a row's value into a field when the file has its column.
func take[T ~string](row sheetRow, column string, field *T) {
	if value, given := row.values[column]; given {
		*field = T(value)
	}
}

// sirenOf reads a SIREN as people write it.
func sirenOf(row sheetRow) string { return strings.ReplaceAll(row.get("siren"), " ", "") }
