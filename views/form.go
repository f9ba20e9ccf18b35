package views

import (
	"errors"
	"maps"
	"strconv"
	"strings"
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

// form shows problems beside the fields that they name.
type form struct {
	fields map[string]*field
	// root, when set, is what is laid out anew when problems come or go.
	root fyne.CanvasObject
	kept map[string]string // the values that nothing would be lost of
}

func newForm() *form { return &form{fields: map[string]*field{}} }

// field is a control with its label over it and its problem under it.
type field struct {
	control fyne.CanvasObject
	problem *prose
	box     *fyne.Container
}

// add makes the field that problems call name; label ends with * when it is
// required.
func (f *form) add(name, label string, control fyne.CanvasObject) fyne.CanvasObject {
	title := widget.NewLabel(label)
	title.SizeName = theme.SizeNameCaptionText
	made := &field{control: control, problem: newProblem()}
	made.box = container.New(layout.NewCustomPaddedVBoxLayout(0))
	if label != "" {
		made.box.Add(container.New(layout.NewCustomPaddedLayout(0, -3, -2, 0), title))
	}
	made.box.Add(control)
	made.box.Add(made.problem)
	f.fields[name] = made
	return made.box
}

func newProblem() *prose {
	problem := newProse("")
	problem.SizeName, problem.Importance = theme.SizeNameCaptionText, widget.DangerImportance
	problem.Hide()
	return problem
}

// clear takes all problems away.
func (f *form) clear() { f.show(nil) }

// show puts an error's problems beside their fields and returns what has no
// field here, nil when all has.
func (f *form) show(err error) error {
	texts := map[string][]string{}
	var rest data.Problems
	for _, problem := range app.ProblemsOf(err) {
		if f.fields[problem.Field] == nil {
			rest = append(rest, problem)
			continue
		}
		texts[problem.Field] = append(texts[problem.Field], say(problem.Message, problem.Values))
	}
	for name, field := range f.fields {
		field.problem.SetText(strings.Join(texts[name], "\n"))
		if len(texts[name]) > 0 {
			field.problem.Show()
		} else {
			field.problem.Hide()
		}
	}
	if f.root != nil {
		f.root.Refresh()
	}
	switch {
	case len(rest) > 0:
		return rest
	case len(texts) > 0:
		return nil
	}
	return err
}

// settle takes what the fields hold now for what is kept anyway.
func (f *form) settle() { f.kept = f.values() }

// changed tells whether somebody would lose something of what the fields hold.
func (f *form) changed() bool { return f.kept != nil && !maps.Equal(f.kept, f.values()) }

// values are what the fields hold.
func (f *form) values() map[string]string {
	values := map[string]string{}
	for name, field := range f.fields {
		switch control := field.control.(type) {
		case *entry:
			values[name] = control.Text
		case *widget.DateEntry:
			values[name] = control.Text
		case *widget.Check:
			values[name] = strconv.FormatBool(control.Checked)
		case interface{ SelectedIndex() int }: // a list of choices
			values[name] = strconv.Itoa(control.SelectedIndex())
		}
	}
	return values
}

// focus puts the caret into a field.
func (f *form) focus(w *Window, name string) {
	if field := f.fields[name]; field != nil {
		if focusable, ok := field.control.(fyne.Focusable); ok {
			w.window.Canvas().Focus(focusable)
		}
	}
}

// message puts an error into words.
func message(err error) string {
	var refusal *app.Error
	if errors.As(err, &refusal) && len(refusal.Problems) == 0 {
		return say(refusal.Message, refusal.Values)
	}
	if problems := app.ProblemsOf(err); len(problems) > 0 {
		texts := make([]string, len(problems))
		for i, problem := range problems {
			texts[i] = say(problem.Message, problem.Values)
		}
		return strings.Join(texts, " · ")
	}
	return say("Une erreur inattendue s’est produite : {{.Cause}}", data.Values{"Cause": err})
}

// chosenDay is the day that a date field holds, at noon in Paris: what cannot
// be read as a date is a Problem of the field, never another day.
func chosenDay(field string, e *widget.DateEntry) (time.Time, error) {
	switch {
	case strings.TrimSpace(e.Text) == "":
		return time.Time{}, data.Problems{{Field: field, Message: "Ce champ est obligatoire"}}
	case e.Date == nil || e.Validate() != nil:
		return time.Time{}, data.Problems{{Field: field, Message: "Date erronée « {{.Value}} »", Values: data.Values{"Value": e.Text}}}
	}
	return time.Date(e.Date.Year(), e.Date.Month(), e.Date.Day(), 12, 0, 0, 0, data.Paris), nil
}

// newCivility is the choice of how a person is addressed.
func newCivility() *widget.Select {
	civility := widget.NewSelect([]string{lang.L("Non précisée"), lang.L("Madame"), lang.L("Monsieur")}, nil)
	civility.SetSelectedIndex(0)
	return civility
}

// chosenCivility is what newCivility's choice says.
func chosenCivility(civility *widget.Select) data.Civility {
	return []data.Civility{"", data.Madame, data.Monsieur}[civility.SelectedIndex()]
}

// columns lays objects out in columns of the same width, from the top.
func columns(n int, objects ...fyne.CanvasObject) fyne.CanvasObject {
	return container.New(topGrid{n}, objects...)
}

// topGrid is a grid whose rows are as high as their highest object.
type topGrid struct{ columns int }

const gridGap = 14

func (g topGrid) rows(objects []fyne.CanvasObject) (rows [][]fyne.CanvasObject) {
	for i := 0; i < len(objects); i += g.columns {
		rows = append(rows, objects[i:min(i+g.columns, len(objects))])
	}
	return rows
}

func (g topGrid) MinSize(objects []fyne.CanvasObject) (size fyne.Size) {
	for _, row := range g.rows(objects) {
		var height, width float32
		for _, object := range row {
			height, width = max(height, object.MinSize().Height), max(width, object.MinSize().Width)
		}
		size.Height += height + 6
		size.Width = max(size.Width, width*float32(g.columns)+gridGap*float32(g.columns-1))
	}
	return size
}

func (g topGrid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := (size.Width - gridGap*float32(g.columns-1)) / float32(g.columns)
	y := float32(0)
	for _, row := range g.rows(objects) {
		var height float32
		for i, object := range row {
			object.Resize(fyne.NewSize(width, object.MinSize().Height))
			object.Move(fyne.NewPos(float32(i)*(width+gridGap), y))
			height = max(height, object.MinSize().Height)
		}
		y += height + 6
	}
}
