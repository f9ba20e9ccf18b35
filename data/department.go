package data

// Department is a French département, or an overseas territory that has a code
// like one.
type Department struct {
	Code string // "67", "2A", "974"
	Name string // "Bas-Rhin"
}

// DepartmentOf is where the post takes a postal code: one of the 101
// départements, an overseas territory, or Monaco, which France's post serves.
// The Corsican codes that are neither 2A's nor 2B's are plain Corse. It
// reports false for what is no postal code of five digits, and for a code of
// none of these.
func DepartmentOf(postalCode string) (Department, bool) {
	if !isPostalCode(postalCode) {
		return Department{}, false
	}
	code, start := postalCode[:2], postalCode[:3]
	switch code {
	case "20":
		code = corsican(start)
	case "97", "98":
		code = start
		if own, ok := ownTerritories[postalCode]; ok {
			code = own
		}
	}
	name, ok := departmentNames[code]
	return Department{Code: code, Name: name}, ok
}

// corsican tells the two départements of Corsica apart: the ordinary codes are
// 200 and 201, 202 and 206; 204 and 207 are those of CEDEX in Bastia and Ajaccio.
func corsican(start string) string {
	switch start {
	case "200", "201", "207":
		return "2A"
	case "202", "204", "206":
		return "2B"
	}
	return "20"
}

// ownTerritories are the islands that kept a postal code of Guadeloupe when
// they left it in 2007.
var ownTerritories = map[string]string{"97133": "977", "97150": "978"}

// isPostalCode tells five digits.
func isPostalCode(code string) bool {
	for _, r := range code {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(code) == 5
}

var departmentNames = map[string]string{
	"01": "Ain", "02": "Aisne", "03": "Allier", "04": "Alpes-de-Haute-Provence", "05": "Hautes-Alpes",
	"06": "Alpes-Maritimes", "07": "Ardèche", "08": "Ardennes", "09": "Ariège", "10": "Aube", "11": "Aude",
	"12": "Aveyron", "13": "Bouches-du-Rhône", "14": "Calvados", "15": "Cantal", "16": "Charente",
	"17": "Charente-Maritime", "18": "Cher", "19": "Corrèze", "20": "Corse", "2A": "Corse-du-Sud",
	"2B": "Haute-Corse", "21": "Côte-d’Or", "22": "Côtes-d’Armor", "23": "Creuse", "24": "Dordogne",
	"25": "Doubs", "26": "Drôme", "27": "Eure", "28": "Eure-et-Loir", "29": "Finistère", "30": "Gard",
	"31": "Haute-Garonne", "32": "Gers", "33": "Gironde", "34": "Hérault", "35": "Ille-et-Vilaine",
	"36": "Indre", "37": "Indre-et-Loire", "38": "Isère", "39": "Jura", "40": "Landes", "41": "Loir-et-Cher",
	"42": "Loire", "43": "Haute-Loire", "44": "Loire-Atlantique", "45": "Loiret", "46": "Lot",
	"47": "Lot-et-Garonne", "48": "Lozère", "49": "Maine-et-Loire", "50": "Manche", "51": "Marne",
	"52": "Haute-Marne", "53": "Mayenne", "54": "Meurthe-et-Moselle", "55": "Meuse", "56": "Morbihan",
	"57": "Moselle", "58": "Nièvre", "59": "Nord", "60": "Oise", "61": "Orne", "62": "Pas-de-Calais",
	"63": "Puy-de-Dôme", "64": "Pyrénées-Atlantiques", "65": "Hautes-Pyrénées", "66": "Pyrénées-Orientales",
	"67": "Bas-Rhin", "68": "Haut-Rhin", "69": "Rhône", "70": "Haute-Saône", "71": "Saône-et-Loire",
	"72": "Sarthe", "73": "Savoie", "74": "Haute-Savoie", "75": "Paris", "76": "Seine-Maritime",
	"77": "Seine-et-Marne", "78": "Yvelines", "79": "Deux-Sèvres", "80": "Somme", "81": "Tarn",
	"82": "Tarn-et-Garonne", "83": "Var", "84": "Vaucluse", "85": "Vendée", "86": "Vienne",
	"87": "Haute-Vienne", "88": "Vosges", "89": "Yonne", "90": "Territoire de Belfort", "91": "Essonne",
	"92": "Hauts-de-Seine", "93": "Seine-Saint-Denis", "94": "Val-de-Marne", "95": "Val-d’Oise",
	"971": "Guadeloupe", "972": "Martinique", "973": "Guyane", "974": "La Réunion", "976": "Mayotte",
	// Overseas territories.
	"975": "Saint-Pierre-et-Miquelon", "977": "Saint-Barthélemy", "978": "Saint-Martin",
	"984": "Terres australes et antarctiques françaises", "986": "Wallis-et-Futuna",
	"987": "Polynésie française", "988": "Nouvelle-Calédonie",
	"980": "Monaco",
}
