package data

import (
	"slices"
	"strings"
	"time"
)

// Role is what an operator may do; an operator may hold several.
type Role string

// The roles of the staff.
const (
	MailRoom      Role = "mail_room"     // compose, print, post, returns
	HelpDesk      Role = "help_desk"     // tickets, codes over the phone, reactivation
	Administrator Role = "administrator" // register, settings, operators, audit
	Reader        Role = "reader"        // looks, changes nothing
)

// Roles are all roles, in the order in which a form offers them.
var Roles = []Role{MailRoom, HelpDesk, Administrator, Reader}

// WorkRoles are the roles that change something.
var WorkRoles = []Role{MailRoom, HelpDesk, Administrator}

// Label is the role as people read it.
func (r Role) Label() string {
	switch r {
	case MailRoom:
		return "Courrier"
	case HelpDesk:
		return "Assistance"
	case Administrator:
		return "Administration"
	case Reader:
		return "Consultation"
	}
	return string(r)
}

// Operator is a member of the staff who signs in to Guichet.
type Operator struct {
	ID           int64
	Login        string
	Name         string
	PasswordHash string // argon2id
	Roles        []Role
	CreatedAt    time.Time
	DisabledAt   time.Time
	LastSignInAt time.Time
}

// Has tells whether the operator holds one of the roles.
func (o Operator) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(o.Roles, r) })
}

// Check names every field of an operator that breaks a rule.
func (o Operator) Check() error {
	var problems Problems
	problems.Require("login", o.Login)
	problems.Require("name", o.Name)
	if strings.ContainsAny(o.Login, " \t\r\n") {
		problems.Add("login", "Le nom d’utilisateur ne contient pas d’espace", nil)
	}
	if len(o.Roles) == 0 {
		problems.Add("roles", "Choisissez au moins un rôle", nil)
	}
	for _, role := range o.Roles {
		if !slices.Contains(Roles, role) {
			problems.Add("roles", "Rôle inconnu « {{.Value}} »", Values{"Value": role})
		}
	}
	return problems.Err()
}
