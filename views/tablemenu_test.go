package views

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// menuItem is an item of the menu that a click with the other button opens.
func (l *testTable) menuItem(path ...string) *fyne.MenuItem {
	l.Helper()
	items := l.menu().Items
	for i, label := range path {
		for _, item := range items {
			if item.Label != label {
				continue
			}
			if i == len(path)-1 {
				return item
			}
			items = item.ChildMenu.Items
			break
		}
	}
	l.Fatalf("no item %v in the menu", path)
	return nil
}

func (l *testTable) tapMenu(path ...string) {
	l.Helper()
	item := l.menuItem(path...)
	if item.Disabled {
		l.Fatalf("%v is disabled", path)
	}
	item.Action()
}

// TestMenuOpens on a row, which it selects unless it is selected, on a header,
// and by keys.
func TestMenuOpens(t *testing.T) {
	list := newTestTable(t)
	overlays := list.shownIn.Canvas().Overlays()
	opened := func(what string) {
		t.Helper()
		if overlays.Top() == nil {
			t.Fatalf("%s: no menu", what)
		}
		overlays.Remove(overlays.Top())
	}
	secondary := func(row int) {
		at := fyne.NewPos(60, rowHeight*(float32(row)+1.5))
		list.grid.TappedSecondary(&fyne.PointEvent{Position: at, AbsolutePosition: at})
	}
	secondary(2)
	opened("on a row")
	list.wantSelected("on a row", 3, 3)
	list.press(true, fyne.KeyDown)
	secondary(3)
	opened("on one of several")
	list.wantSelected("on one of several", 4, 3, 4)
	test.TapSecondary(list.headers()[1])
	opened("on a header")
	list.press(false, desktop.KeyMenu)
	opened("the Menu key")
	list.press(true, fyne.KeyF10)
	opened("Shift+F10")
}

// TestRowsAreCopied as a spreadsheet takes them: titles, the columns shown, and
// nothing that it would compute or take for another cell.
func TestRowsAreCopied(t *testing.T) {
	list := newTestTable(t)
	copied := func() string { return fyne.CurrentApp().Clipboard().Content() }
	list.grid.TypedShortcut(&fyne.ShortcutCopy{Clipboard: fyne.CurrentApp().Clipboard()})
	if copied() != "" {
		t.Errorf("with no row selected, %q is copied", copied())
	}
	list.show([]row{{1, "=HYPERLINK(1)"}, {2, "deux\tcellules\net\r\nlignes"}, {3, "\t=1+1"}, {4, "ordinaire"}})
	list.choose(0)
	list.press(true, fyne.KeyDown, fyne.KeyDown)
	list.grid.TypedShortcut(&fyne.ShortcutCopy{Clipboard: fyne.CurrentApp().Clipboard()})
	want := "Nom\tNuméro\tParité\n'=HYPERLINK(1)\t1\timpair\ndeux cellules et lignes\t2\tpair\n' =1+1\t3\timpair\n"
	if copied() != want {
		t.Errorf("copied %q, want %q", copied(), want)
	}
	list.showColumn(0, false)
	list.choose(3)
	list.tapMenu("Copier (Ctrl+C)")
	if want = "Numéro\tParité\n4\tpair\n"; copied() != want {
		t.Errorf("copied %q, want %q", copied(), want)
	}
}

// save chooses a folder and writes what the file dialog that is open asks for.
func (d *desk) save() {
	d.Helper()
	d.tap("Enregistrer")
}

