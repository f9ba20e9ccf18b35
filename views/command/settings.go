package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"guichet/app"
	"guichet/data"
)

type settingsCommand struct {
	Show     settingsShowCommand     `cmd:"" default:"1" help:"Montrer les réglages."`
	Set      settingsSetCommand      `cmd:"" help:"Modifier des réglages : Mailbox.Host=imap.exemple.fr."`
	Password settingsPasswordCommand `cmd:"" help:"Garder le mot de passe de la boîte (mailbox) ou du serveur d’envoi (smarthost)."`
}

type settingsShowCommand struct{}

// Run shows the settings, as JSON in either case: it is what set changes.
func (c *settingsShowCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		settings, err := guichet.Settings(ctx)
		if err != nil {
			return err
		}
		text, err := json.MarshalIndent(settings, "", "  ")
		if err != nil {
			return err
		}
		return s.show(settings, func(w io.Writer) { fmt.Fprintln(w, string(text)) })
	})
}

type settingsSetCommand struct {
	Values []string `arg:"" placeholder:"NOM=VALEUR" help:"Les noms sont ceux que « settings » montre ; une liste se sépare par |."`
}

// Run changes settings.
func (c *settingsSetCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		settings, err := guichet.Settings(ctx)
		if err != nil {
			return err
		}
		for _, pair := range c.Values {
			name, value, found := strings.Cut(pair, "=")
			if !found {
				return misuse("un réglage s’écrit NOM=VALEUR, non « " + pair + " »")
			}
			if settings, err = withSetting(settings, strings.Split(name, "."), value); err != nil {
				return err
			}
		}
		return guichet.SaveSettings(ctx, settings)
	})
}

// withSetting sets one setting by its path of names.
func withSetting(settings data.Settings, path []string, value string) (data.Settings, error) {
	unknown := misuse("aucun réglage ne s’appelle « " + strings.Join(path, ".") + " »")
	text, err := json.Marshal(settings)
	if err != nil {
		return settings, err
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		return settings, err
	}
	group := all
	for _, name := range path[:len(path)-1] {
		inner, ok := group[name].(map[string]any)
		if !ok {
			return settings, unknown
		}
		group = inner
	}
	name := path[len(path)-1]
	former, known := group[name]
	if !known {
		return settings, unknown
	}
	switch former.(type) {
	case float64:
		number, err := strconv.Atoi(value)
		if err != nil {
			return settings, misuse("« " + strings.Join(path, ".") + " » attend un nombre")
		}
		group[name] = number
	case bool:
		if value != "true" && value != "false" {
			return settings, misuse("« " + strings.Join(path, ".") + " » attend true ou false")
		}
		group[name] = value == "true"
	case []any, nil:
		group[name] = strings.Split(value, "|")
	case string:
		group[name] = value
	default:
		return settings, unknown
	}
	if text, err = json.Marshal(all); err != nil {
		return settings, err
	}
	return settings, json.Unmarshal(text, &settings)
}

type settingsPasswordCommand struct {
	Name string `arg:"" enum:"mailbox,smarthost" placeholder:"mailbox|smarthost" help:"Lequel."`
}

// Run keeps a mail password, read from GUICHET_MAIL_PASSWORD or asked for.
func (c *settingsPasswordCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		password, err := s.secret("GUICHET_MAIL_PASSWORD", "Mot de passe")
		if err != nil {
			return err
		}
		inFile, err := guichet.SetMailPassword(ctx, c.Name, password)
		if err == nil && inFile {
			fmt.Fprintln(os.Stderr, "Cette machine n’a pas de trousseau : le mot de passe est gardé dans un fichier lisible de vous seul.")
		}
		return err
	})
}
