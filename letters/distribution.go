package letters

import (
	"regexp"
	"slices"
	"strings"

	"guichet/data"
)

// distributionServices are La Poste's services of line 5 as people write them,
// in capitals and without marks: boîte postale, course spéciale, tri service
// arrivée and CIDEX, then « n° » or not, then the number, in two groups or not.
var distributionServices = regexp.MustCompile(
	`\b(BOITE POSTALE|B ?P|COURSE SPECIALE|C ?S|TRI SERVICE ARRIVEE|T ?S ?A|CIDEX) ?(?:(?:NUMERO|NO|N) ?)?([0-9]+)(?: ([0-9]+))?\b`)

// localities are the ways to write a lieu-dit.
var localities = regexp.MustCompile(`^(?:LIEUDIT|L ?D) (.)`)

// distributionForm sets the services in text, already in capitals, as La Poste
// writes them: BP 12, CS 71022, TSA 40123, CIDEX 5, LIEU DIT X.
func distributionForm(text string) string {
	alone := distributionServices.FindString(text) == text // a street's number may follow otherwise
	text = distributionServices.ReplaceAllStringFunc(text, func(found string) string {
		parts := distributionServices.FindStringSubmatch(found)
		service, number, rest := parts[1], parts[2], parts[3]
		switch strings.ReplaceAll(service, " ", "") {
		case "BOITEPOSTALE", "BP":
			service = "BP"
		case "COURSESPECIALE", "CS":
			service = "CS"
		case "TRISERVICEARRIVEE", "TSA":
			service = "TSA"
		}
		const digits = 5 // a number's most: 71 022 is one, 12 67000 are two
		if alone && len(number)+len(rest) == digits {
			number, rest = number+rest, ""
		}
		return spaced(service + " " + number + " " + rest)
	})
	return localities.ReplaceAllString(text, "LIEU DIT $1")
}

// businessPost are the services that La Poste delivers by CEDEX only.
var businessPost = regexp.MustCompile(`\b(CS|TSA) [0-9]{5}\b`)

// AddressDoubts returns what is surely mistaken in an address that is printed
// all the same: a course spéciale or tri service arrivée without CEDEX, and a
// CEDEX of metropolitan France under the postal code of a town. Nil when there
// is none, abroad, and when Lines refuses line 6.
func AddressDoubts(a data.Address) AddressErrors {
	code := strings.ReplaceAll(spaced(a.PostalCode), " ", "")
	label, known := delivery(code, spaced(a.City))
	if abroad(a) || !known {
		return nil
	}
	_, cedex := cedexLabel(label)
	var s setting
	services, _ := capitals(a.Street+" "+a.Distribution, "")
	if service := businessPost.FindString(distributionForm(services)); service != "" && !cedex {
		s.fail(5, "distribution", a.Distribution, "%s est distribué par CEDEX : la ligne « %s %s » devrait en porter un", service, code, label)
	}
	department, _ := data.DepartmentOf(code)
	metropolitan := len(department.Code) == 2
	if rows := deliveries()[code]; cedex && metropolitan && rows != nil && !listed(rows, label) {
		s.fail(6, "postal_code", a.PostalCode, "%s est un code postal ordinaire : un CEDEX a le sien", code)
	}
	return s.problems
}

// listed tells a label of La Poste's list; one of them is a CEDEX.
func listed(rows []delivered, label string) bool {
	return slices.ContainsFunc(rows, func(row delivered) bool { return row.label == label })
}
