// Package command is Guichet without a window: one command a use case, for
// scheduled jobs and for scripts. A command ends with 0 when it is done, 1 when
// it was refused, with the reason on standard error, and 2 when it was misused.
package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"guichet/app"
)

// The exit statuses.
const (
	Done    = 0
	Refused = 1
	Misused = 2
)

// Window opens the window on a register; main gives it, since only main may
// link the graphics driver.
type Window func(ctx context.Context, register string, opening app.Options, options WindowOptions) error

// WindowOptions are the window command's own flags.
type WindowOptions struct {
	Screens  string // folder for one picture a screen; empty to work
	Language string // fr or en; empty: as set on this workstation
	Operator string // who the pictures are taken as
	Password string
}

// commands are the commands of Guichet's command line.
type commands struct {
	DB        string `name:"db" placeholder:"REGISTRE" env:"GUICHET_DB" help:"Le registre : un fichier, par défaut ${register}, ou postgres://UTILISATEUR@SERVEUR/BASE."`
	Operator  string `placeholder:"NOM" env:"GUICHET_OPERATOR" help:"L’opérateur qui agit ; son mot de passe est lu dans GUICHET_PASSWORD, ou demandé."`
	NoKeyring bool   `env:"GUICHET_NO_KEYRING" help:"Garder les mots de passe de messagerie dans un fichier 0600 plutôt que dans le trousseau."`
	JSON      bool   `name:"json" help:"Écrire le résultat en JSON."`

	Window          windowCommand          `cmd:"" default:"withargs" help:"Ouvrir la fenêtre (sans autre commande)."`
	Init            initCommand            `cmd:"" help:"Créer le registre et son premier administrateur."`
	Demo            demoCommand            `cmd:"" help:"Construire le registre de démonstration."`
	Import          importCommand          `cmd:"" help:"Importer un fichier du registre, CSV ou XLSX."`
	Export          exportCommand          `cmd:"" help:"Exporter un fichier du registre."`
	Organisations   organisationsCommand   `cmd:"" help:"L’annuaire des organisations."`
	Register        registerCommand        `cmd:"" help:"Inscrire une personne et mettre sa lettre en file."`
	Activate        activateCommand        `cmd:"" help:"Activer un compte par le jeton de son courriel."`
	Accounts        accountsCommand        `cmd:"" help:"Les comptes."`
	Identifier      identifierCommand      `cmd:"" help:"Montrer l’identifiant qu’un nom donnerait."`
	Address         addressCommand         `cmd:"" help:"Les adresses postales d’un fichier, sans registre."`
	SignedIn        signedInCommand        `cmd:"" help:"Noter une connexion au portail, pour son journal."`
	EServices       eServicesCommand       `cmd:"" name:"eservices" help:"Les e-services, abonnements et permissions."`
	Sweep           sweepCommand           `cmd:"" help:"Le passage quotidien : avertissements, désactivations, codes échus."`
	Letters         lettersCommand         `cmd:"" help:"La file, les lots de lettres, leur impression et leur envoi."`
	Confirm         confirmCommand         `cmd:"" help:"Saisir les codes d’une lettre."`
	Fetch           fetchCommand           `cmd:"" help:"Relever la boîte aux lettres."`
	Send            sendCommand            `cmd:"" help:"Envoyer les courriels en attente."`
	Mail            mailCommand            `cmd:"" help:"Un courriel, sans registre."`
	Tickets         ticketsCommand         `cmd:"" help:"Lister les demandes d’assistance."`
	Settings        settingsCommand        `cmd:"" help:"Lire et modifier les réglages."`
	Audit           auditCommand           `cmd:"" help:"Vérifier ou exporter le journal."`
	Operators       operatorsCommand       `cmd:"" help:"Les opérateurs et leurs rôles."`
	Backup          backupCommand          `cmd:"" help:"Sauvegarder le registre, et vérifier la sauvegarde."`
	Restore         restoreCommand         `cmd:"" help:"Regarder une sauvegarde, ou la remettre à la place du registre."`
	SharedPassword  sharedPasswordCommand  `cmd:"" help:"Garder le mot de passe du registre partagé, lu dans GUICHET_DB_PASSWORD, ou demandé."`
	MigrateRegister migrateRegisterCommand `cmd:"" help:"Déplacer un registre d’un fichier vers PostgreSQL, ou l’inverse, en vérifiant chaque ligne."`
	Privacy         privacyCommand         `cmd:"" help:"Conservation des données, purge, demande d’accès."`
	Version         versionCommand         `cmd:"" help:"Dire de quelle version est ce programme."`
	Man             manCommand             `cmd:"" hidden:"" help:"Écrire la page de manuel guichet(1)."`
	ServeDemoMail   serveDemoMailCommand   `cmd:"" help:"Servir une boîte IMAP de démonstration sur cette machine."`
}

// session is what a command runs with.
type session struct {
	ctx      context.Context
	commands *commands
	window   Window
	options  app.Options
	in       *os.File
	out      io.Writer
}

// settings are the command line's own: its name, and what its help refers to.
func settings() []kong.Option {
	return []kong.Option{
		kong.Name("guichet"),
		kong.Description("Le poste de travail du portail e-services : courrier, assistance, annuaire."),
		kong.PostBuild(func(k *kong.Kong) error {
			k.Model.HelpFlag.Help = "Montrer l’aide."
			return nil
		}),
		kong.Vars{"register": app.DefaultPath(), "demo_mail": fmt.Sprintf("127.0.0.1:%d", app.DemoMailPort), "demo_smtp": fmt.Sprintf("127.0.0.1:%d", app.DemoSMTPPort)},
	}
}

