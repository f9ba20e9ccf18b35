package data

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"strings"
)

// crockford is Crockford's base 32: no I, L, O or U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	// codeLength is a code's symbols without its hyphen, check symbol included.
	codeLength = 8
	// CodesEntropy is the bytes that a letter's two codes draw.
	CodesEntropy = 2 * (codeLength - 1)
	// SaltLength and HashLength are the bytes of a letter's salt and hash.
	SaltLength, HashLength = 16, sha256.Size
)

// ConfirmationCodes are the two codes of a letter. They are secrets: they are
// printed, never stored, logged or put in an error text; String hides them.
type ConfirmationCodes [2]string

// String hides the codes from logs and error texts.
func (ConfirmationCodes) String() string { return "[codes]" }

// GoString hides the codes from %#v.
func (ConfirmationCodes) GoString() string { return "[codes]" }

// NewConfirmationCodes draws two codes, K7PW-3XQ9, of 35 random bits each and
// a check symbol. random must be crypto/rand's reader outside tests.
func NewConfirmationCodes(random io.Reader) (ConfirmationCodes, error) {
	var codes ConfirmationCodes
	var raw [CodesEntropy]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return codes, fmt.Errorf("draw codes: %w", err)
	}
	for i := range codes {
		symbols := make([]byte, 0, codeLength)
		for _, b := range raw[i*(codeLength-1) : (i+1)*(codeLength-1)] {
			symbols = append(symbols, crockford[b%32]) // 256 is a multiple of 32: no bias
		}
		symbols = append(symbols, checkSymbol(string(symbols)))
		codes[i] = string(symbols[:4]) + "-" + string(symbols[4:])
	}
	return codes, nil
}

// NormaliseCode reads a code as people type it: case, spaces and hyphens do
// not matter, O reads 0, I and L read 1. A code that is too short or too long,
// or whose check symbol is wrong, is a Problem of that field: it was mistyped,
// which costs no attempt. The Problem never holds the code.
func NormaliseCode(field, typed string) (string, error) {
	code := normaliseSymbols(typed)
	switch {
	case strings.TrimSpace(typed) == "":
		return "", Problems{{Field: field, Message: "Ce champ est obligatoire"}}
	case len(code) != codeLength:
		return "", Problems{{
			Field: field, Message: "Un code a 8 symboles, il y en a {{.Count}}",
			Values: Values{"Count": len(code)},
		}}
	case !ValidCode(typed):
		return "", Problems{{Field: field, Message: "Ce code comporte une faute de frappe : vérifiez chaque symbole"}}
	}
	return code[:4] + "-" + code[4:], nil
}

// ValidCode tells whether a text reads as a code whose check symbol is right.
func ValidCode(typed string) bool {
	code := normaliseSymbols(typed)
	return len(code) == codeLength && checkSymbol(code[:codeLength-1]) == code[codeLength-1]
}

// HashCodes is the salted hash over both codes together that a letter keeps.
// The codes have 70 random bits, so one round of SHA-256 is out of reach.
func HashCodes(salt []byte, codes ConfirmationCodes) []byte {
	sum := sha256.Sum256(append(append([]byte{}, salt...), codes[0]+"/"+codes[1]...))
	return sum[:]
}

// NewSalt draws the salt of a letter's hash.
func NewSalt(random io.Reader) ([]byte, error) {
	salt := make([]byte, SaltLength)
	if _, err := io.ReadFull(random, salt); err != nil {
		return nil, fmt.Errorf("draw salt: %w", err)
	}
	return salt, nil
}

// sameHash compares in constant time.
func sameHash(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

// normaliseSymbols keeps what may be a symbol of Crockford's alphabet.
func normaliseSymbols(typed string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\u00a0', '\u202f', '\t', '–', '—', '\u2011':
			return -1
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		if r > 127 || !strings.ContainsRune(crockford, r) {
			return '?' // counts as a symbol, never passes the check
		}
		return r
	}, strings.ToUpper(typed))
}

// checkSymbol is the symbol that makes the sum of all symbols, each weighted by
// a power of 2 in the field of 32 elements, vanish. It finds every mistyped
// symbol and every exchange of two symbols.
func checkSymbol(symbols string) byte {
	sum, weight := 0, 2
	for i := range len(symbols) {
		value := strings.IndexByte(crockford, symbols[i])
		if value < 0 {
			return 0
		}
		sum ^= multiply32(weight, value)
		weight = multiply32(weight, 2)
	}
	return crockford[sum] // its own weight is 1
}

// multiply32 multiplies in the field of 32 elements (x⁵ + x² + 1).
func multiply32(a, b int) int {
	product := 0
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			product ^= a
		}
		if a <<= 1; a&32 != 0 {
			a ^= 37
		}
	}
	return product
}
