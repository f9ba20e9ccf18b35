// Package accounttest has tests' servers run as an account without privileges:
// Dovecot and PostgreSQL do not run as root.
package accounttest

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
)

// Account is an account of this machine. Of a nil one, which stands for the
// tests' own, the methods do nothing.
type Account struct{ UID, GID int }

// Find finds the account that a server runs as, by its name, when the tests run
// as root; nil otherwise.
func Find(name string) (*Account, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	found, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(found.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(found.Gid)
	return &Account{uid, gid}, err
}

// Own makes it the owner of files.
func (a *Account) Own(paths ...string) error {
	if a == nil {
		return nil
	}
	for _, path := range paths {
		if err := os.Chown(path, a.UID, a.GID); err != nil {
			return err
		}
	}
	return nil
}

// Run has a command run as the account, without further groups.
func (a *Account) Run(command *exec.Cmd) {
	if a != nil {
		a.run(command)
	}
}
