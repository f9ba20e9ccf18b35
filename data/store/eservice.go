package store

import (
	"time"

	"guichet/data"
)

const eServiceColumns = `s.id, s.code, s.name, s.description, s.created_at, s.retired_at`

func eServiceFields(s *data.EService) []any {
	return []any{&s.ID, &s.Code, &s.Name, &s.Description, at(&s.CreatedAt), at(&s.RetiredAt)}
}

// AddEService adds an e-service and sets its ID. ErrTaken: the code exists.
func (tx *Tx) AddEService(s *data.EService) (err error) {
	s.ID, err = tx.insert("add e-service",
		`INSERT INTO e_service (code, name, description, created_at) VALUES ($1, $2, $3, $4) RETURNING id`,
		s.Code, s.Name, s.Description, s.CreatedAt)
	return err
}

// UpdateEService writes an e-service's texts and whether it is retired.
func (tx *Tx) UpdateEService(s data.EService) error {
	return tx.change("update e-service",
		`UPDATE e_service SET name = $2, description = $3, retired_at = $4 WHERE id = $1`,
		s.ID, s.Name, s.Description, whenOrNull(s.RetiredAt))
}

// EServices are all e-services, by name.
func (tx *Tx) EServices() ([]data.EService, error) {
	return list(tx, "list e-services", eServiceFields, `SELECT `+eServiceColumns+` FROM e_service s ORDER BY s.name, s.id`)
}

// EService is one e-service: ErrNotFound when there is none.
func (tx *Tx) EService(id int64) (s data.EService, err error) {
	err = tx.get("find e-service", eServiceFields(&s), `SELECT `+eServiceColumns+` FROM e_service s WHERE s.id = $1`, id)
	return s, err
}

const subscriptionColumns = `u.id, u.organisation_id, u.e_service_id, u.from_day, u.until_day`

func subscriptionFields(s *data.Subscription) []any {
	return []any{&s.ID, &s.OrganisationID, &s.EServiceID, at(&s.From), at(&s.Until)}
}

// AddSubscription adds a live subscription and sets its ID. ErrTaken: there is
// one already.
func (tx *Tx) AddSubscription(s *data.Subscription) (err error) {
	s.ID, err = tx.insert("add subscription",
		`INSERT INTO subscription (organisation_id, e_service_id, from_day) VALUES ($1, $2, $3) RETURNING id`,
		s.OrganisationID, s.EServiceID, s.From)
	return err
}

// EndSubscription ends a live subscription and its permissions (R7).
// ErrChanged: it has ended already.
func (tx *Tx) EndSubscription(s data.Subscription) error {
	if _, err := tx.exec("revoke permissions",
		`UPDATE permission SET revoked_at = $2 WHERE subscription_id = $1 AND revoked_at IS NULL`, s.ID, s.Until); err != nil {
		return err
	}
	return tx.change("end subscription", `UPDATE subscription SET until_day = $2 WHERE id = $1 AND until_day IS NULL`, s.ID, s.Until)
}

// Subscription is one subscription: ErrNotFound when there is none.
func (tx *Tx) Subscription(id int64) (s data.Subscription, err error) {
	err = tx.get("find subscription", subscriptionFields(&s), `SELECT `+subscriptionColumns+` FROM subscription u WHERE u.id = $1`, id)
	return s, err
}

// Subscriptions are an organisation's subscriptions, the live ones first, then
// the newest.
func (tx *Tx) Subscriptions(organisationID int64) ([]data.Subscription, error) {
	return list(tx, "list subscriptions", subscriptionFields,
		`SELECT `+subscriptionColumns+` FROM subscription u WHERE u.organisation_id = $1
		 ORDER BY u.until_day IS NOT NULL, u.from_day DESC, u.id`, organisationID)
}

const permissionColumns = `p.id, p.subscription_id, p.account_id, p.granted_at, p.revoked_at`

func permissionFields(p *data.Permission) []any {
	return []any{&p.ID, &p.SubscriptionID, &p.AccountID, at(&p.GrantedAt), at(&p.RevokedAt)}
}

// AddPermission grants a permission and sets its ID. ErrTaken: it is granted.
func (tx *Tx) AddPermission(p *data.Permission) (err error) {
	p.ID, err = tx.insert("grant permission",
		`INSERT INTO permission (subscription_id, account_id, granted_at) VALUES ($1, $2, $3) RETURNING id`,
		p.SubscriptionID, p.AccountID, p.GrantedAt)
	return err
}

// RevokePermission revokes an account's live permission. ErrChanged: it has none.
func (tx *Tx) RevokePermission(subscriptionID, accountID int64, revoked time.Time) error {
	return tx.change("revoke permission",
		`UPDATE permission SET revoked_at = $3 WHERE subscription_id = $1 AND account_id = $2 AND revoked_at IS NULL`,
		subscriptionID, accountID, revoked)
}

// Permissions are the live permissions of an organisation's accounts.
func (tx *Tx) Permissions(organisationID int64) ([]data.Permission, error) {
	return list(tx, "list permissions", permissionFields,
		`SELECT `+permissionColumns+` FROM permission p JOIN subscription u ON u.id = p.subscription_id
		 WHERE u.organisation_id = $1 AND p.revoked_at IS NULL ORDER BY p.id`, organisationID)
}
