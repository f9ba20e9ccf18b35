package views

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2/driver/software"

	"guichet/app"
	"guichet/data"
)

// Tour is what a tour of the screens needs.
type Tour struct {
	// Folder takes the pictures, fr-NN-name.png and en-NN-name-dark.png.
	Folder string
	// Login and Password open the session.
	Login, Password string
	// Language is the one in which the screens are visited; empty: each.
	Language string
	// Codes are a letter's reference and codes, entered in the codes screen;
	// empty: none are.
	Codes [3]string
}

// SaveScreens visits each screen and saves its picture, in the tour's languages and the
// light and the dark theme. In a real window it must not run on the UI goroutine: see
// SaveScreensAndQuit.
func (w *Window) SaveScreens(tour Tour) error {
	if err := os.MkdirAll(tour.Folder, 0o700); err != nil {
		return fmt.Errorf("save screens: %w", err)
	}
	c := &camera{w: w, tour: tour}
	c.step("", func() {}) // the register opens
	if w.trouble != nil {
		return w.trouble
	}
	for _, language := range languages {
		if tour.Language != "" && tour.Language != language {
			continue
		}
		for _, shown := range []string{lightTheme, darkTheme} {
			c.visit(display{language, shown, w.display.zoom})
		}
	}
	return errors.Join(c.err, Speak(French))
}

// SaveScreensAndQuit makes ShowAndRun save the screens and then close the
// window; over is told how it went.
func (w *Window) SaveScreensAndQuit(tour Tour, over func(error)) {
	w.OnStarted(func() {
		w.tasks.beside(func() {
			over(w.SaveScreens(tour))
			w.tasks.onUI(w.fyneApp.Quit)
		})
	})
}

// camera takes the pictures.
type camera struct {
	w    *Window
	tour Tour
	n    int
	seen display // how the screens are visited
	err  error
}

// sleep lets a real window paint.
func (c *camera) sleep() {
	if !c.w.tasks.inline {
		time.Sleep(400 * time.Millisecond)
	}
}

// step does something in the window, and takes a picture of what it shows.
func (c *camera) step(name string, do func()) {
	if c.err != nil {
		return
	}
	c.w.tasks.onUI(do)
	c.sleep()
	if name != "" {
		c.w.tasks.onUI(func() { c.shoot(name) })
	}
}

func (c *camera) shoot(name string) {
	c.n++
	if c.seen.theme == darkTheme {
		name += "-dark"
	}
	file, err := os.Create(filepath.Join(c.tour.Folder, fmt.Sprintf("%s-%02d-%s.png", c.seen.language, c.n, name)))
	if err != nil {
		c.err = err
		return
	}
	c.err = png.Encode(file, c.picture())
	if err := file.Close(); c.err == nil {
		c.err = err
	}
}

// picture is what the window shows. Some drivers of OpenGL, Mesa's software one
// among them, do not give the front buffer back: a blank capture is painted
// anew, by Fyne's software painter from the same objects.
func (c *camera) picture() image.Image {
	canvas := c.w.window.Canvas()
	if picture := canvas.Capture(); !blank(picture) {
		return picture
	}
	paper := software.NewCanvas()
	paper.SetPadded(false)
	paper.Resize(canvas.Size())
	paper.SetContent(canvas.Content())
	if top := canvas.Overlays().Top(); top != nil {
		paper.Overlays().Add(top)
	}
	return paper.Capture()
}

// blank tells whether all of a picture has one colour.
func blank(picture image.Image) bool {
	bounds := picture.Bounds()
	r, g, b, _ := picture.At(bounds.Min.X, bounds.Min.Y).RGBA()
	for y := bounds.Min.Y; y < bounds.Max.Y; y += 3 {
		for x := bounds.Min.X; x < bounds.Max.X; x += 3 {
			if red, green, blue, _ := picture.At(x, y).RGBA(); red != r || green != g || blue != b {
				return false
			}
		}
	}
	return true
}

