package data

// Address is where an organisation receives post, kept in the parts that the
// standard (NF Z10-011) puts on lines of their own. Package letters sets them
// in lines; nothing here is abbreviated or put in capitals.
type Address struct {
	// Complement is line 3: building, entrance, residence.
	Complement string
	// Street is line 4: number and street. A small commune may have none.
	Street string
	// Distribution is line 5: BP, CS or hamlet (lieu-dit).
	Distribution string
	// PostalCode and City are line 6; City is La Poste's delivery label
	// (libellé d'acheminement), CEDEX included where there is one.
	PostalCode string
	City       string
	// Country is empty for France; abroad it is the last line, in capitals.
	Country string
}

// IsZero reports whether nothing of the address is known.
func (a Address) IsZero() bool { return a == Address{} }
