package views

import (
	"regexp"
	"slices"
	"testing"

	"guichet/app"
	"guichet/data"
)

// readersButtons are what a reader finds to tap: they look, and go elsewhere.
var readersButtons = []string{
	"", "Fermer la session", "Voir les lettres à composer", "Ouvrir l’organisation", "Ouvrir la fiche", "Ouvrir", "Voir", "Temps de réponse", "Envois en échec",
	"Ouvrir la demande", "Date d’ouverture", "Réessayer", "Jean Kern", "Ctrl+K",
}

// leadsElsewhere are the buttons named after what they show: a state's letters
// with their number, an account.
var leadsElsewhere = regexp.MustCompile(`^(\p{Lu}[\p{L} ()\d]* \d+|[a-z\d.-]+( · .+)?)$`)

// testReader goes through the screens of the demo register as a reader, to whom
// nothing is offered that changes it.
func testReader(d *desk) {
	d.w.signOut()
	d.signIn("lecture", app.DemoPassword)
	f := d.w.frame
	if f.codes != nil || f.settings != nil {
		d.Error("a reader enters codes or sets the register")
	}
	var offered []string
	look := func(where string, do func()) {
		do()
		for _, object := range d.all() {
			button, ok := object.(*button)
			if ok && !button.Disabled() && button.OnTapped != nil && !slices.Contains(readersButtons, button.Text) &&
				!leadsElsewhere.MatchString(plain(button.Text)) && button.Text != f.book.record.shown.Name {
				offered = append(offered, where+": "+button.Text)
			}
		}
	}
	look("home", func() { f.show(f.home) })
	for tab := range f.mail.tabs.Items {
		look("mail", func() { f.mail.open(tab) })
		f.current.mainAct()
	}
	for _, view := range []data.TicketView{data.ToHandleView, data.OverdueView} {
		look("tickets", func() { f.tickets.showView(view) })
		look("ticket", func() {
			f.tickets.list.find(func(s data.TicketSummary) bool { return s.AccountID != 0 })
		})
		for _, key := range "rnaefx" {
			d.w.typed(key)
		}
		f.current.mainAct()
	}
	look("figures", func() { f.tickets.showInstead(f.tickets.figures) })
	look("outbox", func() { f.tickets.showInstead(f.tickets.outbox) })
	f.show(f.book)
	f.book.table.choose(f.mostAccounts())
	for tab := range f.book.record.tabs.Items {
		look("directory", func() { f.book.record.tabs.SelectIndex(tab) })
	}
	if account, ok := f.book.record.accounts.table.current(); ok {
		look("account", func() { f.book.record.openAccount(account) })
	}
	look("services", func() { f.show(f.service) })
	f.current.mainAct()
	slices.Sort(offered)
	for _, button := range slices.Compact(offered) {
		d.Errorf("offered to a reader: %s", button)
	}
	if d.reads("Votre rôle ne permet pas cette action") {
		d.Error("an act was refused that should not have been offered")
	}
	d.w.signOut()
	d.signIn(app.DemoOperator, app.DemoPassword)
}

// TestQueueLeavesAppointingToAdministrators: the mail room, which may not appoint
// a representative, is told who may, in the place of a form without that field.
func TestQueueLeavesAppointingToAdministrators(t *testing.T) {
	d, _ := newDesk(t)
	without, err := d.app.AddOrganisation(d.ctx, data.Organisation{Kind: data.Association, Name: "Les Amis du Ried"}, data.LegalRepresentative{})
	if err != nil {
		t.Fatal(err)
	}
	d.register(without, "luc", true)
	d.operator("courrier", data.MailRoom)
	d.signIn("courrier", testPassword)
	queue := d.w.frame.mail.queue
	d.w.frame.mail.showQueue()
	queue.table.choose(0)
	d.wantRead("Représentant légal inconnu", "rôle Administration")
	if !d.button("Corriger…").Disabled() {
		t.Error("the mail room is offered what it may not mend")
	}
	if queue.onCorrect(); d.w.dialog != nil {
		t.Error("Enter opens a form that mends nothing")
	}
	d.signIn("claire", testPassword)
	d.w.frame.mail.showQueue()
	d.w.frame.mail.queue.table.choose(0)
	d.tap("Corriger…")
	d.wantRead("Nommer le représentant légal")
}
