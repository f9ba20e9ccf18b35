package views

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// scansKept is how many scans the screen lists.
const scansKept = 10

// scan is one letter scanned as returned.
type scan struct {
	id     int64
	at     time.Time
	typed  string
	reason data.ReturnReason
	done   app.Returned // when err is nil
	err    error
	undone bool
}

// returns notes the letters that La Poste brings back, one scan each: the
// reason chosen stays, the caret never leaves the field.
type returns struct {
	f       *frame
	field   *scanField
	reasons []*button
	reason  data.ReturnReason // empty: none chosen yet
	chosen  *prose
	icon    *widget.Icon
	result  *widget.Label
	sound   *widget.Check
	play    func(tone)
	undo    *button
	correct *button
	last    *table[scan]
	doubted *doubted

	scans   []scan // newest first
	waiting []scan // to be noted, oldest first
	busy    bool   // one is being noted
	count   int64
}

func newReturns(f *frame) *returns {
	r := &returns{f: f, field: newScanField(f.w), chosen: caption(""), icon: widget.NewIcon(nil), result: subheading("")}
	r.field.onScan, r.field.onReason, r.field.onUndo = r.onScan, r.choose, r.onUndo
	for i := range data.ReturnReasons {
		r.reasons = append(r.reasons, newButton("", func() { r.choose(i); r.focus() }))
	}
	r.result.Wrapping = fyne.TextWrapWord
	r.undo = newIconButton(lang.L("Annuler le dernier (Ctrl+Z)"), theme.ContentUndoIcon(), func() { r.onUndo(); r.focus() })
	r.correct = newIconButton(lang.L("Corriger l’adresse…"), theme.DocumentCreateIcon(), r.onCorrect)
	preferences := f.w.fyneApp.Preferences()
	r.sound = widget.NewCheck(lang.L("Son"), func(on bool) { preferences.SetBool("returns.sound", on); r.focus() })
	r.sound.Checked = preferences.BoolWithFallback("returns.sound", true)
	r.play = func(t tone) {
		act(f.scope, nil, func(ctx context.Context) error { t.play(ctx); return nil }, func(error) {})
	}
	r.last = newTable(f.w, "retours", func(s scan) int64 { return s.id }, r.columns()...)
	r.last.setEmpty(lang.L("Les dix derniers retours notés s’inscriront ici."), nil)
	r.last.onSelected = func(scan) { r.showActs() }
	r.last.show(nil)
	r.doubted = newDoubted(f, r.focus)
	r.doubted.table.onSelected = func(doubtedAddress) { r.doubted.showActs() }
	for _, grid := range []*grid{r.last.grid, r.doubted.table.grid} {
		grid.owner = caretKept{grid.owner, r.focus, r.field.TypedRune}
	}
	r.showReason()
	r.say(theme.InfoIcon(), theme.ColorNamePrimary, lang.L("Choisissez le motif, puis scannez les lettres revenues"))
	r.showActs()
	return r
}

// caretKept gives the caret back after a tap in a list, and what is typed there
// to the field: the next scan must not be lost.
type caretKept struct {
	gridOwner
	back func()
	rune func(rune)
}

func (c caretKept) tapped(row, col int, modifier fyne.KeyModifier) {
	c.gridOwner.tapped(row, col, modifier)
	c.back()
}

func (c caretKept) typedRune(r rune) {
	c.back()
	c.rune(r)
}

func (r *returns) columns() []column[scan] {
	return []column[scan]{
		{title: lang.L("Heure"), width: 78, text: func(s scan) string { return clock(s.at) }},
		{title: lang.L("Référence"), width: 118, mono: true, text: func(s scan) string { return dash(s.reference()) }},
		{title: lang.L("Organisation"), width: 180, grow: 2, text: func(s scan) string { return dash(s.done.Letter.Organisation.Name) }},
		{title: lang.L("Motif"), width: 226, grow: 1, text: func(s scan) string { return word(s.reason) }},
		{title: lang.L("Résultat"), width: 250, grow: 3, text: scanResult, icon: scanIcon},
	}
}

// reference is what the scan says, empty when it cannot be read.
func (s scan) reference() string {
	reference, err := data.ScannedReference(s.typed)
	if err != nil {
		return ""
	}
	return reference
}

func scanResult(s scan) string {
	switch {
	case s.err != nil:
		return message(s.err)
	case s.undone:
		return lang.L("Retour annulé")
	case s.done.Voided:
		return lang.L("Retour noté, codes annulés")
	}
	return lang.L("Retour noté, lettre déjà close ({{.State}})", map[string]any{"State": lowerFirst(word(s.done.Letter.State))})
}

