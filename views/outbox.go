package views

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"guichet/data"
)

// outbox lists the mails that wait for a person: refused for good, or sent or
// not without anybody knowing.
type outbox struct {
	t     *tickets
	table *table[data.OutgoingMail]
	why   *prose
	retry *button
	drop  *button
	open  *button
}

func newOutbox(t *tickets) *outbox {
	o := &outbox{t: t, why: paragraph("")}
	type mail = data.OutgoingMail
	o.table = newTable(t.f.w, "envois-en-echec", func(m mail) int64 { return m.ID },
		column[mail]{title: lang.L("Pour"), width: 220, grow: 1, text: func(m mail) string { return firstOf(m.To) }},
		column[mail]{title: lang.L("Objet"), width: 260, grow: 2, text: func(m mail) string { return m.Subject }},
		column[mail]{title: lang.L("Nature"), width: 150, text: func(m mail) string { return word(m.Kind) }},
		column[mail]{title: lang.L("État"), width: 120, text: func(m mail) string { return word(m.State) }, icon: func(mail) (fyne.Resource, fyne.ThemeColorName) {
			return theme.WarningIcon(), theme.ColorNameWarning
		}},
		column[mail]{title: lang.L("Écrit"), width: 120, text: func(m mail) string { return moment(m.CreatedAt, t.f.guichet.Now()) }},
	)
	o.table.setEmpty(lang.L("Tout ce qui a été écrit est parti, ou va partir."), nil)
	o.table.onSelected = func(data.OutgoingMail) { o.showWhy() }
	o.retry = newButton(lang.L("Renvoyer"), func() {
		o.settle(o.t.f.guichet.RetryOutgoing, lang.L("Le courriel va repartir"))
	})
	o.drop = newButton(lang.L("Abandonner"), func() { o.settle(o.t.f.guichet.DropOutgoing, lang.L("Le courriel est abandonné")) })
	o.open = newButton(lang.L("Ouvrir la demande"), o.onOpen)
	return o
}

func (o *outbox) content() fyne.CanvasObject {
	top := container.NewVBox(heading(lang.L("Envois en échec")),
		caption(lang.L("Un courriel refusé ne repart pas de lui-même. « Envoi incertain » : la liaison a rompu après la remise, il est peut-être arrivé ; demandez avant de renvoyer.")))
	return padded(8, container.NewBorder(top, container.NewVBox(o.why, container.NewHBox(o.t.f.offer("RetryOutgoing", o.retry), o.t.f.offer("DropOutgoing", o.drop), o.open)), nil, nil, o.table.content))
}

func (o *outbox) reload() {
	load(o.t.f, "outbox", o.t.f.guichet.FailedOutgoing, o.show)
}

func (o *outbox) show(mails []data.OutgoingMail) {
	o.t.failed.count = len(mails)
	o.t.failed.Refresh()
	o.table.show(mails)
	o.showWhy()
}

func (o *outbox) showWhy() {
	mail, ok := o.table.current()
	o.why.SetText("")
	if ok {
		o.why.SetText(lang.L("Le serveur a dit : {{.Said}}", map[string]any{"Said": mail.LastError}))
	}
	setEnabled(o.retry, ok)
	setEnabled(o.drop, ok)
	setEnabled(o.open, ok && mail.TicketID != 0)
}

func (o *outbox) settle(how func(context.Context, int64) error, text string) {
	mail, ok := o.table.current()
	if !ok {
		return
	}
	f := o.t.f
	act(f.scope, o.retry, func(ctx context.Context) error { return how(ctx, mail.ID) }, func(err error) {
		if err != nil {
			f.notice.fail(err, nil)
			return
		}
		f.changed(text)
		f.mailbox.send()
	})
}

func (o *outbox) onOpen() {
	mail, ok := o.table.current()
	if !ok {
		return
	}
	load(o.t.f, "outbox ticket", func(ctx context.Context) (record, error) { return o.t.f.guichet.Ticket(ctx, mail.TicketID) },
		func(found record) { o.t.showTicket(found.Ticket) })
}

// firstOf is the first of some texts, with how many more there are.
func firstOf(texts []string) string {
	switch len(texts) {
	case 0:
		return "—"
	case 1:
		return texts[0]
	}
	return texts[0] + " +" + number(len(texts)-1)
}
