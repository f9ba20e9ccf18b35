//go:build linux

package printingtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// daemonConf lets everybody who reaches the socket do everything.
const daemonConf = `Listen %[1]s/cups.sock
Browsing No
WebInterface No
DefaultAuthType None
PreserveJobHistory Yes
LogLevel warn
<Location />
Order allow,deny
Allow all
</Location>
<Location /admin>
Order allow,deny
Allow all
</Location>
<Policy default>
JobPrivateAccess all
JobPrivateValues none
<Limit All>
AuthType None
Order deny,allow
</Limit>
</Policy>
`

const filesConf = `SystemGroup root
User lp
Group lp
ServerBin %[1]s/bin
ServerRoot %[1]s/etc
StateDir %[1]s/state
CacheDir %[1]s/cache
RequestRoot %[1]s/spool
TempDir %[1]s/tmp
AccessLog %[1]s/access.log
ErrorLog %[1]s/error.log
PageLog %[1]s/page.log
Printcap
`

// lay makes the server's folder: CUPS's own programs, with one backend only.
func (s *Server) lay(program string) error {
	var err error
	// Not t.TempDir, which CUPS's filters, run as another user, cannot enter,
	// and which is too long for a socket's name.
	if s.folder, err = os.MkdirTemp("", "cups"); err != nil {
		return err
	}
	if err := os.Chmod(s.folder, 0o711); err != nil {
		return err
	}
	for _, name := range []string{"etc/ppd", "state", "cache", "spool", "tmp", "printed", "home", "bin/backend"} {
		if err := os.MkdirAll(s.path(name), 0o755); err != nil {
			return err
		}
	}
	if err := s.mkfifo(); err != nil {
		return err
	}
	programs, err := filepath.Glob(filepath.Join(filepath.Dir(program), "../lib/cups/*"))
	if err != nil {
		return err
	}
	for _, name := range programs {
		if filepath.Base(name) == "backend" {
			continue
		}
		if err := os.Symlink(name, s.path("bin/"+filepath.Base(name))); err != nil {
			return err
		}
	}
	if _, err := os.Stat(s.path("bin/filter/pdftopdf")); err != nil {
		return fmt.Errorf("pdftopdf is missing: make test-packages, or install cups-filters-core-drivers: %w", err)
	}
	oneSided, _, _ := strings.Cut(driver, "*OpenUI *InputSlot")
	for _, file := range []struct {
		name, content string
		mode          os.FileMode
	}{
		{"etc/cupsd.conf", fmt.Sprintf(daemonConf, s.folder), 0o600},
		{"etc/cups-files.conf", fmt.Sprintf(filesConf, s.folder), 0o600},
		{"bin/backend/test", backend, 0o700},
		{"capture.ppd", driver, 0o600},
		{"simple.ppd", oneSided, 0o600},
	} {
		if err := os.WriteFile(s.path(file.name), []byte(file.content), file.mode); err != nil {
			return err
		}
	}
	return nil
}

// printer is a queue to add.
type printer struct {
	name, driver, uri string
	options           []string
	then              []string // a command run afterwards
}

func printers() []printer {
	return []printer{
		{name: Office, driver: "capture.ppd", uri: "test:/print", options: []string{"-D", Description}, then: []string{"lpadmin", "-d", Office}},
		{name: OneSided, driver: "simple.ppd", uri: "test:/print"},
		{name: Waiting, driver: "capture.ppd", uri: "test:/wait"},
		{name: Failing, driver: "capture.ppd", uri: "test:/fail", options: []string{"-o", "printer-error-policy=abort-job"}},
		{name: Jamming, driver: "capture.ppd", uri: "test:/jam"},
		{name: Paused, driver: "capture.ppd", uri: "test:/print", then: []string{"cupsdisable", "-r", "Changement du tambour", Paused}},
		{name: Closed, driver: "capture.ppd", uri: "test:/print", then: []string{"cupsreject", "-r", "Fermé le lundi", Closed}},
		{name: Raw, uri: "test:/print"},
	}
}

func (s *Server) add(p printer) error {
	args := []string{"-p", p.name, "-v", p.uri, "-E"}
	if p.driver != "" {
		args = append(args, "-P", s.path(p.driver))
	}
	if err := admin("lpadmin", append(args, p.options...)...); err != nil {
		return err
	}
	if len(p.then) > 0 {
		return admin(p.then[0], p.then[1:]...)
	}
	return nil
}
