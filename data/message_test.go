package data

import (
	"strings"
	"testing"
)

// TestExecutable: what mail programs block, opens after a question only; what people send each day opens at once.
func TestExecutable(t *testing.T) {
	for _, name := range strings.Fields("note.one Facture.ISO compte.jnlp x.library-ms bureau.RDP requete.iqy x.slk budget.xlsb a.diagcab a.appref-ms base.accdb a.webloc a.terminal a.pyw a.ps1xml a.exe. a.docm page.xhtml") {
		if !(Attachment{Name: name}).Executable() {
			t.Errorf("%s opens at once", name)
		}
	}
	for _, name := range strings.Fields("lettre.docx lettre.doc tableau.xlsx budget.xls diapo.pptx délibération.odt scan.pdf photo.jpg a.zip texte.txt a.csv smime.p7s cle.asc carte.vcf invitation.ics demande.eml winmail.dat exe") {
		if (Attachment{Name: name}).Executable() {
			t.Errorf("%s opens after a question", name)
		}
	}
}