// visit makes the tour in a language and a theme; this workstation's own stay as
// they are set.
func (c *camera) visit(seen display) {
	w := c.w
	c.seen, c.n = seen, 0
	c.step("", func() {
		w.fyneApp.Preferences().SetBool(tourOffered, true) // its card would lie over the screens
		c.err = Speak(seen.language)
		w.paint(seen)
		w.display = seen
	})
	c.step("connexion", w.signOut)
	c.step("affichage", w.openDisplay)
	c.step("", w.closeDialog)
	c.step("", func() {
		start(w.root, "sign-in", nil, func(ctx context.Context) (app.SignedIn, error) {
			return w.guichet.SignIn(ctx, c.tour.Login, c.tour.Password)
		}, func(signed app.SignedIn, err error) {
			if err != nil {
				c.err = err
				return
			}
			w.signedIn(signed, c.tour.Password)
		})
	})
	if c.err != nil {
		return
	}
	f := w.frame
	c.step("accueil", func() { f.show(f.home) })
	c.visitHelp(f)
	c.step("aller-a", f.openPalette)
	c.step("", f.w.closeDialog)
	if f.tickets != nil {
		c.step("assistance", func() { f.tickets.showView(data.ToHandleView) })
		c.step("assistance-compte", func() {
			f.tickets.list.find(func(s data.TicketSummary) bool { return s.AccountID != 0 })
		})
		c.visitTickets(f.tickets)
	}
	if f.mail != nil {
		c.visitMail(f)
	}
	if f.codes != nil {
		c.visitCodes(f)
		c.visitDirectory(f)
	}
	if f.service != nil {
		c.step("e-services", func() { f.show(f.service) })
	}
	if f.settings != nil {
		c.visitSettings(f)
	}
	if f.audit != nil {
		c.step("journal", func() { f.show(f.audit) })
		c.step("verrouille", w.lock)
	}
}

// visitHelp shows the help, the keys and the tour.
func (c *camera) visitHelp(f *frame) {
	c.step("aide", f.openHelp)
	c.step("aide-recherche", func() {
		if h := f.w.dialog.shows; h != nil {
			h.search.SetText("codes perdus")
		}
	})
	c.step("", f.w.closeDialog)
	c.step("touches", f.showKeys)
	c.step("", f.w.closeDialog)
	c.step("visite", f.beginTour)
	c.step("visite-suite", func() { f.tour.turn(1) })
	c.step("", f.tourOver)
	if f.tickets != nil {
		c.step("aide-reponse-type", func() {
			f.tickets.showView(data.ToHandleView)
			f.openHelp()
		})
		c.step("", f.w.closeDialog)
	}
}

func (c *camera) visitMail(f *frame) {
	c.step("courrier", f.mail.showQueue)
	c.step("courrier-retenue", func() {
		for row, letter := range f.mail.queue.table.records {
			if letter.Held != nil {
				f.mail.queue.table.choose(row)
				return
			}
		}
	})
	c.step("lots", f.mail.showBatches)
	c.step("lots-feuilles", func() { f.mail.batches.look.SetChecked(true) })
	c.step("imprimer", func() {
		f.mail.batches.hideSheets()
		if batch, ok := f.mail.batches.table.current(); ok {
			newPrintForm(f.mail.batches, batch, samplePrinters).open(true)
		}
	})
	c.step("", f.w.closeDialog)
	c.step("postes", f.mail.showPosted)
	c.step("retours", func() {
		f.mail.showReturns()
		f.mail.returns.choose(0)
		f.mail.returns.onScan("L26-000000-0 1/1")
	})
	c.step("suivi", func() { f.mail.showFollowUp(data.LetterFilter{}) })
}

// samplePrinters stand in for those of a mail room.
var samplePrinters = []app.Printer{{
	Name: "courrier", Description: "Imprimante du courrier", Default: true, Accepting: true, Duplex: true,
}}

func (c *camera) visitCodes(f *frame) {
	c.step("codes", func() { f.show(f.codes) })
	if c.seen.theme == darkTheme || c.tour.Codes[0] == "" {
		return
	}
	c.step("codes-saisie", func() {
		f.codes.reference.SetText(c.tour.Codes[0])
		f.codes.code1.SetText("K7PW-3XQ8")
	})
	c.step("codes-resultat", func() {
		f.codes.code1.SetText(c.tour.Codes[1])
		f.codes.code2.SetText(c.tour.Codes[2])
		f.codes.onConfirm()
		c.tour.Codes[0] = "" // they work once
	})
}

