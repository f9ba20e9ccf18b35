package store

import "errors"

// Setting is a setting's value; empty when it was never set.
func (tx *Tx) Setting(name string) (string, error) {
	var value string
	err := tx.get("read setting "+name, []any{&value}, `SELECT value FROM setting WHERE name = $1`, name)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return value, err
}

// SetSetting sets a setting.
func (tx *Tx) SetSetting(name, value string) error {
	_, err := tx.exec("write setting "+name,
		`INSERT INTO setting (name, value) VALUES ($1, $2)
		 ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// NextNumber gives the next number of a kind of record in a year, from 1. A
// number is never given twice; one whose transaction fails is given again.
func (tx *Tx) NextNumber(kind string, year int) (int, error) {
	var number int
	err := tx.get("number a "+kind, []any{&number},
		`INSERT INTO counter (kind, year, last) VALUES ($1, $2, 1)
		 ON CONFLICT (kind, year) DO UPDATE SET last = counter.last + 1
		 RETURNING last`, kind, year)
	return number, err
}

// DropSetting takes a setting away.
func (tx *Tx) DropSetting(name string) error {
	_, err := tx.exec("drop setting", `DELETE FROM setting WHERE name = $1`, name)
	return err
}
