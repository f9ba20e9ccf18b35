package letters

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"guichet/data"
)

// NF Z10-011 and XP Z10-011: lines of 38 characters, six in France, one more
// abroad for the country.
const (
	lineWidth   = 38
	linesHome   = 6
	linesAbroad = 7
)

// AddressError is one thing that keeps an address from being printed. Its
// texts are French, for the person who must mend the address.
type AddressError struct {
	// Line is the line of the standard, 1 to 6, or 7 for the country.
	Line int
	// Field is organisation, recipient, complement, street, distribution,
	// postal_code, city or country.
	Field string
	// Value is what the register holds.
	Value string
	// Reason says what is wrong and, where there is one, the way out.
	Reason string
	// Said is the reason, as it can be translated.
	Said data.Said
}

func (e AddressError) Error() string { return fmt.Sprintf("ligne %d : %s", e.Line, e.Reason) }

// AddressErrors is all that is wrong with an address, in the order of its
// lines. It is never empty when returned.
type AddressErrors []AddressError

func (e AddressErrors) Error() string {
	texts := make([]string, len(e))
	for i, problem := range e {
		texts[i] = problem.Error()
	}
	return strings.Join(texts, " ; ")
}

// Lines sets an address in the lines of NF Z10-011: at most six of 38
// characters, seven abroad, none blank. Lines 1 to 3 keep their case and
// accents; the others are in capitals, services such as BP are written as La
// Poste does, and line 6 bears La Poste's label. An organisation or recipient
// too long for one line takes a second one when the address leaves it free.
// Organisation, recipient, city and, in France, postal code are required.
//
// For the post France reaches as far as its overseas territories and Monaco:
// their name as a country adds no line. Abroad a postal code that the city
// already holds, as in "London SW1A 1AA", is not repeated.
//
// Nothing is ever cut: an address that does not fit gives nil lines and an
// AddressErrors with everything that is wrong.
func Lines(r Recipient) ([]string, error) {
	var s setting
	country := s.country(r.Address)
	s.named(1, "organisation", r.Organisation, "organisation manquante")
	s.named(2, "recipient", r.Name, "destinataire manquant : indiquer le représentant légal ou sa fonction")
	s.plain(3, "complement", r.Address.Complement)
	s.street(r.Address.Street)
	s.distribution(r.Address.Distribution)
	if !s.abroad {
		s.delivery(r.Address.PostalCode, r.Address.City)
	} else {
		s.deliveryAbroad(r.Address.PostalCode, r.Address.City)
		s.add(7, "country", r.Address.Country, country)
	}
	s.wrap()
	if len(s.problems) > 0 {
		return nil, s.problems
	}
	var lines []string
	for _, line := range s.lines {
		lines = append(lines, line.parts...)
	}
	return lines, nil
}

// setting is an address being set in lines.
type setting struct {
	lines    []settingLine
	problems AddressErrors
	abroad   bool
}

// settingLine is a line of the standard, in one part, or two when wrapped.
type settingLine struct {
	number       int
	field, value string
	parts        []string
}

func (s *setting) fail(line int, field, value, reason string, args ...any) {
	said := data.Said{Format: reason, Args: args}
	s.problems = append(s.problems, AddressError{line, field, value, said.String(), said})
}

// clean returns value composed and spaced once, or reports what in it cannot
// be printed.
func (s *setting) clean(line int, field, value string) (string, bool) {
	value = norm.NFC.String(value)
	if r, ok := monoRegular.unprintable(value); ok {
		said := unprintableReason(r)
		s.fail(line, field, value, said.Format, said.Args...)
		return "", false
	}
	return spaced(value), true
}

// add appends a line that takes one part, unless it is blank.
func (s *setting) add(line int, field, value, text string) {
	if text == "" {
		return
	}
	if n := width(text); n > lineWidth {
		s.fail(line, field, value, "« %s » compte %d caractères et la ligne n’en admet que %d : abréger", text, n, lineWidth)
		return
	}
	s.lines = append(s.lines, settingLine{line, field, value, []string{text}})
}

