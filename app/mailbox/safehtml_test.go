package mailbox

import (
	"strings"
	"testing"
	"time"
)

func TestSafeHTML(t *testing.T) {
	for source, want := range map[string]string{
		"": "",
		`<p onclick="x()">Bonjour <b>Marie</b></p><script>alert(1)</script>`:  `<p>Bonjour <b>Marie</b></p> `,
		`<img src="https://suivi.example/p.gif"><img src="cid:logo">a`:        `  a`,
		`<a href="https://portail.example" target=_blank>ici</a>`:             `<a href="https://portail.example">ici</a>`,
		`<a href="javascript:alert(1)">ici</a>`:                               ` ici `,
		`<a href="/relatif">ici</a>`:                                          ` ici `,
		`<a href="mailto:aide@portail.example">écrire</a>`:                    `<a href="mailto:aide@portail.example">écrire</a>`,
		`<style>p{background:url(https://suivi.example)}</style><p>a</p>`:     ` <p>a</p>`,
		`<ul><li>un</li></ul><table><tr><td>1</td></tr></table>`:              `<ul><li>un</li></ul><table><tr><td>1</td></tr></table>`,
		`<form action="https://x.example"><input name=a>b</form>`:             `  b `,
		`<iframe src="https://x.example"></iframe><object data=x>c</object>d`: `d`,
	} {
		if got := SafeHTML(source); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
			t.Errorf("%q gives %q, want %q", source, got, want)
		}
	}
}

// TestSafeHTMLIsBounded gives it 2 MB of nested tags, which must not take
// longer than a person waits, whatever the machine.
func TestSafeHTMLIsBounded(t *testing.T) {
	start := time.Now()
	SafeHTML(strings.Repeat("<blockquote>", 2<<20/12))
	SafeHTML(strings.Repeat("<a href=x>", 2<<20/10))
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
}

// FuzzSafeHTML looks for what would run or load something.
func FuzzSafeHTML(f *testing.F) {
	f.Add(`<p onclick="x()">a<img src=x onerror=y><script>z</script>`)
	f.Add(`<a href="java&#115;cript:x">b</a><svg/onload=x>`)
	f.Fuzz(func(t *testing.T, source string) {
		safe := strings.ToLower(SafeHTML(source))
		for _, bad := range []string{"<script", "<img", "<iframe", "<object", "<svg", "<style", "<link", "<meta", "href=\"javascript", "<form"} {
			if strings.Contains(safe, bad) {
				t.Errorf("%q gives %q", source, safe)
			}
		}
	})
}
