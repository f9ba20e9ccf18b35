package mailbox

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// Address is a mailbox of a header; Address is "" where the header held only a name.
type Address struct{ Name, Address string }

// What is read of a list: how many addresses, and how long each (RFC 5321, 4.5.3.1) and its name may be.
const (
	maxAddresses = 1000
	maxAddress   = 320
	maxPhrase    = 250
)

// addresses reads lists of addresses as leniently as it can: groups are opened up, comments serve as names.
func addresses(values []string, charset string) []Address {
	var list []Address
	for _, value := range values {
		for _, item := range splitAddresses(value) {
			if a := address(item, charset); a != (Address{}) && len(list) < maxAddresses {
				list = append(list, a)
			}
		}
	}
	return list
}

// splitAddresses cuts a list at the commas and semicolons outside of quotes, comments and angle brackets; a group's
// name falls away.
func splitAddresses(value string) []string {
	var items []string
	var quoted, angle bool
	depth, start := 0, 0
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\':
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case angle:
		case c == ':':
			start = i + 1
		case c == ',' || c == ';':
			items = append(items, value[start:i])
			start = i + 1
		}
	}
	return append(items, value[min(start, len(value)):])
}

// address reads one item of a list: Name <local@domain>, local@domain (Name), or local@domain.
func address(item, charset string) Address {
	item = strings.TrimSpace(item)
	if open := openBracket(item); open >= 0 {
		spec, _, _ := strings.Cut(item[open+1:], ">")
		return named(phrase(item[:open], charset), spec)
	}
	if open := strings.Index(item, "("); open >= 0 {
		comment := strings.TrimSuffix(strings.TrimSpace(item[open+1:]), ")")
		return named(phrase(comment, charset), item[:open])
	}
	if !strings.Contains(item, "@") {
		return Address{Name: phrase(item, charset)}
	}
	return named("", item)
}

// named is an address under its name, unless the name shows another address. What is too long to be an address is none.
func named(name, spec string) Address {
	address := addressSpec(spec)
	switch {
	case address == "" && name == "":
		name = cut(clean(spec), maxPhrase)
	case anotherAddress(name, address):
		name = ""
	}
	return Address{Name: name, Address: address}
}

// openBracket finds the < that an address follows, outside of quotes; -1 if there is none.
func openBracket(item string) int {
	quoted, last := false, -1
	for i := 0; i < len(item); i++ {
		switch {
		case item[i] == '\\':
			i++
		case item[i] == '"':
			quoted = !quoted
		case item[i] == '<' && !quoted:
			last = i
			if spec, _, _ := strings.Cut(item[i:min(len(item), i+320)], ">"); strings.Contains(spec, "@") {
				return i
			}
		}
	}
	return last
}

// addressSpec reads an address; "" for what is longer than one can be.
func addressSpec(spec string) string {
	spec = strings.Join(strings.Fields(strings.Trim(clean(spec), "<>\"' ")), "")
	if len(spec) > maxAddress {
		return ""
	}
	return plainDomain(spec)
}

// plainDomain is an address whose domain cannot be taken for another: one with letters that are not Latin ones is written
// as the mail servers write it, xn--….
func plainDomain(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || !strings.ContainsFunc(address[at:], func(r rune) bool { return r > unicode.MaxASCII && !unicode.Is(unicode.Latin, r) }) {
		return address
	}
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil {
		domain = strconv.QuoteToASCII(address[at+1:])
		domain = domain[1 : len(domain)-1]
	}
	return address[:at+1] + domain
}

// anotherAddress tells whether a name pretends to be an address that is not the sender's.
func anotherAddress(name, address string) bool {
	at := strings.IndexByte(name, '@')
	return at > 0 && strings.Contains(name[at:], ".") && !strings.EqualFold(strings.Trim(name, "<>\"'() "), address)
}

// phrase reads a name: quotes and escapes are taken away, RFC 2047 words decoded.
func phrase(s, charset string) string {
	var out strings.Builder
	s = strings.TrimSpace(s)
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			out.WriteByte(s[i])
		case s[i] != '"':
			out.WriteByte(s[i])
		}
	}
	return cut(strings.Trim(clean(decodeWords(out.String(), charset)), "' "), maxPhrase)
}
