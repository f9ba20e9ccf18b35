package command

import (
	"context"
	"encoding/json"
	"errors"
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
	Set      settingsSetCommand      `cmd:"" help:"Modifier des réglages : Mailboxes.0.Host=imap.exemple.fr."`
	Password settingsPasswordCommand `cmd:"" help:"Garder le mot de passe d’une boîte (utilisateur@serveur) ou du serveur d’envoi (smarthost)."`
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
	Values []string `arg:"" placeholder:"NOM=VALEUR" help:"Les noms sont ceux que « settings show » montre ; une liste se sépare par |."`
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

// withSetting sets one setting by its path of names. A number in the path is
// the place in a list; the one after the last adds to it.
func withSetting(settings data.Settings, path []string, value string) (data.Settings, error) {
	text, err := json.Marshal(settings)
	if err != nil {
		return settings, err
	}
	var all any
	if err := json.Unmarshal(text, &all); err != nil {
		return settings, err
	}
	if all, err = set(all, path, value); err != nil {
		return settings, misuse(strings.ReplaceAll(err.Error(), "%", strings.Join(path, ".")))
	}
	if text, err = json.Marshal(all); err != nil {
		return settings, err
	}
	settings.Mailboxes = nil // or what a list no longer says would stay
	return settings, json.Unmarshal(text, &settings)
}

var errNoSetting = errors.New("aucun réglage ne s’appelle « % »")

// set puts a value into a tree of JSON values, by a path.
func set(tree any, path []string, value string) (any, error) {
	if len(path) == 0 {
		return setLeaf(tree, value)
	}
	switch node := tree.(type) {
	case map[string]any:
		former, known := node[path[0]]
		if !known {
			return nil, errNoSetting
		}
		if former == nil && len(path) > 1 {
			former = []any{}
		}
		changed, err := set(former, path[1:], value)
		node[path[0]] = changed
		return node, err
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i < 0 || i > len(node) || len(path) == 1 {
			return nil, errNoSetting
		}
		if i == len(node) {
			added, err := plain(data.DefaultMailbox())
			if err != nil {
				return nil, err
			}
			node = append(node, added)
		}
		node[i], err = set(node[i], path[1:], value)
		return node, err
	}
	return nil, errNoSetting
}

// plain is a value as JSON has it.
func plain(value any) (tree any, err error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return tree, json.Unmarshal(text, &tree)
}

// setLeaf reads a value as the one that it takes the place of.
func setLeaf(former any, value string) (any, error) {
	switch former.(type) {
	case float64:
		number, err := strconv.Atoi(value)
		if err != nil {
			return nil, errors.New("« % » attend un nombre")
		}
		return number, nil
	case bool:
		if value != "true" && value != "false" {
			return nil, errors.New("« % » attend true ou false")
		}
		return value == "true", nil
	case []any, nil:
		return strings.Split(value, "|"), nil
	case string:
		return value, nil
	}
	return nil, errNoSetting
}

type settingsPasswordCommand struct {
	Account string `arg:"" placeholder:"COMPTE" help:"« smarthost », ou le compte d’une boîte : utilisateur@serveur."`
}

// Run keeps a mail password, read from GUICHET_MAIL_PASSWORD or asked for.
func (c *settingsPasswordCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		name, err := passwordName(ctx, guichet, c.Account)
		if err != nil {
			return err
		}
		password, err := s.secret("GUICHET_MAIL_PASSWORD", "Mot de passe")
		if err != nil {
			return err
		}
		inFile, err := guichet.SetMailPassword(ctx, name, password)
		if err == nil && inFile {
			fmt.Fprintln(os.Stderr, "Cette machine n’a pas de trousseau : le mot de passe est gardé dans un fichier lisible de vous seul.")
		}
		return err
	})
}

// passwordName is under which name the password of an account is kept.
func passwordName(ctx context.Context, guichet *app.App, account string) (string, error) {
	if account == app.SmarthostPassword {
		return account, nil
	}
	settings, err := guichet.Settings(ctx)
	if err != nil {
		return "", err
	}
	var known []string
	for _, m := range settings.Mailboxes {
		if strings.EqualFold(m.Account(), account) {
			return app.MailboxPassword(m), nil
		}
		known = append(known, m.Account())
	}
	return "", fmt.Errorf("aucun compte ne s’appelle « %s » : %s", account, strings.Join(append(known, app.SmarthostPassword), ", "))
}
