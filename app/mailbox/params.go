package mailbox

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// segment is a piece of a parameter after RFC 2231: name*0*=…
type segment struct {
	index   int
	encoded bool
	value   string
}

// parseParams reads the value of Content-Type or Content-Disposition as leniently as it can. The main value is in lower
// case, as the names of the parameters; RFC 2231 values are decoded, others are as they came.
func parseParams(s string) (main string, params map[string]string) {
	params = map[string]string{}
	pieces := splitParams(s)
	main, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(pieces[0])), "(")
	main = strings.Join(strings.Fields(main), "")
	split := map[string][]segment{}
	for _, piece := range pieces[1:] {
		name, value, ok := strings.Cut(piece, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if !ok || name == "" {
			continue
		}
		value = unquote(strings.TrimSpace(value))
		base, rest, star := strings.Cut(name, "*")
		if !star {
			if _, twice := params[name]; !twice {
				params[name] = value
			}
			continue
		}
		number, encoded := strings.CutSuffix(rest, "*")
		index, err := strconv.Atoi(number)
		if err != nil {
			index, encoded = 0, true // name*=
		}
		split[base] = append(split[base], segment{index, encoded, value})
	}
	for name, segments := range split {
		params[name] = joinSegments(segments)
	}
	return main, params
}

// splitParams cuts at the semicolons outside of quotes. It returns at least one piece.
func splitParams(s string) []string {
	var pieces []string
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ';' && !quoted:
			pieces = append(pieces, s[start:i])
			start = i + 1
		}
	}
	return append(pieces, s[start:])
}

func unquote(s string) string {
	if len(s) == 0 || s[0] != '"' {
		return s
	}
	var out strings.Builder
	for i := 1; i < len(s) && s[i] != '"'; i++ {
		// A backslash escapes only what needs it: Windows paths come unescaped.
		if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
			i++
		}
		out.WriteByte(s[i])
	}
	return out.String()
}

func joinSegments(segments []segment) string {
	slices.SortStableFunc(segments, func(a, b segment) int { return cmp.Compare(a.index, b.index) })
	var raw []byte
	charset := ""
	for i, s := range segments {
		value := s.value
		if i == 0 && s.encoded {
			if parts := strings.SplitN(value, "'", 3); len(parts) == 3 {
				charset, value = parts[0], parts[2]
			}
		}
		if !s.encoded {
			raw = append(raw, value...)
			continue
		}
		for j := 0; j < len(value); j++ {
			if value[j] == '%' && j+2 < len(value) {
				if high, low := unhex(value[j+1]), unhex(value[j+2]); high >= 0 && low >= 0 {
					raw = append(raw, byte(high<<4|low))
					j += 2
					continue
				}
			}
			raw = append(raw, value[j])
		}
	}
	return decodeCharset(raw, charset, "")
}