// named appends line 1 or 2, which is required and may be wrapped later.
func (s *setting) named(line int, field, value, missing string) {
	text, ok := s.clean(line, field, value)
	switch {
	case !ok:
	case text == "":
		s.fail(line, field, value, missing)
	default:
		s.lines = append(s.lines, settingLine{line, field, value, []string{text}})
	}
}

func (s *setting) plain(line int, field, value string) {
	if text, ok := s.clean(line, field, value); ok {
		s.add(line, field, value, text)
	}
}

// capital cleans value and sets it in capitals, or reports why it cannot.
func (s *setting) capital(line int, field, value, keep string) (string, bool) {
	text, ok := s.clean(line, field, value)
	if !ok {
		return "", false
	}
	text, foreign := capitals(text, keep)
	if foreign != 0 {
		s.fail(line, field, value, "le caractère « %c » n’a pas d’équivalent en capitales latines : le remplacer", foreign)
		return "", false
	}
	return text, true
}

func (s *setting) street(value string) {
	if text, ok := s.capital(4, "street", value, ""); ok {
		if !s.abroad { // these are forms of La Poste
			text = abbreviate(distributionForm(text))
		}
		s.add(4, "street", value, text)
	}
}

func (s *setting) distribution(value string) {
	if text, ok := s.capital(5, "distribution", value, ""); ok {
		if !s.abroad {
			text = distributionForm(text)
		}
		if width(text) > lineWidth {
			text = strings.Replace(text, "LIEU DIT", abbreviations["LIEU DIT"], 1)
		}
		s.add(5, "distribution", value, text)
	}
}

// country returns what line 7 prints, nothing for what France's post serves.
func (s *setting) country(a data.Address) string {
	text, _ := s.capital(7, "country", a.Country, "-")
	if s.abroad = abroad(a); !s.abroad {
		return ""
	}
	return text
}

// abroad tells whether an address takes a line for its country.
func abroad(a data.Address) bool {
	country, foreign := capitals(a.Country, "")
	return foreign != 0 || country != "" && !servedByFrance[country]
}

// servedByFrance are the countries, as people name them, whose addresses are
// those of France: what postal code they have tells them apart.
var servedByFrance = map[string]bool{
	"FRANCE": true, "FR": true, "FRANCE METROPOLITAINE": true, "CORSE": true,
	"GUADELOUPE": true, "MARTINIQUE": true, "GUYANE": true, "GUYANE FRANCAISE": true,
	"REUNION": true, "LA REUNION": true, "ILE DE LA REUNION": true, "MAYOTTE": true,
	"SAINT PIERRE ET MIQUELON": true, "SAINT BARTHELEMY": true, "SAINT MARTIN": true,
	"POLYNESIE": true, "POLYNESIE FRANCAISE": true, "NOUVELLE CALEDONIE": true, "WALLIS ET FUTUNA": true,
	"TERRES AUSTRALES ET ANTARCTIQUES FRANCAISES": true, "TAAF": true, "MONACO": true, "PRINCIPAUTE DE MONACO": true,
}

// delivery appends line 6 of an address in France.
func (s *setting) delivery(postalCode, city string) {
	code, codeOK := s.clean(6, "postal_code", postalCode)
	typed, cityOK := s.clean(6, "city", city)
	code = strings.ReplaceAll(code, " ", "")
	if codeOK && code == "" {
		s.fail(6, "postal_code", postalCode, "code postal manquant")
	}
	if cityOK && typed == "" {
		if labels := DeliveryLabels(code); labels != nil {
			s.fail(6, "city", city, "commune manquante : %s", choice(labels))
		} else {
			s.fail(6, "city", city, "commune manquante")
		}
	}
	if code == "" || typed == "" {
		return
	}
	label, ok := delivery(code, typed)
	switch labels := DeliveryLabels(code); {
	case ok:
		s.add(6, "city", city, code+" "+label)
	case labels != nil:
		s.fail(6, "city", city, "« %s » n’est pas un libellé d’acheminement du code postal %s : %s", typed, code, choice(labels))
	case strings.Contains(unaccented(typed), "CEDEX"):
		s.fail(6, "city", city, "libellé CEDEX « %s » incorrect pour le code postal %s : écrire par exemple 67085 STRASBOURG CEDEX", typed, code)
	default:
		s.fail(6, "postal_code", postalCode, "code postal inconnu « %s »", code)
	}
}

