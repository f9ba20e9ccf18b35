package letters

import (
	"slices"
	"strings"
	"sync"

	"guichet/assets"
)

// deliveries is La Poste's list, parsed at the first look-up.
var deliveries = sync.OnceValue(func() postalCodes { return parsePostalCodes(assets.PostalCodes) })

type postalCodes struct {
	labels      map[string][]string // postal code → labels, sorted, each once
	departments map[string]bool     // "67", overseas "974"
}

func parsePostalCodes(table string) postalCodes {
	codes := postalCodes{labels: map[string][]string{}, departments: map[string]bool{}}
	first := true
	for row := range strings.Lines(table) {
		code, rest, _ := strings.Cut(row, "\t")
		label, _, ok := strings.Cut(rest, "\t")
		if first || !ok {
			first = false
			continue
		}
		codes.labels[code] = append(codes.labels[code], label)
		codes.departments[department(code)] = true
	}
	for code, labels := range codes.labels {
		slices.Sort(labels)
		codes.labels[code] = slices.Compact(labels)
	}
	return codes
}

// department is the start of a postal code that names the département: two
// digits, three overseas.
func department(code string) string {
	if strings.HasPrefix(code, "97") || strings.HasPrefix(code, "98") {
		return code[:3]
	}
	return code[:2]
}

// DeliveryLabels returns the delivery labels of a postal code as La Poste
// writes them, sorted, each once. It returns nil when the code is unknown,
// which all codes of CEDEX are. The caller may keep and change the slice.
func DeliveryLabels(postalCode string) []string {
	return slices.Clone(deliveries().labels[postalCode])
}

// KnownDelivery reports whether line 6 may read postalCode and label. Accents,
// case, hyphens and SAINT written ST do not matter. Of a CEDEX label, which
// La Poste's list lacks, only the form and the département are checked.
func KnownDelivery(postalCode, label string) bool {
	_, ok := delivery(postalCode, label)
	return ok
}

// delivery returns the label that line 6 prints for what was typed.
func delivery(postalCode, typed string) (label string, ok bool) {
	if cedex, ok := cedexLabel(postalCode, typed); ok {
		return cedex, true
	}
	labels := deliveries().labels[postalCode]
	if slices.Contains(labels, typed) {
		return typed, true
	}
	key := labelKey(typed)
	for _, label := range labels {
		if labelKey(label) == key {
			return label, true
		}
	}
	return "", false
}

// cedexLabel sets "Strasbourg Cedex 9" in capitals and reports whether it may
// follow the postal code.
func cedexLabel(postalCode, typed string) (string, bool) {
	if !fiveDigits(postalCode) || !deliveries().departments[department(postalCode)] {
		return "", false
	}
	label, foreign := capitals(typed, "-")
	place, number, ok := strings.Cut(label+" ", " CEDEX ")
	if !ok || foreign != 0 || strings.Trim(place, "- ") == "" || len(strings.TrimSpace(number)) > 2 {
		return "", false
	}
	if strings.ContainsAny(place, "0123456789") || strings.Trim(number, "0123456789 ") != "" {
		return "", false
	}
	return label, true
}

func fiveDigits(code string) bool {
	return len(code) == 5 && strings.Trim(code, "0123456789") == ""
}

// labelKey is what two spellings of a label have in common.
func labelKey(label string) string {
	if place, article, ok := strings.Cut(label, "("); ok { // VESINET (LE)
		label = strings.TrimSuffix(strings.TrimSpace(article), ")") + " " + place
	}
	plain, _ := capitals(label, "")
	words := strings.Fields(plain)
	for i, word := range words {
		switch word {
		case "SAINT":
			words[i] = "ST"
		case "SAINTE":
			words[i] = "STE"
		}
	}
	return strings.Join(words, " ")
}
