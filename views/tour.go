package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
)

// tourOffered names the preference that says that the tour was offered on this
// workstation: it is offered once.
const tourOffered = "tour.offered"

// tourStep is one step of the tour: what it shows, and what it says of it.
type tourStep struct {
	title, text string
	show        func()
}

// guidedTour leads a newcomer through the screens of their roles: a card over
// each says what it is for. Whatever is done meanwhile, the card stays until the
// tour is left.
type guidedTour struct {
	f      *frame
	steps  []tourStep
	at     int // -1: it is only offered
	next   *button
	former *button
	quit   *button
}

// offerTour offers the tour at the first session on the demo register.
func (f *frame) offerTour(register string) {
	preferences := f.w.fyneApp.Preferences()
	if register != app.DemoName || preferences.Bool(tourOffered) || f.tour != nil {
		return
	}
	preferences.SetBool(tourOffered, true)
	f.tour = newGuidedTour(f)
	f.tour.paint()
}

// beginTour begins the tour.
func (f *frame) beginTour() {
	f.tour = newGuidedTour(f)
	f.tour.turn(0)
}

func newGuidedTour(f *frame) *guidedTour {
	t := &guidedTour{f: f, steps: f.tourSteps(), at: -1}
	t.next = newIconButton("", theme.NavigateNextIcon(), func() { t.turn(t.at + 1) })
	t.next.Importance, t.next.IconPlacement = widget.HighImportance, widget.ButtonIconTrailingText
	t.former = newIconButton(lang.L("Précédent"), theme.NavigateBackIcon(), func() { t.turn(t.at - 1) })
	t.quit = newButton(lang.L("Quitter la visite"), t.leave)
	t.quit.Importance = widget.LowImportance
	return t
}

// tourSteps are the steps on the screens that the operator's roles use.
func (f *frame) tourSteps() []tourStep {
	steps := []tourStep{{
		lang.L("Accueil"),
		lang.L("Ce qui vous attend aujourd’hui. Chaque carte mène à sa liste ; en dessous, ce que les autres viennent de faire."),
		func() { f.show(f.home) },
	}}
	if f.mail != nil {
		steps = append(steps, tourStep{
			lang.L("Courrier : les lettres à composer"),
			lang.L("Chaque inscription met ici sa lettre de codes. Celles qui sont prêtes partent en un lot ; une lettre retenue dit pourquoi, et « Corriger… » ouvre le champ fautif."),
			f.mail.showQueue,
		}, tourStep{
			lang.L("Courrier : les lots"),
			lang.L("Un lot s’imprime, se vérifie, puis se note posté. Jusque-là, une feuille abîmée se réimprime avec les mêmes codes."),
			f.mail.showBatches,
		})
	}
	if f.codes != nil {
		steps = append(steps, tourStep{
			lang.L("Codes"),
			lang.L("Un représentant légal lit sa lettre au téléphone : la référence, puis les deux codes. Une faute de frappe se voit aussitôt et ne coûte aucun essai."),
			func() { f.show(f.codes) },
		})
	}
	if f.tickets != nil {
		steps = append(steps, tourStep{
			lang.L("Assistance"),
			lang.L("Les courriels deviennent des demandes. À droite, le compte, l’organisation et les lettres du demandeur, avec les actes qui règlent la demande."),
			func() { f.show(f.tickets) },
		}, tourStep{
			lang.L("Annuaire"),
			lang.L("Les organisations, leurs représentants et leurs comptes. « Nouvelle inscription » crée un compte et met sa lettre en file."),
			func() { f.show(f.book) },
		})
	}
	if f.audit != nil {
		steps = append(steps, tourStep{
			lang.L("Journal"),
			lang.L("Qui a fait quoi, et quand. « Vérifier le journal » dit si quelqu’un l’a changé hors de Guichet."),
			func() { f.show(f.audit) },
		})
	}
	return append(steps, tourStep{
		lang.L("Et ensuite"),
		lang.L("F1 ouvre l’aide de l’écran où vous êtes, « ? » montre ses touches. Cette visite se retrouve dans l’aide."),
		func() { f.show(f.home) },
	})
}

// turn shows a step; the one after the last ends the tour.
func (t *guidedTour) turn(to int) {
	if to < 0 || to >= len(t.steps) {
		t.leave()
		return
	}
	t.at = to
	t.steps[to].show()
	t.paint()
}

// paint shows the card, and gives it the keys.
func (t *guidedTour) paint() {
	title, text, place := lang.L("Première visite ?"), lang.L("Une courte visite montre les écrans, l’un après l’autre. Elle se retrouve dans l’aide (F1)."), ""
	t.next.SetText(lang.L("Commencer la visite"))
	t.quit.SetText(lang.L("Non merci"))
	if t.at >= 0 {
		step := t.steps[t.at]
		title, text, place = step.title, step.text, number(t.at+1)+"/"+number(len(t.steps))
		t.next.SetText(lang.L("Suivant"))
		t.quit.SetText(lang.L("Quitter la visite"))
		if t.at == len(t.steps)-1 {
			t.next.SetText(lang.L("Terminer"))
		}
	}
	setVisible(t.former, t.at > 0)
	count := widget.NewLabel(place)
	count.Importance = widget.LowImportance
	head := subheading(title)
	head.Truncation = fyne.TextTruncateEllipsis
	said := newProse(text)
	body := container.NewVBox(container.NewBorder(nil, nil, nil, count, head), said,
		container.NewHBox(t.quit, layout.NewSpacer(), t.former, t.next))
	card := container.NewStack(newShade(8), newFill(theme.ColorNameOverlayBackground, 8), newOutline(8), padded(10, wide(tourWidth, body)))
	t.f.beside.Objects = []fyne.CanvasObject{card}
	t.f.beside.Refresh()
	t.f.w.window.Canvas().Focus(t.next)
}

// leave ends the tour.
func (t *guidedTour) leave() {
	t.f.tour = nil
	t.f.beside.RemoveAll()
	t.f.giveFocus()
}

// tourOver ends the tour, if one goes on.
func (f *frame) tourOver() {
	if f.tour != nil {
		f.tour.leave()
	}
}

const tourWidth = 380

// besideScreen lays a card out at the lower right of a screen.
type besideScreen struct{}

func (besideScreen) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (besideScreen) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	const margin = 18
	for _, object := range objects {
		object.Resize(object.MinSize())
		least := object.MinSize() // its text is wrapped now
		object.Resize(least)
		object.Move(fyne.NewPos(max(size.Width-least.Width-margin, 0), max(size.Height-least.Height-margin, 0)))
	}
}
