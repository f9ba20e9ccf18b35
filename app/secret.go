package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/zalando/go-keyring"
)

// secretKeeper keeps mail passwords: in the system's keyring or, where there
// is none, in a file beside the register that only its owner reads.
type secretKeeper struct {
	service   string
	file      string
	noKeyring bool
	writing   *sync.Mutex
}

func newSecretKeeper(registerPath string, noKeyring bool) secretKeeper {
	return secretKeeper{service: "guichet " + registerPath, file: registerPath + ".secrets", noKeyring: noKeyring, writing: &sync.Mutex{}}
}

// get is a secret; empty when none was kept.
func (k secretKeeper) get(name string) (string, error) {
	if !k.noKeyring {
		secret, err := keyring.Get(k.service, name)
		if err == nil {
			return secret, nil
		}
	}
	kept, err := k.read()
	return kept[name], err
}

// set keeps a secret. inFile tells that there is no keyring, so that it stands
// in the file: the user is to be warned.
func (k secretKeeper) set(name, secret string) (inFile bool, err error) {
	if !k.noKeyring && keyring.Set(k.service, name, secret) == nil {
		return false, nil
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	kept, err := k.read()
	if err != nil {
		return true, err
	}
	kept[name] = secret
	return true, k.write(kept)
}

// remove forgets a secret, wherever it is kept.
func (k secretKeeper) remove(name string) error {
	if !k.noKeyring {
		_ = keyring.Delete(k.service, name) // not there, or no keyring: it is in the file
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	kept, err := k.read()
	if _, found := kept[name]; err != nil || !found {
		return err
	}
	delete(kept, name)
	return k.write(kept)
}

func (k secretKeeper) write(kept map[string]string) error {
	content, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return writeWhole(k.file, content)
}

func (k secretKeeper) read() (map[string]string, error) {
	kept := map[string]string{}
	content, err := os.ReadFile(k.file)
	if errors.Is(err, fs.ErrNotExist) {
		return kept, nil
	}
	if err == nil {
		err = json.Unmarshal(content, &kept)
	}
	if err != nil {
		return nil, fmt.Errorf("read secrets: %w", err)
	}
	return kept, nil
}

// writeWhole writes a 0600 file so that a crash leaves the old or the new one.
func writeWhole(path string, content []byte) error {
	return writeWholeFrom(path, bytes.NewReader(content))
}

// writeWholeFrom is writeWhole of what a reader gives.
func writeWholeFrom(path string, content io.Reader) error {
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) // #nosec G304 -- the register’s own file, or one that its user chose
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
