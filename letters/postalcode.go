package letters

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"guichet/assets"
	"guichet/data"
)

// deliveries is La Poste's list by postal code, parsed at the first look-up.
var deliveries = sync.OnceValue(func() map[string][]delivered { return parsePostalCodes(assets.PostalCodes) })

// delivered is a row of La Poste's list: what line 6 calls a commune, or a
// part of it.
type delivered struct{ label, commune string }

func parsePostalCodes(table string) map[string][]delivered {
	rows := map[string][]delivered{}
	first := true
	for row := range strings.Lines(table) {
		fields := strings.Split(strings.TrimRight(row, "\r\n"), "\t")
		if first || len(fields) < 4 {
			first = false
			continue
		}
		rows[fields[0]] = append(rows[fields[0]], delivered{fields[1], fields[3]})
	}
	return rows
}

// DeliveryLabels returns the delivery labels of a postal code as La Poste
// writes them, sorted, each once. It returns nil when the code is unknown,
// which all codes of CEDEX are. The caller may keep and change the slice.
func DeliveryLabels(postalCode string) []string {
	var labels []string
	for _, row := range deliveries()[postalCode] {
		labels = append(labels, row.label)
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

// KnownDelivery reports whether line 6 may read postalCode and label. Accents,
// case, hyphens and SAINT written ST do not matter, and a commune's name may
// stand for its label where it has one there. Of what La Poste's list lacks,
// CEDEX and the territories of the Pacific, only the form and the département
// are checked.
func KnownDelivery(postalCode, label string) bool {
	_, ok := delivery(postalCode, label)
	return ok
}

// delivery returns the label that line 6 prints for what was typed.
func delivery(postalCode, typed string) (label string, ok bool) {
	if _, known := data.DepartmentOf(postalCode); !known {
		return "", false
	}
	if cedex, ok := cedexLabel(typed); ok {
		return cedex, true
	}
	rows, known := deliveries()[postalCode]
	if !known && unlisted(postalCode) {
		label, foreign := capitals(typed, "-")
		return label, label != "" && foreign == 0 && !strings.ContainsAny(label, "0123456789")
	}
	if listed(rows, typed) {
		return typed, true // a code may have SAINT-EUSEBE and ST EUSEBE
	}
	key := labelKey(typed)
	for _, row := range rows {
		if labelKey(row.label) == key {
			return row.label, true
		}
	}
	if labels := communeLabels(rows, key); len(labels) == 1 {
		return labels[0], true
	}
	return "", false
}

// communeLabels are the labels of a commune, sorted, each once.
func communeLabels(rows []delivered, key string) []string {
	var labels []string
	for _, row := range rows {
		if labelKey(row.commune) == key {
			labels = append(labels, row.label)
		}
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

// unlisted tells the codes of France's post that La Poste's list lacks:
// Saint-Barthélemy, Saint-Martin, Monaco and the territories of the Pacific.
func unlisted(postalCode string) bool {
	department, _ := data.DepartmentOf(postalCode)
	return strings.HasPrefix(department.Code, "98") || department.Code == "977" || department.Code == "978"
}

// cedexForm is a label such as STRASBOURG CEDEX 9, the number apart or not.
var cedexForm = regexp.MustCompile(`^([A-Z -]*[A-Z]) CEDEX ?([0-9]{1,2})?$`)

// cedexLabel sets "Strasbourg Cedex 9" in capitals, and reports whether it has
// the form of a CEDEX label. The number is an arrondissement in Paris, Lyon and
// Marseille, where La Poste writes it with two digits, and an office elsewhere.
func cedexLabel(typed string) (string, bool) {
	label, foreign := capitals(typed, "-")
	parts := cedexForm.FindStringSubmatch(label)
	if parts == nil || foreign != 0 {
		return "", false
	}
	place, number := parts[1], parts[2]
	if number == "" {
		return place + " CEDEX", true
	}
	if len(number) == 1 && (place == "PARIS" || place == "LYON" || place == "MARSEILLE") {
		number = "0" + number
	}
	return place + " CEDEX " + number, true
}

// labelKey is what two spellings of a label have in common.
func labelKey(label string) string {
	if place, article, ok := strings.Cut(label, "("); ok { // VESINET (LE)
		article, _ = capitals(article, "")
		switch article {
		case "LE", "LA", "LES", "L":
			label = article + " " + place
		}
	}
	plain, _ := capitals(label, "")
	words := strings.Fields(plain)
	for i, word := range words {
		switch word {
		case "ST":
			words[i] = "SAINT"
		case "STE":
			words[i] = "SAINTE"
		}
	}
	return strings.Join(words, " ")
}
