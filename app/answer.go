package app

import (
	"context"
	"strings"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// StockAnswers are the answers ready to be sent: the headings' (R18), then the
// acts'. Help desk and administrators.
func (a *App) StockAnswers(ctx context.Context) ([]data.StockAnswer, error) {
	if _, err := allow(ctx, "StockAnswers"); err != nil {
		return nil, err
	}
	settings, err := a.Settings(ctx)
	return settings.StockAnswers(), err
}

// FillAnswer fills an answer in with what the register knows of a ticket's
// requester. missing names the variables that stay in their places, which block
// sending. Help desk and administrators.
func (a *App) FillAnswer(ctx context.Context, ticketID int64, text string) (filled string, missing []string, err error) {
	if _, err := allow(ctx, "FillAnswer"); err != nil {
		return "", nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) error {
		record, settings, err := answerGround(tx, ticketID, a.Now())
		if err != nil {
			return err
		}
		filled, missing = data.FillAnswer(text, answerValues(record, settings, a.Now()))
		filled = signed(filled, settings)
		return nil
	})
	return filled, missing, err
}

// signed is an answer with the help desk's signature under it, if it has one.
func signed(text string, settings data.Settings) string {
	if signature := strings.TrimSpace(settings.HelpDesk.Signature); signature != "" {
		return text + "\n" + signature
	}
	return text
}

func answerGround(tx *store.Tx, ticketID int64, now time.Time) (TicketRecord, data.Settings, error) {
	settings, err := readSettings(tx)
	if err != nil {
		return TicketRecord{}, settings, err
	}
	record, err := ticketRecord(tx, ticketID, now)
	return record, settings, err
}

// answerValues are the values of data.AnswerVariables for a ticket; what is not
// known is left out.
func answerValues(r TicketRecord, settings data.Settings, now time.Time) map[string]string {
	values := map[string]string{
		"demandeur.nom": r.RequesterName, "demande.numero": r.Number, "organisation.nom": r.Organisation.Name,
		"portail.adresse": settings.PortalURL,
	}
	if r.Account.ID != 0 {
		values["demandeur.nom"] = r.Account.Name()
		values["compte.identifiant"] = r.Account.Identifier
		values["compte.etat"] = accountSentence(r.Account, now)
	}
	if r.Representative.ID != 0 {
		values["representant.nom"] = strings.TrimSpace(r.Representative.FirstName + " " + r.Representative.LastName)
	}
	if r.Administrator.ID != 0 {
		values["administrateur.nom"] = r.Administrator.Name()
	}
	if letter, ok := r.lastLetter(); ok {
		values["courrier.reference"] = letter.Reference
		if !letter.PostedOn.IsZero() {
			values["courrier.date_depot"] = data.LongDate(letter.PostedOn)
			values["courrier.signalable_le"] = data.LongDate(data.ReportableFrom(letter.PostedOn, settings.AlsaceMoselle))
			values["courrier.echeance"] = data.LongDate(letter.PostedOn.AddDate(0, 0, settings.CodeValidDays))
		}
	}
	return values
}

// lastLetter is the letter that the requester most likely speaks of: their
// account's last one, or else the organisation's.
func (r TicketRecord) lastLetter() (data.LetterFile, bool) {
	for _, letter := range r.Letters {
		if r.Account.ID != 0 && letter.Account.ID == r.Account.ID {
			return letter, true
		}
	}
	if len(r.Letters) > 0 {
		return r.Letters[0], true
	}
	return data.LetterFile{}, false
}

// accountSentence says whether an account is usable, and why not.
func accountSentence(account data.Account, now time.Time) string {
	blocks := account.Blocks(now)
	if len(blocks) == 0 {
		return "utilisable"
	}
	reasons := make([]string, len(blocks))
	for i, block := range blocks {
		reasons[i] = strings.ToLower(block.Label())
	}
	return strings.Join(reasons, ", ")
}
