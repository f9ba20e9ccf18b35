package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// codes takes the codes that a legal representative reads out. The codes leave
// the screen as soon as they have served, and when another screen is shown.
type codes struct {
	f         *frame
	reference *entry
	code1     *entry
	code2     *entry
	form      *form
	button    *button
	result    *fyne.Container
	sentence  *widget.Label
	now       *prose
}

func newCodes(f *frame) *codes {
	c := &codes{f: f, form: newForm(), sentence: subheading(""), now: paragraph("")}
	c.reference, c.code1, c.code2 = newEntry(f.w), newEntry(f.w), newEntry(f.w)
	for i, field := range []*entry{c.reference, c.code1, c.code2} {
		field.TextStyle, field.asks = fyne.TextStyle{Monospace: true}, true
		field.OnChanged = func(string) { c.onTyped(i) }
		field.OnSubmitted = func(string) { c.onConfirm() }
	}
	c.reference.PlaceHolder, c.code1.PlaceHolder, c.code2.PlaceHolder = "L26-004217-K", "XXXX-XXXX", "XXXX-XXXX"
	c.button = newIconButton(lang.L("Confirmer"), theme.ConfirmIcon(), c.onConfirm)
	c.button.Importance = widget.HighImportance
	c.sentence.Wrapping = fyne.TextWrapWord
	return c
}

func (c *codes) content() fyne.CanvasObject {
	intro := caption(lang.L("Le représentant légal lit la référence et les deux codes de sa lettre. Majuscules, espaces et tirets ne comptent pas ; O se lit 0, I et L se lisent 1."))
	entries := container.NewThemeOverride(columns(3,
		c.form.add("reference", lang.L("Référence *"), c.reference),
		c.form.add("code1", lang.L("Code 1 *"), c.code1), c.form.add("code2", lang.L("Code 2 *"), c.code2),
	), codeTheme{c.f.w.fyneApp.Settings().Theme()})
	c.result = container.NewStack(newFill(colorCard, 6), newOutline(6), padded(12, container.NewBorder(nil, nil,
		container.NewVBox(container.NewPadded(widget.NewIcon(stateIcon(theme.ConfirmIcon(), theme.ColorNameSuccess)))), nil,
		container.NewVBox(c.sentence, c.now))))
	c.result.Hide()
	body := container.NewVBox(intro, entries, container.NewHBox(c.button), widget.NewLabel(""), c.result)
	c.form.root = body
	return padded(12, container.NewBorder(heading(lang.L("Codes de confirmation")), nil, nil, nil, container.New(atMost(860), body)))
}

// codeTheme makes the entries of codes big.
type codeTheme struct{ fyne.Theme }

func (t codeTheme) Size(name fyne.ThemeSizeName) float32 {
	if name == theme.SizeNameText {
		return t.Theme.Size(sizeCode)
	}
	return t.Theme.Size(name)
}

// reload empties the screen: codes never stay on it.
func (c *codes) reload() {
	c.clear()
	c.f.w.window.Canvas().Focus(c.reference)
}

func (c *codes) clear() {
	for _, field := range []*entry{c.reference, c.code1, c.code2} {
		field.SetText("")
	}
	c.form.clear()
	if c.result != nil {
		c.result.Hide()
	}
}

// symbols counts what may be a symbol in a typed code.
func symbols(typed string) int {
	return len(strings.NewReplacer(" ", "", "-", "", noBreak, "").Replace(typed))
}

// checkField tells whether a field is typed to its end, and what is wrong then.
func (c *codes) checkField(i int) (complete bool, err error) {
	switch i {
	case 0:
		if symbols(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(c.reference.Text)), "L")) < 9 {
			return false, nil
		}
		_, err = data.NormaliseReference(c.reference.Text)
	default:
		field := []*entry{c.code1, c.code2}[i-1]
		if symbols(field.Text) < 8 {
			return false, nil
		}
		_, err = data.NormaliseCode([]string{"code1", "code2"}[i-1], field.Text)
	}
	return true, err
}

// onTyped signals a mistyped symbol and moves the caret on from a field that is
// complete and right.
func (c *codes) onTyped(i int) {
	fields := []*entry{c.reference, c.code1, c.code2}
	var problems data.Problems
	for n := range fields {
		_, err := c.checkField(n)
		problems = append(problems, app.ProblemsOf(err)...)
	}
	if len(problems) > 0 {
		c.form.show(problems) //nolint:errcheck // all fields are the form's
	} else {
		c.form.clear()
	}
	if fields[i].Text != "" {
		c.result.Hide()
		c.f.notice.hide()
	}
	if complete, err := c.checkField(i); complete && err == nil && i < 2 {
		c.f.w.window.Canvas().Focus(fields[i+1])
	}
}

func (c *codes) onConfirm() {
	if c.button.Disabled() {
		return
	}
	reference, code1, code2 := c.reference.Text, c.code1.Text, c.code2.Text
	c.result.Hide()
	start(c.f.scope, "confirm", c.button, func(ctx context.Context) (app.Confirmation, error) {
		return c.f.guichet.Confirm(ctx, reference, code1, code2)
	}, func(done app.Confirmation, err error) {
		if err != nil {
			c.f.notice.fail(err, c.form)
			return
		}
		c.reload()
		c.show(done)
		c.f.notice.hide()
		c.f.refreshCounts()
	})
}

// show says what the codes brought about, and what now holds.
func (c *codes) show(done app.Confirmation) {
	values := map[string]any{
		"Name": done.Account.Name(), "Identifier": done.Account.Identifier, "Organisation": done.Organisation.Name, "Former": done.Former.Name(),
	}
	now := ""
	if done.Kind.MakesAdministrator() {
		c.sentence.SetText(lang.L("{{.Organisation}} : {{.Name}} en est l’administrateur", values))
		now = lang.L("Il n’y avait pas d’administrateur avant.")
		if done.Former.ID != 0 {
			now = lang.L("L’administrateur était {{.Former}}, désormais simple utilisateur avec les permissions qu’il avait.", values)
		}
	} else {
		c.sentence.SetText(lang.L("{{.Organisation}} : {{.Name}} en est un utilisateur validé", values))
		now = lang.L("L’inscription est confirmée par le représentant légal.")
	}
	if blocks := done.Account.Blocks(c.f.guichet.Now()); len(blocks) > 0 {
		now += " " + lang.L("Le compte {{.Identifier}} n’est pas encore utilisable : {{.Reasons}}.",
			map[string]any{"Identifier": done.Account.Identifier, "Reasons": reasons(blocks)})
	} else {
		now += " " + lang.L("Le compte {{.Identifier}} est utilisable.", values)
	}
	c.now.SetText(now)
	c.result.Show()
	c.form.root.Refresh()
}

// reasons lists why an account is not usable.
func reasons(blocks []data.Block) string {
	texts := make([]string, len(blocks))
	for i, block := range blocks {
		texts[i] = strings.ToLower(word(block))
	}
	return strings.Join(texts, ", ")
}

func (c *codes) mainAct()         { c.onConfirm() }
func (c *codes) back()            { c.reload() }
func (c *codes) help() string     { return "codes" }
func (c *codes) keys() []keyGroup { return nil }

// focus puts the caret into the first field that is not filled in.
func (c *codes) focus() {
	for _, field := range []*entry{c.reference, c.code1, c.code2} {
		if field.Text == "" || field == c.code2 {
			c.f.w.window.Canvas().Focus(field)
			return
		}
	}
}
