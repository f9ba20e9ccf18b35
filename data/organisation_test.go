package data

import "testing"

func TestValidSIREN(t *testing.T) {
	for siren, want := range map[string]bool{
		"216700013": true, "200013050": true, "216700014": false, "21670001": false,
		"": false, "21670001X": false, "２16700013": false,
	} {
		if ValidSIREN(siren) != want {
			t.Errorf("%q: want %v", siren, want)
		}
	}
}

func TestValidEmail(t *testing.T) {
	for email, want := range map[string]bool{
		"mairie@achenheim.fr": true, "a@b": false, "@b.fr": false, "a@b.fr, c@d.fr": false,
		"a@b@c.fr": false, "a b@c.fr": false, "x@y.": false, "a..b@c.fr": false, "": false,
	} {
		if ValidEmail(email) != want {
			t.Errorf("%q: want %v", email, want)
		}
	}
}

func TestR01_OrganisationCheck(t *testing.T) {
	good := Organisation{Kind: Commune, Name: "Commune d'Achenheim", SIREN: "216700013"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	bad := Organisation{Kind: "ville", SIREN: "216700014", Email: "mairie"}
	problems, _ := bad.Check().(Problems)
	var fields []string
	for _, p := range problems {
		fields = append(fields, p.Field)
	}
	if len(fields) != 4 {
		t.Errorf("problems with %v", fields)
	}
}
