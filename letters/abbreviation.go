package letters

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// labelWidth is what NF Z10-011 grants the street's label, its number apart.
const labelWidth = 32

// abbreviate shortens a street, already in capitals, whose label exceeds 32
// characters: from its first word on, one listed word or group of words after
// the other, until the label fits. The last word, by which sorters find the
// street, stays whole. The result may still be too long.
func abbreviate(street string) string {
	number, label := splitNumber(street)
	words := strings.Fields(label)
	for i := 0; i < len(words)-1 && width(strings.Join(words, " ")) > labelWidth; i++ {
		if short, n := abbreviation(words[i:len(words)-1], i == 0); n > 0 {
			words = slices.Replace(words, i, i+n, short)
		}
	}
	return spaced(number + " " + strings.Join(words, " "))
}

// abbreviation is the listed one of the longest group of words that words
// begin with, and the number of words that it stands for; 0 when there is none.
func abbreviation(words []string, first bool) (short string, n int) {
	const longest = 5 // ZONE A URBANISER EN PRIORITE
	for n := min(longest, len(words)); n > 0; n-- {
		group := strings.Join(words[:n], " ")
		if short, ok := streetTypes[group]; ok && first {
			return short, n
		}
		if short, ok := abbreviations[group]; ok {
			return short, n
		}
	}
	return "", 0
}

// streetTypes are the abbreviations of NF Z10-011 that hold at the beginning of
// a label only. Further on they would be read otherwise: GAL is a general
// there, no gallery. RUE, and what has an abbreviation too close to another
// (PORTE to PETITE, PREFECTURE to PREFET), stays whole.
var streetTypes = map[string]string{
	"ABBAYE": "ABE", "AGGLOMERATION": "AGL", "ANCIEN CHEMIN": "ACH", "ANCIENNE ROUTE": "ART", "AUTOROUTE": "AUT",
	"BARRIERE": "BRE", "BAS CHEMIN": "BCH", "BASTIDE": "BSTD", "BASTION": "BAST", "BEGUINAGE": "BEGI", "BERGE": "BER",
	"BOUCLE": "BCLE", "BOURG": "BRG",
	"CAMPAGNE": "CGNE", "CAMPING": "CPG", "CARREAU": "CAU", "CARREFOUR": "CAR", "CARRIERE": "CARE", "CASTEL": "CST",
	"CAVEE": "CAV", "CHALET": "CHL", "CHARMILLE": "CHI", "CHEMIN VICINAL": "CHV", "CHEMINEMENT": "CHEM",
	"CLOITRE": "CLOI", "COLLINE": "COLI", "CONTOUR": "CTR", "CORNICHE": "COR", "COTTAGE": "COTT",
	"DARSE": "DARS", "DESCENTE": "DSC", "DIGUE": "DIG",
	"ECLUSE": "ECL", "ENCEINTE": "EN", "ENCLAVE": "ENV", "ENCLOS": "ENC", "ESCALIER": "ESC", "ESPACE": "ESPA",
	"FERME": "FRM", "FORUM": "FORM", "FOSSE": "FOS", "FOYER": "FOYR",
	"GALERIE": "GAL", "GARENNE": "GARN", "GRAND RUE": "GR", "GRANDE RUE": "GR", "GRILLE": "GRI", "GRIMPETTE": "GRIM",
	"GROUPE": "GPE", "GROUPEMENT": "GPT",
	"HALLE": "HLE", "HAUT CHEMIN": "HCH", "HIPPODROME": "HIP",
	"JARDIN": "JARD", "JETEE": "JTE", "LEVEE": "LEVE", "MAISON FORESTIERE": "MF", "MANOIR": "MAN", "MARCHE": "MAR",
	"NOUVELLE ROUTE": "NTE", "PARKING": "PKG", "PASSERELLE": "PLE", "PAVILLON": "PAV", "PERISTYLE": "PSTY",
	"PETIT CHEMIN": "PCH", "PETITE ALLEE": "PTA", "PETITE AVENUE": "PAE", "PETITE IMPASSE": "PIM", "PETITE ROUTE": "PRT",
	"PETITE RUE": "PTR", "PLACIS": "PLCI", "PLAGE": "PLAG", "PLAINE": "PLN", "PLATEAU": "PLT", "POINTE": "PNT",
	"PORCHE": "POCH", "PORTIQUE": "PORQ", "POURTOUR": "POUR", "PRESQU ILE": "PRQ",
	"RACCOURCI": "RAC", "RAIDILLON": "RAID", "RAMPE": "RPE", "REMPART": "REM", "ROCADE": "ROC", "ROQUET": "ROQT",
	"ROTONDE": "RTD", "SENTE": "SEN", "STATION": "STA",
	"TERRAIN": "TRN", "TERRASSE": "TSSE", "TERRE PLEIN": "TPL", "TERTRE": "TRT",
	"VALLEE": "VAL", "VALLON": "VAL", "VENELLE": "VEN", "VIEILLE ROUTE": "VTE", "VIEUX CHEMIN": "VCHE",
	"VILLA": "VLA", "VILLAGE": "VGE", "VOIE": "VOI",
}

