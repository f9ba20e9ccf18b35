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
	PasswordHash string `json:"-"` // argon2id
	Roles        []Role
	CreatedAt    time.Time
	DisabledAt   time.Time
	LastSignInAt time.Time
	// MustChange tells that somebody else set the password: nothing else is
	// allowed until its operator changed it.
	MustChange bool
}

// Enabled tells whether the operator may sign in.
func (o Operator) Enabled() bool { return o.DisabledAt.IsZero() }

// SameSession tells whether what an operator may do is still what it was when
// their session was opened.
func (o Operator) SameSession(opened Operator) bool {
	return o.Enabled() && o.MustChange == opened.MustChange && slices.Equal(o.Roles, opened.Roles)
}

const (
	// SignInTries is how many sign-ins may fail before the next has to wait.
	SignInTries = 5
	// SignInMemory is how long failed sign-ins count.
	SignInMemory = 24 * time.Hour
	// longestSignInDelay bounds the wait: a colleague's mischief must not lock
	// somebody out for the day.
	longestSignInDelay = 15 * time.Minute
)

// SignInDelay is how long the next sign-in has to wait after failures: half a
// minute after the fifth, and twice as long after each other.
func SignInDelay(failures int) time.Duration {
	if failures < SignInTries {
		return 0
	}
	return min(30*time.Second<<min(failures-SignInTries, 10), longestSignInDelay)
}

// SignInFailures are the sign-ins in a row that failed under one name.
type SignInFailures struct {
	Failures int
	LastAt   time.Time
}

// Until is when the next sign-in may be tried; in the past when it need not wait.
func (f SignInFailures) Until() time.Time { return f.LastAt.Add(SignInDelay(f.Failures)) }

// At are the failures that still count at a time.
func (f SignInFailures) At(now time.Time) SignInFailures {
	if now.Sub(f.LastAt) > SignInMemory {
		return SignInFailures{}
	}
	if f.LastAt.After(now) { // the clock was put right
		f.LastAt = now
	}
	return f
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
