package views

import (
	"context"
	"io"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// showActs shows what can be done with the tickets checked.
func (l *ticketList) showActs() {
	l.acts.Hidden = len(l.checked) == 0
	setVisible(l.order, l.acts.Hidden) // the rows stay under the mouse
	l.acts.SetText(counted("Agir sur {{.PluralCount}} demandes", len(l.checked)))
	if l.box != nil {
		l.box.Refresh()
	}
}

// selection are the tickets checked, the oldest first.
func (l *ticketList) selection() []data.Ticket {
	selected := make([]data.Ticket, 0, len(l.checked))
	for _, ticket := range l.checked {
		selected = append(selected, ticket)
	}
	slices.SortFunc(selected, func(a, b data.Ticket) int { return strings.Compare(a.Number, b.Number) })
	return selected
}

func (l *ticketList) onActs() {
	menu := fyne.NewMenu("", l.t.changeItems(func(what app.TicketChange) { l.changeAll(what) })...)
	menu.Items = append(menu.Items, fyne.NewMenuItemSeparator())
	if len(l.checked) > 1 {
		menu.Items = append(menu.Items, fyne.NewMenuItem(lang.L("Réunir en une seule demande"), l.mergeAll))
	}
	menu.Items = append(menu.Items,
		fyne.NewMenuItem(lang.L("Exporter la liste…"), l.export),
		fyne.NewMenuItem(lang.L("Tout décocher"), func() {
			l.checked = map[int64]data.Ticket{}
			l.list.Refresh()
			l.showActs()
		}))
	widget.ShowPopUpMenuAtRelativePosition(menu, l.t.f.w.window.Canvas(), fyne.NewPos(0, l.acts.Size().Height), l.acts)
}

// changeItems are the menu's changes of one ticket or several.
func (t *tickets) changeItems(change func(app.TicketChange)) []*fyne.MenuItem {
	me, nobody := t.f.operator.ID, int64(0)
	assignees := []*fyne.MenuItem{fyne.NewMenuItem(lang.L("moi"), func() { change(app.TicketChange{Assignee: &me}) })}
	for _, agent := range t.agents {
		if agent.ID != me {
			assignees = append(assignees, fyne.NewMenuItem(agent.Name, func() { change(app.TicketChange{Assignee: &agent.ID}) }))
		}
	}
	assignees = append(assignees, fyne.NewMenuItem(lang.L("personne"), func() { change(app.TicketChange{Assignee: &nobody}) }))
	assign := fyne.NewMenuItem(lang.L("Attribuer à"), nil)
	assign.ChildMenu = fyne.NewMenu("", assignees...)
	tag := fyne.NewMenuItem(lang.L("Ajouter une étiquette…"), func() {
		t.askTag(func(tag string) { change(app.TicketChange{AddTags: []string{tag}}) })
	})
	return []*fyne.MenuItem{
		assign,
		submenu(lang.L("Passer à l’état"), []data.TicketState{data.OpenTicket, data.Waiting, data.Solved, data.ClosedTicket, data.Spam},
			func(to data.TicketState) { change(app.TicketChange{State: to}) }),
		submenu(lang.L("Priorité"), data.Priorities, func(p data.Priority) { change(app.TicketChange{Priority: &p}) }),
		submenu(lang.L("Rubrique"), data.Headings, func(h data.Heading) { change(app.TicketChange{Heading: h}) }),
		tag,
	}
}

// submenu offers values by their labels.
func submenu[T interface{ Label() string }](title string, values []T, do func(T)) *fyne.MenuItem {
	item := fyne.NewMenuItem(title, nil)
	item.ChildMenu = fyne.NewMenu("")
	for _, value := range values {
		item.ChildMenu.Items = append(item.ChildMenu.Items, fyne.NewMenuItem(word(value), func() { do(value) }))
	}
	return item
}

// askTag asks for a tag.
func (t *tickets) askTag(use func(string)) {
	fields, tag := newForm(), newEntry(t.f.w)
	tag.PlaceHolder = lang.L("urgent, à-rappeler…")
	t.f.w.openDialog(lang.L("Ajouter une étiquette"), lang.L("Ajouter"), false, 320, fields.add("tags", lang.L("Étiquette *"), tag), func(m *modal) {
		if strings.TrimSpace(tag.Text) == "" {
			m.fail(data.Problems{{Field: "tags", Message: "Ce champ est obligatoire"}}, fields)
			return
		}
		t.f.w.closeDialog()
		use(tag.Text)
	})
	fields.focus(t.f.w, "tags")
}

// changeAll changes the tickets checked, and says which could not be.
func (l *ticketList) changeAll(what app.TicketChange) {
	f, selected := l.t.f, l.selection()
	start(f.scope, "", l.acts, func(ctx context.Context) (map[string]error, error) {
		return f.guichet.ChangeTickets(ctx, selected, what)
	}, func(refused map[string]error, err error) {
		if err != nil {
			f.notice.fail(err, nil)
			return
		}
		var changed []data.Ticket
		for _, ticket := range selected {
			if refused[ticket.Number] == nil {
				delete(l.checked, ticket.ID)
				changed = append(changed, ticket)
			}
		}
		f.changed("")
		l.t.undone(lang.N("{{.PluralCount}} demandes modifiées", len(changed)), changed...)
		for _, ticket := range selected {
			if err := refused[ticket.Number]; err != nil {
				f.notice.fail(err, nil)
				break
			}
		}
	})
}

// mergeAll merges the tickets checked into the oldest.
func (l *ticketList) mergeAll() {
	selected := l.selection()
	l.checked = map[int64]data.Ticket{}
	l.open = selected[0].ID
	l.t.merge(selected[0], selected[1:]...)
}

// merge merges tickets into one, and offers to undo it.
func (t *tickets) merge(into data.Ticket, others ...data.Ticket) {
	f := t.f
	act(f.scope, nil, func(ctx context.Context) error { return f.guichet.MergeTickets(ctx, into, others...) }, func(err error) {
		if err != nil {
			t.reload()
			f.notice.fail(err, nil)
			return
		}
		f.changed("")
		f.notice.offerUndo(lang.N("{{.PluralCount}} demandes réunies dans {{.Number}}", len(others)+1,
			map[string]any{"PluralCount": number(len(others) + 1), "Number": into.Number}),
			lang.L("Annuler la fusion"), func() { t.unmerge(others...) })
	})
}

// unmerge undoes mergers.
func (t *tickets) unmerge(others ...data.Ticket) {
	f := t.f
	act(f.scope, nil, func(ctx context.Context) error {
		for _, ticket := range others {
			now, err := f.guichet.TicketByNumber(ctx, ticket.Number)
			if err == nil {
				err = f.guichet.UnmergeTicket(ctx, now.Ticket)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}, func(err error) {
		if err != nil {
			f.notice.fail(err, nil)
			return
		}
		f.changed(lang.L("La fusion est annulée"))
	})
}

// export asks in which format the list is exported, and where to.
func (l *ticketList) export() {
	f := l.t.f
	about := lang.L("Toutes les demandes de la liste, avec leurs temps de réponse en heures ouvrées. Le fichier contient des données personnelles : gardez-le en lieu sûr.")
	f.askExport(lang.L("Exporter la liste"), about, func() (string, exporter) {
		return "demandes", func(ctx context.Context, as app.Format, w io.Writer) error {
			filter, err := l.filter(ctx)
			if err != nil {
				return err
			}
			return f.guichet.ExportTickets(ctx, filter, as, w)
		}
	})
}
