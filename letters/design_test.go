package letters

import (
	"errors"
	"strings"
	"testing"

	"guichet/data"
)

func TestCheckDesignTakesDefaults(t *testing.T) {
	for _, envelope := range append(data.Envelopes, "") {
		d := fixtureDesign()
		d.Envelope, d.Logo, d.Duplex, d.Specimen = envelope, testLogo(t), true, true
		d.Texts = DefaultTexts()
		d.Verso = "**Titre**\nÉcrire {où écrire} ou à {assistance} : {portail}, {jours} jours."
		if err := CheckDesign(d); err != nil {
			t.Errorf("%s: %v", envelope, err)
		}
	}
}

func TestCheckDesign(t *testing.T) {
	long := strings.Repeat("très ", 300)
	text := func(kind data.LetterTextKind, text data.LetterText) func(*Design) {
		return func(d *Design) { d.Texts = data.LetterTexts{kind: text} }
	}
	tests := []struct {
		name   string
		change func(*Design)
		field  string
		says   string
	}{
		{"no sender", func(d *Design) { d.Sender = []string{" "} }, "sender", "obligatoire"},
		{"long sender", func(d *Design) { d.Sender = strings.Fields(long) }, "sender", "trop long"},
		{"logo", func(d *Design) { d.Logo = []byte("?") }, "logo", "ne se lit pas"},
		{"place", func(d *Design) { d.Place = "🏠" }, "place", "« 🏠 »"},
		{"portal", func(d *Design) { d.PortalURL = "" }, "portal_url", "obligatoire"},
		{"signatory", func(d *Design) { d.Signatory = long }, "signatory", "trop long"},
		{"title", func(d *Design) { d.SignatoryTitle = long }, "signatory_title", "trop long"},
		{"phone", func(d *Design) { d.Phone = long }, "support_phone", "trop long"},
		{"e-mail", func(d *Design) { d.Email = strings.Repeat("a", 150) }, "support_email", "trop long"},
		{"envelope", func(d *Design) { d.Envelope = "C4" }, "envelope", "« C4 »"},
		{"long verso", func(d *Design) { d.Verso = strings.Repeat(long+"\n", 5) }, "verso", "trop long"},
		{"verso about a letter", func(d *Design) { d.Verso = "Pour {demandeur}" }, "verso", "{demandeur} est inconnue"},
		{"unknown variable", text(data.UserText, data.LetterText{Opening: "Pour {demandeuse}"}), "text.user.opening", "vouliez-vous écrire {demandeur}"},
		{"reissue's variable", text(data.UserText, data.LetterText{Effect: "{effet}"}), "text.user.effect", "{effet} est inconnue"},
		{"brace", text(data.SuccessionText, data.LetterText{Effect: "Pour {demandeur"}), "text.succession.effect", "accolade"},
		{"bold", text(data.ReissueText, data.LetterText{Caution: "Pour **rien"}), "text.reissue.caution", "gras"},
		{"character", text(data.AdministratorText, data.LetterText{Subject: "漢"}), "text.administrator.subject", "« 漢 »"},
		{"long subject", text(data.AdministratorText, data.LetterText{Subject: long}), "text.administrator.subject", "trop long"},
		{"long opening", text(data.UserText, data.LetterText{Opening: long}), "text.user.opening", "trop long"},
		{
			"long with long names", text(data.UserText, data.LetterText{Opening: strings.Repeat("{organisation} ", 6)}),
			"text.user.opening", "trop long",
		},
		{"long effect", text(data.UserText, data.LetterText{Effect: long}), "text.user.effect", "trop long"},
		{"long caution", text(data.ReissueText, data.LetterText{Caution: long}), "text.reissue.caution", "trop long"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := fixtureDesign()
			test.change(&d)
			var problems data.Problems
			if err := CheckDesign(d); !errors.As(err, &problems) || len(problems) != 1 {
				t.Fatalf("got %v, want one problem", err)
			}
			if p := problems[0]; p.Field != test.field || !strings.Contains(p.Error(), test.says) {
				t.Errorf("got %s: %v", p.Field, p)
			}
		})
	}
}

func TestCheckDesignNamesEverything(t *testing.T) {
	d := fixtureDesign()
	d.Place, d.Signatory = "", ""
	d.Texts = data.LetterTexts{data.UserText: {Opening: "{x}", Effect: "{y}"}, data.ReissueText: {Subject: "}"}}
	var problems data.Problems
	if !errors.As(CheckDesign(d), &problems) || len(problems) != 5 {
		t.Errorf("got %v", problems)
	}
}

// TestChecker tells a letter whose names are too long for a design from one
// that fits, before it has codes.
func TestChecker(t *testing.T) {
	l := fixtureLetter()
	l.Codes = [2]string{}
	if err := NewChecker(fixtureDesign()).Check(l); err != nil {
		t.Error(err)
	}
	l.Organisation = strings.Repeat("Syndicat ", 50)
	var e *LetterError
	if err := NewChecker(fixtureDesign()).Check(l); !errors.As(err, &e) || e.Reference != l.Reference || e.Field != "demande" {
		t.Errorf("got %v", err)
	}
}

func TestSpecimenCodesNeverValidate(t *testing.T) {
	for _, code := range SpecimenCodes {
		if data.ValidCode(code) {
			t.Errorf("%s is a valid code", code)
		}
		if _, err := data.NormaliseCode("code", code); err == nil || !strings.Contains(err.Error(), "faute de frappe") {
			t.Errorf("%s does not read as a code: %v", code, err)
		}
	}
}
