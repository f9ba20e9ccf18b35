package app

import "guichet/letters"

// Place is what an address's line 6 may say: a postal code with one of its
// delivery labels.
type Place = letters.Place

// suggestedPlaces is how many places are offered while one is typed.
const suggestedPlaces = 8

// SuggestPlaces are the places that begin as typed: a postal code, or words of
// a town's name; the likeliest first. It reads nothing of the register.
func (a *App) SuggestPlaces(typed string) []Place {
	return letters.SuggestPlaces(typed, suggestedPlaces)
}
