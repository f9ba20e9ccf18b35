package main

import (
	"bytes"
	"image"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// arrows are the imports that each package may have of ours: main → views →
// app → data/store, letters, app/mailbox → data.
var arrows = map[string][]string{
	"guichet":               {"guichet/views", "guichet/views/command", "guichet/app", "guichet/assets"},
	"guichet/views":         {"guichet/app", "guichet/data", "guichet/assets"},
	"guichet/views/command": {"guichet/app", "guichet/data"},
	"guichet/app": {
		"guichet/app/mailbox", "guichet/data", "guichet/data/store", "guichet/letters", "guichet/letters/preview",
		"guichet/letters/printing", "guichet/assets",
	},
	"guichet/app/mailbox":                   {"guichet/data"},
	"guichet/app/mailbox/mailboxtest":       {"guichet/data/accounttest"},
	"guichet/data/store":                    {"guichet/data"},
	"guichet/data/store/disktest":           {},
	"guichet/data/store/postgrestest":       {"guichet/data/accounttest"},
	"guichet/letters":                       {"guichet/data", "guichet/assets"},
	"guichet/letters/preview":               {},
	"guichet/letters/printing":              {},
	"guichet/letters/printing/printingtest": {},
	"guichet/data":                          {},
	"guichet/data/accounttest":              {},
	"guichet/assets":                        {},
}

// only are the packages that alone may import, directly, what a prefix names.
var only = map[string][]string{
	"fyne.io/":                   {"guichet", "guichet/views"},
	"fyne.io/fyne/v2/app":        {"guichet"},
	"database/sql":               {"guichet/data/store", "guichet/data/store/postgrestest"},
	"modernc.org/":               {"guichet/data/store"},
	"github.com/jackc/":          {"guichet/data/store", "guichet/data/store/postgrestest"},
	"codeberg.org/go-pdf/":       {"guichet/letters"},
	"github.com/klippa-app/":     {"guichet/letters/preview"},
	"github.com/hanwen/":         {"guichet/data/store/disktest"},
	"github.com/emersion/":       {"guichet/app/mailbox", "guichet/app/mailbox/mailboxtest"},
	"github.com/alecthomas/kong": {"guichet/views/command"},
}

func TestArrows(t *testing.T) {
	found, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedImports}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != len(arrows) {
		t.Errorf("%d packages, %d in the table of arrows", len(found), len(arrows))
	}
	for _, p := range found {
		allowed, known := arrows[p.PkgPath]
		if !known {
			t.Errorf("%s is not in the table of arrows", p.PkgPath)
		}
		for imported := range p.Imports {
			if (imported == "guichet" || strings.HasPrefix(imported, "guichet/")) && !slices.Contains(allowed, imported) {
				t.Errorf("%s must not import %s", p.PkgPath, imported)
			}
			for prefix, packages := range only {
				if strings.HasPrefix(imported, prefix) && !slices.Contains(packages, p.PkgPath) {
					t.Errorf("%s must not import %s", p.PkgPath, imported)
				}
			}
		}
	}
}

// TestWindow opens the real window on the demo register, under Xvfb, and takes
// a picture of each screen.
func TestWindow(t *testing.T) {
	folder := t.TempDir()
	binary, register, screens := filepath.Join(folder, "guichet"), filepath.Join(folder, "demo.db"), filepath.Join(folder, "screens")
	run := func(name string, args ...string) {
		t.Helper()
		command := exec.Command(name, args...)
		command.Env = append(os.Environ(), "GUICHET_PASSWORD=guichet-demo-2026", "GUICHET_NO_KEYRING=1")
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}
	}
	run("go", "build", "-tags", "x11,migrated_fynedo", "-o", binary, ".")
	run(binary, "--db", register, "demo")
	run("xvfb-run", "-a", "-s", "-screen 0 1400x900x24", binary, "--db", register, "--operator", "demo", "window", "--language", "fr", "--screens", screens)
	pictures, err := filepath.Glob(filepath.Join(screens, "*.png"))
	if err != nil || len(pictures) < 90 {
		t.Fatalf("%d pictures, %v", len(pictures), err)
	}
	for _, picture := range pictures {
		content, err := os.ReadFile(picture)
		if err != nil {
			t.Fatal(err)
		}
		decoded, _, err := image.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatal(picture, err)
		}
		if size := decoded.Bounds().Size(); size.X < 1200 || size.Y < 750 || colours(decoded) < 20 {
			t.Errorf("%s is %v with %d colours", filepath.Base(picture), size, colours(decoded))
		}
	}
}

// colours counts the colours of a picture, on a grid.
func colours(picture image.Image) int {
	seen := map[[3]uint32]bool{}
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y += 3 {
		for x := bounds.Min.X; x < bounds.Max.X; x += 3 {
			r, g, b, _ := picture.At(x, y).RGBA()
			seen[[3]uint32{r, g, b}] = true
		}
	}
	return len(seen)
}
