package app

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"guichet/data"
)

// spreadsheet is a file of rows under a header line, as Excel reads and writes
// them.
type spreadsheet struct {
	columns []string
	rows    []sheetRow
}

// sheetRow is a line of a spreadsheet: its number in the file, from 1, and its
// values by column, or why it cannot be read.
type sheetRow struct {
	line       int
	values     map[string]string
	unreadable string
}

func (r sheetRow) get(column string) string { return r.values[column] }

// isXLSX tells an Excel workbook, which is a ZIP file, from a text.
func isXLSX(content []byte) bool { return bytes.HasPrefix(content, []byte("PK\x03\x04")) }

// readSpreadsheet reads a workbook's first sheet, or a CSV file in UTF-8 (with
// a byte order mark or not) or Windows-1252, separated by semicolons, commas or
// tabs. Columns that are not known are passed over; one of the required that
// is missing is an error.
func readSpreadsheet(content []byte, known, required []string) (spreadsheet, error) {
	var sheet spreadsheet
	var err error
	if isXLSX(content) {
		sheet, err = readXLSX(content)
	} else {
		sheet, err = readCSV(content)
	}
	if err != nil {
		return sheet, err
	}
	for _, column := range required {
		if !slices.Contains(sheet.columns, column) {
			return sheet, refuse(Invalid, "La colonne « {{.Column}} » manque : l’en-tête doit être {{.Columns}}",
				data.Values{"Column": column, "Columns": strings.Join(known, ";")})
		}
	}
	return sheet, nil
}

var errNoHeader = refuse(Invalid, "Le fichier n’a pas de ligne d’en-tête lisible", nil)

func readCSV(content []byte) (spreadsheet, error) {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if !utf8.Valid(content) {
		content, _ = charmap.Windows1252.NewDecoder().Bytes(content) // every byte decodes
	}
	reader := csv.NewReader(bytes.NewReader(content))
	reader.Comma = separatorOf(content)
	names, err := reader.Read()
	if err != nil {
		return spreadsheet{}, errNoHeader
	}
	sheet := spreadsheet{columns: columnNames(names)}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return sheet, nil
		}
		row := sheet.row(0, record)
		var parse *csv.ParseError
		switch {
		case errors.As(err, &parse) && errors.Is(err, csv.ErrFieldCount):
			row.line, row.unreadable = parse.StartLine, "Ligne illisible : le nombre de colonnes n’est pas celui de l’en-tête"
		case errors.As(err, &parse):
			row.line, row.unreadable = parse.StartLine, "Ligne illisible : un guillemet n’est pas à sa place"
		case err != nil:
			return sheet, refined(err)
		default:
			row.line, _ = reader.FieldPos(0)
		}
		sheet.rows = append(sheet.rows, row)
	}
}

// separatorOf is what separates the names of the header line.
func separatorOf(content []byte) rune {
	header, _, _ := bytes.Cut(content, []byte("\n"))
	for _, separator := range ";,\t" {
		if bytes.ContainsRune(header, separator) {
			return separator
		}
	}
	return ';'
}

// without are the sheet's columns that have a name, less those known.
func (s spreadsheet) without(known []string) (others []string) {
	for _, column := range s.columns {
		if column != "" && !slices.Contains(known, column) {
			others = append(others, column)
		}
	}
	return others
}

func columnNames(header []string) []string {
	names := make([]string, len(header))
	for i, name := range header {
		names[i] = strings.ToLower(strings.TrimSpace(name))
	}
	return names
}

// row takes a record's values by column. An apostrophe that the export put
// before what a spreadsheet would take for a formula goes.
func (s spreadsheet) row(line int, record []string) sheetRow {
	row := sheetRow{line: line, values: map[string]string{}}
	for i, column := range s.columns {
		if i < len(record) {
			value := strings.TrimSpace(record[i])
			if rest, found := strings.CutPrefix(value, "'"); found && isFormula(rest) {
				value = rest
			}
			row.values[column] = value
		}
	}
	return row
}

// isFormula tells what a spreadsheet would compute instead of showing.
func isFormula(value string) bool {
	return value != "" && strings.ContainsRune("=+-@\t\r", rune(value[0]))
}

func readXLSX(content []byte) (sheet spreadsheet, err error) {
	book, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{UnzipSizeLimit: 512 << 20})
	if err != nil {
		return sheet, refuse(Invalid, "Ce classeur ne s’ouvre pas", nil)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil || len(rows) == 0 {
		return sheet, errNoHeader
	}
	sheet.columns = columnNames(rows[0])
	for i, record := range rows[1:] {
		if len(record) > 0 {
			sheet.rows = append(sheet.rows, sheet.row(i+2, record))
		}
	}
	return sheet, nil
}

// Format is a file format of an export.
type Format string

// The formats of an export.
const (
	CSV  Format = "csv"  // UTF-8 with a byte order mark and semicolons, as Excel in French opens it
	XLSX Format = "xlsx" // a workbook
)

// NoFormula puts an apostrophe before what a spreadsheet would compute instead
// of showing: whatever leaves Guichet for a spreadsheet goes through it.
func NoFormula(value string) string {
	if isFormula(value) {
		return "'" + value
	}
	return value
}

// writeSpreadsheet writes rows under a header line. What a spreadsheet would
// compute has an apostrophe before it, in a workbook too: it may be saved as CSV.
func writeSpreadsheet(w io.Writer, format Format, columns []string, rows [][]string) error {
	return writeRows(w, format, columns, func(yield func([]string, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	})
}

// writeRows is writeSpreadsheet of rows that are still being read.
func writeRows(w io.Writer, format Format, columns []string, rows iter.Seq2[[]string, error]) error {
	lines := func(yield func([]string, error) bool) {
		if !yield(columns, nil) {
			return
		}
		for row, err := range rows {
			for i, value := range row {
				row[i] = NoFormula(value)
			}
			if !yield(row, err) {
				return
			}
		}
	}
	if format == XLSX {
		return writeXLSX(w, lines)
	}
	return writeCSV(w, lines)
}

func writeCSV(w io.Writer, lines iter.Seq2[[]string, error]) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	writer := csv.NewWriter(w)
	writer.Comma, writer.UseCRLF = ';', true
	for line, err := range lines {
		if err == nil {
			err = writer.Write(line)
		}
		if err != nil {
			return err
		}
	}
	writer.Flush()
	return writer.Error()
}

// writeXLSX writes every value as a text: a SIREN keeps its zeros, and nothing
// is a formula.
func writeXLSX(w io.Writer, lines iter.Seq2[[]string, error]) error {
	book := excelize.NewFile()
	defer book.Close()
	stream, err := book.NewStreamWriter(book.GetSheetName(0))
	if err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	n := 0
	for line, err := range lines {
		if err != nil {
			return err
		}
		if n++; n > excelize.TotalRows {
			return refuse(Invalid, "Un classeur ne contient pas plus de {{.Limit}} lignes : choisissez CSV", data.Values{"Limit": excelize.TotalRows})
		}
		cells := make([]any, len(line))
		for i, value := range line {
			cells[i] = value
		}
		if err := stream.SetRow("A"+strconv.Itoa(n), cells); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := stream.Flush(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return book.Write(w)
}
