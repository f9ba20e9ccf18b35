package views

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/data"
	"guichet/letters/printing"
	"guichet/letters/printing/printingtest"
)

// newPrintersDesk is a desk whose mail room looks at the printers.
func newPrintersDesk(t *testing.T) (*desk, *settingsPrinters) {
	t.Helper()
	d, _ := newDesk(t)
	d.operator("paul", data.MailRoom)
	d.signIn("paul", testPassword)
	d.w.frame.show(d.w.frame.settings)
	return d, d.w.frame.settings.printers
}

// choose selects a printer.
func (p *settingsPrinters) choose(name string) {
	p.table.choose(slices.IndexFunc(p.table.records, func(r printerRow) bool { return r.Name == name }))
}

func TestSettingsPrinters(t *testing.T) {
	cups := printingtest.CUPS(t)
	d, p := newPrintersDesk(t)
	d.wantRead(printingtest.Description) // the default printer is selected
	states := map[string]string{}
	for _, row := range p.table.records {
		states[row.Name] = printerState(row)
	}
	if states[printingtest.Office] != "Prête" || states[printingtest.Paused] != "Arrêtée" || states[printingtest.Closed] != "Refuse les travaux" {
		t.Errorf("the printers are %q", states)
	}

	p.choose(printingtest.Paused)
	d.wantRead("L’imprimante signale : Changement du tambour")
	if !p.print.Disabled() {
		t.Error("a stopped printer is offered a sheet")
	}

	p.choose(printingtest.Office)
	p.dx.SetText("trois")
	p.dy.SetText("-25")
	d.wantProblem(p.fields, "dx", "1,5 ou -0,3")
	p.dx.SetText("1,5 mm")
	d.wantProblem(p.fields, "dy", "−20 à 20 mm")
	p.choose(printingtest.OneSided)
	if p.dx.Text != "0" {
		t.Errorf("another printer's offset reads %q", p.dx.Text)
	}
	p.choose(printingtest.Office)
	if p.dx.Text != "1,5 mm" || !p.changed() {
		t.Errorf("the draft became %q", p.dx.Text)
	}
	p.dy.SetText("−0.3")
	d.tap("Enregistrer le décalage")
	if offset := d.stored().OffsetOf(printingtest.Office); offset.DX != 1.5 || offset.DY != -0.3 {
		t.Errorf("stored %+v", offset)
	}
	if row, _ := p.table.current(); plain(offsetText(row.offset)) != "x +1,5 mm, y −0,3 mm" || p.changed() {
		t.Errorf("the table reads %q", offsetText(row.offset))
	}

	p.tray.SetSelectedIndex(2)
	d.tap("Imprimer la feuille de calibrage")
	d.wantRead("Feuille de calibrage envoyée à " + printingtest.Description)
	if status, err := printing.Follow(t.Context(), printingtest.Office+"-1", 50*time.Millisecond, nil); err != nil || status.State != printing.Completed {
		t.Fatalf("%+v, %v", status, err)
	}
	printed := cups.Printed(t)[0]
	if tray := printed.Option("InputSlot"); tray != "Tray2" {
		t.Errorf("printed with %q", printed.Options)
	}
	if pages := printed.Pages(t); len(pages) != 1 || !strings.Contains(pages[0], "+1,5") {
		t.Errorf("printed %q", pages)
	}
}

func TestSettingsWithoutPrinter(t *testing.T) {
	for _, c := range []struct {
		name, want string
		prepare    func(*testing.T)
	}{
		{"no print system", "Ce poste n’a pas de système d’impression", func(t *testing.T) { printingtest.Nowhere(t) }},
		{"no printer", "Ce poste n’a pas d’imprimante", func(t *testing.T) { printingtest.Without(t) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.prepare(t)
			d, p := newPrintersDesk(t)
			d.wantRead(c.want)
			if p.detail.Visible() || p.open.Disabled() {
				t.Error("it offers what needs a printer")
			}
		})
	}
}

func TestTypedOffsets(t *testing.T) {
	for typed, want := range map[string]float64{"": 0, "1,5": 1.5, "-0.3": -0.3, "−2": -2, "+3 mm": 3, " 0,25 ": 0.25} {
		if got, ok := millimetresOf(typed); got != want || !ok {
			t.Errorf("%q is %v mm, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"un", "1,5,5", "1e3", "--1", "1,", "0,125"} {
		if got, ok := millimetresOf(typed); ok {
			t.Errorf("%q is %v mm", typed, got)
		}
	}
}
