package store

import (
	"errors"
	"time"

	"guichet/data"
)

const operatorColumns = `id, login, name, password_hash, roles, created_at, disabled_at, last_sign_in_at, must_change`

func operatorFields(o *data.Operator) []any {
	return []any{
		&o.ID, &o.Login, &o.Name, &o.PasswordHash, joined(&o.Roles, ","),
		at(&o.CreatedAt), at(&o.DisabledAt), at(&o.LastSignInAt), &o.MustChange,
	}
}

// AddOperator adds an operator and sets its ID. ErrTaken: the login exists.
func (tx *Tx) AddOperator(o *data.Operator) (err error) {
	o.ID, err = tx.insert("add operator",
		`INSERT INTO operator (login, name, password_hash, roles, created_at, must_change)
		 VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		o.Login, o.Name, o.PasswordHash, join(o.Roles, ","), o.CreatedAt, o.MustChange)
	return err
}

// UpdateOperator keeps all of an operator but the login and the last sign-in.
func (tx *Tx) UpdateOperator(o data.Operator) error {
	return tx.change("update operator",
		`UPDATE operator SET name = $2, password_hash = $3, roles = $4, disabled_at = $5, must_change = $6 WHERE id = $1`,
		o.ID, o.Name, o.PasswordHash, join(o.Roles, ","), whenOrNull(o.DisabledAt), o.MustChange)
}

// Operator is an operator: ErrNotFound when there is none.
func (tx *Tx) Operator(id int64) (o data.Operator, err error) {
	err = tx.get("find operator", operatorFields(&o), `SELECT `+operatorColumns+` FROM operator WHERE id = $1`, id)
	return o, err
}

// OperatorByLogin finds an operator by login: ErrNotFound when there is none.
func (tx *Tx) OperatorByLogin(login string) (o data.Operator, err error) {
	err = tx.get("find operator", operatorFields(&o),
		`SELECT `+operatorColumns+` FROM operator WHERE login = $1`, login)
	return o, err
}

// Operators are all operators by name.
func (tx *Tx) Operators() ([]data.Operator, error) {
	return list(tx, "list operators", operatorFields,
		`SELECT `+operatorColumns+` FROM operator ORDER BY name, id`)
}

// SetOperatorSignedIn keeps when an operator signed in last.
func (tx *Tx) SetOperatorSignedIn(o data.Operator) error {
	return tx.change("record sign-in",
		`UPDATE operator SET last_sign_in_at = $2 WHERE id = $1`, o.ID, o.LastSignInAt)
}

// SignInFailures are the failed sign-ins under a name, by its hash.
func (tx *Tx) SignInFailures(login []byte) (f data.SignInFailures, err error) {
	err = tx.get("read sign-ins", []any{&f.Failures, at(&f.LastAt)}, `SELECT failures, last_at FROM sign_in_failure WHERE login = $1`, login)
	if errors.Is(err, ErrNotFound) {
		return f, nil
	}
	return f, err
}

// SetSignInFailures keeps the failed sign-ins under a name; none forgets it. Those
// older than since are forgotten too.
func (tx *Tx) SetSignInFailures(login []byte, f data.SignInFailures, since time.Time) error {
	if _, err := tx.exec("forget sign-ins", `DELETE FROM sign_in_failure WHERE last_at < $1 OR login = $2`, since, login); err != nil || f.Failures == 0 {
		return err
	}
	_, err := tx.exec("record sign-in", `INSERT INTO sign_in_failure (login, failures, last_at) VALUES ($1, $2, $3)`, login, f.Failures, f.LastAt)
	return err
}
