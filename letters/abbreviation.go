package letters

import (
	"strings"
	"unicode/utf8"
)

// labelWidth is what NF Z10-011 grants the street's label, its number apart.
const labelWidth = 32

// abbreviations are those of NF Z10-011's list that streets need. Words and
// pairs of words not listed are never shortened.
var abbreviations = map[string]string{
	// Types of street.
	"ALLEE": "ALL", "AVENUE": "AV", "BOULEVARD": "BD", "CHEMIN": "CHE",
	"COURS": "CRS", "DOMAINE": "DOM", "ESPLANADE": "ESP", "FAUBOURG": "FG",
	"GRANDE RUE": "GR", "HAMEAU": "HAM", "IMMEUBLE": "IMM", "IMPASSE": "IMP",
	"LIEU DIT": "LD", "LOTISSEMENT": "LOT", "MONTEE": "MTE", "PASSAGE": "PAS",
	"PLACE": "PL", "PROMENADE": "PROM", "QUARTIER": "QUA", "RESIDENCE": "RES",
	"ROND POINT": "RPT", "ROUTE": "RTE", "RUELLE": "RLE", "SENTIER": "SEN",
	"SQUARE": "SQ", "TRAVERSE": "TRA", "ZONE ARTISANALE": "ZA",
	"ZONE INDUSTRIELLE": "ZI", "CENTRE COMMERCIAL": "CCAL", "BATIMENT": "BAT",
	// Titles.
	"ADJUDANT": "ADJ", "CAPITAINE": "CNE", "COLONEL": "CEL",
	"COMMANDANT": "CDT", "DOCTEUR": "DR", "GENERAL": "GAL", "LIEUTENANT": "LT",
	"MADAME": "MME", "MADEMOISELLE": "MLLE", "MARECHAL": "MAL",
	"MONSEIGNEUR": "MGR", "MONSIEUR": "M", "PREFET": "PREF",
	"PRESIDENT": "PDT", "PROFESSEUR": "PR", "SAINT": "ST", "SAINTE": "STE",
	"SERGENT": "SGT", "NOTRE DAME": "ND",
	// Adjectives.
	"GRAND": "GD", "GRANDE": "GDE", "GRANDES": "GDES", "GRANDS": "GDS",
	"HAUT": "HT", "HAUTE": "HTE", "PETIT": "PT", "PETITE": "PTE",
}

// abbreviate shortens a street, already in capitals, whose label exceeds 32
// characters: from its first word on, one listed word or pair after the other,
// until the label fits. The last word, by which sorters find the street, stays
// whole. The result may still be too long.
func abbreviate(street string) string {
	number, label := splitNumber(street)
	words := strings.Fields(label)
	for i := 0; i < len(words)-1 && width(strings.Join(words, " ")) > labelWidth; i++ {
		if short, ok := abbreviations[words[i]+" "+words[i+1]]; ok && i+2 < len(words) {
			words = append(words[:i], append([]string{short}, words[i+2:]...)...)
		} else if short, ok := abbreviations[words[i]]; ok {
			words[i] = short
		}
	}
	return spaced(number + " " + strings.Join(words, " "))
}

// splitNumber parts a street's numbers ("12 BIS", "12 14") from its label.
func splitNumber(street string) (number, label string) {
	words := strings.Fields(street)
	n := 0
	for n < len(words)-1 && words[n][0] >= '0' && words[n][0] <= '9' {
		n++
	}
	if n > 0 && n < len(words)-1 {
		switch words[n] {
		case "BIS", "TER", "QUATER", "QUINQUIES", "A", "B", "C", "D", "T", "Q":
			n++
		}
	}
	return strings.Join(words[:n], " "), strings.Join(words[n:], " ")
}

// width is the number of characters that s takes in fixed pitch.
func width(s string) int { return utf8.RuneCountInString(s) }
