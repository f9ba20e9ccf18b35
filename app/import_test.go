package app

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"guichet/data"
)

func TestImportNamesWrongLines(t *testing.T) {
	d := openDesk(t)
	file := "type;nom;siren;code_postal;libelle_acheminement;adresse\n" +
		"commune;Bonne;216700013;67204;ACHENHEIM;1 rue Principale\n" + // 2
		"commune;SIREN faux;216700014;67204;ACHENHEIM;\n" + // 3
		"commune;Trop;de;colonnes;sur;cette;ligne\n" + // 4
		"commune;Code postal inconnu;216700039;67999;ALBE;\n" + // 5
		"commune;Rue trop longue;200057479;67310;SOMMERAU;12 rue de la très très longue allée des marronniers fleuris\n" + // 6
		"ville;Type inconnu;;67000;STRASBOURG;\n" + // 7
		"commune;\"Guillemet\" mal placé;;67000;STRASBOURG;\n" + // 8
		"commune;;;67000;STRASBOURG;\n" + // 9
		"association;Sans représentant;;67000;STRASBOURG;\n" // 10
	report, err := d.Import(d.admin, OrganisationsFile, strings.NewReader(file), false)
	d.done(err)
	if report.Count(LineAdded) != 4 {
		t.Errorf("added %d, want 4", report.Count(LineAdded))
	}
	refused := map[int]string{3: "siren", 4: "line", 7: "kind", 8: "line", 9: "name"}
	for _, line := range report.Lines {
		if line.Action != LineRefused {
			continue
		}
		if refused[line.Line] != line.Problems[0].Field {
			t.Errorf("line %d refused for %v", line.Line, line.Problems)
		}
		delete(refused, line.Line)
	}
	incomplete := map[int]string{5: "postal_code", 6: "street", 10: "representative"}
	for _, line := range report.Lines {
		if line.Action == LineRefused || len(line.Held) == 0 {
			continue
		}
		if incomplete[line.Line] != line.Held[0].Field {
			t.Errorf("line %d held for %v", line.Line, line.Held)
		}
		delete(incomplete, line.Line)
	}
	if len(refused)+len(incomplete) > 0 {
		t.Errorf("not reported: %v %v", refused, incomplete)
	}
	for _, bad := range []string{"", "nom;siren\nA;B\n", "\x00"} {
		_, err := d.Import(d.admin, OrganisationsFile, strings.NewReader(bad), false)
		d.refused(Invalid, err)
	}
}

func TestImportReadsExcelsFiles(t *testing.T) {
	d := openDesk(t)
	for _, file := range []string{
		"\ufefftype;nom\ncommune;Commune d’Étoile\n", "type,nom\ncommune,\"Virgule, virgule\"\n", "type\tnom\ncommune\tTabulation\n",
		"type;nom\r\ncommune;\xc9tang d\x92or\r\n",
	} {
		report, err := d.Import(d.admin, OrganisationsFile, strings.NewReader(file), false)
		if err != nil || report.Count(LineAdded) != 1 {
			t.Errorf("%q: %+v, %v", file, report, err)
		}
	}
	found, err := d.FindOrganisations(d.admin, "etang d’or")
	if err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}

// TestAlsaceInOutAndInAgain: the whole file comes out as it went in, in both
// formats, and changes nothing when it comes in again.
func TestAlsaceInOutAndInAgain(t *testing.T) {
	d := openDesk(t)
	file, err := os.ReadFile("../assets/organisations/alsace.csv")
	d.done(err)
	report, err := d.Import(d.admin, OrganisationsFile, bytes.NewReader(file), true)
	if err != nil || report.Count(LineAdded) != 921 {
		t.Fatalf("dry run: %d added, %v", report.Count(LineAdded), err)
	}
	if n, err := d.CountDirectory(d.admin, data.DirectoryFilter{}); err != nil || n != 0 {
		t.Fatalf("a dry run wrote %d organisations, %v", n, err)
	}
	_, err = d.Import(d.admin, OrganisationsFile, bytes.NewReader(file), false)
	d.done(err)
	for _, format := range []Format{CSV, XLSX} {
		for _, kind := range []FileKind{OrganisationsFile, RepresentativesFile} {
			var out bytes.Buffer
			d.done(d.Export(d.admin, kind, format, &out))
			report, err := d.Import(d.admin, kind, &out, false)
			if err != nil || report.Count(LineSame) != 921 || len(report.Lines) != 921 {
				t.Errorf("%s as %s: %d of %d lines the same, %v", kind, format, report.Count(LineSame), len(report.Lines), err)
			}
		}
	}
	report, err = d.Import(d.admin, OrganisationsFile, bytes.NewReader(file), false)
	if err != nil || report.Count(LineSame) != 921 {
		t.Errorf("in again: %d the same, %v", report.Count(LineSame), err)
	}
}

