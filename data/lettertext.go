package data

import "strings"

// LetterTextKind names one of the texts that a letter may have.
type LetterTextKind string

// A text for each kind of request, and one for a letter that replaces another.
const (
	UserText          LetterTextKind = "user"
	AdministratorText LetterTextKind = "administrator"
	SuccessionText    LetterTextKind = "succession"
	ReissueText       LetterTextKind = "reissue"
)

// LetterTextKinds are all kinds, in the order of the settings.
var LetterTextKinds = []LetterTextKind{UserText, AdministratorText, SuccessionText, ReissueText}

// Label is the kind as people read it.
func (k LetterTextKind) Label() string {
	switch k {
	case UserText:
		return "Inscription d’un utilisateur"
	case AdministratorText:
		return "Inscription d’un administrateur"
	case SuccessionText:
		return "Changement d’administrateur"
	case ReissueText:
		return "Lettre qui en remplace une autre"
	}
	return string(k)
}

// LetterText is what a letter says around its codes. Each paragraph is typed
// plainly: {demandeur} is a variable, **gras** is bold, and typography is
// mended in print.
type LetterText struct {
	Subject string `json:"subject,omitempty"` // after "Objet :"
	Opening string `json:"opening,omitempty"` // who asks for what, above the codes
	Effect  string `json:"effect,omitempty"`  // what entering the codes does
	Caution string `json:"caution,omitempty"` // how codes are kept
}

// LetterTexts are the texts of a register. A missing text or an empty
// paragraph stands for the default one.
type LetterTexts map[LetterTextKind]LetterText

// Or takes from other what the text leaves empty.
func (t LetterText) Or(other LetterText) LetterText {
	pairs := []struct {
		own   *string
		other string
	}{{&t.Subject, other.Subject}, {&t.Opening, other.Opening}, {&t.Effect, other.Effect}, {&t.Caution, other.Caution}}
	for _, pair := range pairs {
		if strings.TrimSpace(*pair.own) == "" {
			*pair.own = pair.other
		}
	}
	return t
}
