package app

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"guichet/app/mailbox"
	"guichet/data"
	"guichet/data/store"
	"guichet/letters"
)

// Kind tells what an Error means to who caused it.
type Kind string

// The kinds of error.
const (
	Invalid      Kind = "invalid"       // the input breaks a rule; Problems name the fields
	NotFound     Kind = "not_found"     // no such record
	Conflict     Kind = "conflict"      // the record's state does not allow it
	Forbidden    Kind = "forbidden"     // the operator's roles do not allow it
	SessionEnded Kind = "session_ended" // the operator's access changed: they sign in again
	Damaged      Kind = "damaged"       // the register's file is not whole: a backup is to be restored
	Unavailable  Kind = "unavailable"   // a server, a file or a device does not answer
	Internal     Kind = "internal"      // a defect of Guichet
)

// Error is what a use case returns when it refuses. Message is for the user:
// French, and the key of its translation; Values fill its places. The cause is
// for the log. Neither ever holds a code, a password or a token.
type Error struct {
	Kind     Kind
	Message  string
	Values   data.Values
	Problems data.Problems
	cause    error
}

func (e *Error) Error() string {
	if len(e.Problems) > 0 {
		return e.Problems.Error()
	}
	return data.Fill(e.Message, e.Values)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// KindOf is the kind of an error; Internal for errors of other packages, empty
// for nil.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Kind
	}
	return Internal
}

// refuse makes an Error of a kind.
func refuse(kind Kind, message string, values data.Values) *Error {
	return &Error{Kind: kind, Message: message, Values: values}
}

// refined turns what the lower packages return into an Error.
func refined(err error) error {
	var e *Error
	var problems data.Problems
	var address letters.AddressErrors
	var letter *letters.LetterError
	switch {
	case err == nil, errors.As(err, &e):
		return err
	case errors.Is(err, store.ErrUncertain):
		return &Error{Kind: Unavailable, Message: "Le serveur du registre n’a pas répondu à temps : vérifiez si ce que vous faisiez est enregistré avant de le refaire", cause: err}
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, store.ErrClosed):
		return &Error{Kind: Unavailable, Message: "Le registre n’a pas pu être rouvert : quittez Guichet, puis relancez-le. Il sera celui de la sauvegarde, ou resté comme avant", cause: err}
	case errors.As(err, &problems):
		return &Error{Kind: Invalid, Problems: problems, cause: err}
	case errors.As(err, &address):
		return &Error{Kind: Invalid, Problems: addressProblems(address), cause: err}
	case errors.As(err, &letter):
		return &Error{Kind: Invalid, Problems: data.Problems{{Field: letter.Field, Message: letter.Error()}}, cause: err}
	case errors.Is(err, store.ErrNotFound):
		return &Error{Kind: NotFound, Message: "Cet élément n’existe pas ou plus", cause: err}
	case errors.Is(err, store.ErrChanged):
		return &Error{Kind: Conflict, Message: "Quelqu’un a modifié cet élément entre-temps : relisez-le, puis recommencez", cause: err}
	case errors.Is(err, store.ErrClaimed):
		return &Error{Kind: Conflict, Message: "Une lettre est en cours de composition sur un autre poste : recommencez dans un moment", cause: err}
	case errors.Is(err, store.ErrTaken):
		return &Error{Kind: Conflict, Message: "Cet élément existe déjà", cause: err}
	case errors.Is(err, store.ErrDamaged):
		return &Error{Kind: Damaged, Message: "Le fichier du registre est abîmé, ou ce n’est pas un registre", cause: err}
	case errors.Is(err, store.ErrReadOnly):
		return &Error{Kind: Unavailable, Message: "Le registre ne peut pas être écrit : il faut le droit d’écrire dans son fichier et dans son dossier", cause: err}
	case store.DiskFull(err):
		return &Error{Kind: Unavailable, Message: "Le disque est plein : rien n’a été enregistré. Faites de la place, puis recommencez", cause: err}
	case store.DiskFails(err):
		return &Error{Kind: Unavailable, Message: "Le disque n’a pas pu être lu ou écrit : rien n’a été enregistré. Vérifiez-le, ainsi que le dossier du registre, puis recommencez", cause: err}
	case store.Locked(err):
		return &Error{Kind: Unavailable, Message: "Un autre programme occupe le fichier du registre : rien n’a été enregistré. Recommencez dans un moment", cause: err}
	case store.ServerRefuses(err):
		return &Error{Kind: Unavailable, Message: "Le serveur du registre refuse l’utilisateur, le mot de passe ou la base", cause: err}
	case store.ServerGone(err):
		return &Error{Kind: Unavailable, Message: "Le serveur du registre ne répond pas : rien n’a été enregistré", cause: err}
	case errors.Is(err, store.ErrUnavailable):
		return &Error{Kind: Unavailable, Message: "Le registre ne s’ouvre pas ou ne s’écrit pas : {{.Cause}}", Values: data.Values{"Cause": err}, cause: err}
	case fileError(err) != nil:
		return &Error{Kind: Unavailable, Message: "Un fichier ne se lit pas ou ne s’écrit pas : {{.Cause}}", Values: data.Values{"Cause": fileError(err)}, cause: err}
	case errors.Is(err, store.ErrOlder):
		return &Error{Kind: Unavailable, Message: "Ce registre partagé est d’une version plus ancienne de Guichet : son propriétaire doit l’ouvrir une fois avec celle-ci", cause: err}
	case errors.Is(err, store.ErrNewer):
		return &Error{Kind: Unavailable, Message: "Ce registre vient d’une version plus récente de Guichet : installez cette version", cause: err}
	}
	if message := mailMessage(err); message != "" {
		return &Error{Kind: Unavailable, Message: message, cause: err}
	}
	return &Error{Kind: Internal, Message: "Une erreur inattendue s’est produite : {{.Cause}}", Values: data.Values{"Cause": err}, cause: err}
}

// fileError is the part of an error that names a file, or two; nil when there is
// none.
func fileError(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path
	case errors.As(err, &link):
		return link
	}
	return nil
}

// mailMessage says in French what went wrong with a mail server.
func mailMessage(err error) string {
	switch {
	case errors.Is(err, mailbox.ErrRefused):
		return "Le serveur de courriel refuse le nom d’utilisateur ou le mot de passe"
	case errors.Is(err, mailbox.ErrExpired):
		return "Le code a expiré : recommencez la connexion"
	case errors.Is(err, mailbox.ErrDenied):
		return "L’accès au compte a été refusé"
	case errors.Is(err, mailbox.ErrCertificate):
		return "Le certificat du serveur de courriel n’est pas reconnu"
	case errors.Is(err, mailbox.ErrInsecure):
		return "Le serveur de courriel ne propose pas de connexion chiffrée"
	case errors.Is(err, mailbox.ErrFolder):
		return "Le dossier de la boîte ne s’ouvre pas"
	case errors.Is(err, mailbox.ErrUnreachable):
		return "Le serveur de courriel ne répond pas"
	}
	return ""
}

// addressProblems names each line of an address that breaks a rule.
func addressProblems(errs letters.AddressErrors) data.Problems {
	var problems data.Problems
	for _, e := range errs {
		problems.Add(e.Field, "ligne {{.Line}} : {{.Reason}}", data.Values{"Line": e.Line, "Reason": e.Said})
	}
	return problems
}
