package data

import (
	"errors"
	"testing"
)

func TestR09_Password(t *testing.T) {
	tests := map[string][]string{
		"Abcdefg1": nil,
		"Abcdef1":  {"Au moins 8 caractères"},
		"Abcdefgh": {"Au moins un chiffre"},
		"ABCDEFG1": {"Au moins une lettre minuscule"},
		"abcdefg1": {"Au moins une lettre majuscule"},
		"ÉÉÉÉéé12": nil,
		"":         {"Au moins 8 caractères", "Au moins un chiffre", "Au moins une lettre minuscule", "Au moins une lettre majuscule"},
	}
	for password, want := range tests {
		var problems Problems
		errors.As(CheckPassword(password), &problems)
		if len(problems) != len(want) {
			t.Errorf("%q: %v, want %v", password, problems, want)
			continue
		}
		for i := range want {
			if problems[i].Message != want[i] || problems[i].Field != "password" {
				t.Errorf("%q: %v, want %v", password, problems[i], want[i])
			}
		}
	}
}

func TestOperatorPassword(t *testing.T) {
	for password, ok := range map[string]bool{
		"quatorze signe": true, "treize signes": false, "Douze-signe1": true, "douze-signe1": false, "": false,
	} {
		if err := CheckOperatorPassword(password); (err == nil) != ok {
			t.Errorf("%q: %v", password, err)
		}
	}
}
