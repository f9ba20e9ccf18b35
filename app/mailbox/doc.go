// Package mailbox reads mail by IMAP, parses it, and sends mail by SMTP.
//
// It knows nothing of tickets: it hands raw mails over with the cursor to be stored beside them, says what a raw mail
// holds, and hands one mail to a smarthost.
package mailbox
