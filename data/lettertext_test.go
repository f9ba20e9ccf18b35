package data

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLetterTextOr(t *testing.T) {
	got := LetterText{Opening: "A", Effect: " "}.Or(LetterText{"s", "o", "e", "c"})
	if diff := cmp.Diff(LetterText{"s", "A", "e", "c"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestLetterTextsInJSON(t *testing.T) {
	texts := LetterTexts{ReissueText: {Subject: "nouveaux codes"}}
	raw, err := json.Marshal(texts)
	if err != nil || string(raw) != `{"reissue":{"subject":"nouveaux codes"}}` {
		t.Errorf("%s, %v", raw, err)
	}
	var back LetterTexts
	if err := json.Unmarshal(raw, &back); err != nil || cmp.Diff(texts, back) != "" {
		t.Errorf("%v, %v", back, err)
	}
	for _, kind := range LetterTextKinds {
		if kind.Label() == string(kind) {
			t.Errorf("%s has no label", kind)
		}
	}
}
