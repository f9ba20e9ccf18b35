package command

import (
	"fmt"
	"io"
	"os"

	"guichet/app"
)

type sharedPasswordCommand struct{}

// Run keeps the password of the shared register's database.
func (c *sharedPasswordCommand) Run(s *session) error {
	if !app.IsShared(s.commands.DB) {
		return misuse("il faut l’adresse d’un registre partagé : --db postgres://UTILISATEUR@SERVEUR/BASE")
	}
	password, err := s.secret("GUICHET_DB_PASSWORD", "Mot de passe du registre partagé")
	if err != nil {
		return err
	}
	inFile, err := app.KeepRegisterPassword(s.commands.DB, password, s.options)
	if err != nil {
		return err
	}
	if inFile {
		fmt.Fprintln(os.Stderr, "Ce poste n’a pas de trousseau : le mot de passe est dans un fichier que son seul propriétaire lit.")
	}
	return s.show(map[string]any{"in_file": inFile}, func(w io.Writer) { fmt.Fprintln(w, "Mot de passe gardé") })
}
