package data

// SplitMessage parts a mail's text into what its writer wrote, what they quoted
// and their signature.
func SplitMessage(text string) (own, quoted, signature string) { return text, "", "" }
