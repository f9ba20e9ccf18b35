package views

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// letterTexts are the fields of the letters' texts, those of one kind at a
// time. They show the texts in force: Guichet's own where the register has none.
type letterTexts struct {
	page       *settingsLetter
	kind       data.LetterTextKind
	texts      data.LetterTexts // as typed, of all kinds
	choice     *widget.Select
	paragraphs []*paragraphField
	variables  *fyne.Container
	meaning    *prose
	last       *writing // the field last in use: a variable goes there
}

// paragraphField is the field of one paragraph.
type paragraphField struct {
	name     string // in Problems, after text.user.
	of       func(*data.LetterText) *string
	text     *writing
	original *button
	made     *field
}

func newLetterTexts(page *settingsLetter) *letterTexts {
	t := &letterTexts{page: page, kind: data.LetterTextKinds[0], texts: data.LetterTexts{}, meaning: caption("")}
	t.paragraphs = []*paragraphField{
		{name: "subject", of: func(t *data.LetterText) *string { return &t.Subject }},
		{name: "opening", of: func(t *data.LetterText) *string { return &t.Opening }},
		{name: "effect", of: func(t *data.LetterText) *string { return &t.Effect }},
		{name: "caution", of: func(t *data.LetterText) *string { return &t.Caution }},
	}
	var kinds []string
	for _, kind := range data.LetterTextKinds {
		kinds = append(kinds, word(kind))
	}
	t.choice = widget.NewSelect(kinds, nil)
	t.choice.SetSelectedIndex(0)
	t.choice.OnChanged = func(string) { t.onKind() }
	t.variables = container.New(&wrapLayout{})
	return t
}

func (t *letterTexts) content() fyne.CanvasObject {
	box := container.NewVBox(t.page.fields.add("kind", lang.L("Lettre"), t.choice), t.variables, container.New(twoLines{}, t.meaning))
	labels := []string{lang.L("Objet"), lang.L("Qui demande quoi, au-dessus des codes"), lang.L("Ce que fait la saisie des codes"), lang.L("Mise en garde")}
	for i, p := range t.paragraphs {
		p.text = t.page.writing(nil)
		if p.name == "subject" {
			p.text.MultiLine, p.text.Wrapping = false, fyne.TextWrap(fyne.TextTruncateClip)
		}
		p.text.onFocus = func() {
			t.writes(p.text)
			t.page.turn(0)
		}
		p.text.OnChanged = func(string) { t.onTyped(p) }
		p.original = newIconButton(lang.L("Reprendre le texte de Guichet"), theme.ContentUndoIcon(), func() {
			p.text.SetText(*p.of(new(t.guichets(t.kind))))
		})
		p.original.Importance = widget.LowImportance
		p.original.Hide()
		name := t.fieldName(t.kind, p)
		box.Add(t.page.fields.add(name, labels[i], container.NewVBox(p.text, container.NewHBox(layout.NewSpacer(), p.original))))
		p.made = t.page.fields.fields[name]
	}
	t.last = t.paragraphs[1].text
	t.showVariables()
	return box
}

// guichets is the text of a kind in a register that has none of its own.
func (t *letterTexts) guichets(kind data.LetterTextKind) data.LetterText {
	return app.LetterText(data.Settings{}, kind)
}

// fieldName is a paragraph's name in Problems.
func (t *letterTexts) fieldName(kind data.LetterTextKind, p *paragraphField) string {
	return "text." + string(kind) + "." + p.name
}

func (t *letterTexts) fill(settings data.Settings) {
	for _, kind := range data.LetterTextKinds {
		t.texts[kind] = app.LetterText(settings, kind)
	}
	t.showKind()
}

// showKind puts the texts of the kind into the fields.
func (t *letterTexts) showKind() {
	text := t.texts[t.kind]
	for _, p := range t.paragraphs {
		p.text.SetText(*p.of(&text))
		t.showOriginal(p)
	}
}

// onKind shows the texts of another kind, and a letter of it.
func (t *letterTexts) onKind() {
	before := t.kind
	t.kind = data.LetterTextKinds[t.choice.SelectedIndex()]
	for _, p := range t.paragraphs {
		delete(t.page.fields.fields, t.fieldName(before, p))
	}
	for _, p := range t.paragraphs {
		t.page.fields.fields[t.fieldName(t.kind, p)] = p.made
	}
	filling := t.page.filling
	t.page.filling = true
	t.showKind()
	t.page.filling = filling
	t.showVariables()
	t.page.look()
}

func (t *letterTexts) onTyped(p *paragraphField) {
	text := t.texts[t.kind]
	*p.of(&text) = p.text.Text
	t.texts[t.kind] = text
	t.showOriginal(p)
	t.page.touched()
}