func scanIcon(s scan) (fyne.Resource, fyne.ThemeColorName) {
	switch {
	case s.err != nil:
		return theme.WarningIcon(), theme.ColorNameError
	case s.undone:
		return theme.ContentUndoIcon(), theme.ColorNameDisabled
	}
	return theme.ConfirmIcon(), theme.ColorNameSuccess
}

func (r *returns) content() fyne.CanvasObject {
	if !r.f.may("ReturnLetter") {
		return container.NewBorder(caption(lang.L("Les retours sont notés par le service du courrier")), nil, nil, nil, r.doubted.content())
	}
	buttons := container.New(&reasonGrid{})
	for _, button := range r.reasons {
		buttons.Add(button)
	}
	field := container.NewThemeOverride(wide(330, r.field), codeTheme{r.f.w.fyneApp.Settings().Theme()})
	said := container.NewStack(newFill(colorCard, 6), newOutline(6), padded(4, container.NewBorder(nil, nil,
		container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(26), r.icon)), nil,
		container.NewVBox(layout.NewSpacer(), r.result, layout.NewSpacer()))))
	top := container.NewVBox(buttons, r.chosen, container.NewBorder(nil, nil, container.NewVBox(field), nil, said))
	acts := container.NewHBox(r.undo, r.correct, layout.NewSpacer(), r.sound)
	scans := container.NewBorder(nil, acts, nil, nil, r.last.content)
	return container.NewBorder(top, nil, nil, nil, container.New(stacked{0.56}, scans, r.doubted.content()))
}

// reasonGrid lays large buttons out in one row, or in two where one is too
// narrow for their words.
type reasonGrid struct{ rows int }

const (
	reasonHeight = 42
	reasonGap    = 6
)

func (g *reasonGrid) MinSize([]fyne.CanvasObject) fyne.Size {
	rows := float32(max(1, g.rows))
	return fyne.NewSize(500, rows*(reasonHeight+reasonGap)-reasonGap)
}

func (g *reasonGrid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var widest float32
	for _, object := range objects {
		widest = max(widest, object.MinSize().Width)
	}
	g.rows = 1
	if all := float32(len(objects)); size.Width < all*(widest+reasonGap) {
		g.rows = 2
	}
	perRow := (len(objects) + g.rows - 1) / g.rows
	width := (size.Width - reasonGap*float32(perRow-1)) / float32(perRow)
	for i, object := range objects {
		object.Resize(fyne.NewSize(width, reasonHeight))
		object.Move(fyne.NewPos(float32(i%perRow)*(width+reasonGap), float32(i/perRow)*(reasonHeight+reasonGap)))
	}
}

// stacked lays two objects out over each other, the first taking its share.
type stacked struct{ first float32 }

func (s stacked) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Max(objects[1].MinSize()).Add(fyne.NewSize(0, objects[0].MinSize().Height))
}

func (s stacked) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	first := size.Height*s.first - 6
	objects[0].Resize(fyne.NewSize(size.Width, first))
	objects[1].Move(fyne.NewPos(0, first+12))
	objects[1].Resize(fyne.NewSize(size.Width, size.Height-first-12))
}

func (r *returns) reload() {
	r.doubted.reload()
	r.focus()
}

// shown tells whether the screen is the one shown.
func (r *returns) shown() bool {
	m := r.f.mail
	return m != nil && r.f.current == screen(m) && m.tabs.SelectedIndex() == returnsTab && r.f.w.dialog == nil
}

// focus puts the caret into the field.
func (r *returns) focus() {
	if r.shown() && !r.field.Disabled() {
		r.f.w.window.Canvas().Focus(r.field)
	}
}

// choose takes a reason for the scans that follow, and for those that wait for
// one.
func (r *returns) choose(i int) {
	r.reason = data.ReturnReasons[i]
	r.showReason()
	r.next()
}

func (r *returns) showReason() {
	for i, reason := range data.ReturnReasons {
		button := r.reasons[i]
		button.Text = number(i+1) + noBreak + noBreak + word(reason)
		button.Icon, button.Importance = theme.RadioButtonIcon(), widget.MediumImportance
		if reason == r.reason {
			button.Icon, button.Importance = theme.NewColoredResource(theme.RadioButtonCheckedIcon(), theme.ColorNameForegroundOnPrimary), widget.HighImportance
		}
		button.Refresh()
	}
	text := lang.L("Les touches 1 à 4 choisissent le motif. Une référence saisie à la main commence par L.")
	if r.reason != "" {
		text = lang.L("Motif choisi : {{.Reason}}.", map[string]any{"Reason": lowerFirst(word(r.reason))}) + " " + text
	}
	r.chosen.SetText(text)
}