// TestTablesAreExported: the directory, by pages, and a table in memory, by the
// menu, in both formats; the audit says so.
func TestTablesAreExported(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	d, _ := newDesk(t)
	var file strings.Builder
	file.WriteString("type;nom;code_postal\n")
	for i := range 450 {
		fmt.Fprintf(&file, "commune;Commune no %04d;%05d\n", i, 67000+i%100)
	}
	if _, err := d.app.Import(d.ctx, app.OrganisationsFile, strings.NewReader(file.String()), false); err != nil {
		t.Fatal(err)
	}
	d.signIn("claire", testPassword)
	d.w.frame.show(d.w.frame.book)
	directory := d.w.frame.book.table
	directory.showColumn(3, false)
	directory.showColumn(4, false)
	export := func() {
		t.Helper()
		item := directory.menu().Items[len(directory.menu().Items)-1]
		if item.Label != "Exporter ce tableau…" {
			t.Fatalf("the menu ends with %q", item.Label)
		}
		item.Action()
	}
	export()
	d.wantRead("Les colonnes affichées de 451 lignes.")
	for _, object := range d.all() {
		if formats, ok := object.(*widget.RadioGroup); ok {
			formats.SetSelected("CSV")
		}
	}
	d.tap("Choisir où…")
	d.save()
	d.wantRead("annuaire.csv enregistré")
	content, err := os.ReadFile(filepath.Join(home, "annuaire.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(content), "\r\n"), "\r\n")
	if len(lines) != 452 || lines[0] != "\ufeffOrganisation;CP;Administrateur" || lines[451] != "Commune no 0449;67049;—" {
		t.Errorf("%d lines, the first %q, the last %q", len(lines), lines[0], lines[len(lines)-1])
	}
	export()
	d.tap("Choisir où…")
	d.save()
	if content, err := os.ReadFile(filepath.Join(home, "annuaire.xlsx")); err != nil || !strings.HasPrefix(string(content), "PK") {
		t.Errorf("the workbook: %d bytes, %v", len(content), err)
	}
	d.w.frame.show(d.w.frame.home)
	d.w.frame.home.recent.export()
	d.tap("Choisir où…")
	d.save()
	if _, err := os.Stat(filepath.Join(home, "evenements.xlsx")); err != nil {
		t.Error(err)
	}
	entries, err := d.app.Audit(d.ctx, data.AuditFilter{Action: "table.export"}, 0, 10)
	if err != nil || len(entries) != 3 || auditSubject(entries[2]) != "annuaire" || !strings.Contains(entries[2].After, "451") {
		t.Errorf("the audit: %v, %v", entries, err)
	}
}

// TestExportIsCancelled by the status bar: nothing of the file stays.
func TestExportIsCancelled(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	f := d.w.frame
	list := newTestPages(t, 5000)
	list.window = d.w
	read := list.pages.reader()
	pagesRead := 0
	list.pages.reader = func() pageReader[row] {
		return func(ctx context.Context, page int) ([]row, error) {
			if pagesRead++; page == 2 {
				if len(f.status.tasks.tasks) != 1 {
					t.Error("the status bar does not show the export")
				}
				cancelled, cancel := context.WithCancel(ctx)
				cancel() // as the bar's button does, which has no turn while tasks are inline
				return nil, cancelled.Err()
			}
			return read(ctx, page)
		}
	}
	rows := list.rows()
	path := filepath.Join(t.TempDir(), "essai.csv")
	file, err := storage.Writer(storage.NewFileURI(path))
	if err != nil {
		t.Fatal(err)
	}
	f.write(file, func(ctx context.Context, _ string, w io.Writer, report progress) error {
		return d.app.ExportTable(ctx, "essai", app.CSV, w, list.titles(), rows(ctx, report))
	})
	d.wantRead("essai.csv : enregistrement annulé")
	if _, err := os.Stat(path); !os.IsNotExist(err) || pagesRead != 3 || len(f.status.tasks.tasks) != 0 {
		t.Errorf("the file: %v; %d pages read", err, pagesRead)
	}
}

// TestReadersExportNoTable, who may copy what they see.
func TestReadersExportNoTable(t *testing.T) {
	d, _ := newDesk(t)
	d.operator("lecture", data.Reader)
	d.signIn("lecture", testPassword)
	for _, item := range d.w.frame.book.table.menu().Items {
		if strings.HasPrefix(item.Label, "Exporter") {
			t.Error("a reader is offered an export")
		}
	}
}

// TestTablesHaveNamesOfTheirOwn: what one keeps, another must not take.
func TestTablesHaveNamesOfTheirOwn(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, call := range tableNames.FindAllStringSubmatch(string(content), -1) {
			if other := seen[call[1]]; other != "" {
				t.Errorf("%s and %s both have a table %q", file, other, call[1])
			}
			seen[call[1]] = file
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d tables found", len(seen))
	}
}

var tableNames = regexp.MustCompile(`newTable\([a-z.]+, "([^"]+)"`)
