package app

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// ticketDesk is a register with n tickets, as a help desk has after some years:
// somebody has to act on the last 2,000, the others are closed.
func ticketDesk(b *testing.B, n int) (*App, context.Context, string) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "register.db")
	ctx := context.Background()
	a, err := Open(ctx, path, benchOptions())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { a.Close() })
	db, err := bareRegister(ctx, path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
		INSERT INTO ticket (id, number, state, heading, subject, requester_name, requester_address, opened_at, updated_at, closed_at, illegible, unread, due_at)
		SELECT i, printf('26-%07d', i), CASE WHEN i % 50 = 3 THEN 'spam' WHEN i + 2000 <= ?1 THEN 'closed' WHEN i % 4 = 0 THEN 'new' WHEN i % 4 = 1 THEN 'waiting' ELSE 'open' END,
		 'other', 'Demande ' || i, 'Personne ' || (i % 5000), 'p' || (i % 5000) || '@mairie.example', ?2 - i * 60000, ?2 - (i * 7919 % 500000000), ?2, 0,
		 i + 300 > ?1, CASE WHEN i + 2000 > ?1 THEN ?2 + (i % 100 - 50) * 600000 END FROM n`, n, tuesday.UnixMilli())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := db.ExecContext(ctx, `ANALYZE`); err != nil {
		b.Fatal(err)
	}
	return a, As(ctx, guichet), path
}

// BenchmarkTicketList opens the list of what is to be handled, with the counts
// of the views, as the window does: among 1,000,000 tickets it must cost what it
// costs among 10,000.
func BenchmarkTicketList(b *testing.B) {
	times := map[int]time.Duration{}
	for _, n := range []int{10_000, 1_000_000} {
		a, ctx, _ := ticketDesk(b, n)
		operator, _ := OperatorOf(ctx)
		filter := data.ToHandleView.Filter(operator.ID)
		b.Run(fmt.Sprintf("open-%d", n), func(b *testing.B) {
			for b.Loop() {
				page, err := a.TicketPage(ctx, filter, 0, 100)
				if err != nil || len(page) != 100 {
					b.Fatal(len(page), err)
				}
				if _, err := a.CountTicketViews(ctx); err != nil {
					b.Fatal(err)
				}
			}
			times[n] = b.Elapsed() / time.Duration(b.N)
		})
	}
	b.Run("ratio", func(b *testing.B) {
		b.ReportMetric(float64(times[1_000_000])/float64(times[10_000]), "1M/10k")
		b.ReportMetric(0, "ns/op")
	})
}

// BenchmarkTicketSearch finds the first page of two words among 200,000 tickets,
// beside the full-text query alone, which finds as many rows.
func BenchmarkTicketSearch(b *testing.B) {
	const n = 200_000
	a, ctx, path := ticketDesk(b, n)
	random := rand.New(rand.NewPCG(5, 26))
	err := a.store.Update(ctx, func(tx *store.Tx) error {
		for i := range n {
			ticket := data.Ticket{ID: int64(i + 1), Number: fmt.Sprintf("26-%07d", i+1), Subject: benchWords(random, 6), RequesterName: fmt.Sprintf("Personne %d", i%5000)}
			if err := tx.IndexNewTicket(ticket, "", fmt.Sprintf("Commune %d", i%900), data.SearchWords(benchWords(random, 120))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	db, err := bareRegister(ctx, path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for _, search := range [][2]string{{"lettre", "désactivé"}, {"mot42", "réponse"}, {"mot421", "mot8"}} {
		ours, bare := time.Duration(0), time.Duration(0)
		b.Run(search[0]+"+"+search[1], func(b *testing.B) {
			for b.Loop() {
				filter, err := a.SearchTickets(ctx, search[0]+" "+search[1])
				if err != nil {
					b.Fatal(err)
				}
				if _, err = a.TicketPage(ctx, filter, 0, 100); err != nil {
					b.Fatal(err)
				}
			}
			ours = b.Elapsed() / time.Duration(b.N)
			start := time.Now()
			rounds := max(3, b.N/4)
			for range rounds {
				bareSearch(b, db, fmt.Sprintf(`"%s"* AND "%s"*`, data.Fold(search[0]), data.Fold(search[1])))
			}
			bare = time.Since(start) / time.Duration(rounds)
			b.ReportMetric(float64(bare.Nanoseconds()), "ns-fts5")
			b.ReportMetric(float64(ours)/float64(bare), "x-fts5")
		})
	}
}

// bareSearch is the full-text query alone, with the 100 tickets it finds.
func bareSearch(b *testing.B, db *sql.DB, match string) {
	rows, err := db.Query(`SELECT t.id, t.number, t.subject, t.requester_name, t.state FROM
		(SELECT rowid AS id FROM ticket_search WHERE ticket_search MATCH ? ORDER BY rowid DESC LIMIT 100) AS f JOIN ticket t ON t.id = f.id ORDER BY t.id DESC`, match)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var number, subject, name, state string
		if err := rows.Scan(&id, &number, &subject, &name, &state); err != nil {
			b.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
}
