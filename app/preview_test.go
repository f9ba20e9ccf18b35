package app

import (
	"image"
	"testing"

	"guichet/data"
)

// TestPreviews: a queued letter as a specimen, a sheet of a batch, a design
// that is not saved; and who may see them.
func TestPreviews(t *testing.T) {
	d := openDesk(t)
	made := d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", true)
	queue, err := d.Queue(d.mailRoom)
	d.done(err)
	picture, err := d.PreviewLetter(d.mailRoom, queue[0].Letter.ID, 96)
	d.done(err)
	if size := picture.Bounds().Size(); size.X < 790 || size.X > 797 || size.Y < 1119 || size.Y > 1126 {
		t.Errorf("an A4 sheet at 96 dpi is %v", size)
	}
	batch, _ := d.compose()
	sheet, err := d.PreviewSheet(d.mailRoom, batch.Number, 1, 96)
	d.done(err)
	if share := difference(picture, sheet); share < 0.01 {
		t.Errorf("the specimen differs from the sheet by %.3f: no watermark", share)
	}
	_, err = d.PreviewSheet(d.mailRoom, batch.Number, 2, 96)
	d.refused(NotFound, err)
	_, err = d.PreviewSheet(d.admin, batch.Number, 1, 96)
	d.refused(Forbidden, err)

	settings, err := d.Settings(d.admin)
	d.done(err)
	settings.LetterTexts = data.LetterTexts{data.UserText: {Opening: "Bonjour {demandeuse}"}}
	_, err = d.PreviewDesign(d.admin, settings, nil, data.UserText, false, 50)
	d.refused(Invalid, err)
	d.refused(Invalid, d.SaveSettings(d.admin, settings))
	if problems := ProblemsOf(err); len(problems) != 1 || problems[0].Field != "text.user.opening" {
		t.Errorf("problems %+v", problems)
	}
	settings.LetterTexts[data.UserText] = data.LetterText{Opening: "Bonjour {demandeur}"}
	for _, kind := range data.LetterTextKinds {
		front, err := d.PreviewDesign(d.admin, settings, nil, kind, false, 50)
		d.done(err)
		back, err := d.PreviewDesign(d.admin, settings, nil, kind, true, 50)
		d.done(err)
		if difference(front, back) < 0.01 {
			t.Errorf("%s: the back is the front", kind)
		}
	}
	d.done(d.SaveSettings(d.admin, settings))
	d.refused(Invalid, d.SaveDesign(d.admin, settings, nil, settings, []byte("no picture")))
	d.refused(Forbidden, d.SaveDesign(d.mailRoom, settings, nil, settings, nil))
	_ = made
}

// difference is the share of pixels that differ.
func difference(a, b image.Image) float64 {
	bounds, differ := a.Bounds(), 0
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				differ++
			}
		}
	}
	return float64(differ) / float64(bounds.Dx()*bounds.Dy())
}
