package command

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"guichet/assets"
)

// addressFile writes a file to check.
func addressFile(t *testing.T, content []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "adresses.csv")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestAddressCheckOfAlsace needs no register: the office has none. The groupings
// of the list have no address there.
func TestAddressCheckOfAlsace(t *testing.T) {
	o := newOffice(t)
	stdout, stderr, status := o.run(nil, "address", "check", addressFile(t, assets.OrganisationsAlsace))
	if status != Refused || !strings.Contains(stderr, "adresses retenues : 42 sur 921") {
		t.Errorf("status %d, %s", status, stderr)
	}
	if strings.Count(stdout, "\nligne ") != 920 || !strings.HasPrefix(stdout,
		"ligne 2, Commune d'Achenheim : Commune d'Achenheim | Madame ou Monsieur le Maire | 67204 ACHENHEIM\n") {
		t.Errorf("got\n%.300s", stdout)
	}
	var communes bytes.Buffer
	for line := range bytes.Lines(assets.OrganisationsAlsace) {
		if !bytes.HasPrefix(line, []byte("epci;")) && !bytes.Contains(line, []byte("Ohlungen")) {
			communes.Write(line)
		}
	}
	var checked []checkedAddress
	o.must(&checked, "address", "check", addressFile(t, communes.Bytes()))
	if len(checked) != 879 {
		t.Errorf("%d addresses", len(checked))
	}
	if _, err := os.Stat(o.db); !os.IsNotExist(err) {
		t.Errorf("a register was made: %v", err)
	}
}

func TestAddressCheckHeldBack(t *testing.T) {
	o := newOffice(t)
	file := addressFile(t, []byte("type;nom;distribution;code_postal;libelle_acheminement\n"+
		"commune;Commune de X;;67999;X\ncommune;Commune d'Achenheim;;67204;Achenheim\nepci;CC de Y;CS71022;67000;Strasbourg\n"))
	stdout, stderr, status := o.run(nil, "address", "check", file, "--json")
	var checked []checkedAddress
	if err := json.Unmarshal([]byte(stdout), &checked); err != nil {
		t.Fatalf("%v\n%s", err, stdout)
	}
	if status != Refused || !strings.Contains(stderr, "adresses retenues : 1 sur 3") {
		t.Errorf("status %d, %s", status, stderr)
	}
	want := []checkedAddress{
		{
			Line: 2, Organisation: "Commune de X", Lines: []string{},
			Problems: []addressProblem{{6, "postal_code", "67999", "code postal inconnu « 67999 »"}},
		},
		{
			Line: 3, Organisation: "Commune d'Achenheim", Problems: []addressProblem{},
			Lines: []string{"Commune d'Achenheim", "Madame ou Monsieur le Maire", "67204 ACHENHEIM"},
		},
		{
			Line: 4, Organisation: "CC de Y", Problems: []addressProblem{},
			Lines: []string{"CC de Y", "Madame ou Monsieur le Président", "CS 71022", "67000 STRASBOURG"},
			Doubts: []addressProblem{{
				5, "distribution", "CS71022",
				"CS 71022 est distribué par CEDEX : la ligne « 67000 STRASBOURG » devrait en porter un",
			}},
		},
	}
	if !reflect.DeepEqual(checked, want) {
		t.Errorf("got  %+v\nwant %+v", checked, want)
	}
	stdout, _, status = o.run(nil, "address", "check", file)
	if status != Refused || !strings.Contains(stdout, "ligne 2, Commune de X, retenue\n    ligne 6 de l’adresse, code postal inconnu « 67999 »\n") ||
		!strings.Contains(stdout, "    à vérifier : ligne 5 de l’adresse, CS 71022 est distribué par CEDEX") {
		t.Errorf("status %d, got\n%s", status, stdout)
	}
}

func TestAddressCheckMisused(t *testing.T) {
	o := newOffice(t)
	for name, args := range map[string][]string{
		"no file":      {"address", "check"},
		"missing file": {"address", "check", filepath.Join(t.TempDir(), "none.csv")},
		"no column":    {"address", "check", addressFile(t, []byte("nom;code_postal\nX;67204\n"))},
		"empty file":   {"address", "check", addressFile(t, nil)},
	} {
		if stdout, stderr, status := o.run(nil, args...); status != Misused || stderr == "" || stdout != "" {
			t.Errorf("%s: status %d\n%s%s", name, status, stdout, stderr)
		}
	}
}
