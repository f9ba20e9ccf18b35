package data

import "testing"

// labelled asserts that each of a kind has a word of its own, and not its code.
func labelled[T interface {
	~string
	Label() string
}](t *testing.T, all ...T,
) {
	t.Helper()
	seen := map[string]T{}
	for _, one := range all {
		label := one.Label()
		if other, twice := seen[label]; twice || label == "" || label == string(one) {
			t.Errorf("%T %q is called %q, as %q is", one, string(one), label, string(other))
		}
		seen[label] = one
	}
}

func TestLabels(t *testing.T) {
	labelled(t, OrganisationKinds...)
	labelled(t, Roles...)
	labelled(t, RetentionKinds...)
	labelled(t, LetterStates...)
	labelled(t, LetterTextKinds...)
	labelled(t, TicketStates...)
	labelled(t, TicketViews...)
	labelled(t, TicketSorts...)
	labelled(t, ReturnReasons...)
	labelled(t, MailAuths...)
	labelled(t, BatchComposed, BatchPrinted, BatchPosted, BatchCancelled)
	labelled(t, PrintSending, PrintRunning, PrintStopped, PrintDone, PrintCancelled, PrintFailed, PrintUnknown)
	labelled(t, OutboxWaiting, OutboxSent, OutboxFailed, OutboxUncertain, OutboxWithdrawn)
	labelled(t, UserRegistration, AdministratorRegistration, AdministratorSuccession)
	if !(Address{}).IsZero() || (Address{City: "ACHENHEIM"}).IsZero() {
		t.Error("IsZero")
	}
}
