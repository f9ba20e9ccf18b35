package command

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"guichet/app"
)

type manCommand struct{}

// Run writes the manual page guichet(1), in roff, out of the commands themselves.
func (c *manCommand) Run(s *session, line *kong.Context) error {
	return writeMan(s.out, line.Model, app.Version())
}

// manEnd is what the commands' own help does not say.
const manEnd = `.SH SECRETS
Un mot de passe, un jeton ou un code ne se donne pas en argument : il est demandé, ou lu dans l’environnement.
.TP
.B GUICHET_PASSWORD
le mot de passe de l’opérateur
.TP
.B GUICHET_ACCOUNT_PASSWORD
celui d’un compte du portail
.TP
.B GUICHET_NEW_PASSWORD
celui d’un opérateur, nouveau ou provisoire
.TP
.B GUICHET_MAIL_PASSWORD
celui d’une boîte aux lettres
.TP
.B GUICHET_DB_PASSWORD\fR, \fBPGPASSWORD
celui d’un registre partagé
.TP
.B GUICHET_TOKEN\fR, \fBGUICHET_CODE1\fR, \fBGUICHET_CODE2
le jeton d’une activation, les deux codes d’une lettre
.SH "CODE DE RETOUR"
0 quand c’est fait, 1 quand c’est refusé (la raison est sur la sortie d’erreur), 2 pour une ligne de commande
qui ne se comprend pas.
.SH FICHIERS
.TP
.I ~/.config/guichet/guichet.db
le registre, sauf autre choix
.TP
.IR REGISTRE .backups/
ses sauvegardes
.TP
.IR REGISTRE .spool/
les lots à imprimer, jusqu’à leur envoi
`

// writeMan writes the manual page of a command line.
func writeMan(out io.Writer, model *kong.Application, build app.Build) error {
	w := bufio.NewWriter(out)
	date := ""
	if !build.At.IsZero() {
		date = build.At.Format("2006-01-02")
	}
	fmt.Fprintf(w, ".TH GUICHET 1 \"%s\" \"Guichet %s\"\n.ad l\n.nh\n", date, roff(build.Version))
	fmt.Fprintf(w, ".SH NOM\nguichet \\- %s\n", roff(model.Help))
	fmt.Fprint(w, ".SH SYNOPSIS\n.B guichet\n[\\fIOPTIONS\\fR] [\\fICOMMANDE\\fR]\n")
	fmt.Fprint(w, ".SH OPTIONS\nDe toutes les commandes :\n")
	writeFlags(w, model.Flags)
	fmt.Fprint(w, ".SH COMMANDES\n")
	for _, command := range model.Leaves(true) {
		writeManCommand(w, command)
	}
	fmt.Fprint(w, manEnd)
	return w.Flush()
}

func writeManCommand(w io.Writer, command *kong.Node) {
	title := command.FullPath()
	for _, argument := range command.Positional {
		title += " " + argumentSummary(argument)
	}
	fmt.Fprintf(w, ".SS \"%s\"\n%s\n", roff(title), roff(command.Help))
	for _, argument := range command.Positional {
		if argument.Help != "" {
			fmt.Fprintf(w, ".TP\n.I %s\n%s\n", roff(argumentSummary(argument)), roff(argument.Help))
		}
	}
	writeFlags(w, command.Flags)
}

// argumentSummary names an argument as its help does: LOT, [LOT], LOT...
func argumentSummary(argument *kong.Positional) string {
	name := argument.Tag.PlaceHolder
	if name == "" {
		name = strings.ToUpper(argument.Name)
	}
	if argument.IsCumulative() {
		name += "..."
	}
	if !argument.Required {
		name = "[" + name + "]"
	}
	return name
}

func writeFlags(w io.Writer, flags []*kong.Flag) {
	for _, flag := range flags {
		if flag.Hidden {
			continue
		}
		// The manual is everybody's: no register of the machine that wrote it.
		help := strings.ReplaceAll(flag.Help, app.DefaultPath(), "~/.config/guichet/guichet.db")
		if flag.Enum != "" {
			help += " (" + strings.Trim(strings.ReplaceAll(flag.Enum, ",", ", "), " ,") + ")"
		}
		if len(flag.Envs) > 0 {
			help += " (" + strings.Join(flag.Envs, ", ") + ")"
		}
		fmt.Fprintf(w, ".TP\n.B %s\n%s\n", roff(flag.String()), roff(help))
	}
}

// roff writes a text of one line so that nothing in it is an instruction.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, `"`, `\(dq`, "\n", " ").Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}
