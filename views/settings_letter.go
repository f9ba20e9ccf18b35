package views

import (
	"context"
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"guichet/app"
	"guichet/data"
)

// settingsLetter is the page of what letters look like and say, with a letter
// that follows what is typed.
type settingsLetter struct {
	*settingsForm
	sender, verso    *writing
	place, url       *entry
	email, phone     *entry
	signatory, title *entry
	logo             *logoField
	texts            *letterTexts
	preview          *preview
	stale            *notice
	side             int // of the sheet, that is looked at: 0 or 1
	split            fyne.CanvasObject
}

func newSettingsLetter(s *settings) *settingsLetter {
	p := &settingsLetter{settingsForm: newSettingsForm(s, "letter"), preview: newPreview(s.f), stale: newNotice()}
	p.settingsForm.fill, p.settingsForm.typed, p.settingsForm.look = p.fill, p.typed, p.look
	left := p.layOut(lang.L("Modèle de lettre"), "", container.New(layout.NewCustomPaddedVBoxLayout(14),
		p.letterhead(), p.signature(), p.textSection(), p.versoSection()))
	p.placed = p.texts.placed
	right := container.NewHScroll(container.NewBorder(p.stale.content(), nil, nil, nil, p.preview.content())) // its bar is wide
	p.stale.onResize = right.Refresh
	split := container.NewHSplit(left, right)
	split.Offset = 0.47
	p.split = split
	return p
}

func (p *settingsLetter) content() fyne.CanvasObject { return p.split }

func (p *settingsLetter) letterhead() fyne.CanvasObject {
	var place, url, email, phone fyne.CanvasObject
	p.sender = p.writing(func() { p.turn(0) })
	p.logo = newLogoField(p.settingsForm)
	p.place, place = p.text("place", lang.L("Lieu, devant la date *"))
	p.url, url = p.text("portal_url", lang.L("Adresse du portail *"))
	p.email, email = p.text("support_email", lang.L("Courriel de l’assistance"))
	p.phone, phone = p.text("support_phone", lang.L("Téléphone de l’assistance"))
	return section(lang.L("En-tête"),
		p.fields.add("logo", lang.L("Logo : PNG, JPEG ou SVG, 1 Mo au plus"), p.logo.content()),
		p.fields.add("sender", lang.L("Expéditeur *, une ligne sous l’autre"), p.sender),
		columns(2, place, url), columns(2, email, phone))
}

func (p *settingsLetter) signature() fyne.CanvasObject {
	var signatory, title fyne.CanvasObject
	p.signatory, signatory = p.text("signatory", lang.L("Signataire *"))
	p.title, title = p.text("signatory_title", lang.L("Qualité du signataire"))
	return section(lang.L("Signature"), columns(2, signatory, title))
}

func (p *settingsLetter) textSection() fyne.CanvasObject {
	p.texts = newLetterTexts(p)
	return section(lang.L("Textes"), p.texts.content())
}

func (p *settingsLetter) versoSection() fyne.CanvasObject {
	p.verso = p.writing(nil)
	p.verso.onFocus = func() {
		p.texts.writes(p.verso)
		p.turn(1)
	}
	return section(lang.L("Verso"),
		p.fields.add("verso", lang.L("Un paragraphe par ligne"), p.verso),
		caption(lang.L("Le verso n’est imprimé qu’en recto verso : page Courrier des réglages.")))
}

// writing is a field of several lines of the page.
func (p *settingsLetter) writing(onFocus func()) *writing {
	w := newWriting(p.s.f.w, onFocus)
	w.OnChanged = func(string) {
		w.grow()
		p.touched()
	}
	w.onGrown = p.fit
	return w
}

func (p *settingsLetter) fill(r registerSettings) {
	p.sender.SetText(strings.Join(r.Sender, "\n"))
	for e, text := range map[*entry]string{
		p.place: r.Place, p.url: r.PortalURL, p.email: r.SupportEmail, p.phone: r.SupportPhone,
		p.signatory: r.Signatory, p.title: r.SignatoryTitle,
	} {
		e.SetText(text)
	}
	p.logo.show(r.logo)
	p.texts.fill(r.Settings)
	p.verso.SetText(r.Verso)
}

func (p *settingsLetter) typed(r registerSettings) (registerSettings, error) {
	r.Sender = nil
	for line := range strings.Lines(p.sender.Text) {
		if line = strings.TrimSpace(line); line != "" {
			r.Sender = append(r.Sender, line)
		}
	}
	for e, text := range map[*entry]*string{
		p.place: &r.Place, p.url: &r.PortalURL, p.email: &r.SupportEmail, p.phone: &r.SupportPhone,
		p.signatory: &r.Signatory, p.title: &r.SignatoryTitle,
	} {
		*text = strings.TrimSpace(e.Text)
	}
	r.logo = p.logo.bytes
	r.LetterTexts = p.texts.own()
	r.Verso = strings.TrimSpace(p.verso.Text)
	return r, nil
}

// checkDPI is the resolution of a picture that nobody sees.
const checkDPI = 20

// look has a letter made of the draft: what cannot be printed is said beside
// its field, and the letter shown stays the last one that could.
func (p *settingsLetter) look() {
	after, _ := p.typed(p.known) // texts can always be read
	kind := p.texts.kind
	start(p.s.f.scope, "settings/letter/look", nil, func(ctx context.Context) (image.Image, error) {
		return p.s.f.guichet.PreviewDesign(ctx, after.Settings, after.logo, kind, false, checkDPI)
	}, func(_ image.Image, err error) {
		rest := p.fields.show(p.placed(err))
		p.fit()
		switch {
		case rest != nil:
			p.stale.fail(rest, nil)
			return
		case err != nil:
			p.stale.fail(stalePreview, nil)
			return
		}
		p.stale.hide()
		p.preview.show(p.source(after, kind), p.side)
	})
}

// stalePreview stands over a letter that does not follow the draft.
var stalePreview = &app.Error{Message: "L’aperçu en reste à ce qui s’imprime : corrigez le champ signalé en rouge."}

// source is a letter of a kind and its other side.
func (p *settingsLetter) source(after registerSettings, kind data.LetterTextKind) previewSource {
	pages := 1
	if after.Duplex || after.Verso != "" {
		pages = 2
	}
	return previewSource{
		title: lang.L("Aperçu (SPÉCIMEN)"), count: pages,
		render: func(ctx context.Context, page int, dpi float64) (image.Image, error) {
			return p.s.f.guichet.PreviewDesign(ctx, after.Settings, after.logo, kind, page == 1, dpi)
		},
		window: windowOf(after.Envelope),
		turned: func(page int) { p.side = page },
	}
}

// turn shows the side that is being written, once there is one.
func (p *settingsLetter) turn(side int) {
	p.side = side
	p.preview.turn(side)
}
