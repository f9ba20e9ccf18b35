package letters

import (
	"slices"
	"strings"
	"testing"

	"guichet/assets"
	"guichet/data"
)

func TestKnownDeliveryAcceptsEveryRow(t *testing.T) {
	rows := 0
	for row := range strings.Lines(assets.PostalCodes) {
		fields := strings.Split(strings.TrimRight(row, "\r\n"), "\t")
		if fields[0] == "postal_code" {
			continue
		}
		rows++
		code, label := fields[0], fields[1]
		if !KnownDelivery(code, label) || !KnownDelivery(code, strings.ToLower(label)) {
			t.Errorf("%s %s refused", code, label)
		}
		if !slices.Contains(DeliveryLabels(code), label) {
			t.Errorf("%s lacks %s", code, label)
		}
		lines, err := Lines(recipient("Commune", data.Address{PostalCode: code, City: label}))
		if err != nil || lines[2] != code+" "+label {
			t.Errorf("%s %s: %q, %v", code, label, lines, err)
		}
	}
	if rows != 35684 {
		t.Errorf("%d rows", rows)
	}
}

// TestKnownDeliveryAcceptsEveryCommune: a commune's name, as INSEE writes it,
// stands for its label.
func TestKnownDeliveryAcceptsEveryCommune(t *testing.T) {
	renamed := 0
	for code, rows := range deliveries() {
		for _, row := range rows {
			got, ok := delivery(code, row.commune)
			if !ok {
				t.Errorf("%s %s refused", code, row.commune)
				continue
			}
			if width(code+" "+got) > lineWidth {
				t.Errorf("%s %s: %s is too long", code, row.commune, got)
			}
			if labelKey(got) != labelKey(row.commune) {
				renamed++
				if labels := communeLabels(rows, labelKey(row.commune)); !slices.Equal(labels, []string{got}) {
					t.Errorf("%s %s: got %s of %q", code, row.commune, got, labels)
				}
			}
		}
	}
	if renamed < 100 {
		t.Errorf("only %d communes have another label", renamed)
	}
}

func TestDeliveryLabels(t *testing.T) {
	if got, want := DeliveryLabels("20200"), []string{
		"BASTIA", "SAN MARTINO DI LOTA", "SANTA MARIA DI LOTA", "VILLE DI PIETRABUGNO",
	}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := DeliveryLabels("67999"); got != nil {
		t.Errorf("got %q for an unknown code", got)
	}
	DeliveryLabels("67000")[0] = "changed"
	if got := DeliveryLabels("67000"); got[0] == "changed" {
		t.Error("the table was changed through its copy")
	}
}

func TestKnownDelivery(t *testing.T) {
	tests := []struct {
		code, label string
		want        bool
	}{
		{"67000", "STRASBOURG", true},
		{"67000", "strasbourg", true},
		{"67000", "COLMAR", false},
		{"67085", "STRASBOURG CEDEX", true},
		{"67085", "STRASBOURG CEDEX 9", true},
		{"67085", "STRASBOURG CEDEX 123", false},
		{"67085", "STRASBOURG CEDEX A", false},
		{"75008", "Paris Cedex08", true},
		{"67085", "CEDEX", false},
		{"98714", "Papeete", true},
		{"98000", "Monaco", true},
		{"97133", "Gustavia", true},
		{"97150", "Saint-Martin", true},
		{"98714", "", false},
		{"98714", "Папеэте", false},
		{"97436", "Saint-Leu", true},
		{"97416", "Saint-Leu", true},
		{"78110", "Le Vésinet", true},
		{"67085", "STRASBOURG", false},
		{"97490", "SAINTE-CLOTILDE CEDEX", true},
		{"98999", "NOUMEA CEDEX", false},
		{"00000", "NULLE PART CEDEX", false},
		{"", "", false},
		{"67000", "", false},
		{"postal_code", "delivery_label", false},
	}
	for _, test := range tests {
		if got := KnownDelivery(test.code, test.label); got != test.want {
			t.Errorf("%s %s: got %v", test.code, test.label, got)
		}
	}
}
