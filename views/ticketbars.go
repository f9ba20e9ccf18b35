package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// showBars shows what is to be known before one answers: who else is looking,
// likely doubles, where the ticket comes from or went.
func (k *ticket) showBars(found record) {
	k.bars.Objects = []fyne.CanvasObject{k.who}
	defer k.fitBars()
	if found.MergedInto.ID != 0 {
		k.bar(theme.InfoIcon(), lang.L("Fusionnée dans {{.Title}}", map[string]any{"Title": titleOf(found.MergedInto)}),
			k.barButton(lang.L("Ouvrir"), func() { k.t.showTicket(found.MergedInto) }),
			k.f.offer("UnmergeTicket", k.barButton(lang.L("Annuler la fusion"), func() { k.t.unmerge(found.Ticket) })))
	}
	if found.Follows.ID != 0 {
		k.bar(theme.InfoIcon(), lang.L("Fait suite à {{.Title}}", map[string]any{"Title": titleOf(found.Follows)}),
			k.barButton(lang.L("Ouvrir"), func() { k.t.showTicket(found.Follows) }))
	}
	for _, double := range found.Doubles[:min(2, len(found.Doubles))] {
		k.bar(theme.WarningIcon(), lang.L("Du même demandeur : {{.Title}}", map[string]any{"Title": titleOf(double.Ticket)}),
			k.barButton(lang.L("Ouvrir"), func() { k.t.showTicket(double.Ticket) }),
			k.f.offer("MergeTickets", k.barButton(lang.L("Réunir ici"), func() { k.t.merge(k.shown.Ticket, double.Ticket) })))
	}
}

// fitBars gives the bars the room that they need, if any.
func (k *ticket) fitBars() {
	k.bars.Hidden = len(k.bars.Objects) == 1 && !k.who.Visible()
	k.bars.Refresh()
	if k.left != nil {
		k.left.Refresh() // the head has another height
	}
}

func (k *ticket) barButton(text string, do func()) fyne.CanvasObject {
	button := newButton(text, do)
	button.Importance = widget.LowImportance
	return button
}

func (k *ticket) bar(icon fyne.Resource, text string, buttons ...fyne.CanvasObject) {
	label := line(text)
	label.SizeName = theme.SizeNameCaptionText
	mark := widget.NewIcon(stateIcon(icon, theme.ColorNameWarning))
	k.bars.Add(ground(colorBadge, container.NewBorder(nil, nil, container.NewPadded(mark), container.NewHBox(buttons...), label)))
}

// presenceEvery is how often one says that one looks at a ticket.
const presenceEvery = data.PresenceDelay / 2

// watch says that the operator looks at the ticket, and shows who else does.
func (k *ticket) watch() {
	if !k.f.may("Presence") {
		return
	}
	id, writing := k.shown.ID, k.composer.open
	if k.f.current != screen(k.t) {
		id = 0 // one has left
	}
	k.watched = id
	start(k.f.scope, "presence", nil, func(ctx context.Context) ([]data.Presence, error) { return k.f.guichet.Presence(ctx, id, writing) },
		func(others []data.Presence, err error) {
			if err == nil && id == k.shown.ID {
				k.showOthers(others)
			}
			if id != 0 {
				k.f.scope.later("presence", presenceEvery, k.watch)
			}
		})
}

func (k *ticket) showOthers(others []data.Presence) {
	var reading, writing []string
	for _, other := range others {
		if other.Writing {
			writing = append(writing, other.Name)
		} else {
			reading = append(reading, other.Name)
		}
	}
	var texts []string
	if len(writing) > 0 {
		texts = append(texts, lang.L("{{.Names}} écrit une réponse.", map[string]any{"Names": strings.Join(writing, ", ")}))
	}
	if len(reading) > 0 {
		texts = append(texts, lang.L("{{.Names}} lit aussi cette demande.", map[string]any{"Names": strings.Join(reading, ", ")}))
	}
	k.who.SetText(strings.Join(texts, " "))
	k.who.Hidden = len(texts) == 0
	k.fitBars()
}
