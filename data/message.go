package data

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"time"
)

// Direction tells who wrote a message of a ticket.
type Direction string

// The directions of a message.
const (
	Incoming Direction = "in"
	Outgoing Direction = "out"
	Note     Direction = "note" // internal
)

// Message is one mail or note of a ticket.
type Message struct {
	ID          int64
	TicketID    int64
	Direction   Direction
	MessageID   string // RFC 5322, without <>
	InReplyTo   string
	References  []string // Message-IDs, as sent
	FromName    string
	FromAddress string
	To          []string // addresses
	Cc          []string
	Author      int64 // operator who wrote it; zero: came in, or written by Guichet
	Subject     string
	SentAt      time.Time // as the mail says; zero when it does not
	ReceivedAt  time.Time // by the mailbox
	Text        string
	HTML        string // as received, never shown unsanitised
	Automatic   bool   // absence notice and the like: never answered
	Bounce      bool
	Report      string // of a bounce: address, status and what the server said
	Illegible   string // why it could not be parsed; Raw is then kept
	Raw         []byte
	Hash        []byte // of the content (§4: with MessageID, finds doubles)
	// Where the mail was fetched: a mail comes in once.
	Mailbox     string
	UIDValidity uint32
	UID         uint32
	Attachments []Attachment
	MovedFrom   int64 // the ticket that a merger took it from; zero: none
	// Of an outgoing one: where it is.
	Outbox OutboxState
}

// Attachment is a file that came with a message.
type Attachment struct {
	ID          int64
	MessageID   int64 // of the Message record
	Name        string
	ContentType string
	Size        int
	Inline      bool
	Content     []byte // empty in listings
}

// executable are the endings of files that do something when they are opened:
// those that mail programs block, scripts, disks, and documents with macros or
// that open others.
var executable = strings.Fields(`accda accdb accde accdr ade adp app appimage application appref-ms appx appxbundle apk asp aspx bas bash bat bin
	chm cmd cnt com command cpl csh deb desktop diagcab dll dmg docm dotm exe fish fxp gadget grp hlp hpj hta htc htm html img inf ins iqy iso isp
	its jar jnlp js jse ksh library-ms lnk mad maf mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw mdz mht mhtml msc msh msi msix
	msixbundle msp mst msu one onepkg oqy ops osd pcd php pif pkg pl plg potm ppam ppsm pptm prf prg ps1 ps1xml ps2 psc1 psd1 psm1 py pyc pyo pyw pyz pyzw
	rb rdp reg rpm rqy run scf scr sct search-ms searchconnector-ms settingcontent-ms sh shb shs shtml sldm slk svg swf sys terminal theme themepack tool url
	vb vbe vbp vbs vhd vhdx vsmacros vsw webloc website workflow ws wsc wsf wsh xbap xhtml xla xlam xlm xll xlsb xlsm xltm xnk zsh`)

// Executable tells whether opening the file could run a program or a script: by
// the last ending of its name, or by its content where that is known.
func (a Attachment) Executable() bool {
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(strings.TrimRight(a.Name, ". ")), "."))
	if slices.Contains(executable, ending) {
		return true
	}
	for _, magic := range []string{"MZ", "\x7fELF", "#!", "\xfe\xed\xfa", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe"} {
		if bytes.HasPrefix(a.Content, []byte(magic)) {
			return true
		}
	}
	return false
}

// quoteLines is how much of a message a reply quotes.
const quoteLines = 60

// QuotedText is a message as a reply to it quotes it, without what it quotes
// itself.
func QuotedText(m Message) string {
	own, _, _ := SplitMessage(m.Text)
	lines := strings.Split(strings.TrimSpace(own), "\n")
	if len(lines) > quoteLines {
		lines = append(lines[:quoteLines], "[…]")
	}
	return "Le " + m.when().In(Paris).Format("02/01/2006 à 15:04") + ", " + m.sender() + " a écrit :\n> " + strings.Join(lines, "\n> ")
}

// ForwardedText is a message as it is passed on, whole.
func ForwardedText(m Message) string {
	return "---------- Message transféré ----------\nDe : " + m.sender() + " <" + m.FromAddress + ">\nDate : " +
		m.when().In(Paris).Format("02/01/2006 15:04") + "\nObjet : " + m.Subject + "\n\n" + m.Text
}

// when is when the message was sent, as it says or else as it came in.
func (m Message) when() time.Time {
	if m.SentAt.IsZero() {
		return m.ReceivedAt
	}
	return m.SentAt
}

func (m Message) sender() string {
	if m.FromName == "" {
		return m.FromAddress
	}
	return m.FromName
}
