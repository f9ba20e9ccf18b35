package views

import (
	"context"
	"errors"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// taskBar shows the long tasks of the session, the newest in the status bar,
// the others one tap away, each with how far it is and a button that ends it. It
// stays whatever screen is shown.
type taskBar struct {
	f     *frame
	tasks []*longTask // the newest first
	more  *button
	place *fyne.Container
	popup *widget.PopUp // the list of the others, while it is open
}

// longTask is one line of the bar.
type longTask struct {
	name   string
	began  time.Time
	label  *widget.Label
	bar    *widget.ProgressBar
	cancel func()
	box    *fyne.Container
}

func newTaskBar(f *frame) *taskBar {
	b := &taskBar{f: f, place: container.NewHBox()}
	b.more = newButton("", b.onMore)
	b.more.Importance = widget.LowImportance
	return b
}

func newLongTask(name string, began time.Time) *longTask {
	t := &longTask{name: name, began: began, label: widget.NewLabel(name), bar: widget.NewProgressBar()}
	t.label.SizeName = theme.SizeNameCaptionText
	stop := newButton(lang.L("Interrompre"), func() { t.cancel() })
	stop.Importance = widget.LowImportance
	t.box = container.NewHBox(t.label, container.NewCenter(wide(120, t.bar)), stop)
	return t
}

// report shows how far the task is, and how long the rest may take.
func (t *longTask) report(done, total int) {
	t.label.SetText(t.name + " " + number(done) + "/" + number(total) + timeLeft(time.Since(t.began), done, total))
	t.bar.SetValue(float64(done) / float64(max(total, 1)))
}

// show lays the bar out anew.
func (b *taskBar) show() {
	b.place.RemoveAll()
	if len(b.tasks) > 0 {
		b.place.Add(b.tasks[0].box)
	}
	if others := len(b.tasks) - 1; others > 0 {
		b.more.SetText(lang.N("et {{.PluralCount}} autres tâches", others, map[string]any{"PluralCount": number(others)}))
		b.place.Add(b.more)
	}
	if b.popup != nil {
		b.popup.Hide()
		b.popup = nil
	}
	if b.f.status.box != nil {
		b.f.status.box.Refresh()
	}
}

// onMore lists the other tasks over the bar.
func (b *taskBar) onMore() {
	list := container.NewVBox()
	for _, task := range b.tasks[1:] {
		list.Add(task.box)
	}
	b.popup = widget.NewPopUp(padded(6, list), b.f.w.window.Canvas())
	b.popup.ShowAtRelativePosition(fyne.NewPos(0, -b.popup.MinSize().Height), b.more)
}

// names are those of the tasks that run.
func (b *taskBar) names() (names []string) {
	for _, task := range b.tasks {
		names = append(names, task.name)
	}
	return names
}

// noticed is how long a task must last for its end to be told by the desktop:
// whoever began it does something else by then.
const noticed = 10 * time.Second

// long does work that takes a while, in the task bar: progress, a button that
// cancels it, and word of its end from the desktop. control, which may be nil, is
// disabled meanwhile; done is called as by start.
func long[T any](f *frame, name string, control fyne.Disableable, do func(ctx context.Context, report progress) (T, error), done func(T, error)) {
	b, task := f.status.tasks, newLongTask(name, time.Now())
	reported := f.scope.reporting(task.report)
	b.tasks = slices.Insert(b.tasks, 0, task)
	task.cancel = func() {}
	b.show()
	task.cancel = start(f.scope, "", control, func(ctx context.Context) (T, error) { return do(ctx, reported) }, func(result T, err error) {
		b.tasks = slices.DeleteFunc(b.tasks, func(t *longTask) bool { return t == task })
		b.show()
		if time.Since(task.began) >= noticed {
			f.w.fyneApp.SendNotification(fyne.NewNotification("Guichet", ended(name, err)))
		}
		done(result, err)
	})
}

// ended tells how a task ended.
func ended(name string, err error) string {
	values := map[string]any{"Task": name}
	switch {
	case errors.Is(err, context.Canceled):
		return lang.L("{{.Task}} : interrompue", values)
	case err != nil:
		return lang.L("{{.Task}} : échec, à voir dans Guichet", values)
	}
	return lang.L("{{.Task}} : terminée", values)
}
