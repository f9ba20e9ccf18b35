package data

import (
	"strings"
	"time"
)

// EService is a service of the portal that organisations subscribe to (R6).
type EService struct {
	ID          int64
	Code        string // short and stable: "actes"
	Name        string
	Description string
	CreatedAt   time.Time
	RetiredAt   time.Time // no longer to be subscribed to; zero: offered
}

// Check names every field of an e-service that breaks a rule.
func (s EService) Check() error {
	var problems Problems
	problems.Require("code", s.Code)
	if strings.Trim(s.Code, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		problems.Add("code", "Le code n’a que des minuscules, des chiffres et des tirets", nil)
	}
	problems.Require("name", s.Name)
	return problems.Err()
}

// Subscription is an organisation's use of an e-service, with its history (R6).
type Subscription struct {
	ID             int64
	OrganisationID int64
	EServiceID     int64
	From           time.Time
	Until          time.Time // zero: live
}

// Live tells whether the subscription has not ended.
func (s Subscription) Live() bool { return s.Until.IsZero() }

// Permission lets an account use an e-service that its organisation subscribes
// to. An administrator has none until it is granted (R7).
type Permission struct {
	ID             int64
	SubscriptionID int64
	AccountID      int64
	GrantedAt      time.Time
	RevokedAt      time.Time // zero: live
}

// Live tells whether the permission was not revoked. Ending a subscription
// revokes its permissions (R7).
func (p Permission) Live() bool { return p.RevokedAt.IsZero() }
