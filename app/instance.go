package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"guichet/data"
	"guichet/data/store"
)

// Instance holds a register for one process: SQLite would let several write, but
// two windows would not see each other's work. It ends with its process.
type Instance struct {
	lock     *flock.Flock
	path     string
	socket   net.Listener // nil for a command, and for a window that nothing can raise
	folder   string       // of the socket
	once     sync.Once
	mutex    sync.Mutex
	onRaised func()
}

// holder is what the lock's file says of who holds it.
type holder struct {
	Process int
	Host    string
	Since   time.Time
	Window  bool
	Socket  string // that raises the window; empty: nothing does
}

// holdPatience is how long one waits for a command that holds the register.
const holdPatience = 10 * time.Second

// HoldRegister takes a register for this process, waiting some seconds for a
// command to end. Unavailable when it stays open elsewhere: the text names the
// process. A window can be brought to the front by RaiseWindow.
func HoldRegister(ctx context.Context, register string, window bool) (*Instance, error) {
	path := registerPath(register)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, refined(err)
	}
	i := &Instance{lock: flock.New(path+".lock", flock.SetPermissions(0o600)), path: path}
	ctx, cancel := context.WithTimeout(ctx, holdPatience)
	defer cancel()
	for {
		free, err := i.lock.TryLock()
		if err != nil {
			return nil, refined(err)
		}
		if free {
			break
		}
		who := readHolder(path)
		if who.Window || ctx.Err() != nil {
			return nil, heldBy(who)
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	if err := i.present(window); err != nil {
		return nil, errors.Join(refined(err), i.Release())
	}
	return i, nil
}

func heldBy(who holder) error {
	return &Error{
		Kind:    Unavailable,
		Message: "Ce registre est déjà ouvert sur {{.Host}}, par le processus {{.Process}} depuis le {{.Since}} à {{.Time}} : fermez-le d’abord",
		Values:  data.Values{"Host": who.Host, "Process": strconv.Itoa(who.Process), "Since": who.Since, "Time": who.Since.In(data.Paris).Format("15:04")},
	}
}

// present says who holds the register, beside it.
func (i *Instance) present(window bool) error {
	host, _ := os.Hostname() // a name for people
	who := holder{Process: os.Getpid(), Host: host, Since: time.Now(), Window: window}
	if window {
		who.Socket = i.openSocket()
	}
	text, err := json.Marshal(who)
	if err != nil {
		return err
	}
	return writeWhole(i.path+".holder", text)
}

// openSocket listens for processes that raise the window, and names where. Not
// every Windows has such sockets: the window opens all the
// same, and a second one is refused instead of bringing it to the front.
func (i *Instance) openSocket() (name string) {
	folder, err := os.MkdirTemp("", "guichet-") // 0700; a socket's path must be short
	if err != nil {
		slog.Warn("nothing can raise this window", "error", err)
		return ""
	}
	name = filepath.Join(folder, "window")
	socket, err := net.Listen("unix", name)
	if err != nil {
		slog.Warn("nothing can raise this window", "error", errors.Join(err, os.Remove(folder)))
		return ""
	}
	i.socket, i.folder = socket, folder
	go i.listen()
	return name
}

func readHolder(path string) (who holder) {
	text, err := os.ReadFile(path + ".holder") // #nosec G304 -- the register’s own file, or one that its user chose
	if err != nil || json.Unmarshal(text, &who) != nil {
		who = holder{Host: "ce poste"}
	}
	return who
}

// listen raises the window for each process that asks.
func (i *Instance) listen() {
	for {
		conn, err := i.socket.Accept()
		if err != nil {
			return // released
		}
		i.mutex.Lock()
		raise := i.onRaised
		i.mutex.Unlock()
		if raise != nil {
			raise()
			conn.Write([]byte(raisedAnswer)) //nolint:errcheck // the other one gives up by itself
		}
		conn.Close()
	}
}

// OnRaised sets what brings the window to the front; it is called by another
// goroutine.
func (i *Instance) OnRaised(raise func()) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.onRaised = raise
}

// Release lets other processes have the register.
func (i *Instance) Release() (err error) {
	i.once.Do(func() {
		if i.socket != nil {
			i.socket.Close()
			err = os.RemoveAll(i.folder)
		}
		if removed := os.Remove(i.path + ".holder"); !errors.Is(removed, fs.ErrNotExist) {
			err = errors.Join(err, removed)
		}
		err = errors.Join(err, i.lock.Unlock())
	})
	return err
}

// RaiseWindow brings the window that has a register open to the front; it tells
// whether there is one.
func RaiseWindow(register string) bool {
	who := readHolder(registerPath(register))
	if who.Socket == "" {
		return false
	}
	conn, err := net.DialTimeout("unix", who.Socket, 2*time.Second)
	if err != nil { // its process is gone
		return false
	}
	defer conn.Close()
	if conn.SetDeadline(time.Now().Add(5*time.Second)) != nil {
		return false
	}
	answer, _ := io.ReadAll(conn)
	return string(answer) == raisedAnswer
}

const raisedAnswer = "raised"

// registerPath is the one path of a register, however it is named.
func registerPath(register string) string {
	if store.IsShared(register) { // one window a workstation
		path, err := sharedPath(register, "")
		if err != nil {
			return register
		}
		return path
	}
	path, err := filepath.Abs(register)
	if err != nil {
		path = register
	}
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		return resolved
	}
	return path
}
