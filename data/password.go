package data

import (
	"unicode"
	"unicode/utf8"
)

// PasswordRule is one condition that a password must meet.
type PasswordRule struct {
	// Label says the condition in French; it is also its translation's key.
	Label string
	// Met tells whether a password meets it.
	Met func(password string) bool
}

// PasswordRules are the portal's four conditions (R9). They stay below the 50
// bits that CNIL's recommendation 2022-100 asks for; the form says so.
var PasswordRules = []PasswordRule{
	{"Au moins 8 caractères", func(p string) bool { return utf8.RuneCountInString(p) >= 8 }},
	{"Au moins un chiffre", hasClass(unicode.IsDigit)},
	{"Au moins une lettre minuscule", hasClass(unicode.IsLower)},
	{"Au moins une lettre majuscule", hasClass(unicode.IsUpper)},
}

// CheckPassword names each condition of R9 that a password does not meet.
func CheckPassword(password string) error {
	var problems Problems
	for _, rule := range PasswordRules {
		if !rule.Met(password) {
			problems.Add("password", rule.Label, nil)
		}
	}
	return problems.Err()
}

// CheckOperatorPassword asks for 14 characters, or 12 of all four classes
// (CNIL 2022-100): an operator reads the whole register.
func CheckOperatorPassword(password string) error {
	length := utf8.RuneCountInString(password)
	if length >= 14 {
		return nil
	}
	isOther := func(r rune) bool { return !unicode.IsDigit(r) && !unicode.IsLetter(r) }
	allClasses := hasClass(unicode.IsDigit)(password) && hasClass(unicode.IsLower)(password) &&
		hasClass(unicode.IsUpper)(password) && hasClass(isOther)(password)
	if length >= 12 && allClasses {
		return nil
	}
	return Problems{{Field: "password", Message: "14 caractères au moins, ou 12 avec minuscule, majuscule, chiffre et signe"}}
}

func hasClass(is func(rune) bool) func(string) bool {
	return func(password string) bool {
		for _, r := range password {
			if is(r) {
				return true
			}
		}
		return false
	}
}
