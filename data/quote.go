package data

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// SplitMessage parts a mail's text into what its writer wrote, what they quoted
// and their signature, by the marks of the usual mail programs in French,
// English and German. No line that says something is lost, and each part keeps
// the order of its lines: what is written under or between quotes is the
// writer's own. A mail that is nothing but a quote or a signature is all own.
func SplitMessage(text string) (own, quoted, signature string) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	read := make([]string, len(lines))
	for i, line := range lines {
		read[i] = plainLine(line)
	}
	s := splitter{lines: lines, read: read, part: make([]messagePart, len(lines))}
	s.markQuotes()
	s.markSignature()
	own, quoted, signature = s.text(ownPart), s.text(quotedPart), s.text(signaturePart)
	if own == "" {
		return trimBlank(text), "", ""
	}
	return own, quoted, signature
}

type messagePart int

const (
	ownPart messagePart = iota
	quotedPart
	signaturePart
)

type splitter struct {
	lines []string // as they came
	read  []string // as they are compared
	part  []messagePart
}

// plainLine is a line as marks are compared with it: composed, in lower case,
// with plain spaces, apostrophes and dashes.
func plainLine(line string) string {
	return strings.ToLower(strings.TrimSpace(plainMarks.Replace(norm.NFC.String(line))))
}

var plainMarks = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2007", " ", "\u200b", "", "\ufeff", "", "’", "'", "`", "'", "–", "-", "—", "-", "‐", "-")

var (
	// introduction is the line that mail programs put over a quote.
	introduction = regexp.MustCompile(`^(?:>\s*)*(?:(?:le|on|am|den)\s.{4,200}\s(?:a écrit|wrote|schrieb)\b.{0,120}|.{3,120}(?:a écrit|wrote|schrieb))\s*:$`)
	// opening begins an introduction that goes on in the next line.
	opening = regexp.MustCompile(`^(?:>\s*)*(?:le|on|am)\s.{0,24}\d`)
	// original begins a mail that is quoted whole: all after it is.
	original = regexp.MustCompile(`^(?:>\s*)*-{2,}\s*(?:message d'origine|message original|message initial|message transféré|message transmis|mail original|courriel original|original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|début du message réexpédié)\s*-*$` +
		`|^(?:>\s*)*(?:début du message (?:réexpédié|transféré|transmis)|begin forwarded message)\s*:$`)
	// headerLine is a line of the head of a mail quoted whole.
	headerLine = regexp.MustCompile(`^[>*\s]*(de|from|von|envoyé|envoyé le|envoyé par|sent|gesendet|date|datum|à|a|to|an|pour|cc|copie|objet|subject|betreff)\s?\*?\s*:`)
)

// quoteHead is how many lines of such a head must follow each other.
const quoteHead = 3

func (s *splitter) markQuotes() {
	for i := 0; i < len(s.read); i++ {
		switch {
		case strings.HasPrefix(s.read[i], ">"):
			s.part[i] = quotedPart
		case original.MatchString(s.read[i]), s.headAt(i):
			s.quoteRest(i)
			return
		default:
			if n := s.introductionAt(i); n > 0 {
				i = s.quoteAfter(i, n)
			}
		}
	}
}

// headAt tells whether the head of a quoted mail begins at a line: From, Sent,
// To, Subject in the words of the program, perhaps under a rule.
func (s *splitter) headAt(i int) bool {
	first := headerLine.FindStringSubmatch(s.read[i])
	if first == nil || !slices.Contains([]string{"de", "from", "von"}, first[1]) {
		return false
	}
	names := map[string]bool{}
	for _, line := range s.read[i:min(len(s.read), i+8)] {
		if found := headerLine.FindStringSubmatch(line); found != nil {
			names[found[1]] = true
		}
	}
	return len(names) >= quoteHead
}

// introductionAt is how many lines an introduction at a line has: 1, or 2 to 3
// where the program wrapped it; 0: none is there.
func (s *splitter) introductionAt(i int) int {
	joined := s.read[i]
	if introduction.MatchString(joined) {
		return 1
	}
	if !opening.MatchString(joined) {
		return 0
	}
	for n := 2; n <= 3 && i+n <= len(s.read); n++ {
		if joined += " " + s.read[i+n-1]; introduction.MatchString(joined) {
			return n
		}
	}
	return 0
}

