package store

import (
	"strings"
	"time"

	"guichet/data"
)

const accountColumns = `a.id, a.organisation_id, a.identifier, a.civility, a.first_name, a.last_name, a.email, a.phone,
	a.password_hash, a.registered_at, a.activation_nonce, a.activation_expires_at, a.activated_at, a.validated_at,
	a.invalidated_at, a.last_sign_in_at, a.warned_at, a.announced, a.email_bounced_at, a.erased_at`

func accountFields(a *data.Account) []any {
	return []any{
		&a.ID, &a.OrganisationID, &a.Identifier, &a.Civility, &a.FirstName, &a.LastName, &a.Email, &a.Phone,
		&a.PasswordHash, at(&a.RegisteredAt), &a.ActivationNonce, at(&a.ActivationExpiresAt), at(&a.ActivatedAt),
		at(&a.ValidatedAt), at(&a.InvalidatedAt), at(&a.LastSignInAt), at(&a.WarnedAt), &a.Announced, at(&a.EmailBouncedAt), at(&a.ErasedAt),
	}
}

func foldedAccount(a data.Account) string {
	return data.Fold(a.FirstName + " " + a.LastName + " " + a.Identifier + " " + a.Email)
}

// AddAccount adds an account and sets its ID. ErrTaken: the identifier exists.
func (tx *Tx) AddAccount(a *data.Account) (err error) {
	a.ID, err = tx.insert("add account",
		`INSERT INTO account (organisation_id, identifier, civility, first_name, last_name, folded, email, phone,
		 password_hash, registered_at, activation_nonce, activation_expires_at)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
		a.OrganisationID, a.Identifier, a.Civility, a.FirstName, a.LastName, foldedAccount(*a), a.Email, a.Phone,
		a.PasswordHash, a.RegisteredAt, a.ActivationNonce, a.ActivationExpiresAt)
	if err != nil {
		return err
	}
	return tx.indexOrganisation(a.OrganisationID)
}

// UpdateAccountFacts writes the facts that an account's state follows from.
func (tx *Tx) UpdateAccountFacts(a data.Account) error {
	return tx.change("update account",
		`UPDATE account SET activation_nonce = $2, activation_expires_at = $3, activated_at = $4, validated_at = $5,
		 invalidated_at = $6, last_sign_in_at = $7, warned_at = $8, announced = $9 WHERE id = $1`,
		a.ID, a.ActivationNonce, a.ActivationExpiresAt, whenOrNull(a.ActivatedAt), whenOrNull(a.ValidatedAt),
		whenOrNull(a.InvalidatedAt), whenOrNull(a.LastSignInAt), whenOrNull(a.WarnedAt), a.Announced)
}

// SetEmailBounced notes that an account's address does not exist; another
// address clears it.
func (tx *Tx) SetEmailBounced(id int64, at time.Time) error {
	return tx.change("note bounce", `UPDATE account SET email_bounced_at = $2 WHERE id = $1`, id, at)
}

// UpdateAccountContact writes how an account's person is addressed and reached.
func (tx *Tx) UpdateAccountContact(a data.Account) error {
	err := tx.change("update account", `UPDATE account SET civility = $2, email = $3, phone = $4, folded = $5,
		 email_bounced_at = CASE WHEN email = $3 THEN email_bounced_at END WHERE id = $1`,
		a.ID, a.Civility, a.Email, a.Phone, foldedAccount(a))
	if err != nil {
		return err
	}
	return tx.indexOrganisation(a.OrganisationID)
}

// SetPassword writes an account's password hash.
func (tx *Tx) SetPassword(accountID int64, hash string) error {
	return tx.change("set password", `UPDATE account SET password_hash = $2 WHERE id = $1`, accountID, hash)
}

// EachAccount calls do with every account, by ID, a thousand in memory at a
// time; do may write.
func (tx *Tx) EachAccount(do func(data.Account) error) error {
	for after := int64(0); ; {
		accounts, err := list(tx, "read accounts", accountFields,
			`SELECT `+accountColumns+` FROM account a WHERE a.id > $1 ORDER BY a.id LIMIT 1000`, after)
		if err != nil || len(accounts) == 0 {
			return err
		}
		for _, account := range accounts {
			if err := do(account); err != nil {
				return err
			}
		}
		after = accounts[len(accounts)-1].ID
	}
}

// Accounts are the accounts whose name, identifier or e-mail contains every
// word of a query, by name, at most limit.
func (tx *Tx) Accounts(query string, limit int) ([]data.AccountSummary, error) {
	conditions, args := []string{"1 = 1"}, []any{limit}
	for word := range strings.FieldsSeq(data.Fold(query)) {
		args = append(args, contains(word))
		conditions = append(conditions, `a.folded LIKE `+placeholder(len(args))+` ESCAPE '\'`)
	}
	return list(tx, "find accounts", func(s *data.AccountSummary) []any {
		return append(accountFields(&s.Account), &s.OrganisationName, &s.Administrator)
	}, `SELECT `+accountColumns+`, o.name, d.id IS NOT NULL FROM account a JOIN organisation o ON o.id = a.organisation_id
		 LEFT JOIN administration d ON d.account_id = a.id AND d.until IS NULL
		 WHERE `+strings.Join(conditions, " AND ")+` ORDER BY a.folded, a.id LIMIT $1`, args...)
}

