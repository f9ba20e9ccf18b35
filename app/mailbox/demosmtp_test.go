package mailbox

import (
	"context"
	"net"
	"testing"
	"time"
)

// TestServeDemoSMTP takes a mail, and stops with its context.
func TestServeDemoSMTP(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- ServeDemoSMTP(ctx, free.Addr().String()) }()
	host := Smarthost{Host: "127.0.0.1", Port: port, Security: SecurityNone, Timeout: 5 * time.Second}
	mail := Outgoing{
		MessageID: "1@portail.example", From: Address{Address: "a@portail.example"}, To: []Address{{Address: "b@mairie.example"}},
		Subject: "Essai", Text: "Bonjour\n", Date: time.Now(),
	}
	deadline := time.Now().Add(10 * time.Second)
	for err = Send(ctx, host, mail); err != nil && time.Now().Before(deadline); {
		err = Send(ctx, host, mail) // it may not listen yet
	}
	if err != nil {
		t.Error(err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := ServeDemoSMTP(context.Background(), "0.0.0.0:0"); err == nil {
		t.Error("it serves the network")
	}
}
