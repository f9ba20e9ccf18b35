package views

import (
	"context"
	"io"
	"iter"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
)

// menu is what can be done with a table: copy, choose columns, export.
func (t *table[T]) menu() *fyne.Menu {
	copied := fyne.NewMenuItem(lang.L("Copier (Ctrl+C)"), t.copySelection)
	copied.Disabled = len(t.selection()) == 0
	all := fyne.NewMenuItem(lang.L("Tout sélectionner (Ctrl+A)"), t.selectAll)
	if t.checkable {
		all.Label = lang.L("Tout cocher (Ctrl+A)")
	}
	all.Disabled = t.count() == 0
	columns := fyne.NewMenuItem(lang.L("Colonnes"), nil)
	columns.ChildMenu = fyne.NewMenu("")
	for i, by := range t.columns {
		item := fyne.NewMenuItem(by.title, func() { t.showColumn(i, !t.isShown(i)) })
		item.Checked = t.isShown(i)
		item.Disabled = item.Checked && len(t.shown) == 1
		columns.ChildMenu.Items = append(columns.ChildMenu.Items, item)
	}
	widths := fyne.NewMenuItem(lang.L("Largeurs d’origine"), t.resetWidths)
	widths.Disabled = !slices.ContainsFunc(t.wanted, func(width float32) bool { return width > 0 })
	menu := fyne.NewMenu("", copied, all, fyne.NewMenuItemSeparator(), columns, widths)
	if f := t.window.frame; f != nil && f.may("ExportTable") {
		export := fyne.NewMenuItem(lang.L("Exporter ce tableau…"), t.export)
		export.Disabled = t.count() == 0
		menu.Items = append(menu.Items, fyne.NewMenuItemSeparator(), export)
	}
	return menu
}

// openMenu shows the menu at a position of the window.
func (t *table[T]) openMenu(at fyne.Position) {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(t.grid); canvas != nil {
		widget.ShowPopUpMenuAtPosition(t.menu(), canvas, at)
	}
}

// tappedSecondary shows the menu for a row, which is selected unless it was; a
// row of -1 is the header.
func (t *table[T]) tappedSecondary(row int, at fyne.Position) {
	if record, ok := t.at(row); ok && !t.checked[t.id(record)] {
		t.choose(row)
	}
	t.openMenu(at)
}

// copySelection copies the rows selected, under their titles, as a spreadsheet
// takes them: a line a row, a tab between two cells, and nothing that it would
// compute.
func (t *table[T]) copySelection() {
	records := t.selection()
	if len(records) == 0 {
		return
	}
	spaces := strings.NewReplacer("\t", " ", "\r\n", " ", "\n", " ", "\r", " ")
	var text strings.Builder
	write := func(cells []string) {
		for i, cell := range cells {
			if i > 0 {
				text.WriteByte('\t')
			}
			text.WriteString(spaces.Replace(app.NoFormula(cell)))
		}
		text.WriteByte('\n')
	}
	write(t.titles())
	for _, record := range records {
		write(cellsOf(t.texts(), record))
	}
	fyne.CurrentApp().Clipboard().SetContent(text.String())
}

// titles are those of the columns on the screen.
func (t *table[T]) titles() []string {
	titles := make([]string, len(t.shown))
	for i, col := range t.shown {
		titles[i] = t.columns[col].title
	}
	return titles
}

// texts write the columns on the screen.
func (t *table[T]) texts() []func(T) string {
	texts := make([]func(T) string, len(t.shown))
	for i, col := range t.shown {
		texts[i] = t.columns[col].text
	}
	return texts
}

func cellsOf[T any](texts []func(T) string, record T) []string {
	cells := make([]string, len(texts))
	for i, text := range texts {
		cells[i] = text(record)
	}
	return cells
}

// export asks for a format, and then where the table goes: the columns on the
// screen, all rows.
func (t *table[T]) export() {
	f := t.window.frame
	about := lang.N("Les colonnes affichées de {{.PluralCount}} lignes. Le fichier peut contenir des données personnelles : gardez-le en lieu sûr.",
		t.count(), map[string]any{"PluralCount": number(t.count())})
	f.askFormat(lang.L("Exporter ce tableau"), about, func(as app.Format) {
		titles, rows := t.titles(), t.rows()
		f.saveLong(t.name+"."+string(as), func(ctx context.Context, _ string, w io.Writer, report progress) error {
			return f.guichet.ExportTable(ctx, t.name, as, w, titles, rows(ctx, report))
		})
	})
}

// rows are all rows of the columns on the screen, as they are now, to be read
// off the UI goroutine.
func (t *table[T]) rows() func(context.Context, progress) iter.Seq2[[]string, error] {
	texts, total := t.texts(), t.count()
	if t.pages == nil { // written here: what columns say may be about the screen
		rows := make([][]string, 0, total)
		for _, record := range t.records {
			rows = append(rows, cellsOf(texts, record))
		}
		return func(_ context.Context, report progress) iter.Seq2[[]string, error] {
			return func(yield func([]string, error) bool) {
				for i, row := range rows {
					if !yield(row, nil) {
						return
					}
					report(i+1, total)
				}
			}
		}
	}
	read := t.pages.reader()
	return func(ctx context.Context, report progress) iter.Seq2[[]string, error] {
		return func(yield func([]string, error) bool) {
			for record, err := range read.each(ctx, total, report) {
				if err != nil {
					yield(nil, err)
					return
				}
				if !yield(cellsOf(texts, record), nil) {
					return
				}
			}
		}
	}
}
