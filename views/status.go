package views

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// status is the bar at the bottom: the mailbox, the task that runs, who is
// signed in, and the register.
type status struct {
	f        *frame
	mail     *widget.Label
	mailIcon *widget.Icon
	sending  *widget.Label
	fetch    *widget.Button
	task     *widget.Label
	bar      *widget.ProgressBar
	stop     *widget.Button
	running  *fyne.Container
	register *widget.Label
	server   *widget.Label // that it does not answer; hidden: it does
	box      fyne.CanvasObject
}

func newStatus(f *frame) *status {
	s := &status{
		f: f, mail: line(""), mailIcon: widget.NewIcon(nil), sending: line(""), task: widget.NewLabel(""),
		bar: widget.NewProgressBar(), register: widget.NewLabel(""), server: widget.NewLabel(""),
	}
	s.fetch = widget.NewButton(lang.L("Relever"), func() { f.mailbox.fetch() })
	s.stop = widget.NewButton(lang.L("Interrompre"), nil)
	for _, button := range []*widget.Button{s.fetch, s.stop} {
		button.Importance = widget.LowImportance
	}
	for _, label := range []*widget.Label{s.mail, s.sending, s.task, s.register, s.server} {
		label.SizeName = theme.SizeNameCaptionText
	}
	s.running = container.NewHBox(s.task, container.NewCenter(wide(120, s.bar)), s.stop)
	s.running.Hide()
	return s
}

func (s *status) content() fyne.CanvasObject {
	who := widget.NewButton(s.f.operator.Name, nil)
	who.OnTapped = func() { s.onWho(who) }
	who.Importance = widget.LowImportance
	leave := widget.NewButton(lang.L("Fermer la session"), s.f.w.signOut)
	leave.Importance = widget.LowImportance
	left := container.NewHBox(container.NewPadded(s.mailIcon), container.New(windowShare{s.f.w, 0.28, 430}, s.mail))
	if s.f.mailbox.watched() {
		left.Add(s.fetch)
	}
	s.sending.Importance, s.server.Importance = widget.WarningImportance, widget.WarningImportance
	s.server.Hide()
	s.box = container.NewBorder(nil, nil, left, container.NewHBox(s.running, s.server, s.register, who, leave, s.f.w.displayButton()), s.sending)
	return ground(colorPanel, s.box)
}

// onWho offers what one does about one's own session.
func (s *status) onWho(at fyne.CanvasObject) {
	menu := fyne.NewMenu("",
		fyne.NewMenuItem(lang.L("Affichage…"), s.f.w.openDisplay),
		fyne.NewMenuItem(lang.L("Verrouiller (Ctrl+L)"), s.f.w.lock),
		fyne.NewMenuItem(lang.L("Changer mon mot de passe…"), s.f.openPasswordForm),
		fyne.NewMenuItem(lang.L("Fermer la session"), s.f.w.signOut))
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

// begin shows a long task with a button that cancels it; the progress it
// returns is for the UI goroutine, end takes it away.
func (s *status) begin(name string, cancel func()) (report progress, end func()) {
	s.task.SetText(name)
	s.bar.SetValue(0)
	s.stop.OnTapped = cancel
	s.running.Show()
	began := time.Now()
	report = func(done, total int) {
		s.task.SetText(name + " " + number(done) + "/" + number(total) + timeLeft(time.Since(began), done, total))
		s.bar.SetValue(float64(done) / float64(max(total, 1)))
	}
	return report, s.running.Hide
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
