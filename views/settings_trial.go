package views

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// trial is a button that tries a setting out, and what that found.
type trial struct {
	button *button
	found  *prose
	fit    func() // the page, once the text has another height
}

// newTrial makes a trial; try gives what to say when it went well.
func newTrial(s *settings, slot string, try func(context.Context) (string, error)) *trial {
	t := &trial{found: paragraph("")}
	t.button = newIconButton(lang.L("Tester"), theme.SearchIcon(), func() {
		start(s.f.scope, slot, t.button, try, func(said string, err error) {
			t.found.Importance = widget.SuccessImportance
			if err != nil {
				t.found.Importance = widget.DangerImportance
				said = message(err)
			}
			t.found.SetText(said)
			t.fit()
		})
	})
	return t
}

func (t *trial) content(fit func()) fyne.CanvasObject {
	t.fit = fit
	return container.NewBorder(nil, nil, container.NewCenter(t.button), nil, t.found)
}

// milliseconds writes a short time: 1,4 ms.
func milliseconds(d time.Duration) string {
	return decimals(strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 1, 64)) + noBreak + "ms"
}
