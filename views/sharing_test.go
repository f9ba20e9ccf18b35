package views

import (
	"net/url"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2/test"

	"guichet/app"
	"guichet/data/store/postgrestest"
)

// TestASharedRegisterIsChosenInTheWindow: from the settings to a PostgreSQL
// register, and back.
func TestASharedRegisterIsChosenInTheWindow(t *testing.T) {
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	server := postgrestest.Shared(t)
	address, err := url.Parse(server.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	password, _ := address.User.Password()
	address.User = url.User(address.User.Username())
	d := openWindow(t, app.DefaultPath())
	d.typeIn(0, "claire")
	d.typeIn(1, "Claire Martin")
	d.typeIn(2, testPassword)
	d.tap("Créer l’administrateur")
	d.tap("Plus tard")
	share := func(to, password string) {
		d.topic("Registre")
		d.tap("Registre partagé…")
		test.Type(d.entry(0), to)
		test.Type(d.entry(1), password)
		d.tap("Ouvrir ce registre")
	}
	share("register.db", "")
	d.wantRead("L’adresse s’écrit postgres://UTILISATEUR@SERVEUR/BASE")
	d.tap("Ne rien changer")
	share(address.String(), password)
	d.wantRead("Ce registre est neuf")
	if d.w.register != address.String() || app.DefaultPath() != d.w.register {
		t.Errorf("%s is open, %s is opened next", d.w.register, app.DefaultPath())
	}
	d.typeIn(0, "claire")
	d.typeIn(1, "Claire Martin")
	d.typeIn(2, testPassword)
	d.tap("Créer l’administrateur")
	d.tap("Plus tard")
	d.topic("Registre")
	d.wantRead("Registre partagé", address.Host)
	d.tap("Revenir à un registre de ce poste…")
	d.tap("Revenir à un registre de ce poste")
	if want := filepath.Join(config, "guichet", "guichet.db"); d.w.register != want {
		t.Errorf("%s is open", d.w.register)
	}
	d.signIn("claire", testPassword)
	d.wantRead("Bonjour Claire Martin")
}
