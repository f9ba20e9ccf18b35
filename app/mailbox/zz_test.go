package mailbox
import ("testing";"strings";"fmt")
func BenchmarkZZParse(b *testing.B) {
	raw := []byte("From: =?utf-8?q?Ren=C3=A9e?= <a@b.fr>\r\nTo: Assistance <aide@portail.example>\r\nSubject: Bonjour\r\nMessage-ID: <1@b.fr>\r\nDate: Tue, 24 Nov 2026 08:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + strings.Repeat("Bonjour, je vous écris au sujet de la lettre des codes, qui n’est pas arrivée.\r\n", 130))
	b.SetBytes(int64(len(raw)))
	fmt.Println(len(raw))
	for b.Loop() { Parse(raw) }
}
