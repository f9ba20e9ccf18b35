// Package assets holds the files that Guichet carries in its binary: fonts,
// icons, translations, postal codes and the demo register's material. Each
// folder has the licence of what it holds beside it.
package assets

import "embed"

// PostalCodes is La Poste's list of postal codes: tab-separated, a header line,
// then postal code, delivery label, INSEE code and commune.
//
//go:embed postalcodes/postal-codes.tsv
var PostalCodes string

// OrganisationsAlsace is the list of Alsace's communes and groupings, as
// `guichet import organisations` reads it.
//
//go:embed organisations/alsace.csv
var OrganisationsAlsace []byte

// Translations holds one JSON catalogue a language, for Fyne's lang.
//
//go:embed translations
var Translations embed.FS

// Help holds the pages of the help, NAME.md, in a folder a language.
//
//go:embed help
var Help embed.FS

// DemoPeople are the demo register's invented names and streets, a section
// [Madame], [Monsieur], [noms], [rues] each, one a line.
//
//go:embed demo/people.txt
var DemoPeople string

// DemoRequests are the demo register's assistance requests: a section a
// heading, requests separated by a line "--".
//
//go:embed demo/requests.txt
var DemoRequests string