// quoteAfter marks an introduction of n lines and what it introduces: lines
// that begin with >, between which the writer may answer, or else the rest. It
// returns the last line marked.
func (s *splitter) quoteAfter(i, n int) int {
	next := i + n
	for next < len(s.read) && s.read[next] == "" {
		next++
	}
	if next < len(s.read) && !strings.HasPrefix(s.read[next], ">") {
		s.quoteRest(i)
		return len(s.read)
	}
	for line := i; line < i+n; line++ {
		s.part[line] = quotedPart
	}
	return i + n - 1
}

// quoteRest marks all from a line on; the rule over it goes with it.
func (s *splitter) quoteRest(i int) {
	for i > 0 && (s.read[i-1] == "" || rule.MatchString(s.read[i-1])) {
		i--
	}
	for line := i; line < len(s.part); line++ {
		s.part[line] = quotedPart
	}
}

var rule = regexp.MustCompile(`^[_\-=*]{5,}$`)

var (
	// sent is what telephones and webmails put under a mail.
	sent = regexp.MustCompile(`^(?:envoyé (?:de|depuis|à partir d|avec)|sent from|von meinem|télécharger outlook pour|get outlook for|provenance : courrier|obtenez outlook)\b`)
	// close ends what the writer says: their name and address follow.
	closing = regexp.MustCompile(`^(?:(?:bien|très|plus) )?(?:cordialement|sincèrement|respectueusement|amicalement)(?:\s*[,.!]|$)` +
		`|^(?:cdlt|cdt|bàv|best regards|kind regards|regards|mit freundlichen grüßen)\b` +
		`|^(?:bonne (?:journée|soirée|réception|fin de journée)|salutations (?:distinguées|cordiales)|(?:avec mes |meilleures |sincères )salutations)(?: à (?:vous|tous))?\s*[,.!]*$` +
		`|^(?:je vous prie|nous vous prions|veuillez|recevez|dans l'attente).{0,80}(?:salutations|considération|sentiments|expression)`)
	delimiter = regexp.MustCompile(`^--\s?$`)
)

// signatureLines is the most that a signature has without a delimiter: a longer
// end says something.
const signatureLines = 12

// markSignature marks what stands at the end of the writer's own lines: from
// the delimiter, from the last close when little follows it, or from what a
// telephone adds.
func (s *splitter) markSignature() {
	said := 0
	for i := len(s.read) - 1; i >= 0; i-- {
		if s.part[i] != ownPart || s.read[i] == "" {
			continue
		}
		said++
		switch {
		case said > signatureLines && !s.delimited(i):
			return
		case delimiter.MatchString(s.read[i]), sent.MatchString(s.read[i]) && said == 1, closing.MatchString(s.read[i]):
			for line := i; line < len(s.part); line++ {
				if s.part[line] == ownPart {
					s.part[line] = signaturePart
				}
			}
			if !sent.MatchString(s.read[i]) {
				return
			}
			said = 0
		}
	}
}

// delimited tells whether the delimiter stands at a line or soon before it.
func (s *splitter) delimited(i int) bool {
	for ; i >= 0 && s.part[i] == ownPart; i-- {
		if delimiter.MatchString(s.read[i]) {
			return true
		}
	}
	return false
}

// text is a part, without blank lines at its ends.
func (s *splitter) text(part messagePart) string {
	var lines []string
	for i, line := range s.lines {
		if s.part[i] == part {
			lines = append(lines, line)
		}
	}
	return trimBlank(strings.Join(lines, "\n"))
}

// trimBlank takes the blank lines off both ends of a text.
func trimBlank(text string) string {
	return strings.TrimRight(blankStart.ReplaceAllString(text, ""), " \t\r\n\u00a0")
}

var blankStart = regexp.MustCompile(`^(?:[ \t\r\x{a0}]*\n)+`)
