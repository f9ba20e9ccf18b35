package app

import (
	"strings"
	"testing"

	"guichet/data"
)

// TestQuestionsWithoutARegister: what a screen asks before it does anything.
func TestQuestionsWithoutARegister(t *testing.T) {
	for name, want := range map[string]bool{"a.PDF": true, "photo.jpeg": true, "a.svg": false, "a.exe": false, "sans": false} {
		if got := Previewable(data.Attachment{Name: name, ContentType: "application/octet-stream"}); got != want {
			t.Errorf("%s can be shown: %v", name, got)
		}
	}
	if Previewable(data.Attachment{Name: "a", ContentType: "image/svg+xml"}) || !Previewable(data.Attachment{Name: "a", ContentType: "image/png"}) {
		t.Error("by type")
	}
	for _, kind := range data.LetterTextKinds {
		if text := LetterText(data.DefaultSettings(), kind); text.Opening == "" || len(LetterVariables(kind)) == 0 {
			t.Errorf("%s has no text or no variables", kind)
		}
	}
	if len(VersoVariables()) == 0 {
		t.Error("the back has no variables")
	}
	if label := RegisterLabel("postgres://guichet:motdepasse@serveur/base"); strings.Contains(label, "motdepasse") || !strings.Contains(label, "serveur") {
		t.Errorf("%q", label)
	}
	seen := map[string]bool{}
	for _, action := range []LineAction{LineAdded, LineChanged, LineSame, LineRefused} {
		if label := action.Label(); label == "" || seen[label] {
			t.Errorf("%s: %q", action, label)
		}
		seen[action.Label()] = true
	}
}