// abbreviations are those of NF Z10-011 that hold anywhere in a label. Words
// not listed are never shortened.
var abbreviations = map[string]string{
	// Types of street, zones and buildings.
	"AERODROME": "AER", "AEROGARE": "AERG", "AEROPORT": "AERP", "ALLEE": "ALL", "APPARTEMENT": "APP", "AVENUE": "AV",
	"BATIMENT": "BAT", "BOULEVARD": "BD", "CENTRE": "CTRE", "CENTRE COMMERCIAL": "CCAL", "CHAPELLE": "CHP",
	"CHATEAU": "CHT", "CHAUSSEE": "CHS", "CHEMIN": "CHE", "COURS": "CRS", "DOMAINE": "DOM", "ECOLE": "EC",
	"EGLISE": "EGL", "ESPLANADE": "ESP", "ETAGE": "ETG", "FAUBOURG": "FG", "FONTAINE": "FON", "HAMEAU": "HAM",
	"HOPITAL": "HOP", "IMMEUBLE": "IMM", "IMPASSE": "IMP", "LIEU DIT": "LD", "LOGEMENT": "LOGT", "LOTISSEMENT": "LOT",
	"LYCEE": "LYC", "MONTEE": "MTE", "MOULIN": "MLN", "PARVIS": "PRV", "PASSAGE": "PAS", "PASSAGE A NIVEAU": "PN",
	"PLACE": "PL", "PROMENADE": "PROM", "QUAI": "QU", "QUARTIER": "QUA", "RESIDENCE": "RES", "REZ DE CHAUSSEE": "RDC",
	"ROND POINT": "RPT", "ROUTE": "RTE", "RUELLE": "RLE", "SENTIER": "SEN", "SQUARE": "SQ", "TRAVERSE": "TRA",
	"ZONE A URBANISER EN PRIORITE": "ZUP", "ZONE ARTISANALE": "ZA", "ZONE D ACTIVITE": "ZA", "ZONE D ACTIVITES": "ZA",
	"ZONE D AMENAGEMENT CONCERTE": "ZAC", "ZONE D AMENAGEMENT DIFFERE": "ZAD", "ZONE INDUSTRIELLE": "ZI",
	// Titles.
	"ADJUDANT": "ADJ", "CAPITAINE": "CNE", "COLONEL": "CEL", "COMMANDANT": "CDT", "DOCTEUR": "DR", "GENERAL": "GAL",
	"LIEUTENANT": "LT", "MADAME": "MME", "MADEMOISELLE": "MLLE", "MARECHAL": "MAL",
	"MESDAMES": "MMES", "MESDEMOISELLES": "MLLES", "MESSIEURS": "MM", "MONSEIGNEUR": "MGR", "MONSIEUR": "M",
	"NOTRE DAME": "ND", "PREFET": "PREF", "PRESIDENT": "PDT", "PROFESSEUR": "PR", "SAINT": "ST", "SAINTE": "STE",
	"SAINTES": "STES", "SAINTS": "STS", "SERGENT": "SGT", "VEUVE": "VVE",
	// Adjectives and institutions.
	"BATAILLON": "BTN", "COMPAGNIE": "CIE", "DEPARTEMENTAL": "DEP", "FRANCAIS": "FR", "FRANCAISE": "FR",
	"GRAND": "GD", "GRANDE": "GDE", "GRANDES": "GDES", "GRANDS": "GDS", "HAUT": "HT", "HAUTE": "HTE",
	"INFANTERIE": "INF", "INSTITUT": "INST", "INTERNATIONAL": "INT", "INTERNATIONALE": "INT", "MUNICIPAL": "MUN",
	"NATIONAL": "NAT", "PETIT": "PT", "PETITE": "PTE", "REGIMENT": "RGT", "REGIONAL": "REG",
	"REPUBLIQUE": "REP", "SOUS PREFECTURE": "SPREF", "UNIVERSITE": "UNIV",
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