// TestEveryFileInAndOut: each file of a living register comes in again without
// a change, and a change of a line shows before it is made.
func TestEveryFileInAndOut(t *testing.T) {
	d := openDesk(t)
	o, err := d.AddOrganisation(d.admin, data.Organisation{
		Kind: data.Commune, Name: "=Commune d'Achenheim", SIREN: "216700013", SIRET: "21670001300016",
		Address: data.Address{Street: "1 rue Principale", PostalCode: "67204", City: "ACHENHEIM"},
	}, data.LegalRepresentative{Office: "Maire"})
	d.done(err)
	admin := d.register(o, "admin@a.fr", true)
	user := d.register(o, "user@a.fr", false)
	codes := d.post()
	for reference := range codes {
		_, err := d.confirm(reference, codes)
		d.done(err)
	}
	service, err := d.AddEService(d.admin, data.EService{Code: "actes", Name: "Transmission des actes"})
	d.done(err)
	subscription, err := d.Subscribe(d.admin, o.ID, service.ID)
	d.done(err)
	d.done(d.GrantPermission(d.admin, subscription.ID, user.Account.ID))
	want := map[FileKind]int{OrganisationsFile: 1, RepresentativesFile: 1, AccountsFile: 2, SubscriptionsFile: 1, PermissionsFile: 1}
	for _, kind := range FileKinds {
		for _, format := range []Format{CSV, XLSX} {
			var out bytes.Buffer
			d.done(d.Export(d.admin, kind, format, &out))
			if format == CSV && strings.Contains(out.String(), ";=") {
				t.Errorf("%s carries a formula", kind)
			}
			report, err := d.Import(d.admin, kind, &out, false)
			if err != nil || report.Count(LineSame) != want[kind] || len(report.Lines) != want[kind] {
				t.Errorf("%s as %s: %+v, %v", kind, format, report, err)
			}
		}
	}
	file := "siren;identifiant;prenom;nom;courriel;telephone\n216700013;" + admin.Account.Identifier + ";Anne;Heitz;nouveau@a.fr;\n" +
		"216700013;;Paul;Hirtz;paul@a.fr;\n216700013;inconnu;X;Y;x@y.fr;\n000000000;;X;Y;x@y.fr;\n"
	report, err := d.Import(d.admin, AccountsFile, strings.NewReader(file), true)
	d.done(err)
	actions := []LineAction{LineChanged, LineAdded, LineRefused, LineRefused}
	for i, line := range report.Lines {
		if line.Action != actions[i] {
			t.Errorf("line %d: %s, %v", line.Line, line.Action, line.Problems)
		}
	}
	if change := (FieldChange{"courriel", "admin@a.fr", "nouveau@a.fr"}); !slices.Contains(report.Lines[0].Changes, change) {
		t.Errorf("changes %v", report.Lines[0].Changes)
	}
	_, err = d.Import(d.admin, AccountsFile, strings.NewReader(file), false)
	d.done(err)
	twin := "siren;identifiant;prenom;nom;courriel\n216700013;" + admin.Account.Identifier + ";A;H;user@a.fr\n" // R13
	if report, err = d.Import(d.admin, AccountsFile, strings.NewReader(twin), false); err != nil || report.Count(LineRefused) != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	if d.account(o, admin.Account.ID).Email != "nouveau@a.fr" {
		t.Error("the e-mail did not change")
	}
}

// TestImportKeepsWhatAFileDoesNotSay: columns that are missing change nothing,
// what is written is what the report says, and organisations without a SIREN
// come in again too.
func TestImportKeepsWhatAFileDoesNotSay(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Amicale d'Achenheim")
	read := func(kind FileKind, file string, want LineAction) ImportLine {
		t.Helper()
		report, err := d.Import(d.admin, kind, strings.NewReader(file), false)
		d.done(err)
		if len(report.Lines) != 1 || report.Lines[0].Action != want {
			t.Fatalf("%+v, want %s", report.Lines, want)
		}
		return report.Lines[0]
	}
	read(RepresentativesFile, "siren;organisation;fonction\n;Amicale d'Achenheim;Présidente\n", LineChanged)
	record, err := d.Organisation(d.admin, o.ID)
	d.done(err)
	if record.Representative.LastName != "Roth" || record.Representative.Office != "Présidente" {
		t.Errorf("representative %+v", record.Representative)
	}
	file := "type;nom;siren;code_insee;courriel\ncommune;Commune d'Albé;216700039;67003;Mairie@Albe.FR\n"
	read(OrganisationsFile, file, LineAdded)
	read(OrganisationsFile, file, LineSame)
	file = strings.ReplaceAll(file, "67003", "67004")
	read(OrganisationsFile, file, LineChanged)
	read(OrganisationsFile, file, LineSame)
	d.done(d.ArchiveOrganisation(d.admin, record.Organisation.ID))
}
