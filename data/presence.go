package data

import "time"

// Presence is an operator who has a ticket on the screen.
type Presence struct {
	OperatorID int64
	Name       string
	Writing    bool // has a draft under way
	SeenAt     time.Time
}

// PresenceDelay is how long somebody who was seen on a ticket counts as there.
const PresenceDelay = 30 * time.Second
