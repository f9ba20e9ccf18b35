package views

import (
	"maps"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// settingsHelpDesk are the fields of how requests are handled: hours, times,
// the acknowledgement, the signature, and the headings' stock answers, one
// heading at a time.
type settingsHelpDesk struct {
	p             *settingsForm
	opens, closes *entry
	saturday      *widget.Check
	answer, solve *entry
	acknowledge   *widget.Check
	signature     *writing
	heading       *widget.Select
	text          *writing
	original      *button
	answers       map[data.Heading]string // as typed; of all headings
	chosen        data.Heading
	meaning       *prose
}

func newSettingsHelpDesk(s *settings) *settingsForm {
	p := newSettingsForm(s, "help desk")
	v := &settingsHelpDesk{p: p, answers: map[data.Heading]string{}, chosen: data.Headings[0], meaning: caption("")}
	p.fill, p.typed = v.fill, v.typed
	p.box = p.layOut(lang.L("Assistance"), "", container.New(atMost(760), v.content()))
	return p
}

func (v *settingsHelpDesk) content() fyne.CanvasObject {
	p := v.p
	var opens, closes, answer, solve fyne.CanvasObject
	v.opens, opens = p.text("help_desk_hours", lang.L("Ouverture *"))
	v.closes = p.entry()
	closes = p.fields.add("closes", lang.L("Fermeture *"), v.closes)
	v.answer, answer = p.text("help_desk_targets", lang.L("Première réponse, en heures ouvrées *"))
	v.solve = p.entry()
	solve = p.fields.add("solve", lang.L("Résolution, en heures ouvrées *"), v.solve)
	v.saturday = widget.NewCheck(lang.L("Ouverte le samedi"), func(bool) { p.touched() })
	v.acknowledge = widget.NewCheck(lang.L("Accuser réception de chaque nouvelle demande, avec son numéro"), func(bool) { p.touched() })
	v.signature = newWriting(p.s.f.w, nil)
	v.signature.OnChanged = func(string) { p.touched() }
	v.signature.onGrown = p.fit
	return container.New(layout.NewCustomPaddedVBoxLayout(14),
		section(lang.L("Heures et délais"), columns(2, opens, closes), v.saturday, columns(2, answer, solve),
			caption(lang.L("Les délais comptent dans ces heures, hors dimanches et jours fériés. Une priorité haute en prend la moitié, une urgente le quart, une basse le double."))),
		section(lang.L("Réponses"), v.acknowledge, p.fields.add("signature", lang.L("Signature"), v.signature)),
		section(lang.L("Réponses types"), v.answersContent()),
	)
}

func (v *settingsHelpDesk) answersContent() fyne.CanvasObject {
	p := v.p
	var labels []string
	for _, heading := range data.Headings {
		labels = append(labels, word(heading))
	}
	v.heading = widget.NewSelect(labels, nil)
	v.heading.SetSelectedIndex(0)
	v.heading.OnChanged = func(string) { v.onHeading() }
	v.text = newWriting(p.s.f.w, nil)
	v.text.OnChanged = func(text string) {
		v.answers[v.chosen] = text
		v.showOriginal()
		p.touched()
	}
	v.text.onGrown = p.fit
	v.original = newIconButton(lang.L("Reprendre le texte de Guichet"), theme.ContentUndoIcon(), func() { v.text.SetText(v.chosen.StockAnswer()) })
	v.original.Importance = widget.LowImportance
	variables := container.New(&wrapLayout{})
	for _, variable := range data.AnswerVariables {
		variables.Add(newVariableButton(variable, v.explain, v.insert))
	}
	v.explain(nil)
	field := p.fields.add("answer."+string(v.chosen), "", container.NewVBox(v.text, container.NewHBox(layout.NewSpacer(), v.original)))
	return container.NewVBox(v.heading, variables, container.New(twoLines{}, v.meaning), field)
}

// explain says what a variable stands for, or what variables are for.
func (v *settingsHelpDesk) explain(variable *data.Variable) {
	text := lang.L("Un clic met la variable là où est le curseur. Une variable que le registre ne sait pas remplir bloque l’envoi.")
	if variable != nil {
		text = lang.L("{{.Name}} : {{.Meaning}}, par exemple « {{.Sample}} »", map[string]any{
			"Name": "{{" + variable.Name + "}}", "Meaning": variable.Meaning, "Sample": variable.Sample,
		})
	}
	v.meaning.SetText(text)
}

func (v *settingsHelpDesk) insert(variable data.Variable) {
	v.text.TypedShortcut(&fyne.ShortcutPaste{Clipboard: snippet("{{" + variable.Name + "}}")})
	v.p.s.f.w.window.Canvas().Focus(v.text)
}

// onHeading shows the answer of another heading.
func (v *settingsHelpDesk) onHeading() {
	fields := v.p.fields.fields
	made := fields["answer."+string(v.chosen)]
	delete(fields, "answer."+string(v.chosen))
	v.chosen = data.Headings[v.heading.SelectedIndex()]
	fields["answer."+string(v.chosen)] = made
	filling := v.p.filling
	v.p.filling = true
	v.text.SetText(v.answers[v.chosen])
	v.p.filling = filling
	v.showOriginal()
	v.p.look()
}

func (v *settingsHelpDesk) showOriginal() {
	setVisible(v.original, strings.TrimSpace(v.text.Text) != v.chosen.StockAnswer())
	v.p.fit()
}

func (v *settingsHelpDesk) fill(r registerSettings) {
	h := r.HelpDesk
	v.opens.SetText(h.Opens)
	v.closes.SetText(h.Closes)
	v.saturday.SetChecked(h.Saturday)
	v.answer.SetText(number(h.AnswerHours))
	v.solve.SetText(number(h.SolveHours))
	v.acknowledge.SetChecked(h.Acknowledge)
	v.signature.SetText(h.Signature)
	for _, heading := range data.Headings {
		v.answers[heading] = heading.StockAnswer()
		if own := h.Answers[heading]; strings.TrimSpace(own) != "" {
			v.answers[heading] = own
		}
	}
	v.text.SetText(v.answers[v.chosen])
	v.showOriginal()
}

func (v *settingsHelpDesk) typed(r registerSettings) (registerSettings, error) {
	r.HelpDesk = data.HelpDeskSettings{
		Opens: timeOfDay(v.opens.Text), Closes: timeOfDay(v.closes.Text), Saturday: v.saturday.Checked,
		AnswerHours: wholeNumber(v.answer.Text), SolveHours: wholeNumber(v.solve.Text),
		Acknowledge: v.acknowledge.Checked, Signature: strings.TrimSpace(v.signature.Text), Answers: v.own(),
	}
	return r, nil
}

// own are the answers that differ from Guichet's, which are not kept; nil when
// none does.
func (v *settingsHelpDesk) own() map[data.Heading]string {
	own := maps.Clone(v.answers)
	maps.DeleteFunc(own, func(heading data.Heading, text string) bool { return strings.TrimSpace(text) == heading.StockAnswer() })
	if len(own) == 0 {
		return nil
	}
	return own
}
