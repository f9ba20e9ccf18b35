package data

import (
	"strconv"
	"strings"
)

// IdentifierLength is the most characters an identifier has (R8).
const IdentifierLength = 20

// Identifier derives an account's identifier from a person's names (R8). taken
// tells whether an identifier was ever used, deleted accounts included; the
// smallest free number from 2 is then appended. A name without any Latin
// letter is a Problem that names the field.
func Identifier(firstName, lastName string, taken func(string) bool) (string, error) {
	first, last := identifierWords(firstName), identifierWords(lastName)
	var problems Problems
	for _, name := range []struct {
		field string
		words []string
	}{{"first_name", first}, {"last_name", last}} {
		if !strings.ContainsFunc(strings.Join(name.words, ""), isLatin) {
			problems.Add(name.field, "Ce nom n’a aucune lettre latine : saisissez sa transcription (par exemple celle du passeport)", nil)
		}
	}
	if len(problems) > 0 {
		return "", problems
	}
	stem := strings.Join(append(first, last...), "-")
	if len(first) == 1 && len(last) == 1 {
		stem = first[0] + "." + last[0]
	}
	identifier := cutIdentifier(stem, IdentifierLength)
	for n := 2; taken(identifier); n++ {
		number := strconv.Itoa(n)
		identifier = cutIdentifier(stem, IdentifierLength-len(number)) + number
	}
	return identifier, nil
}

// SimplerIdentifier is the identifier that one first and one last name would
// give, to be advised when a name is compound (R8); empty when both names are
// one word already or no identifier can be derived.
func SimplerIdentifier(firstName, lastName string) string {
	first, last := identifierWords(firstName), identifierWords(lastName)
	if len(first) == 0 || len(last) == 0 || len(first)+len(last) == 2 {
		return ""
	}
	return cutIdentifier(first[0]+"."+last[0], IdentifierLength)
}

// identifierWords splits a name on all that is neither a letter a–z nor a
// digit; apostrophes and dots are dropped, so O'Brien stays one word.
func identifierWords(name string) []string {
	name = strings.Map(func(r rune) rune {
		switch r {
		case '\'', '’', '‘', 'ʼ', '`', '´', '.':
			return -1
		}
		return r
	}, name)
	return strings.FieldsFunc(Fold(name), func(r rune) bool {
		return !isLatin(r) && (r < '0' || r > '9')
	})
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' }

func cutIdentifier(stem string, length int) string {
	if len(stem) > length {
		stem = stem[:length]
	}
	return strings.TrimRight(stem, "-.")
}
