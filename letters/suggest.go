package letters

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Place is what line 6 of an address may say.
type Place struct {
	PostalCode string
	Label      string // La Poste's delivery label
}

// SuggestPlaces returns at most limit places that begin as typed: a postal code
// ("6720"), words of a town's name or of its label ("saint-mar", "achen"), or
// both ("67 achen"). Accents, case and hyphens do not matter, and ST stands for
// SAINT. The towns named so come first, then those whose name begins so, then
// those with a later word that does, each in alphabetical order; with a postal
// code, all are in the order of the codes. Nothing typed suggests nothing.
//
// The first call arranges the list, some tenths of a second: a window makes one
// beforehand. The others take microseconds, fast enough for each keystroke.
func SuggestPlaces(typed string, limit int) []Place {
	code, names := typedPlace(typed)
	if limit <= 0 || code == "" && names == nil {
		return nil
	}
	g := allPlaces()
	if code != "" {
		return g.coded(code, names, limit)
	}
	return g.named(names, limit)
}

// typedPlace parts what was typed into the digits in front and the names that
// the words may begin. A last word ST may be SAINT or begin STRASBOURG.
func typedPlace(typed string) (code string, names []string) {
	typed = strings.TrimSpace(typed)
	name := strings.TrimLeft(typed, "0123456789")
	code = typed[:len(typed)-len(name)]
	name = strings.TrimSuffix(strings.TrimSuffix(name, "(L"), "(") // on the way to VESINET (LE)
	key := labelKey(name)
	if key == "" {
		return code, nil
	}
	names = []string{key}
	plain, _ := capitals(name, "")
	for _, last := range []string{"ST", "STE"} {
		if plain == last || strings.HasSuffix(plain, " "+last) {
			names = append(names, key[:strings.LastIndexByte(key, ' ')+1]+last)
		}
	}
	return code, names
}

// places are La Poste's list, arranged to be found by beginnings.
type places struct {
	all   []Place     // sorted by label, hyphens as spaces, then by code
	keys  [][]string  // of each place: its label's, and its commune's if another
	codes []int       // places in the order of their codes
	whole []nameEntry // keys, sorted
	later []nameEntry // keys from their second, third… word on, sorted
}

// nameEntry is a text that finds a place.
type nameEntry struct {
	text  string
	place int
}

var allPlaces = sync.OnceValue(newPlaces)

func newPlaces() *places {
	p := &places{}
	for i, sorted := range sortedPlaces() {
		p.all = append(p.all, sorted.Place)
		p.keys = append(p.keys, sorted.keys)
		p.codes = append(p.codes, i)
		for _, key := range sorted.keys {
			p.whole = append(p.whole, nameEntry{key, i})
			for j, r := range key {
				if r == ' ' {
					p.later = append(p.later, nameEntry{key[j+1:], i})
				}
			}
		}
	}
	slices.SortFunc(p.codes, func(a, b int) int {
		return cmp.Or(strings.Compare(p.all[a].PostalCode, p.all[b].PostalCode), a-b)
	})
	for _, entries := range [][]nameEntry{p.whole, p.later} {
		slices.SortFunc(entries, func(a, b nameEntry) int {
			if order := strings.Compare(a.text, b.text); order != 0 {
				return order
			}
			return cmp.Or(p.rank(a)-p.rank(b), a.place-b.place)
		})
	}
	return p
}

// sortedPlace is a place with its keys, and its label for the alphabetical
// order: a hyphen sorts like a space.
type sortedPlace struct {
	Place
	alphabetical string
	keys         []string
}

func sortedPlaces() []sortedPlace {
	var sorted []sortedPlace
	for code, rows := range deliveries() {
		first := len(sorted)
		for _, row := range rows {
			i := first
			for i < len(sorted) && sorted[i].Label != row.label {
				i++
			}
			if i == len(sorted) {
				sorted = append(sorted, sortedPlace{Place{code, row.label}, strings.ReplaceAll(row.label, "-", " "), nil})
			}
			for _, key := range []string{labelKey(row.label), labelKey(row.commune)} {
				if !slices.Contains(sorted[i].keys, key) {
					sorted[i].keys = append(sorted[i].keys, key)
				}
			}
		}
	}
	slices.SortFunc(sorted, func(a, b sortedPlace) int {
		return cmp.Or(strings.Compare(a.alphabetical, b.alphabetical), strings.Compare(a.PostalCode, b.PostalCode), strings.Compare(a.Label, b.Label))
	})
	return sorted
}

// rank puts the label SAINT LEU before another label of the commune Saint-Leu.
func (p *places) rank(e nameEntry) int { return slices.Index(p.keys[e.place], e.text) }

// named finds places by the beginning of a name. A name that is whole sorts
// before those that it begins.
func (p *places) named(names []string, limit int) []Place {
	var found, later []int
	for _, name := range names {
		for _, entry := range beginning(p.whole, name, func(e nameEntry) string { return e.text }) {
			if len(found) == limit {
				break
			}
			if !slices.Contains(found, entry.place) {
				found = append(found, entry.place)
			}
		}
	}
	if len(found) < limit {
		for _, name := range names {
			for _, entry := range beginning(p.later, name, func(e nameEntry) string { return e.text }) {
				later = append(later, entry.place)
			}
		}
	}
	slices.Sort(later)
	for _, place := range slices.Compact(later) {
		if len(found) == limit {
			break
		}
		if !slices.Contains(found, place) {
			found = append(found, place)
		}
	}
	return p.at(found)
}

// coded finds places by the beginning of their code and, unless there is none,
// of a word.
func (p *places) coded(code string, names []string, limit int) []Place {
	var found []int
	for _, place := range beginning(p.codes, code, func(i int) string { return p.all[i].PostalCode }) {
		if len(found) == limit {
			break
		}
		if names == nil || slices.ContainsFunc(names, func(name string) bool { return p.has(place, name) }) {
			found = append(found, place)
		}
	}
	return p.at(found)
}

// has tells whether one of a place's names has words that begin with name.
func (p *places) has(place int, name string) bool {
	return slices.ContainsFunc(p.keys[place], func(key string) bool { return strings.Contains(" "+key, " "+name) })
}

func (p *places) at(indexes []int) []Place {
	var found []Place
	for _, i := range indexes {
		found = append(found, p.all[i])
	}
	return found
}

// beginning is the part of sorted entries whose text begins with prefix.
func beginning[E any](sorted []E, prefix string, text func(E) string) []E {
	first, _ := slices.BinarySearchFunc(sorted, prefix, func(e E, prefix string) int { return strings.Compare(text(e), prefix) })
	n, _ := slices.BinarySearchFunc(sorted[first:], true, func(e E, _ bool) int {
		if strings.HasPrefix(text(e), prefix) {
			return -1
		}
		return 1
	})
	return sorted[first : first+n]
}
