package views

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// settingsMail are the fields of how letters are composed and posted.
type settingsMail struct {
	cutOff, limit, validDays *entry
	alsaceMoselle, duplex    *widget.Check
	envelope                 *widget.Select
	drawing                  *envelopeDrawing
	service, home, abroad    *entry
}

// newSettingsMail is the page of how letters are composed and posted.
func newSettingsMail(s *settings) *settingsForm {
	p := newSettingsForm(s, "mail")
	v := &settingsMail{drawing: newEnvelopeDrawing()}
	p.fill, p.typed = v.fill, v.typed
	p.box = p.layOut(lang.L("Courrier"), "", container.New(atMost(760), v.content(p)))
	return p
}

func (v *settingsMail) content(p *settingsForm) fyne.CanvasObject {
	var cutOff, limit, validDays, service, home, abroad fyne.CanvasObject
	v.cutOff, cutOff = p.text("cut_off", lang.L("Heure limite du jour *"))
	v.limit, limit = p.text("batch_limit", lang.L("Lettres par lot, au plus *"))
	v.validDays, validDays = p.text("code_valid_days", lang.L("Validité des codes, en jours *"))
	v.service, service = p.text("postage_service", lang.L("Produit postal"))
	v.home, home = p.text("postage_home", lang.L("Prix d’une lettre, France (€)"))
	v.abroad, abroad = p.text("postage_abroad", lang.L("Prix d’une lettre, étranger (€)"))
	touched := func(bool) { p.touched() }
	v.alsaceMoselle = widget.NewCheck(lang.L("Vendredi saint et 26 décembre fériés (Alsace-Moselle)"), touched)
	v.duplex = widget.NewCheck(lang.L("Recto verso : le verso du modèle de lettre au dos de chaque feuille"), touched)
	var labels []string
	for _, envelope := range data.Envelopes {
		labels = append(labels, word(envelope))
	}
	v.envelope = widget.NewSelect(labels, nil)
	v.envelope.OnChanged = func(string) {
		v.drawing.show(v.chosenEnvelope())
		p.fit()
		p.touched()
	}
	return container.New(layout.NewCustomPaddedVBoxLayout(14),
		section(lang.L("Départ et codes"), columns(3, cutOff, limit, validDays),
			caption(lang.L("Après l’heure limite, une lettre part avec le courrier du prochain jour ouvré. Les codes valent à compter de l’envoi.")),
			v.alsaceMoselle),
		section(lang.L("Feuille et enveloppe"), p.fields.add("envelope", lang.L("Enveloppe à fenêtre"), v.envelope), v.duplex, v.drawing.content()),
		section(lang.L("Affranchissement"), columns(3, service, home, abroad),
			caption(lang.L("Pour le bordereau de dépôt, dans la mesure où un prix est connu. Un prix laissé vide n’est pas imprimé."))),
	)
}

func (v *settingsMail) chosenEnvelope() data.Envelope {
	if i := v.envelope.SelectedIndex(); i >= 0 {
		return data.Envelopes[i]
	}
	return ""
}

func (v *settingsMail) fill(r registerSettings) {
	v.cutOff.SetText(r.CutOff)
	v.limit.SetText(number(r.BatchLimit))
	v.validDays.SetText(number(r.CodeValidDays))
	v.alsaceMoselle.SetChecked(r.AlsaceMoselle)
	v.duplex.SetChecked(r.Duplex)
	v.envelope.SetSelected(word(r.Envelope))
	v.service.SetText(r.Postage.Service)
	v.home.SetText(euros(r.Postage.Home))
	v.abroad.SetText(euros(r.Postage.Abroad))
}

func (v *settingsMail) typed(r registerSettings) (registerSettings, error) {
	var problems data.Problems
	price := func(field string, e *entry) int {
		cents, ok := centsOf(e.Text)
		if !ok {
			problems.Add(field, "Un prix s’écrit 1,39", nil)
		}
		return cents
	}
	r.CutOff = timeOfDay(v.cutOff.Text)
	r.BatchLimit, r.CodeValidDays = wholeNumber(v.limit.Text), wholeNumber(v.validDays.Text)
	r.AlsaceMoselle, r.Duplex, r.Envelope = v.alsaceMoselle.Checked, v.duplex.Checked, v.chosenEnvelope()
	r.Postage = data.Postage{
		Service: strings.TrimSpace(v.service.Text), Home: price("postage_home", v.home), Abroad: price("postage_abroad", v.abroad),
	}
	return r, problems.Err()
}

// timeOfDay writes what people type as a time (9 h 30, 9h30, 9:30) as 09:30;
// what is no time stays, for the settings to refuse.
func timeOfDay(text string) string {
	tight := strings.Replace(strings.ToLower(unspaced(text)), "h", ":", 1)
	if strings.HasSuffix(tight, ":") {
		tight += "00"
	}
	at, err := time.Parse("15:04", tight)
	if err != nil {
		return strings.TrimSpace(text)
	}
	return at.Format("15:04")
}

// wholeNumber reads a whole number, its thousands apart or not; −1 for anything else,
// which the settings refuse.
func wholeNumber(text string) int {
	n, err := strconv.Atoi(unspaced(text))
	if err != nil {
		return -1
	}
	return n
}

// unspaced takes all spaces out, no-break ones too.
func unspaced(text string) string { return strings.Join(strings.Fields(text), "") }

var pricePattern = regexp.MustCompile(`^(\d{1,4})(?:[,.](\d{1,2}))?$`)

// centsOf reads a price in euros: 1,39 or 1.39; nothing is 0.
func centsOf(text string) (cents int, ok bool) {
	text = strings.TrimSuffix(unspaced(text), "€")
	if text == "" {
		return 0, true
	}
	parts := pricePattern.FindStringSubmatch(text)
	if parts == nil {
		return 0, false
	}
	whole, _ := strconv.Atoi(parts[1])                     // digits only
	part, _ := strconv.Atoi((parts[2] + "00")[:len("00")]) // likewise
	return whole*100 + part, true
}

// euros writes a price; nothing for 0.
func euros(cents int) string {
	if cents == 0 {
		return ""
	}
	return decimals(fmt.Sprintf("%d.%02d", cents/100, cents%100))
}