// choice offers labels, the first few when they are many.
func choice(labels []string) data.Said {
	const most = 6
	if len(labels) > most {
		return data.Said{Format: "choisir parmi %s…", Args: []any{strings.Join(labels[:most], ", ")}}
	}
	if len(labels) == 1 {
		return data.Said{Format: "écrire %s", Args: []any{labels[0]}}
	}
	last := len(labels) - 1
	return data.Said{Format: "écrire %s ou %s", Args: []any{strings.Join(labels[:last], ", "), labels[last]}}
}

// deliveryAbroad appends line 6 of an address abroad, where no list is known.
func (s *setting) deliveryAbroad(postalCode, city string) {
	code, codeOK := s.capital(6, "postal_code", postalCode, "-")
	place, cityOK := s.capital(6, "city", city, "-")
	if cityOK && place == "" {
		s.fail(6, "city", city, "ville manquante")
		return
	}
	if !codeOK || !cityOK {
		return
	}
	if strings.Contains(" "+place+" ", " "+code+" ") {
		code = ""
	}
	s.add(6, "city", city, spaced(code+" "+place))
}

// wrap gives lines 1 and 2 a second part where they need one, as long as the
// address has a line left.
func (s *setting) wrap() {
	most := linesHome
	if s.abroad {
		most = linesAbroad
	}
	free := most - len(s.lines)
	for i, line := range s.lines {
		if line.number > 2 || width(line.parts[0]) <= lineWidth {
			continue
		}
		parts := halves(line.parts[0])
		switch {
		case parts == nil:
			s.fail(line.number, line.field, line.value,
				"« %s » compte %d caractères et ne tient pas sur deux lignes de %d : abréger", line.parts[0], width(line.parts[0]), lineWidth)
		case free == 0:
			s.fail(line.number, line.field, line.value,
				"« %s » compte %d caractères et il ne reste pas de ligne libre pour la suite : abréger, ou retirer le complément d’adresse", line.parts[0], width(line.parts[0]))
		default:
			s.lines[i].parts = parts
			free--
		}
	}
	sortProblems(s.problems)
}

// halves parts text between two words into two lines that fit, the most even
// ones, though rather not after a particle. It returns nil if there are none.
func halves(text string) []string {
	const aversion = 8
	var best []string
	least := lineWidth + aversion + 1
	for i, r := range text {
		if r != ' ' {
			continue
		}
		first, second := text[:i], text[i+1:]
		cost := max(width(first), width(second))
		if cost > lineWidth {
			continue
		}
		if particles[unaccented(first[strings.LastIndexByte(first, ' ')+1:])] {
			cost += aversion
		}
		if cost < least {
			best, least = []string{first, second}, cost
		}
	}
	return best
}

// particles belong to the word after them.
var particles = map[string]bool{
	"A": true, "AU": true, "AUX": true, "DE": true, "DES": true, "DU": true, "EN": true, "ET": true,
	"LA": true, "LE": true, "LES": true, "OU": true, "SUR": true,
}

// unprintableReason says in French why r stands in the way.
func unprintableReason(r rune) data.Said {
	if unicode.IsPrint(r) && !unicode.Is(unicode.M, r) {
		return data.Said{Format: "le caractère « %c » (%U) ne peut pas être imprimé : le remplacer", Args: []any{r, r}}
	}
	return data.Said{Format: "le caractère invisible %U ne peut pas être imprimé : le retirer", Args: []any{r}}
}

// sortProblems puts problems in the order of the lines.
func sortProblems(problems AddressErrors) {
	slices.SortStableFunc(problems, func(a, b AddressError) int { return a.Line - b.Line })
}
