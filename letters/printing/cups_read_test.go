//go:build !windows

package printing

import (
	"maps"
	"slices"
	"testing"
)

// TestReadQueues: states of CUPS that the tests' own does not come into.
func TestReadQueues(t *testing.T) {
	const out = `system default destination: accueil/recto
accueil accepting requests since Wed Nov 25 01:58:40 2026
Étage_2 not accepting requests since Wed Nov 25 01:58:40 2026 -
	Rejecting Jobs
printer accueil now printing accueil-12.  enabled since Wed Nov 25 01:58:40 2026
	Sending data to printer.
	Form mounted:
	Description: Description: printer x is idle
	Alerts: none
printer Étage_2 disabled since Wed Nov 25 01:58:40 2026 -
	reason unknown
	Form mounted:
	Description: 
`
	found, standard := readQueues(out)
	want := []Printer{
		{Name: "accueil", Description: "Description: printer x is idle", Accepting: true},
		{Name: "Étage_2", Description: "Étage_2", Stopped: true, Reason: "reason unknown"},
	}
	same := func(a, b Printer) bool {
		return a.Name == b.Name && a.Description == b.Description && a.Accepting == b.Accepting && a.Stopped == b.Stopped && a.Reason == b.Reason
	}
	if standard != "accueil" || !slices.EqualFunc(found, want, same) {
		t.Errorf("got %q, %+v", standard, found)
	}
	if found, standard := readQueues("no system default destination\n"); len(found) > 0 || standard != "" {
		t.Errorf("got %q, %+v", standard, found)
	}
}

func TestReadOptions(t *testing.T) {
	for out, want := range map[string]struct {
		trays  []string
		duplex bool
	}{
		"PageSize/Media Size: *A4 Letter\nInputSlot/Tray: *Auto Bac1\nDuplex/Sides: *None DuplexNoTumble\n": {[]string{"Auto", "Bac1"}, true},
		"Duplex/Sides: *None\n":               {nil, false},
		"JCLDuplex/Sides: False *True\n":      {nil, true},
		"sides/Sides: *one-sided\n":           {nil, false},
		"InstalledDuplex/Unit: *True False\n": {nil, false},
		"":                                    {nil, false},
	} {
		if trays, duplex := readOptions(out); !slices.Equal(trays, want.trays) || duplex != want.duplex {
			t.Errorf("%q: got %q, %v", out, trays, duplex)
		}
	}
}

func TestReadTrayLabels(t *testing.T) {
	const ppd = "*OpenUI *InputSlot/Source: PickOne\r\n*DefaultInputSlot: Auto\r\n*fr.InputSlot Auto/Automatique: \"\"\r\n" +
		"*InputSlot Auto/Automatic: \"\"\r\n*InputSlot Bac1: \"\"\r\n*de.InputSlot Bac2/Fach 2: \"\"\r\n*InputSlot Bac2/Tray\xff2: \"\"\r\n"
	if got := readTrayLabels(ppd); !maps.Equal(got, map[string]string{"Auto": "Automatique", "Bac2": "Tray�2"}) {
		t.Errorf("got %q", got)
	}
}
