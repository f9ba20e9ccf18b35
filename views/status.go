package views

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// status is the bar at the bottom: the mailbox, the tasks that run, who is
// signed in, and the register.
type status struct {
	f        *frame
	mail     *widget.Label
	mailIcon *widget.Icon
	sending  *widget.Label
	fetch    *button
	tasks    *taskBar
	register *widget.Label
	server   *widget.Label // that it does not answer; hidden: it does
	box      fyne.CanvasObject
}

func newStatus(f *frame) *status {
	s := &status{
		f: f, mail: line(""), mailIcon: widget.NewIcon(nil), sending: line(""),
		tasks: newTaskBar(f), register: widget.NewLabel(""), server: widget.NewLabel(""),
	}
	s.fetch = newButton(lang.L("Relever"), func() { f.mailbox.fetch() })
	s.fetch.Importance = widget.LowImportance
	for _, label := range []*widget.Label{s.mail, s.sending, s.register, s.server} {
		label.SizeName = theme.SizeNameCaptionText
	}
	return s
}

func (s *status) content() fyne.CanvasObject {
	who := newButton(s.f.operator.Name, nil)
	who.OnTapped = func() { s.onWho(who) }
	who.Importance = widget.LowImportance
	leave := newButton(lang.L("Fermer la session"), s.f.leaveSession)
	leave.Importance = widget.LowImportance
	left := container.NewHBox(container.NewPadded(s.mailIcon), container.New(windowText{s.f.w, 0.42}, s.mail))
	if s.f.mailbox.watched() {
		left.Add(s.fetch)
	}
	s.sending.Importance, s.server.Importance = widget.WarningImportance, widget.WarningImportance
	s.server.Hide()
	s.box = container.NewBorder(nil, nil, left, container.NewHBox(s.tasks.place, s.server, s.register, who, leave, s.f.w.displayButton()), s.sending)
	return ground(colorPanel, s.box)
}

// onWho offers what one does about one's own session.
func (s *status) onWho(at fyne.CanvasObject) {
	menu := fyne.NewMenu("",
		fyne.NewMenuItem(lang.L("Affichage…"), s.f.w.openDisplay),
		fyne.NewMenuItem(lang.L("Verrouiller (Ctrl+L)"), s.f.w.lock),
		fyne.NewMenuItem(lang.L("Changer mon mot de passe…"), s.f.openPasswordForm),
		fyne.NewMenuItem(lang.L("Fermer la session"), s.f.leaveSession))
	popup := widget.NewPopUpMenu(menu, s.f.w.window.Canvas())
	popup.ShowAtRelativePosition(fyne.NewPos(0, -popup.MinSize().Height), at)
}

// showRegister names the register.
func (s *status) showRegister(name string) {
	s.register.SetText(name + " ·")
	s.box.Refresh() // it has another width
}

// showMail says how the mailbox is: an icon and a sentence.
func (s *status) showMail(icon fyne.Resource, color fyne.ThemeColorName, text string) {
	s.mailIcon.SetResource(stateIcon(icon, color))
	s.mail.SetText(text)
	s.box.Refresh() // it has another width
}

// showSending says why the outbox cannot be sent, beside how the mailbox is; nil
// takes it away.
func (s *status) showSending(err error) {
	text := ""
	if err != nil {
		text = lang.L("Envoi : {{.Problem}}", map[string]any{"Problem": lowerFirst(message(err))})
	}
	if s.sending.Text != text {
		s.sending.SetText(text)
		s.box.Refresh()
	}
}

// showServer says that the register's server does not answer; nothing takes it
// away.
func (s *status) showServer(problem string) {
	if problem != "" {
		problem = "⚠ " + problem + " ·"
	}
	s.server.SetText(problem)
	s.server.Hidden = problem == ""
	s.box.Refresh()
}

// timeLeft says how long the rest of a task will take at its present pace, once
// it has gone on for a second.
func timeLeft(elapsed time.Duration, done, total int) string {
	if elapsed < time.Second || done == 0 || done >= total {
		return ""
	}
	left := time.Duration(float64(elapsed) / float64(done) * float64(total-done))
	text := span(left)
	if left < time.Minute {
		text = number(int(left.Seconds())+1) + noBreak + lang.L("s")
	}
	return " · " + lang.L("encore {{.Span}}", map[string]any{"Span": text})
}
