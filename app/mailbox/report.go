package mailbox

// DeliveryReport is what a bounce says of the mail that came back.
type DeliveryReport struct {
	OriginalID string // Message-ID of the mail, without <>; "" when not told
	Recipient  string
	Status     string // enhanced status code: 5.1.1
	Action     string // failed, delayed…
	Diagnostic string // what the server said
	Permanent  bool
}