// Account is one account: ErrNotFound when there is none.
func (tx *Tx) Account(id int64) (a data.Account, err error) {
	err = tx.get("find account", accountFields(&a), `SELECT `+accountColumns+` FROM account a WHERE a.id = $1`, id)
	return a, err
}

// AccountByIdentifier is one account: ErrNotFound when there is none.
func (tx *Tx) AccountByIdentifier(identifier string) (a data.Account, err error) {
	err = tx.get("find account", accountFields(&a),
		`SELECT `+accountColumns+` FROM account a WHERE a.identifier = $1`, identifier)
	return a, err
}

// AccountsByEmail are a person's accounts: those with the same e-mail (R13).
func (tx *Tx) AccountsByEmail(email string) ([]data.Account, error) {
	if email == "" { // those that were erased are nobody's
		return nil, nil
	}
	return list(tx, "find accounts", accountFields,
		`SELECT `+accountColumns+` FROM account a WHERE a.email = $1 ORDER BY a.id`, strings.ToLower(email))
}

// OrganisationAccounts are an organisation's accounts, by name.
func (tx *Tx) OrganisationAccounts(organisationID int64) ([]data.Account, error) {
	return list(tx, "list accounts", accountFields,
		`SELECT `+accountColumns+` FROM account a WHERE a.organisation_id = $1 ORDER BY a.folded, a.id`, organisationID)
}

// IdentifierTaken tells whether an identifier was ever used (R8).
func (tx *Tx) IdentifierTaken(identifier string) (bool, error) {
	var n int
	err := tx.get("look identifier up", []any{&n}, `SELECT count(*) FROM account WHERE identifier = $1`, identifier)
	return n > 0, err
}

// ActiveAdministrator is the account that administers an organisation:
// ErrNotFound when there is none (R5).
func (tx *Tx) ActiveAdministrator(organisationID int64) (a data.Account, err error) {
	err = tx.get("find administrator", accountFields(&a),
		`SELECT `+accountColumns+` FROM account a JOIN administration d ON d.account_id = a.id
		 WHERE d.organisation_id = $1 AND d.until IS NULL`, organisationID)
	return a, err
}

// Administers tells whether an account is an organisation's administrator.
func (tx *Tx) Administers(accountID int64) (bool, error) {
	var n int
	err := tx.get("find administrator", []any{&n},
		`SELECT count(*) FROM administration WHERE account_id = $1 AND until IS NULL`, accountID)
	return n > 0, err
}

// SetAdministrator makes an account its organisation's active administrator in
// place of the former (R5).
func (tx *Tx) SetAdministrator(a data.Account, since time.Time) error {
	if err := tx.EndAdministration(a.OrganisationID, since); err != nil {
		return err
	}
	_, err := tx.exec("add administration",
		`INSERT INTO administration (organisation_id, account_id, since) VALUES ($1, $2, $3)`, a.OrganisationID, a.ID, since)
	return err
}

// EndAdministration leaves an organisation without an active administrator.
func (tx *Tx) EndAdministration(organisationID int64, until time.Time) error {
	_, err := tx.exec("end administration",
		`UPDATE administration SET until = $2 WHERE organisation_id = $1 AND until IS NULL`, organisationID, until)
	return err
}
