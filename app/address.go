package app

import (
	"errors"
	"slices"

	"guichet/data"
	"guichet/letters"
)

// AddressProblem is what is wrong with a line of an address: the line of the
// standard, from 1, 0 for none; the field, its value and the reason.
type AddressProblem = letters.AddressError

// CheckedAddress is a line of an organisations file, by its number from 1, and
// what its letters would bear.
type CheckedAddress struct {
	Line         int
	Organisation string
	// Lines are what would be printed; nil when the letters would be held back.
	Lines []string
	// Problems are what would hold them back.
	Problems []AddressProblem
	// Doubts are surely mistaken, and printed all the same.
	Doubts []AddressProblem
}

// CheckAddresses reads an organisations file, CSV or XLSX, as Import does, and
// tells for each line what its letters would bear or why they would be held
// back. It needs no register and no operator. A file without a header line, or
// without one of its required columns, is refused.
func CheckAddresses(content []byte) ([]CheckedAddress, error) {
	reader := importers[OrganisationsFile]
	sheet, err := readSpreadsheet(content, reader.columns, reader.required)
	if err != nil {
		return nil, err
	}
	checked := make([]CheckedAddress, len(sheet.rows))
	for i, row := range sheet.rows {
		checked[i] = checkAddress(row)
	}
	return checked, nil
}

func checkAddress(row sheetRow) CheckedAddress {
	checked := CheckedAddress{Line: row.line, Organisation: row.get("nom")}
	if row.unreadable != "" {
		checked.Problems = []AddressProblem{{Field: "line", Reason: row.unreadable}}
		return checked
	}
	var o data.Organisation
	readOrganisation(row, &o)
	if !slices.Contains(data.OrganisationKinds, o.Kind) {
		checked.Problems = []AddressProblem{{Field: "kind", Value: string(o.Kind), Reason: "type d’organisation inconnu"}}
		return checked
	}
	lines, err := addressLines(o, readRepresentative(row, o.Kind))
	checked.Lines, checked.Problems = lines, addressProblemsOf(err)
	if err == nil {
		checked.Doubts = letters.AddressDoubts(o.Address)
	}
	return checked
}

// addressProblemsOf are what an error says of an address: a missing
// representative is a problem of the line that names the recipient.
func addressProblemsOf(err error) []AddressProblem {
	var problems letters.AddressErrors
	if err == nil || errors.As(err, &problems) {
		return problems
	}
	const recipientLine = 2
	for _, problem := range ProblemsOf(err) {
		problems = append(problems, AddressProblem{Line: recipientLine, Field: problem.Field, Reason: problem.Error()})
	}
	return problems
}