// say says in large words what became of a scan.
func (r *returns) say(icon fyne.Resource, color fyne.ThemeColorName, text string) {
	r.icon.SetResource(stateIcon(icon, color))
	r.result.Importance = widget.MediumImportance
	switch color {
	case theme.ColorNameError:
		r.result.Importance = widget.DangerImportance
	case theme.ColorNameSuccess:
		r.result.Importance = widget.SuccessImportance
	}
	r.result.SetText(text)
}

func (r *returns) beep(t tone) {
	if r.sound.Checked {
		r.play(t)
	}
}

// onScan takes a scan; those that come before the former is noted wait.
func (r *returns) onScan(scanned string) {
	r.waiting = append(r.waiting, scan{typed: scanned, reason: r.reason})
	r.next()
}

func (r *returns) next() {
	if r.busy || len(r.waiting) == 0 {
		return
	}
	if r.reason == "" {
		r.say(theme.WarningIcon(), theme.ColorNameError, lang.L("Choisissez le motif : la lettre scannée attend"))
		r.beep(toneFailed)
		return
	}
	s := r.waiting[0]
	if s.reason == "" {
		s.reason = r.reason
	}
	r.waiting, r.busy = r.waiting[1:], true
	start(r.f.scope, "", nil, func(ctx context.Context) (app.Returned, error) {
		return r.f.guichet.ReturnLetter(ctx, s.typed, s.reason)
	}, func(done app.Returned, err error) {
		r.busy = false
		s.done, s.err = done, err
		r.show(s)
		r.next()
	})
}

// show lists a scan and says what became of it.
func (r *returns) show(s scan) {
	r.count++
	s.id, s.at = r.count, r.f.guichet.Now()
	r.scans = append([]scan{s}, r.scans[:min(len(r.scans), scansKept-1)]...)
	r.last.show(r.scans)
	r.last.choose(0)
	r.showActs()
	switch {
	case s.err == nil:
		r.say(theme.ConfirmIcon(), theme.ColorNameSuccess,
			lang.L("Retour noté — {{.Organisation}}, adresse à vérifier", map[string]any{"Organisation": s.done.Letter.Organisation.Name}))
		r.beep(toneDone)
		r.doubted.reload()
		r.f.refreshCounts()
	case app.KindOf(s.err) == app.NotFound:
		r.say(theme.WarningIcon(), theme.ColorNameError, lang.L("Inconnue : aucune lettre ne porte la référence {{.Reference}}", map[string]any{"Reference": s.reference()}))
		r.beep(toneFailed)
	default:
		r.say(theme.WarningIcon(), theme.ColorNameError, message(s.err))
		r.beep(toneFailed)
	}
}

func (r *returns) showActs() {
	s, ok := r.last.current()
	setEnabled(r.correct, ok && s.err == nil && r.f.mendsAddresses())
	setEnabled(r.undo, r.undoable() >= 0)
}

// undoable is the newest scan that can be undone, -1 for none.
func (r *returns) undoable() int {
	return slices.IndexFunc(r.scans, func(s scan) bool { return s.err == nil && !s.undone })
}

func (r *returns) onUndo() {
	i := r.undoable()
	if i < 0 || r.busy {
		return
	}
	s := r.scans[i]
	r.busy = true
	act(r.f.scope, r.undo, func(ctx context.Context) error { return r.f.guichet.UndoReturn(ctx, s.done) }, func(err error) {
		r.busy = false
		if err != nil {
			r.say(theme.WarningIcon(), theme.ColorNameError, message(err))
			r.beep(toneFailed)
		} else {
			r.undid(s)
		}
		r.showActs()
		r.next()
	})
}

func (r *returns) undid(s scan) {
	for i := range r.scans {
		r.scans[i].undone = r.scans[i].undone || r.scans[i].id == s.id
	}
	r.last.show(r.scans)
	values := map[string]any{"Reference": s.done.Letter.Reference, "Organisation": s.done.Letter.Organisation.Name}
	text := lang.L("Retour annulé — {{.Reference}}, {{.Organisation}}", values)
	if s.done.Voided {
		text = lang.L("Retour annulé — {{.Reference}}, {{.Organisation}} : ses codes valent de nouveau", values)
	}
	r.say(theme.ContentUndoIcon(), theme.ColorNamePrimary, text)
	r.doubted.reload()
	r.f.refreshCounts()
}

// onCorrect corrects the address of the scan selected.
func (r *returns) onCorrect() {
	if s, ok := r.last.current(); ok && s.err == nil {
		r.focus()
		r.f.correctAddress(s.done.Letter.Organisation.ID)
	}
}
