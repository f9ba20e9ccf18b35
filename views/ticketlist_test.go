package views

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"guichet/data"
)

// TestTicketRowsAlign: the rows stand alike, whether the list has given them its
// theme already or not.
func TestTicketRowsAlign(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	var places []fyne.Position
	settings := d.w.fyneApp.Settings()
	own := settings.Theme()
	t.Cleanup(func() { settings.SetTheme(own) })
	for _, rows := range []fyne.Theme{own, listTheme{own}} {
		settings.SetTheme(rows)
		row := newTicketRow(d.w.frame.tickets.list)
		window := test.NewWindow(row)
		window.SetPadded(false)
		window.Resize(fyne.NewSize(300, 72))
		row.show(data.TicketSummary{Ticket: data.Ticket{ID: 1, Subject: "Codes"}})
		driver := fyne.CurrentApp().Driver()
		for _, part := range []fyne.CanvasObject{row.icon, row.subject, row.who, row.due} {
			places = append(places, driver.AbsolutePositionForObject(part))
		}
		window.Close()
	}
	if half := len(places) / 2; !slices.Equal(places[:half], places[half:]) {
		t.Errorf("the parts stand at %v, in the list at %v", places[:half], places[half:])
	}
}

// TestMailboxStateIsReadWhole: how the mailbox is fits in the status bar.
func TestMailboxStateIsReadWhole(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	status := d.w.frame.status
	status.showMail(theme.WarningIcon(), theme.ColorNameWarning, "Boîte : le serveur de courriel ne répond pas · prochain essai à 14 h 07")
	d.w.window.Resize(fyne.NewSize(1280, 800))
	needs := fyne.MeasureText(status.mail.Text, theme.Size(status.mail.SizeName), status.mail.TextStyle).Width
	if room := status.mail.Size().Width - 2*theme.InnerPadding(); room < needs {
		t.Errorf("%.0f wide, needs %.0f", room, needs)
	}
}

// TestCheckingMovesNothing: the rows stay where they are when the first one is
// checked, so that the next tap checks the next one.
func TestCheckingMovesNothing(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	d.w.frame.show(d.w.frame.tickets)
	list := d.w.frame.tickets.list
	top := func() fyne.Position { return fyne.CurrentApp().Driver().AbsolutePositionForObject(list.list) }
	before := top()
	list.toggle(data.Ticket{ID: 1})
	if !list.acts.Visible() || list.order.Visible() || top() != before {
		t.Errorf("the list went from %v to %v", before, top())
	}
	if list.toggle(data.Ticket{ID: 1}); list.acts.Visible() || !list.order.Visible() || top() != before {
		t.Errorf("the list came back to %v from %v", top(), before)
	}
}

// TestTicketIsLinkedByName: the account is found by the name of its holder.
func TestTicketIsLinkedByName(t *testing.T) {
	h := newHelpDesk(t)
	organisation, err := h.app.FindOrganisations(h.ctx, "Achenheim")
	h.must(err)
	luc := h.register(organisation[0].Organisation, "luc", true)
	h.deliver("a@mairie.example", "Codes", "Bonjour")
	screen := h.open()
	screen.ticket.panel.askAccount()
	canvas := h.w.window.Canvas()
	test.Type(canvas.Focused(), "luc")
	for _, name := range []fyne.KeyName{fyne.KeyDown, fyne.KeyReturn} {
		canvas.Focused().TypedKey(&fyne.KeyEvent{Name: name})
	}
	if field, ok := canvas.Focused().(*entry); !ok || field.Text != luc.Account.Identifier {
		t.Fatalf("%T has the focus", canvas.Focused())
	}
	canvas.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	h.wantRead("Demande rattachée à " + luc.Account.Identifier)
}