// showOriginal offers Guichet's text where another stands.
func (t *letterTexts) showOriginal(p *paragraphField) {
	original := t.guichets(t.kind)
	if strings.TrimSpace(p.text.Text) == *p.of(&original) {
		p.original.Hide()
	} else {
		p.original.Show()
	}
	p.text.onGrown()
}

// own are the texts that differ from Guichet's, which are not kept: a register
// without a text of its own follows them.
func (t *letterTexts) own() data.LetterTexts {
	var own data.LetterTexts
	for _, kind := range data.LetterTextKinds {
		text, original := t.texts[kind], t.guichets(kind)
		for _, p := range t.paragraphs {
			paragraph := p.of(&text)
			if *paragraph = strings.TrimSpace(*paragraph); *paragraph == *p.of(&original) {
				*paragraph = ""
			}
		}
		if text != (data.LetterText{}) {
			if own == nil {
				own = data.LetterTexts{}
			}
			own[kind] = text
		}
	}
	return own
}

// placed gives problems of the texts that are not shown to the choice of the
// kind, which names them.
func (t *letterTexts) placed(err error) error {
	problems := slices.Clone(app.ProblemsOf(err))
	for i, problem := range problems {
		for _, kind := range data.LetterTextKinds {
			if kind != t.kind && strings.HasPrefix(problem.Field, "text."+string(kind)+".") {
				problems[i] = data.Problem{Field: "kind", Message: "{{.Kind}} : {{.Problem}}", Values: data.Values{
					"Kind": word(kind), "Problem": lowerFirst(say(problem.Message, problem.Values)),
				}}
			}
		}
	}
	if len(problems) == 0 {
		return err
	}
	return problems
}

// showVariables lists what the kind's texts may hold, or the back while it is
// being written.
func (t *letterTexts) showVariables() {
	t.variables.RemoveAll()
	variables := app.LetterVariables(t.kind)
	if t.last != nil && t.last == t.page.verso {
		variables = app.VersoVariables()
	}
	for _, variable := range variables {
		t.variables.Add(newVariableButton(variable, t.explain, t.insert))
	}
	t.explain(nil)
}

// explain says what a variable stands for, or what variables are for.
func (t *letterTexts) explain(variable *data.Variable) {
	text := lang.L("Un clic met la variable là où est le curseur. Deux astérisques mettent en gras : **important**.")
	if variable != nil {
		text = lang.L("{{.Name}} : {{.Meaning}}, par exemple « {{.Sample}} »", map[string]any{
			"Name": "{" + variable.Name + "}", "Meaning": variable.Meaning, "Sample": variable.Sample,
		})
	}
	t.meaning.SetText(text)
}

// writes notes the field that the caret is in: variables go there.
func (t *letterTexts) writes(in *writing) {
	former := t.last
	if t.last = in; (former == t.page.verso) != (in == t.page.verso) {
		t.showVariables()
	}
}

// insert puts a variable where the caret was last.
func (t *letterTexts) insert(variable data.Variable) {
	t.last.TypedShortcut(&fyne.ShortcutPaste{Clipboard: snippet("{" + variable.Name + "}")})
	t.page.s.f.w.window.Canvas().Focus(t.last)
}

// twoLines keeps room for two lines of caption, so that nothing moves when
// their text changes.
type twoLines struct{}

func (twoLines) MinSize([]fyne.CanvasObject) fyne.Size {
	line := fyne.MeasureText("Ag", theme.CaptionTextSize(), fyne.TextStyle{}).Height
	return fyne.NewSize(0, 2*line+theme.LineSpacing()+2*theme.InnerPadding())
}

func (twoLines) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// snippet is a text to be pasted that does not go through the clipboard.
type snippet string

func (s snippet) Content() string { return string(s) }
func (snippet) SetContent(string) {}

// variableButton puts a variable into a text, and says what it stands for when
// it is pointed at or has the focus.
type variableButton struct {
	widget.Button
	variable data.Variable
	explain  func(*data.Variable)
}

func newVariableButton(variable data.Variable, explain func(*data.Variable), insert func(data.Variable)) *variableButton {
	b := &variableButton{variable: variable, explain: explain}
	b.Text = variable.Name
	b.OnTapped = func() { insert(variable) }
	b.ExtendBaseWidget(b)
	return b
}

func (b *variableButton) MouseIn(event *desktop.MouseEvent) {
	b.Button.MouseIn(event)
	b.explain(&b.variable)
}

func (b *variableButton) MouseOut() {
	b.Button.MouseOut()
	b.explain(nil)
}

func (b *variableButton) FocusGained() {
	b.Button.FocusGained()
	b.explain(&b.variable)
}
