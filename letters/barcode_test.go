package letters

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestMatrices compares the fast encoding with the library's, for references
// of one form and for changes of form.
func TestMatrices(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const check = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var matrices matrices
	for i := range 3000 {
		text := fmt.Sprintf("L%02d-%06d-%c 1/1", 20+random.IntN(12), random.IntN(1_000_000), check[random.IntN(len(check))])
		switch i % 500 {
		case 1:
			text = fmt.Sprintf("L2026-%06d-K 1/1", i)
		case 2:
			text = fmt.Sprintf("X%dé", i)
		}
		want, err := encodeMatrix(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := matrices.encode(text)
		if err != nil || got != want {
			t.Fatalf("%s: %v, or other modules than the library's", text, err)
		}
	}
}
