package store

import "guichet/data"

const operatorColumns = `id, login, name, password_hash, roles, created_at, disabled_at, last_sign_in_at`

func operatorFields(o *data.Operator) []any {
	return []any{
		&o.ID, &o.Login, &o.Name, &o.PasswordHash, joined(&o.Roles, ","),
		at(&o.CreatedAt), at(&o.DisabledAt), at(&o.LastSignInAt),
	}
}

// AddOperator adds an operator and sets its ID. ErrTaken: the login exists.
func (tx *Tx) AddOperator(o *data.Operator) (err error) {
	o.ID, err = tx.insert("add operator",
		`INSERT INTO operator (login, name, password_hash, roles, created_at)
		 VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		o.Login, o.Name, o.PasswordHash, join(o.Roles, ","), o.CreatedAt)
	return err
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
