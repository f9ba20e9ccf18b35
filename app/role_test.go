package app

import (
	"context"
	"io"
	"reflect"
	"slices"
	"testing"

	"guichet/data"
)

// withoutOperator are the exported methods of App that no operator is asked for:
// they open and close the register, tell what the sign-in screen shows, or read
// nothing of it.
var withoutOperator = []string{"Close", "Path", "Now", "HasOperators", "SignIn", "RegisterName", "SuggestPlaces", "ProposePassword", "Shared"}

// TestRolesAreEnforced calls every exported use case as each role, and as nobody:
// only those that the table names for it get past the door.
func TestRolesAreEnforced(t *testing.T) {
	d := openDesk(t)
	operators := map[data.Role]context.Context{data.MailRoom: d.mailRoom, data.HelpDesk: d.helpDesk, data.Administrator: d.admin}
	operators[data.Reader] = As(d.nobody, d.operator(d.admin, "lecture", data.Reader))
	disabled := d.operator(d.admin, "parti", data.WorkRoles...)
	disabled.DisabledAt = d.clock
	methods := reflect.TypeOf(d.App)
	seen := map[string]bool{}
	for i := range methods.NumMethod() {
		name := methods.Method(i).Name
		if slices.Contains(withoutOperator, name) {
			continue
		}
		seen[name] = true
		roles, stands := useCases[name]
		if !stands {
			t.Errorf("%s does not stand in the table of use cases", name)
			continue
		}
		for role, as := range operators {
			if got, want := d.passes(name, as), slices.Contains(roles, role); got != want {
				t.Errorf("%s as %s: passes %v, want %v", name, role, got, want)
			}
		}
		for _, as := range []context.Context{d.nobody, As(d.nobody, disabled), As(d.nobody, data.Operator{})} {
			if d.passes(name, as) {
				t.Errorf("%s passes without a session", name)
			}
		}
	}
	for name := range useCases {
		if !seen[name] {
			t.Errorf("the table names %s, which App does not have", name)
		}
	}
}

// passes tells whether a use case, called with nothing, gets past the door.
func (d *desk) passes(name string, as context.Context) (passes bool) {
	method := reflect.ValueOf(d.App).MethodByName(name)
	as, cancel := context.WithCancel(as)
	cancel() // nothing is done
	var args []reflect.Value
	for i := range method.Type().NumIn() {
		switch in := method.Type().In(i); in {
		case reflect.TypeFor[context.Context]():
			args = append(args, reflect.ValueOf(as))
		case reflect.TypeFor[io.Writer]():
			args = append(args, reflect.ValueOf(io.Discard))
		default:
			if i < method.Type().NumIn()-1 || !method.Type().IsVariadic() {
				args = append(args, reflect.Zero(in))
			}
		}
	}
	defer func() { passes = passes || recover() != nil }() // nothing is no input, once past the door
	results := method.Call(args)
	err, _ := results[len(results)-1].Interface().(error)
	return KindOf(err) != Forbidden
}

// TestAReaderChangesNothing looks at everything as a reader, and then finds the
// register as it was.
func TestAReaderChangesNothing(t *testing.T) {
	d := openDesk(t)
	d.organisation("Commune d'Achenheim")
	d.come(letterOf("jeanne@mairie.example", "question@mairie.example", "Question", "Bonjour"))
	reader := As(d.nobody, d.operator(d.admin, "lecture", data.Reader))
	tickets, err := d.Tickets(reader, data.NewTicket)
	d.done(err)
	for range 2 {
		if record, err := d.Ticket(reader, tickets[0].ID); err != nil || !record.Unread {
			t.Errorf("read by a reader: unread %v, %v", record.Unread, err)
		}
	}
	_, err = d.Home(reader)
	d.done(err)
	for name, roles := range useCases {
		if slices.Contains(roles, data.Reader) != slices.Contains(readerSees, name) {
			t.Errorf("a reader and %s", name)
		}
	}
}

// readerSees are what only looks.
var readerSees = []string{
	"Counts", "Home", "Find", "Settings", "Logo", "Mailbox",
	"FindOrganisations", "Directory", "CountDirectory", "Organisation", "FindAccounts", "Account", "PreviewIdentifier", "EServices", "Permissions",
	"Queue", "Batches", "Letters", "FollowUp", "ToSendAgain", "PreviewLetter", "DepositSlip",
	"TicketPage", "Tickets", "Ticket", "TicketByNumber", "CountTickets", "CountTicketViews", "SearchTickets", "SavedSearches",
	"Attachment", "PreviewAttachment", "OpenAttachment", "Agents", "Figures", "FailedOutgoing", "DemoMails", "BackUpDaily", "WatchChanges", "ChangePassword", "History",
}
