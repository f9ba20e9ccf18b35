package app

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/boombuler/barcode/datamatrix"

	"guichet/assets"
	"guichet/data"
	"guichet/letters"
)

// What BenchmarkMailRoom's processes do.

// prepareMailRoom makes the register args[0] with args[1] letters in its queue,
// and writes the first of them for pdfkit.
func prepareMailRoom(ctx context.Context, args []string) (done outcome, err error) {
	a, err := Open(ctx, args[0], Options{Clock: func() time.Time { return tuesday }, Passwords: cheap, NoKeyring: true})
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	ctx = As(ctx, guichet)
	settings := data.DefaultSettings()
	settings.Sender = []string{"Portail des services en ligne", "Direction des relations avec les organisations", "1 place de l'Étoile", "67000 Strasbourg"}
	settings.Place, settings.PortalURL, settings.BatchLimit = "Strasbourg", "https://portail.example", mailRoomLarge
	settings.Signatory, settings.SignatoryTitle = "Claire Martin", "Responsable du portail"
	settings.SupportPhone, settings.SupportEmail = "03 88 00 00 00", "assistance@portail.example"
	if err := a.SaveSettings(ctx, settings); err != nil {
		return done, err
	}
	if done.Count, err = strconv.Atoi(args[1]); err != nil {
		return done, err
	}
	people, random := sections(assets.DemoPeople), rand.New(rand.NewPCG(20, 26))
	var organisations []data.Organisation
	err = a.update(ctx, guichet, func(c *change) (err error) {
		organisations, err = c.addMailRoomOrganisations(people, random)
		return err
	})
	if err != nil {
		return done, err
	}
	db, err := bareRegister(ctx, args[0])
	if err != nil {
		return done, err
	}
	err = queueMailRoom(ctx, db, organisations, people, random, done.Count)
	if err = errors.Join(err, db.Close()); err != nil {
		return done, err
	}
	return done, a.exportMailRoom(ctx, args[0]+".jsonl", settings)
}

// addMailRoomOrganisations adds the communes of Alsace and five associations in
// each, some 5,200 addresses.
func (c *change) addMailRoomOrganisations(people map[string][]string, random *rand.Rand) (added []data.Organisation, err error) {
	reader := csv.NewReader(bytes.NewReader(assets.OrganisationsAlsace))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil {
		return nil, err
	}
	some := func(section string) string { return people[section][random.IntN(len(people[section]))] }
	for _, row := range rows {
		if row[0] != string(data.Commune) {
			continue
		}
		for i, body := range []string{"Commune", "Club sportif", "Amicale", "École de musique", "Comité des fêtes", "Foyer rural"} {
			o := data.Organisation{
				Kind: data.Association, Name: body + strings.TrimPrefix(row[1], "Commune"),
				Address: data.Address{Street: some("rues"), PostalCode: row[4], City: row[5]},
			}
			r := data.LegalRepresentative{Civility: data.Madame, Office: "Présidente", LastName: some("noms")}
			if random.IntN(2) == 0 {
				r.Civility, r.Office = data.Monsieur, "Président"
			}
			if i == 0 {
				o.Kind, o.SIREN, r.Office = data.Commune, row[2], "Maire"
			}
			r.FirstName = some(string(r.Civility))
			if _, held := addressLines(o, r); held != nil { // a name too long
				continue
			}
			if err := c.addOrganisation(&o, r); err != nil {
				return nil, fmt.Errorf("%s: %w", o.Name, err)
			}
			added = append(added, o)
		}
	}
	return added, nil
}

