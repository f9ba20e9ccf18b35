package app

import (
	"context"

	"guichet/data"
)

// The groups of roles that use cases are for.
var (
	everybody   = data.Roles
	staff       = data.WorkRoles
	onlyMail    = []data.Role{data.MailRoom}
	onTheMail   = []data.Role{data.MailRoom, data.Administrator}
	seesLetters = []data.Role{data.MailRoom, data.Administrator, data.Reader}
	onlyHelp    = []data.Role{data.HelpDesk}
	onTickets   = []data.Role{data.HelpDesk, data.Administrator}
	seesTickets = []data.Role{data.HelpDesk, data.Administrator, data.Reader}
	onlyAdmin   = []data.Role{data.Administrator}
)

// useCases says which roles may do what: each of App's methods that takes an
// operator's context stands here under its name, and nowhere else is a role
// asked for. A reader looks and changes nothing.
var useCases = map[string][]data.Role{
	// The desk
	"Counts":       everybody,
	"Home":         everybody,
	"Find":         everybody,
	"WatchChanges": everybody,
	"Settings":     everybody,
	"Logo":         everybody,
	"Mailbox":      everybody,

	// Organisations and accounts
	"FindOrganisations":     everybody,
	"Directory":             everybody,
	"CountDirectory":        everybody,
	"Organisation":          everybody,
	"FindAccounts":          everybody,
	"Account":               everybody,
	"PreviewIdentifier":     everybody,
	"EServices":             everybody,
	"Permissions":           everybody,
	"AddOrganisation":       onlyAdmin,
	"UpdateOrganisation":    onTheMail,
	"EditOrganisation":      onTheMail,
	"AppointRepresentative": onlyAdmin,
	"MergeOrganisations":    onlyAdmin,
	"ArchiveOrganisation":   onlyAdmin,
	"Import":                onlyAdmin,
	"Export":                onlyAdmin,
	"ExportTable":           staff, // what they see anyway, on the record
	"Register":              onTickets,
	"Activate":              staff,
	"RenewActivation":       onTickets,
	"ValidateAccount":       onTickets,
	"InvalidateAccount":     onTickets,
	"RecordSignIn":          onTickets,
	"SetAccountPassword":    onTickets,
	"Reactivate":            onlyHelp,
	"RequestSuccession":     onTickets,
	"AddEService":           onlyAdmin,
	"UpdateEService":        onlyAdmin,
	"Subscribe":             onlyAdmin,
	"EndSubscription":       onlyAdmin,
	"GrantPermission":       onlyAdmin,
	"RevokePermission":      onlyAdmin,

	// Letters
	"Queue":            everybody,
	"Batches":          everybody,
	"Letters":          everybody,
	"FollowUp":         everybody,
	"ToSendAgain":      everybody,
	"PreviewLetter":    seesLetters,
	"PreviewDesign":    onTheMail,
	"DepositSlip":      seesLetters,
	"SheetsToPull":     onTheMail,
	"WriteDepositSlip": onTheMail,
	"ExportLetters":    onTheMail,
	"AddressChecked":   onTheMail,
	"Compose":          onlyMail,
	"BatchFiles":       onlyMail,
	"PreviewSheet":     onlyMail, // its codes can be read
	"Print":            onlyMail,
	"PrintJobs":        onlyMail,
	"FindSheet":        onlyMail,
	"MarkPrinted":      onlyMail,
	"MarkPosted":       onlyMail,
	"CancelBatch":      onlyMail,
	"ReturnLetter":     onlyMail,
	"UndoReturn":       onlyMail,
	"ReissueLetter":    staff,
	"Confirm":          onTickets,
	"Printers":         onTheMail,
	"SetPrinterOffset": onTheMail,
	"PrintCalibration": onTheMail,
	"WriteCalibration": onTheMail,
	"Sweep":            onTickets,
	"SendOutgoing":     staff,
	"DemoMails":        everybody,

	// Tickets
	"TicketPage":        seesTickets,
	"Tickets":           seesTickets,
	"Ticket":            seesTickets,
	"TicketByNumber":    seesTickets,
	"CountTickets":      seesTickets,
	"CountTicketViews":  seesTickets,
	"SearchTickets":     seesTickets,
	"SavedSearches":     seesTickets,
	"Attachment":        seesTickets,
	"PreviewAttachment": seesTickets,
	"OpenAttachment":    seesTickets,
	"Agents":            seesTickets,
	"Figures":           seesTickets,
	"FailedOutgoing":    seesTickets,
	"Fetch":             onTickets,
	"WatchMail":         onTickets,
	"SaveSearch":        onTickets,
	"DropSearch":        onTickets,
	"ExportTickets":     onTickets,
	"ExportFigures":     onTickets,
	"ChangeTicket":      onTickets,
	"ChangeTickets":     onTickets,
	"MergeTickets":      onTickets,
	"UnmergeTicket":     onTickets,
	"UndoTicketChanges": onTickets,
	"SplitTicket":       onTickets,
	"Presence":          onTickets,
	"StockAnswers":      onTickets,
	"FillAnswer":        onTickets,
	"SaveDraft":         onTickets,
	"DropDraft":         onTickets,
	"AddDraftFile":      onTickets,
	"RemoveDraftFile":   onTickets,
	"ForwardDraft":      onTickets,
	"Reply":             onTickets,
	"UndoReply":         onTickets,
	"AddNote":           onTickets,
	"RetryOutgoing":     onTickets,
	"DropOutgoing":      onTickets,
	"ActOnTicket":       onlyHelp,
	"CorrectAddress":    onlyHelp,

	// Settings
	"SaveSettings":      onlyAdmin,
	"SaveDesign":        onlyAdmin,
	"SetMailPassword":   onlyAdmin,
	"CheckMailbox":      onlyAdmin,
	"CheckSmarthost":    onlyAdmin,
	"CheckRegister":     onlyAdmin,
	"CheckBackupFolder": onlyAdmin,
	"BeginMailLogin":    onlyAdmin,
	"FinishMailLogin":   onlyAdmin,

	"PlanPurge":     onlyAdmin,
	"Purge":         onlyAdmin,
	"FindPeople":    onlyAdmin,
	"ErasePerson":   onlyAdmin,
	"PersonalData":  onlyAdmin,
	"BackUp":        onlyAdmin,
	"BackUpDaily":   everybody, // Guichet itself does it
	"Backups":       onlyAdmin,
	"RestoreBackup": onlyAdmin,

	// Operators and the audit
	"ChangePassword":  everybody,
	"Operators":       onlyAdmin,
	"CreateOperator":  onlyAdmin, // the first one apart
	"UpdateOperator":  onlyAdmin,
	"DisableOperator": onlyAdmin,
	"EnableOperator":  onlyAdmin,
	"ResetOperator":   onlyAdmin,
	"Audit":           onlyAdmin,
	"CountAudit":      onlyAdmin,
	"AuditedRecord":   onlyAdmin,
	"ExportAudit":     onlyAdmin,
	"VerifyAudit":     onlyAdmin,
	"History":         seesTickets,
}

// May tells whether an operator's roles allow a use case, by its method's name:
// what they do not allow, a screen does not offer.
func May(operator data.Operator, useCase string) bool {
	return operator.DisabledAt.IsZero() && operator.Has(useCases[useCase]...)
}

// allow returns the operator a use case is done by: Forbidden unless their
// roles allow it.
func allow(ctx context.Context, useCase string) (data.Operator, error) {
	operator, ok := OperatorOf(ctx)
	switch {
	case !ok || !operator.DisabledAt.IsZero():
		return data.Operator{}, refuse(Forbidden, "Ouvrez d’abord une session", nil)
	case operator.MustChange && useCase != "ChangePassword":
		return data.Operator{}, refuse(Forbidden, "Choisissez d’abord votre mot de passe", nil)
	case !May(operator, useCase):
		return data.Operator{}, refuse(Forbidden, "Votre rôle ne permet pas cette action", nil)
	}
	return operator, nil
}
