package data

import (
	"strings"
	"testing"
)

func TestSubjectToken(t *testing.T) {
	secret := []byte("register's secret")
	token := SubjectToken("26-001234", secret)
	for subject, want := range map[string]string{
		"Re: Courrier non reçu " + token: "26-001234",
		token:                            "26-001234",
		"[#26-001235-AAAAAA] " + token:   "26-001234",
		"Re: " + strings.Replace(token, "1234", "1235", 1): "",
		"Re: [#26-001234]":      "",
		"Re: courrier non reçu": "",
	} {
		if got, found := TicketInSubject(subject, secret); got != want || found != (want != "") {
			t.Errorf("%q: %q, want %q", subject, got, want)
		}
	}
	if _, found := TicketInSubject(token, []byte("another secret")); found {
		t.Error("a token of another register passes")
	}
}

func TestTicketReopens(t *testing.T) {
	closed := Ticket{State: ClosedTicket, ClosedAt: day(2026, 11, 1)}
	if !closed.Reopens(day(2026, 12, 1)) || closed.Reopens(day(2026, 12, 2)) {
		t.Error("a closed ticket reopens within 30 days")
	}
	if solved := (Ticket{State: Solved}); !solved.Reopens(day(2030, 1, 1)) {
		t.Error("a solved ticket always reopens")
	}
}

// TestR18_AssistanceForm reads the portal's form, and leaves other mail alone.
func TestR18_AssistanceForm(t *testing.T) {
	for _, heading := range Headings {
		text := "Identifiant : Frederic.Dupont\r\nOrganisation: Commune d'Achenheim\n\nRubrique : " + heading.Label() + "\nMessage :\nBonjour,\nNote : rien n’arrive.\n"
		form, ok := ParseAssistanceForm(strings.ReplaceAll(text, "\r", ""))
		want := AssistanceForm{
			Identifier: "frederic.dupont", Organisation: "Commune d'Achenheim", Heading: heading, Message: "Bonjour,\nNote : rien n’arrive.",
		}
		if !ok || form != want {
			t.Errorf("%s: %+v, %v", heading, form, ok)
		}
	}
	for _, text := range []string{
		"", "Bonjour,\nmon compte est bloqué.", "Message : seul", "Identifiant : x\nOrganisation : y", "Objet : x\nIdentifiant : y\nMessage : z",
	} {
		if form, ok := ParseAssistanceForm(text); ok {
			t.Errorf("%q is taken for a form: %+v", text, form)
		}
	}
}

func TestActivationToken(t *testing.T) {
	secret := []byte("register's secret")
	account := Account{ID: 42, ActivationNonce: "n1"}
	token := ActivationToken(42, "n1", secret)
	if id, ok := AccountOfToken(token); !ok || id != 42 || !account.ValidActivation(" "+strings.ToLower(token)+"\n", secret) {
		t.Errorf("%s is refused", token)
	}
	renewed := Account{ID: 42, ActivationNonce: "n2"}
	other := Account{ID: 43, ActivationNonce: "n1"}
	for _, a := range []Account{renewed, other, {ID: 42}} {
		if a.ValidActivation(token, secret) {
			t.Errorf("%+v takes another link's token", a)
		}
	}
	for _, text := range []string{"", "abc", "-", "x-y"} {
		if _, ok := AccountOfToken(text); ok {
			t.Errorf("%q reads as a token", text)
		}
	}
}

// TestR18_EveryHeadingHasAStockAnswer, each of its own.
func TestR18_EveryHeadingHasAStockAnswer(t *testing.T) {
	seen := map[string]Heading{}
	for _, heading := range Headings {
		answer := heading.StockAnswer()
		if len(heading.stockAnswer()) < 40 || !strings.Contains(answer, "{{demandeur.nom}}") || seen[answer] != "" {
			t.Errorf("%s: %q", heading, answer)
		}
		seen[answer] = heading
	}
}

// TestHideTokens: whoever quotes the activation e-mail hands its link on.
func TestHideTokens(t *testing.T) {
	token := ActivationToken(42, "n1", []byte("register's secret"))
	for text, want := range map[string]string{
		"https://portail.example/activation/" + token + "\n> ":               "https://portail.example/activation/…\n> ",
		token + " " + strings.ToLower(token) + "-":                           "… …-",
		"la lettre L26-004217-K, la demande 26-001234":                       "la lettre L26-004217-K, la demande 26-001234",
		"2026-11-24 x" + token[2:] + "Z":                                     "2026-11-24 x" + token[2:] + "Z",
		"-" + token:                                                          "-…",
		"%20" + token[:9] + "=\r\n" + token[9:] + "\r\n":                     "%…\r\n",
		"%20" + token[:3] + "=\n" + token[3:17] + "=\n" + token[17:] + "=3D": "%…=3D",
		"%20" + token[:2] + "=\r\n" + token[2:] + " a\r\n":                   "%… a\r\n",
		"%20" + token[:9] + "\r\n" + token[9:]:                               "%20" + token[:9] + "\r\n" + token[9:],
		"":                                                                   "",
	} {
		if got := HideTokens(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
