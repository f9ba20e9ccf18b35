package data

import "slices"

// ReturnReason is why La Poste brought a letter back.
type ReturnReason string

// La Poste's reasons, as printed on what it returns.
const (
	UnknownAddressee ReturnReason = "unknown_addressee"
	BadAddress       ReturnReason = "bad_address"
	Refused          ReturnReason = "refused"
	Unclaimed        ReturnReason = "unclaimed"
)

// ReturnReasons are all reasons, in the order of their keys 1 to 4.
var ReturnReasons = []ReturnReason{UnknownAddressee, BadAddress, Refused, Unclaimed}

// Known tells whether it is one of La Poste's.
func (r ReturnReason) Known() bool { return slices.Contains(ReturnReasons, r) }

// Label is the reason as people read it.
func (r ReturnReason) Label() string {
	switch r {
	case UnknownAddressee:
		return "Destinataire inconnu à l’adresse"
	case BadAddress:
		return "Défaut d’accès ou d’adressage"
	case Refused:
		return "Pli refusé par le destinataire"
	case Unclaimed:
		return "Pli avisé et non réclamé"
	}
	return string(r)
}
