package views

import (
	"fyne.io/fyne/v2/lang"

	"guichet/data"
)

// directoryOrders are what the columns sort by.
var directoryOrders = []data.DirectoryOrder{data.ByName, data.ByPostalCode, data.ByAdministrator, data.ByAccounts, data.ByPending}

func directoryColumns() []column[data.OrganisationSummary] {
	type summary = data.OrganisationSummary
	return []column[summary]{
		{title: lang.L("Organisation"), width: 172, grow: 3, text: func(s summary) string { return s.Name }, icon: doubtIcon},
		{title: lang.L("CP"), width: 68, text: func(s summary) string { return dash(s.Address.PostalCode) }},
		{title: lang.L("Administrateur"), width: 98, grow: 2, text: func(s summary) string { return dash(s.Administrator.Name()) }},
		{title: lang.L("Comptes"), width: 74, right: true, text: func(s summary) string { return number(s.Accounts) }},
		{
			title: lang.L("Attente"), width: 66, right: true, bold: func(summary) bool { return true },
			text: func(s summary) string {
				if s.PendingRequests == 0 {
					return ""
				}
				return number(s.PendingRequests)
			},
		},
	}
}
