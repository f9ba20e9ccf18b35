package app

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"guichet/data"
)

// attached has a mail come in with files, by name.
func (d *desk) attached(files ...[2]string) []data.Attachment {
	d.t.Helper()
	d.asked++
	mail := fmt.Sprintf("From: x@mairie.example\r\nSubject: Fichiers\r\nMessage-ID: <files%d@mairie.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n", d.asked)
	for _, file := range files {
		mail += "--b\r\nContent-Type: application/octet-stream; name=\"" + file[0] + "\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			base64.StdEncoding.EncodeToString([]byte(file[1])) + "\r\n"
	}
	return d.opened(mail + "--b--\r\n").Messages[0].Attachments
}

// TestHelpDeskOpenAttachment: a program only after a question, in a folder that
// only its user reads, and gone once Guichet is closed.
func TestHelpDeskOpenAttachment(t *testing.T) {
	d := openDesk(t)
	t.Setenv("TMPDIR", t.TempDir())
	files := d.attached([2]string{"../../plan.txt", "plan"}, [2]string{"facture.pdf.exe", "MZ"}, [2]string{"photo.jpg", "MZ\x90\x00"}, [2]string{"x.html", "<p>"})
	if names := []string{files[0].Name, files[1].Name}; !slices.Equal(names, []string{"plan.txt", "facture.pdf.exe"}) {
		t.Errorf("%q", names)
	}
	path, err := d.OpenAttachment(d.helpDesk, files[0].ID, false)
	d.done(err)
	content, err := os.ReadFile(path)
	d.done(err)
	if string(content) != "plan" || filepath.Base(path) != "plan.txt" {
		t.Errorf("%s: %q", path, content)
	}
	for _, part := range []string{path, filepath.Dir(path), filepath.Dir(filepath.Dir(path))} {
		info, err := os.Stat(part)
		d.done(err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %s", part, info.Mode())
		}
	}
	for _, file := range files[1:] {
		_, err := d.OpenAttachment(d.helpDesk, file.ID, false)
		d.refused(Conflict, err)
		if path, err = d.OpenAttachment(d.helpDesk, file.ID, true); err != nil {
			t.Errorf("%s after the question: %v", file.Name, err)
		}
	}
	d.done(d.Close())
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("%s stays: %v", path, err)
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestHelpDeskPreviewAttachment shows pictures and pages, and nothing else; a
// picture bomb is not decoded.
func TestHelpDeskPreviewAttachment(t *testing.T) {
	d := openDesk(t)
	var picture bytes.Buffer
	d.done(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 30, 20))))
	d.organisation("Commune d'Achenheim")
	d.register(d.organisation("Commune de Blaesheim"), "a@b.fr", false)
	batch, _ := d.compose()
	spooled, err := d.BatchFiles(d.mailRoom, batch.Number)
	d.done(err)
	pdf, err := os.ReadFile(spooled[0])
	d.done(err)
	files := d.attached([2]string{"a.png", picture.String()}, [2]string{"b.pdf", string(pdf)}, [2]string{"c.txt", "texte"}, [2]string{"bombe.png", bomb()},
		[2]string{"d.pdf", "%PDF-1.7 broken"}, [2]string{"empty.png", ""})
	shown, pages, err := d.PreviewAttachment(d.helpDesk, files[0].ID, 0, 72)
	d.done(err)
	if shown.Bounds() != image.Rect(0, 0, 30, 20) || pages != 1 {
		t.Errorf("%v, %d pages", shown.Bounds(), pages)
	}
	shown, pages, err = d.PreviewAttachment(d.helpDesk, files[1].ID, 0, 72)
	d.done(err)
	if size := shown.Bounds().Size(); size.X < 590 || size.X > 600 || size.Y < 838 || size.Y > 846 || pages < 1 {
		t.Errorf("%v, %d pages", size, pages)
	}
	for _, file := range files[2:] {
		_, _, err := d.PreviewAttachment(d.helpDesk, file.ID, 0, 72)
		d.refused(Conflict, err)
	}
	_, _, err = d.PreviewAttachment(d.helpDesk, files[1].ID, 99, 72)
	d.refused(Conflict, err)
}

// bomb is a PNG of 100,000 × 100,000 dots by its header, of a few bytes.
func bomb() string {
	header := append([]byte("IHDR"), 0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0, 8, 0, 0, 0, 0)
	var file bytes.Buffer
	file.WriteString("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	file.Write(header)
	_ = binary.Write(&file, binary.BigEndian, crc32.ChecksumIEEE(header))
	return file.String()
}

// TestHelpDeskPresence tells who else has the ticket on the screen.
func TestHelpDeskPresence(t *testing.T) {
	d := openDesk(t)
	asked := d.ask("x@mairie.example", "Question", "Bonjour")
	others, err := d.Presence(d.helpDesk, asked.ID, false)
	d.done(err)
	if len(others) != 0 {
		t.Errorf("%+v", others)
	}
	others, err = d.Presence(d.admin, asked.ID, true)
	d.done(err)
	if len(others) != 1 || others[0].Name != "assistance" || others[0].Writing {
		t.Errorf("%+v", others)
	}
	if others, err = d.Presence(d.helpDesk, asked.ID, false); err != nil || len(others) != 1 || !others[0].Writing {
		t.Errorf("%+v, %v", others, err)
	}
	d.done(func() error { _, err := d.Presence(d.admin, 0, false); return err }())
	if others, err = d.Presence(d.helpDesk, asked.ID, false); err != nil || len(others) != 0 {
		t.Errorf("gone elsewhere: %+v, %v", others, err)
	}
	_, err = d.Presence(d.admin, asked.ID, false)
	d.done(err)
	d.after(data.PresenceDelay + time.Second)
	if others, err = d.Presence(d.helpDesk, asked.ID, false); err != nil || len(others) != 0 {
		t.Errorf("long silent: %+v, %v", others, err)
	}
}
