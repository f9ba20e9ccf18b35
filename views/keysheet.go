package views

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
)

// keyWords are the names of keys that are not what they write.
func keyWords() map[fyne.KeyName]string {
	return map[fyne.KeyName]string{
		fyne.KeyReturn: "↵", fyne.KeyEnter: "↵", fyne.KeyEscape: lang.L("Échap"), fyne.KeySpace: lang.L("Espace"),
		fyne.KeyUp: "↑", fyne.KeyDown: "↓", fyne.KeyLeft: "←", fyne.KeyRight: "→", fyne.KeyHome: lang.L("Début"), fyne.KeyEnd: lang.L("Fin"),
		fyne.KeyPageUp: lang.L("Page précédente"), fyne.KeyPageDown: lang.L("Page suivante"), desktop.KeyMenu: lang.L("Menu"),
	}
}

// label is how people call a key.
func (k key) label() string {
	if k.name == "" {
		return string([]rune(k.letters)[:1])
	}
	name, named := keyWords()[k.name]
	if !named {
		name = string(k.name)
	}
	switch k.modifier {
	case ctrl:
		return "Ctrl+" + name
	case fyne.KeyModifierShift:
		return lang.L("Maj") + "+" + name
	}
	return name
}

// keyLine is a line of the sheet: the keys that do something, and what.
type keyLine struct {
	keys []string
	says string
}

// text names the line's keys: all, or the first and the last of many.
func (l keyLine) text() string {
	if len(l.keys) > 4 {
		return l.keys[0] + " … " + l.keys[len(l.keys)-1]
	}
	return strings.Join(l.keys, ", ")
}

// lines are what the sheet says of a table.
func (g keyGroup) lines() (lines []keyLine) {
	for _, k := range g.keys {
		label := k.label()
		if k.says != "" {
			lines = append(lines, keyLine{[]string{label}, k.says})
			continue
		}
		last := &lines[len(lines)-1]
		if last.keys[len(last.keys)-1] != label { // Return and Enter have one name
			last.keys = append(last.keys, label)
		}
	}
	return lines
}

// section shows what the sheet says of a table.
func (g keyGroup) section() fyne.CanvasObject {
	var pairs []string
	for _, line := range g.lines() {
		pairs = append(pairs, line.text(), line.says)
	}
	return container.NewVBox(subheading(g.title), facts(pairs...))
}

// showKeys shows the keys of the screen.
func (f *frame) showKeys() {
	groups := f.keys()
	columns, width := []fyne.CanvasObject{groups[0].section()}, float32(860)
	own := container.NewVBox()
	for _, group := range groups[1:] {
		own.Add(group.section())
	}
	if len(own.Objects) > 0 {
		columns = append(columns, own)
	}
	if s, ok := f.current.(interface{ sheetAside() fyne.CanvasObject }); ok {
		columns, width = append(columns, s.sheetAside()), 1120
	}
	content := container.NewThemeOverride(container.New(topGrid{len(columns)}, columns...), sheetTheme{f.w.fyneApp.Settings().Theme()})
	m := f.w.openDialog(lang.L("Au clavier"), lang.L("Compris"), false, width, content, func(*modal) { f.w.closeDialog() })
	m.leave.Hide() // nothing was about to change
	f.w.window.Canvas().Focus(m.button)
}

// moveKeys are the keys of a list in which one moves by lines.
func moveKeys(by func(lines int), first, last func(), page int) []key {
	return []key{
		{name: fyne.KeyDown, says: lang.L("la ligne suivante, la précédente"), do: func() { by(1) }},
		{name: fyne.KeyUp, do: func() { by(-1) }},
		{name: fyne.KeyHome, says: lang.L("la première ligne, la dernière"), do: first},
		{name: fyne.KeyEnd, do: last},
		{name: fyne.KeyPageDown, says: lang.L("une page plus bas, plus haut"), do: func() { by(page) }},
		{name: fyne.KeyPageUp, do: func() { by(-page) }},
	}
}

// sheetTheme is the theme on the sheet: its lines stand close.
type sheetTheme struct{ fyne.Theme }

func (t sheetTheme) Size(name fyne.ThemeSizeName) float32 {
	if name == theme.SizeNamePadding {
		return 0
	}
	return t.Theme.Size(name)
}
