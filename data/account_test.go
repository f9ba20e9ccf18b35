package data

import (
	"slices"
	"testing"
	"time"
)

var paris, _ = time.LoadLocation("Europe/Paris")

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 12, 0, 0, 0, paris)
}

// TestR10_UsableOnceActivatedAndValidated takes the two facts in either order.
func TestR10_UsableOnceActivatedAndValidated(t *testing.T) {
	now := day(2026, 11, 24)
	registered := Account{RegisteredAt: now, ActivationExpiresAt: now.Add(ActivationDelay)}
	activated, validated, both := registered, registered, registered
	activated.ActivatedAt, both.ActivatedAt = now, now
	validated.ValidatedAt, both.ValidatedAt = now, now
	for _, tt := range []struct {
		name    string
		account Account
		want    []Block
	}{
		{"registered", registered, []Block{AwaitingActivation, AwaitingValidation}},
		{"activated", activated, []Block{AwaitingValidation}},
		{"validated", validated, []Block{AwaitingActivation}},
		{"both", both, nil},
	} {
		if got := tt.account.Blocks(now); !slices.Equal(got, tt.want) || tt.account.Usable(now) != (tt.want == nil) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestR11_ActivationExpires(t *testing.T) {
	now := day(2026, 11, 24)
	a := Account{ActivationExpiresAt: now.Add(ActivationDelay), ValidatedAt: now}
	if got := a.Blocks(now.Add(ActivationDelay)); !slices.Equal(got, []Block{AwaitingActivation}) {
		t.Error(got)
	}
	if got := a.Blocks(now.Add(ActivationDelay + time.Second)); !slices.Equal(got, []Block{ActivationExpired}) {
		t.Error(got)
	}
}

func TestR11_UnusedForSixteenMonths(t *testing.T) {
	a := Account{ActivatedAt: day(2025, 10, 31), ValidatedAt: day(2025, 10, 31)}
	if !a.Usable(day(2027, 2, 28)) {
		t.Error("deactivated too early")
	}
	if got := a.Blocks(day(2027, 3, 1)); !slices.Equal(got, []Block{Unused}) {
		t.Error(got)
	}
	a.LastSignInAt = day(2026, 1, 15)
	if !a.Usable(day(2027, 5, 15)) || a.Usable(day(2027, 5, 16)) {
		t.Error("counted from the last sign-in")
	}
	a.InvalidatedAt = day(2026, 2, 1)
	if got := a.Blocks(day(2028, 1, 1)); !slices.Equal(got, []Block{Unused, Invalidated}) {
		t.Error("reasons stack:", got)
	}
}

func TestR14_RegistrationNamesMissingFields(t *testing.T) {
	problems, _ := Account{Email: "nulle part"}.Check().(Problems)
	var fields []string
	for _, p := range problems {
		fields = append(fields, p.Field)
	}
	if !slices.Equal(fields, []string{"first_name", "last_name", "email"}) {
		t.Error(fields)
	}
}
