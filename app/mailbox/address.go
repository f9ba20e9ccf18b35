package mailbox

import "strings"

// Address is a mailbox of a header; Address is "" where the header held only a name.
type Address struct{ Name, Address string }

// maxAddresses bounds what is read of a list.
const maxAddresses = 1000

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
		return Address{Name: phrase(item[:open], charset), Address: addressSpec(spec)}
	}
	if open := strings.Index(item, "("); open >= 0 {
		comment := strings.TrimSuffix(strings.TrimSpace(item[open+1:]), ")")
		return Address{Name: phrase(comment, charset), Address: addressSpec(item[:open])}
	}
	if !strings.Contains(item, "@") {
		return Address{Name: phrase(item, charset)}
	}
	return Address{Address: addressSpec(item)}
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

func addressSpec(spec string) string {
	spec = strings.Trim(clean(spec), "<>\"' ")
	return strings.Join(strings.Fields(spec), "")
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
	return strings.Trim(clean(decodeWords(out.String(), charset)), "' ")
}