func (c *camera) visitDirectory(f *frame) {
	c.step("annuaire", func() { f.show(f.book) })
	c.step("annuaire-comptes", func() {
		f.book.table.choose(f.mostAccounts())
		f.book.record.tabs.SelectIndex(2)
	})
	c.step("annuaire-permissions", func() { f.book.record.tabs.SelectIndex(3) })
	c.step("annuaire-lettres", func() { f.book.record.tabs.SelectIndex(lettersTab) })
	c.step("annuaire-historique", func() { f.book.record.tabs.SelectIndex(6) })
	c.step("compte", func() {
		if account, ok := f.book.record.accounts.table.current(); ok {
			f.book.record.openAccount(account)
		}
	})
	c.step("", f.book.record.closeAccount)
	c.step("annuaire-representant", func() { f.book.record.tabs.SelectIndex(1) })
	c.step("inscription", func() {
		f.book.record.tabs.SelectIndex(0)
		f.book.onRegister()
		if form, ok := f.book.form.(*registration); ok {
			form.first.SetText("Marie Antoinette")
			form.last.SetText("DE HAUTECLOCQUE")
			form.password.SetText("soleil7")
		}
	})
	if f.service != nil {
		c.step("import", func() { f.book.openForm(sampleImport(f.book)) })
	}
	c.step("", f.book.closeForm)
	c.step("organisation", func() {
		openOrganisationForm(f, f.book.record.shown.Organisation, "street", func(data.Organisation) {})
	})
	c.step("", f.w.closeDialog)
	if f.mail != nil {
		c.step("poste", func() {
			f.mail.showBatches()
			for row, batch := range f.mail.batches.table.records {
				if batch.State == data.BatchPrinted {
					f.mail.batches.table.choose(row)
				}
			}
			f.mail.batches.onPosted()
		})
		c.step("", f.w.closeDialog)
	}
}

func (c *camera) visitSettings(f *frame) {
	c.step("", func() { f.show(f.settings) })
	for _, topic := range f.settings.topics {
		show := func() { f.settings.open(topic) }
		if topic.page == settingsPage(f.settings.printers) {
			c.step("", show) // those of this machine are read
			show = func() {
				offset := data.PrinterOffset{Printer: samplePrinters[0].Name, DX: 1.5, DY: -0.3}
				f.settings.printers.show(foundPrinters{printers: samplePrinters, settings: data.Settings{Printers: []data.PrinterOffset{offset}}})
			}
		}
		c.step("reglages-"+strings.ReplaceAll(data.Fold(topic.title), " ", "-"), show)
	}
	if f.may("SaveSettings") {
		c.step("registre-partage", func() {
			f.settings.open(f.settings.topics[0]) // the register's
			f.settings.openSharing()
		})
		c.step("", f.w.closeDialog)
		c.step("mise-en-service", f.openSetup)
	}
}

// mostAccounts is the row, among those read, of an organisation with an
// administrator and the most accounts.
func (f *frame) mostAccounts() (row int) {
	most := 0
	for i := range f.book.table.count() {
		if summary, ok := f.book.table.at(i); ok && summary.Administrator.ID != 0 && summary.Accounts > most {
			row, most = i, summary.Accounts
		}
		if i == pageSize-1 {
			break
		}
	}
	return row
}

// sampleImport is an import of organisations, one line of each kind.
func sampleImport(o *organisations) *importForm {
	form := newImportForm(o)
	form.use("organisations.csv", []byte("type;nom;siren;code_postal;libelle_acheminement\n"+
		"commune;Commune de Lyon;216901231;69001;LYON\ncommune;Commune de Nulle-Part;216901232;69001;LYON\n"+
		"association;Amicale;;67999;STRASBOURG\n"))
	return form
}

// visitTickets shows the help desk at work.
func (c *camera) visitTickets(t *tickets) {
	c.step("assistance-reponse", func() { t.ticket.composer.fill(t.ticket.shown.Heading.StockAnswer()) })
	c.step("assistance-note", func() {
		t.ticket.composer.onDrop()
		t.expand(true)
		t.ticket.composer.begin(data.NoteDraft)
	})
	c.step("assistance-recherche", func() {
		t.ticket.composer.fold()
		t.expand(false)
		t.search.entry.SetText("commune -statut:close")
		t.list.check()
	})
	c.step("assistance-envois", t.showOutbox)
	c.step("assistance-temps", func() { t.showInstead(t.figures) })
	c.step("assistance-touches", func() {
		t.choose(0)
		t.f.showKeys()
	})
	c.step("", c.w.closeDialog)
}
