package command

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"guichet/app"
	"guichet/data"
)

type fetchCommand struct{}

// Run fetches the mailbox.
func (c *fetchCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		got, err := guichet.Fetch(ctx)
		if err != nil {
			return err
		}
		result := map[string]any{"mails": got.Mails, "tickets": got.Tickets, "replies": got.Replies, "doubles": got.Doubles}
		return s.show(result, func(w io.Writer) {
			fmt.Fprintf(w, "%d nouveaux messages : %d demandes ouvertes, %d réponses\n", got.Mails, got.Tickets, got.Replies)
		})
	})
}

type sendCommand struct{}

// Run sends the mails that are due.
func (c *sendCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		sent, err := guichet.SendOutgoing(ctx)
		if err != nil {
			return err
		}
		err = s.show(map[string]any{"sent": sent.Sent, "failed": sent.Failed}, func(w io.Writer) {
			fmt.Fprintf(w, "%d courriels envoyés\n", sent.Sent)
		})
		if err == nil && sent.Failed > 0 {
			err = fmt.Errorf("%d courriels ne sont pas partis", sent.Failed)
		}
		return err
	})
}

type ticketsCommand struct {
	List  ticketsListCommand  `cmd:"" default:"withargs" help:"Lister les demandes (sans autre commande)."`
	Reply ticketsReplyCommand `cmd:"" help:"Répondre à une demande ; le texte est lu sur l’entrée standard."`
}

type ticketsListCommand struct {
	State []string `placeholder:"ÉTAT" enum:"new,open,waiting,solved,closed,spam" help:"Seulement dans ces états : new, open, waiting, solved, closed, spam."`
}

// ticketLine is a ticket in JSON.
type ticketLine struct {
	Number       string    `json:"number"`
	State        string    `json:"state"`
	Heading      string    `json:"heading"`
	Subject      string    `json:"subject"`
	Requester    string    `json:"requester"`
	Organisation string    `json:"organisation,omitempty"`
	Account      string    `json:"account,omitempty"`
	OpenedAt     time.Time `json:"opened_at"`
	Illegible    bool      `json:"illegible,omitempty"`
}

// Run lists tickets.
func (c *ticketsListCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		var states []data.TicketState
		for _, state := range c.State {
			states = append(states, data.TicketState(state))
		}
		tickets, err := guichet.Tickets(ctx, states...)
		if err != nil {
			return err
		}
		lines := make([]ticketLine, len(tickets))
		for i, t := range tickets {
			lines[i] = ticketLine{
				Number: t.Number, State: string(t.State), Heading: string(t.Heading), Subject: t.Subject, Requester: t.RequesterAddress,
				Organisation: t.OrganisationName, Account: t.Identifier, OpenedAt: t.OpenedAt, Illegible: t.Illegible,
			}
		}
		return s.show(lines, func(w io.Writer) {
			table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			for _, t := range tickets {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", t.Number, t.State.Label(), t.Heading.Label(), t.RequesterAddress, t.Subject)
			}
			table.Flush() //nolint:errcheck // standard output
		})
	})
}

type ticketsReplyCommand struct {
	Number string `arg:"" placeholder:"DEMANDE" help:"Son numéro, « 26-000042 »."`
	Then   string `default:"" placeholder:"ÉTAT" enum:"open,waiting,solved," help:"L’état où elle passe : open, waiting, solved."`
}

// Run puts a reply to the requester into the outbox; send sends it, once nobody
// could take it back any more.
func (c *ticketsReplyCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		text, err := io.ReadAll(s.in)
		if err != nil {
			return err
		}
		seen, err := guichet.TicketByNumber(ctx, c.Number)
		if err != nil {
			return err
		}
		draft := data.Draft{TicketID: seen.ID, Kind: data.ReplyDraft, To: seen.RequesterAddress, Text: strings.TrimSpace(string(text))}
		replied, err := guichet.Reply(ctx, seen.Ticket, draft, data.TicketState(c.Then))
		if err != nil {
			return err
		}
		result := map[string]any{"ticket": seen.Number, "to": seen.RequesterAddress, "sends_at": replied.SendsAt}
		return s.show(result, func(w io.Writer) {
			fmt.Fprintf(w, "%s : réponse à %s, envoyée après %s\n", seen.Number, seen.RequesterAddress, replied.SendsAt.Format("15:04:05"))
		})
	})
}

type serveDemoMailCommand struct {
	Listen string `default:"${demo_mail}" placeholder:"ADRESSE" help:"L’adresse, sur cette machine."`
	SMTP   string `name:"smtp" default:"${demo_smtp}" placeholder:"ADRESSE" help:"L’adresse du serveur d’envoi, qui prend tout et ne garde rien."`
}

// Run serves the demo mailbox until it is interrupted.
func (c *serveDemoMailCommand) Run(s *session) error {
	var mails [][]byte
	err := s.with(func(ctx context.Context, guichet *app.App) (err error) {
		mails, err = guichet.DemoMails(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return app.ServeDemoMail(s.ctx, mails, c.Listen, c.SMTP, func(addr net.Addr) {
		fmt.Fprintf(os.Stderr, "Boîte de démonstration : %s\n", addr)
	})
}