// queueMailRoom registers people, whose letters it queues. One in twenty would
// be their organisation's administrator, each in another one, since a second
// request would supersede the first (R15). SQL prepared once: 100,000
// registrations by Register would take minutes.
func queueMailRoom(ctx context.Context, db *sql.DB, organisations []data.Organisation, people map[string][]string, random *rand.Rand, letters int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	var statements [3]*sql.Stmt
	for i, query := range []string{
		`INSERT INTO account (id, organisation_id, identifier, civility, first_name, last_name, folded, email, phone,
		 password_hash, registered_at, activation_nonce, activation_expires_at) VALUES (?1, ?2, ?3, '', ?4, ?5, '', ?3, '', '', ?6, '', ?6)`,
		`INSERT INTO request (id, organisation_id, account_id, kind, created_at, outcome) VALUES (?1, ?2, ?1, ?3, ?4, '')`,
		`INSERT INTO letter (reference, request_id, state, queued_at, sheet, lines, wrong_pairs) VALUES (?, ?, 'queued', ?, 0, '', 0)`,
	} {
		if statements[i], err = tx.PrepareContext(ctx, query); err != nil {
			return err
		}
	}
	some := func(section string) string { return people[section][random.IntN(len(people[section]))] }
	kinds := map[int]data.RequestKind{0: data.AdministratorRegistration, 20: data.AdministratorSuccession}
	for i := range letters {
		organisation, day := organisations[(i/20+i%20*277)%len(organisations)].ID, tuesday.AddDate(0, 0, -i%60)
		kind, asked := kinds[i%40]
		if !asked {
			kind = data.UserRegistration
		}
		_, failed1 := statements[0].ExecContext(ctx, i+1, organisation, fmt.Sprintf("personne%d", i+1), some(string(data.Madame)), some("noms"), day)
		_, failed2 := statements[1].ExecContext(ctx, i+1, organisation, kind, day)
		_, failed3 := statements[2].ExecContext(ctx, data.LetterReference(day.Year(), i+1), i+1, day)
		if err := errors.Join(failed1, failed2, failed3); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// exportMailRoom writes the design and the first letters of the queue, JSON, a
// value a line.
func (a *App) exportMailRoom(ctx context.Context, path string, settings data.Settings) error {
	queue, err := a.Queue(ctx)
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(file)
	err = lines.Encode(struct {
		letters.Design
		Date time.Time
	}{newDesign(settings, nil), a.Now()})
	for _, letter := range queue[:mailRoomPdfkit] {
		err = errors.Join(err, lines.Encode(sheet(letter, data.ConfirmationCodes{}, settings)))
	}
	return errors.Join(err, file.Close())
}

// composeMailRoom composes the queue of the register args[0].
func composeMailRoom(ctx context.Context, args []string) (done outcome, err error) {
	a, err := Open(ctx, args[0], Options{Clock: func() time.Time { return tuesday }, Passwords: cheap, NoKeyring: true})
	if err != nil {
		return done, err
	}
	start := time.Now()
	batch, err := a.Compose(As(ctx, guichet), nil, nil)
	if err != nil {
		return done, errors.Join(err, a.Close())
	}
	done = outcome{Count: batch.Letters, Seconds: time.Since(start).Seconds()}
	for _, file := range a.spoolFiles(batch) {
		info, err := os.Stat(file)
		if err != nil {
			return done, err
		}
		done.Bytes += info.Size()
	}
	return done, a.Close()
}

// floorOfMailRoom does what no composition can do without on the register
// args[0]: it reads the queue, encodes the barcodes, writes args[1] bytes, and
// makes the same rows, with one fixed salt and hash.
func floorOfMailRoom(ctx context.Context, args []string) (done outcome, err error) {
	if done.Bytes, err = strconv.ParseInt(args[1], 10, 64); err != nil {
		return done, err
	}
	db, err := bareRegister(ctx, args[0])
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	start := time.Now()
	queue, err := floorQueue(ctx, db)
	if err != nil {
		return done, err
	}
	for _, letter := range queue {
		if _, err := datamatrix.Encode(letter.reference + " 1/1"); err != nil {
			return done, err
		}
	}
	if err := floorFile(args[0]+".pdf", done.Bytes); err != nil {
		return done, err
	}
	if err := floorRows(ctx, db, queue); err != nil {
		return done, err
	}
	done.Count, done.Seconds = len(queue), time.Since(start).Seconds()
	return done, nil
}

// bareRegister opens a register as package store does.
func bareRegister(ctx context.Context, path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)"+
		"&_time_integer_format=unix_milli&_inttotime=1&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	return db, db.PingContext(ctx)
}

// floorLetter is what a letter says.
type floorLetter struct {
	id                                                        int64
	reference, kind                                           string
	requestedAt                                               time.Time
	firstName, lastName, identifier                           string
	organisation, complement, street, distribution            string
	postalCode, city, country                                 string
	civility, representativeFirst, representativeLast, office string
}

func floorQueue(ctx context.Context, db *sql.DB) (queue []floorLetter, err error) {
	rows, err := db.QueryContext(ctx, `SELECT l.id, l.reference, q.kind, q.created_at, a.first_name, a.last_name, a.identifier,
		o.name, o.complement, o.street, o.distribution, o.postal_code, o.city, o.country, r.civility, r.first_name, r.last_name, r.office
		FROM letter l
		JOIN request q ON q.id = l.request_id
		JOIN account a ON a.id = q.account_id
		JOIN organisation o ON o.id = q.organisation_id
		JOIN legal_representative r ON r.organisation_id = o.id AND r.until_day IS NULL
		WHERE l.state = 'queued' ORDER BY o.postal_code, l.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var l floorLetter
		if err := rows.Scan(&l.id, &l.reference, &l.kind, &l.requestedAt, &l.firstName, &l.lastName, &l.identifier,
			&l.organisation, &l.complement, &l.street, &l.distribution, &l.postalCode, &l.city, &l.country,
			&l.civility, &l.representativeFirst, &l.representativeLast, &l.office); err != nil {
			return nil, err
		}
		queue = append(queue, l)
	}
	return queue, rows.Err()
}

// floorFile writes and syncs as many bytes.
func floorFile(path string, size int64) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(struct{ io.Writer }{file}, io.LimitReader(endless{}, size), make([]byte, 1<<20))
	return errors.Join(err, file.Sync(), file.Close())
}

// endless reads what the buffer holds already.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// floorRows writes the rows that a composed batch has.
func floorRows(ctx context.Context, db *sql.DB, queue []floorLetter) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	var batch int64
	err = tx.QueryRowContext(ctx, `INSERT INTO batch (number, state, letters, files, composed_at) VALUES ('LOT', 'composed', ?, 1, ?) RETURNING id`,
		len(queue), tuesday).Scan(&batch)
	if err != nil {
		return err
	}
	compose, err := tx.PrepareContext(ctx, `UPDATE letter SET state = 'composed', batch_id = ?, sheet = ?, lines = ?, salt = ?, hash = ? WHERE id = ?`)
	if err != nil {
		return err
	}
	defer compose.Close()
	salt, hash := make([]byte, 16), make([]byte, 32)
	for i, l := range queue {
		lines := l.organisation + "\n" + l.civility + " " + l.representativeFirst + " " + l.representativeLast + ", " + l.office + "\n" +
			l.street + "\n" + l.postalCode + " " + l.city
		if _, err := compose.ExecContext(ctx, batch, i+1, lines, salt, hash, l.id); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO audit (at, operator, action, subject, subject_id, before, after, hash)
		VALUES (?, 'guichet', 'batch.compose', 'batch', ?, '', '', ?)`, tuesday, batch, hash)
	return errors.Join(err, tx.Commit())
}
