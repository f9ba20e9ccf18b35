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

// reissue is the act that replaces the letter selected in a list, with what
// may be said of it: from when it may be reported as not received (R16).
type reissue struct {
	f      *frame
	hint   *widget.Label
	button *button
	table  *table[data.LetterFile]
	box    *fyne.Container
}

func newReissue(f *frame, letters *table[data.LetterFile]) *reissue {
	r := &reissue{f: f, hint: line(""), table: letters}
	r.hint.Importance = widget.LowImportance
	r.button = newIconButton(lang.L("Remplacer la lettre"), theme.MailComposeIcon(), r.onReissue)
	r.box = container.NewBorder(nil, nil, f.offer("ReissueLetter", r.button), nil, r.hint)
	letters.onSelected = func(data.LetterFile) { r.show() }
	r.show()
	return r
}

func (r *reissue) content() fyne.CanvasObject { return r.box }

// show says what may be done with the letter selected.
func (r *reissue) show() {
	letter, ok := r.table.current()
	r.hint.SetText("")
	r.button.SetText(lang.L("Remplacer la lettre"))
	replaceable := ok && letter.Request.Open()
	switch {
	case !replaceable:
	case letter.State == data.Posted:
		r.button.SetText(lang.L("Signaler non reçue et remplacer"))
		replaceable = r.f.mayReport(letter.Letter)
		r.hint.SetText(r.f.reportable(letter.Letter))
	case letter.State == data.Returned && !letter.Organisation.AddressDoubtedAt.IsZero():
		replaceable = false
		r.hint.SetText(lang.L("L’adresse est à vérifier avant qu’une nouvelle lettre y parte."))
	case letter.State == data.Locked || letter.State == data.ExpiredLetter || letter.State == data.Returned:
		r.hint.SetText(lang.L("Une nouvelle lettre, avec de nouveaux codes, prendra sa place."))
	default:
		replaceable = false
	}
	if ok && letter.ReturnReason != "" {
		r.hint.SetText(strings.TrimSpace(lang.L("Revenue : {{.Reason}}.", map[string]any{"Reason": lowerFirst(word(letter.ReturnReason))}) + " " + r.hint.Text))
	}
	setEnabled(r.button, replaceable)
	r.box.Refresh() // the button's text has another width
}

func (r *reissue) onReissue() {
	letter, ok := r.table.current()
	if !ok {
		return
	}
	r.f.reissue(letter.Letter, r.button, r.show)
}

// reissue has a letter replaced and says by which; after is called first.
func (f *frame) reissue(letter data.Letter, button *button, after func()) {
	start(f.scope, "", button, func(ctx context.Context) (app.Reissue, error) {
		return f.guichet.ReissueLetter(ctx, letter.Reference)
	}, func(done app.Reissue, err error) {
		after()
		if err != nil {
			f.notice.fail(err, nil)
			return
		}
		f.changed(lang.L("La lettre {{.New}} est en file à la place de {{.Former}}", map[string]any{"New": done.Reference, "Former": done.Former}))
	})
}

// mayReport tells whether a posted letter may be reported as not received.
func (f *frame) mayReport(letter data.Letter) bool {
	return !f.guichet.Now().Before(data.StartOfDay(data.ReportableFrom(letter.PostedOn, f.alsaceMoselle)))
}

// reportable says from when a posted letter may be reported.
func (f *frame) reportable(letter data.Letter) string {
	from := data.ReportableFrom(letter.PostedOn, f.alsaceMoselle)
	if f.mayReport(letter) {
		return lang.L("Signalable non reçue depuis le {{.Day}}", map[string]any{"Day": day(from)})
	}
	return lang.L("Signalable non reçue à partir du {{.Day}}", map[string]any{"Day": day(from)})
}
