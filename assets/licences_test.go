package assets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/licensecheck"
)

const modulesFile = "licences/modules.tsv"

// allowed are the licences under which Guichet, which is under the MIT licence, may
// be handed on with a module linked into it.
var allowed = []string{"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "Unlicense", "OFL-1.1", "CC0-1.0", "Zlib", "MPL-2.0"}

// TestLicences holds the list of the modules that are linked into Guichet, on any
// system, with their versions and licences, against what go.mod says now.
// GUICHET_LICENCES=1, which make licences sets, writes it anew.
func TestLicences(t *testing.T) {
	var list strings.Builder
	list.WriteString("module\tversion\tlicence\n")
	for _, m := range linked(t) {
		path, version, folder := m[0], m[1], m[2]
		licence := licenceOf(t, folder)
		if licence == "" {
			t.Errorf("%s %s: no licence is recognised in %s", path, version, folder)
		}
		for _, one := range strings.Split(licence, " AND ") {
			if !slices.Contains(allowed, one) {
				t.Errorf("%s %s is under %s: may it be linked?", path, version, one)
			}
		}
		fmt.Fprintf(&list, "%s\t%s\t%s\n", path, version, licence)
	}
	if os.Getenv("GUICHET_LICENCES") != "" {
		if err := os.WriteFile(modulesFile, []byte(list.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(modulesFile)
	if err != nil || string(kept) != list.String() {
		t.Errorf("%s is not what go.mod says: make licences (%v)", modulesFile, err)
	}
}

// linked are the path, version and folder of the modules that main links on Linux,
// Windows and macOS.
func linked(t *testing.T) (modules [][]string) {
	t.Helper()
	const format = "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}"
	for _, system := range []string{"linux", "windows", "darwin"} {
		command := exec.Command("go", "list", "-deps", "-e", "-tags", "x11,migrated_fynedo", "-f", format, "guichet")
		command.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=1")
		out, err := command.Output()
		if err != nil {
			t.Fatalf("go list for %s: %v", system, err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			if fields := strings.Split(line, "\t"); len(fields) == 3 {
				modules = append(modules, fields)
			}
		}
	}
	slices.SortFunc(modules, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	return slices.CompactFunc(modules, func(a, b []string) bool { return a[0] == b[0] })
}

// licenceOf names the licences in a module's folder, joined by AND.
func licenceOf(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var found []string
	for _, entry := range entries {
		stem := strings.ToUpper(strings.TrimSuffix(entry.Name(), filepath.Ext(entry.Name())))
		if entry.IsDir() || !slices.Contains([]string{"LICENSE", "LICENCE", "COPYING", "UNLICENSE"}, stem) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range licensecheck.Scan(text).Match {
			if !match.IsURL && !slices.Contains(found, match.ID) {
				found = append(found, match.ID)
			}
		}
	}
	slices.Sort(found)
	return strings.Join(found, " AND ")
}
