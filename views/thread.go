package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// newMessageView shows a message of a thread: who, when, its text with the
// quoted part folded, its files. Its HTML is never shown.
func newMessageView(k *ticket, m data.Message) fyne.CanvasObject {
	sender := m.FromName
	if sender == "" {
		sender = m.FromAddress
	}
	from := line(sender)
	from.TextStyle.Bold = true
	at := m.SentAt
	if at.IsZero() {
		at = m.ReceivedAt
	}
	when := widget.NewLabel(moment(at, k.f.guichet.Now()))
	when.SizeName, when.Importance = theme.SizeNameCaptionText, widget.LowImportance
	address := caption(m.FromAddress)
	address.Wrapping, address.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	box := container.New(layout.NewCustomPaddedVBoxLayout(-4), container.NewBorder(nil, nil, nil, when, from), address)
	body := container.NewVBox(box)
	if m.Automatic || m.Bounce {
		body.Add(caption(lang.L("Message automatique : il n’appelle pas de réponse.")))
	}
	if m.Illegible != "" {
		body.Add(illegible(k, m))
	}
	text, quoted := splitQuote(m.Text)
	if text != "" {
		body.Add(paragraph(text))
	}
	if quoted != "" {
		body.Add(folded(quoted))
	}
	for _, file := range m.Attachments {
		body.Add(attachmentLine(k, file))
	}
	return container.NewStack(newFill(colorCard, 6), newOutline(6), padded(6, body))
}

// illegible marks a mail that could not be read, and offers its bytes.
func illegible(k *ticket, m data.Message) fyne.CanvasObject {
	label := widget.NewLabel(lang.L("Message illisible : {{.Reason}}", map[string]any{"Reason": say(m.Illegible, nil)}))
	label.Wrapping, label.Importance = fyne.TextWrapWord, widget.WarningImportance
	box := container.NewVBox(label)
	if len(m.Raw) > 0 {
		save := widget.NewButtonWithIcon(lang.L("Enregistrer le message brut…"), theme.DocumentSaveIcon(), func() {
			k.save("message.eml", func(context.Context) ([]byte, error) { return m.Raw, nil })
		})
		box.Add(container.NewHBox(save))
	}
	return box
}

func attachmentLine(k *ticket, file data.Attachment) fyne.CanvasObject {
	name := file.Name
	if name == "" {
		name = lang.L("pièce jointe")
	}
	save := widget.NewButton(lang.L("Enregistrer…"), func() {
		k.save(name, func(ctx context.Context) ([]byte, error) {
			found, err := k.f.guichet.Attachment(ctx, file.ID)
			return found.Content, err
		})
	})
	icon := widget.NewIcon(theme.MailAttachmentIcon())
	return container.NewBorder(nil, nil, container.NewPadded(icon), save, line(name+" · "+size(file.Size)))
}

// folded is a quoted text behind a button that unfolds it.
func folded(quoted string) fyne.CanvasObject {
	label := paragraph(quoted)
	label.Importance = widget.LowImportance
	label.Hide()
	button := widget.NewButtonWithIcon(lang.L("Texte cité"), theme.MoreHorizontalIcon(), nil)
	button.Importance = widget.LowImportance
	button.OnTapped = func() {
		if label.Visible() {
			label.Hide()
		} else {
			label.Show()
		}
	}
	return container.NewVBox(container.NewHBox(button), label)
}

// splitQuote parts a mail's own text from what it quotes: lines that begin
// with >, and all that follows the usual words before a quoted mail.
func splitQuote(text string) (own, quoted string) {
	var mine, theirs []string
	rest := false
	for _, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		rest = rest || strings.HasPrefix(trimmed, "-----Message d") || strings.HasPrefix(trimmed, "-----Original") ||
			(strings.HasPrefix(trimmed, "Le ") && strings.HasSuffix(trimmed, "a écrit :"))
		if rest || strings.HasPrefix(trimmed, ">") {
			theirs = append(theirs, line)
		} else {
			mine = append(mine, line)
		}
	}
	return strings.TrimSpace(strings.Join(mine, "\n")), strings.TrimSpace(strings.Join(theirs, "\n"))
}
