package data

import (
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// maxWord is the longest word that is indexed: beyond, it is no word.
const maxWord = 40

// SearchWords are the words of a text, folded, each once, in the order of their
// first place: what a search compares.
func SearchWords(text string) []string {
	text = Fold(text)
	seen := newWordSet(len(text) / 12)
	for start, end := 0, 0; start < len(text); start = end {
		var hash uint32
		end, hash = wordEnd(text, start)
		if end == start { // no word begins here
			_, size := utf8.DecodeRuneInString(text[start:])
			end += size
		} else if end-start <= maxWord {
			seen.add(text[start:end], hash)
		}
	}
	return seen.words
}

// wordEnd is where the word that begins at a place of a folded text ends, and
// its hash; the place itself where none begins.
func wordEnd(text string, start int) (end int, hash uint32) {
	hash = 2166136261 // FNV-1a
	for end = start; end < len(text); {
		b := text[end]
		if b >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[end:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				return end, hash
			}
			hash = (hash ^ uint32(r)) * 16777619
			end += size
			continue
		}
		if !wordSymbols[b] {
			return end, hash
		}
		hash = (hash ^ uint32(b)) * 16777619
		end++
	}
	return end, hash
}

// wordSymbols are the letters and digits of ASCII in a folded text.
var wordSymbols = func() (symbols [utf8.RuneSelf]bool) {
	for b := range symbols {
		symbols[b] = b >= 'a' && b <= 'z' || b >= '0' && b <= '9'
	}
	return symbols
}()

// wordSet are words, each once, in the order in which they came. A map takes
// three times as long, and every mail that comes in goes through here.
type wordSet struct {
	words []string
	slots []int32 // by hash: the word's place in words, from 1; a power of two of them
}

func newWordSet(expected int) *wordSet {
	return &wordSet{slots: make([]int32, 1<<bits.Len(uint(max(64, 2*expected))))} // #nosec G115 -- a message’s words are far fewer
}

func (s *wordSet) add(word string, hash uint32) {
	mask := uint32(len(s.slots) - 1) // #nosec G115 -- a message’s words are far fewer
	slot := hash & mask
	for ; s.slots[slot] != 0; slot = (slot + 1) & mask {
		if s.words[s.slots[slot]-1] == word {
			return
		}
	}
	s.words = append(s.words, word)
	s.slots[slot] = int32(len(s.words)) // #nosec G115 -- a message’s words are far fewer
	if 2*len(s.words) > len(s.slots) {
		s.grow()
	}
}

func (s *wordSet) grow() {
	larger := wordSet{slots: make([]int32, 2*len(s.slots))}
	for _, word := range s.words {
		_, hash := wordEnd(word, 0)
		larger.add(word, hash)
	}
	*s = larger
}