// Main runs the command line and returns the exit status.
func Main(args []string, window Window) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var parsed commands
	parser, err := kong.New(&parsed, settings()...)
	if err != nil {
		fmt.Fprintln(os.Stderr, "guichet :", err)
		return Misused
	}
	line, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "guichet :", err)
		fmt.Fprintln(os.Stderr, "« guichet --help » montre les commandes.")
		return Misused
	}
	if parsed.DB == "" {
		parsed.DB = app.DefaultPath()
	}
	if address, err := url.Parse(parsed.DB); err == nil && app.IsShared(parsed.DB) && slices.ContainsFunc(args, func(arg string) bool { return strings.Contains(arg, parsed.DB) }) {
		if _, has := address.User.Password(); has { // every process of the machine reads arguments
			fmt.Fprintln(os.Stderr, "guichet : l’adresse du registre ne porte pas de mot de passe : « guichet shared-password » le garde, ou PGPASSWORD")
			return Misused
		}
	}
	s := &session{
		ctx: ctx, commands: &parsed, window: window, in: os.Stdin, out: os.Stdout,
		options: app.Options{NoKeyring: parsed.NoKeyring},
	}
	if err := line.Run(s); err != nil {
		fmt.Fprintln(os.Stderr, "guichet :", err)
		var misuse misuse
		if errors.As(err, &misuse) {
			return Misused
		}
		return Refused
	}
	return Done
}

// misuse is a command line that cannot be understood.
type misuse string

func (m misuse) Error() string { return string(m) }

// open opens the register and signs the operator in; the context that it
// returns acts for them.
func (s *session) open() (context.Context, *register, error) {
	if _, err := os.Stat(s.commands.DB); err != nil && !app.IsShared(s.commands.DB) {
		return s.ctx, nil, fmt.Errorf("pas de registre à %s : « guichet init » le crée, « guichet demo » en construit un d’essai", s.commands.DB)
	}
	guichet, err := s.openRegister()
	if err != nil {
		return s.ctx, nil, err
	}
	if s.commands.Operator == "" {
		return s.ctx, nil, errors.Join(misuse("il faut dire qui agit : --operator NOM"), guichet.Close())
	}
	password, err := s.secret("GUICHET_PASSWORD", "Mot de passe de "+s.commands.Operator)
	if err != nil {
		return s.ctx, nil, errors.Join(err, guichet.Close())
	}
	signed, err := guichet.SignIn(s.ctx, s.commands.Operator, password)
	if err != nil {
		return s.ctx, nil, errors.Join(err, guichet.Close())
	}
	return app.As(s.ctx, signed.Operator), guichet, nil
}

// openRegister opens the register for this command alone, until it is closed.
func (s *session) openRegister() (*register, error) {
	instance, err := app.HoldRegister(s.ctx, s.commands.DB, false)
	if err != nil {
		return nil, err
	}
	guichet, err := app.Open(s.ctx, s.commands.DB, s.options)
	if err != nil {
		return nil, errors.Join(err, instance.Release())
	}
	return &register{guichet, instance}, nil
}

// register is an open register that no other process has.
type register struct {
	*app.App
	instance *app.Instance
}

// Close closes the register and lets other processes have it.
func (r *register) Close() error { return errors.Join(r.App.Close(), r.instance.Release()) }

// with runs a use case on the register, for the operator.
func (s *session) with(do func(ctx context.Context, guichet *app.App) error) error {
	ctx, guichet, err := s.open()
	if err != nil {
		return err
	}
	return errors.Join(do(ctx, guichet.App), guichet.Close())
}

// secret reads a secret from the environment, or asks for it: never from the
// arguments, which every process of the machine can read.
func (s *session) secret(variable, question string) (string, error) {
	if value, set := os.LookupEnv(variable); set {
		return value, nil
	}
	fmt.Fprint(os.Stderr, question, " : ")
	if term.IsTerminal(int(s.in.Fd())) {
		typed, err := term.ReadPassword(int(s.in.Fd()))
		fmt.Fprintln(os.Stderr)
		return string(typed), err
	}
	return s.line()
}

// line reads one line of standard input, a byte at a time: what follows
// belongs to the next question.
func (s *session) line() (string, error) {
	var line strings.Builder
	b := make([]byte, 1)
	for {
		n, err := s.in.Read(b)
		switch {
		case n == 1 && b[0] == '\n': // #nosec G602 -- n is 1: b has one byte
			return strings.TrimSuffix(line.String(), "\r"), nil
		case n == 1:
			line.WriteByte(b[0]) // #nosec G602 -- n is 1: b has one byte
		case errors.Is(err, io.EOF) && line.Len() > 0:
			return line.String(), nil
		case err != nil:
			return "", fmt.Errorf("rien à lire sur l’entrée standard : %w", err)
		}
	}
}

// writeFile writes a file that only its owner reads. Refused, it leaves what was
// there before.
func writeFile(name string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".guichet-*")
	if err != nil {
		return err
	}
	if err = errors.Join(write(file), file.Close()); err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// show writes a result: as JSON when asked for, otherwise as text.
func (s *session) show(result any, text func(w io.Writer)) error {
	if !s.commands.JSON {
		text(s.out)
		return nil
	}
	encoder := json.NewEncoder(s.out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(result)
}
