package data

import "time"

// DirectoryOrder is what the directory is sorted by.
type DirectoryOrder string

// The orders of the directory; the name decides between equals.
const (
	ByName          DirectoryOrder = "name"
	ByPostalCode    DirectoryOrder = "postal_code"
	ByCity          DirectoryOrder = "city"
	ByAdministrator DirectoryOrder = "administrator"
	ByAccounts      DirectoryOrder = "accounts"
	ByPending       DirectoryOrder = "pending"
)

// DirectoryFilter chooses organisations; the zero value is all that are not
// archived.
type DirectoryFilter struct {
	Text            string           // every word begins a word of the organisation or its accounts
	Kind            OrganisationKind // empty: any
	Archived        bool             // only the archived ones
	Pending         bool             // a registration waits for its validation
	NoAdministrator bool             // none active
	AddressDoubted  bool             // a letter came back from the address
	// PostedBy keeps the organisations with a letter posted by then and not
	// confirmed; zero: any.
	PostedBy   time.Time
	Order      DirectoryOrder // empty: by name
	Descending bool
}
