// Package postgrestest runs a real PostgreSQL on the loopback for tests, with TLS,
// as a user without privileges.
package postgrestest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver

	"guichet/data/accounttest"
)

// Server is a PostgreSQL of its own, with a certificate that signs itself.
type Server struct {
	Port        int
	Certificate string // PEM file, to be trusted
	folder      string
	account     *accounttest.Account
	process     *exec.Cmd
	databases   atomic.Int64
}

// Engine names the environment's variable that has tests run on PostgreSQL, when
// it is "postgres".
const Engine = "GUICHET_TEST_ENGINE"

// Register is where a test's register lives: a file in a new folder, or, when the
// environment says so, an empty database.
func Register(t testing.TB) string {
	t.Helper()
	if os.Getenv(Engine) == "postgres" {
		return Shared(t).Database(t)
	}
	return filepath.Join(t.TempDir(), "register.db")
}

// OnlyFile passes over what only a register in a file has, on PostgreSQL.
func OnlyFile(t testing.TB) {
	t.Helper()
	if os.Getenv(Engine) == "postgres" {
		t.Skip("a register in a file alone has this")
	}
}

// Password is that of the user guichet, who owns the databases.
const Password = "mot-de-passe-de-test"

var (
	once   sync.Once
	shared *Server
	failed error
)

// Shared is one server for all tests of a process; Stop, called by TestMain, ends
// it.
func Shared(t testing.TB) *Server {
	t.Helper()
	once.Do(func() { shared, failed = start() })
	if failed != nil {
		t.Fatalf("%v (make test installs PostgreSQL)", failed)
	}
	return shared
}

// Stop ends the shared server, if it was started.
func Stop() {
	if shared != nil {
		shared.stop()
		os.RemoveAll(shared.folder) //nolint:errcheck // in the temporary folder
	}
}

// New is a server of the test's own, which it may kill and start again.
func New(t testing.TB) *Server {
	t.Helper()
	s, err := start()
	if err != nil {
		t.Fatalf("%v (make test installs PostgreSQL)", err)
	}
	t.Cleanup(func() {
		s.stop()
		os.RemoveAll(s.folder) //nolint:errcheck // in the temporary folder
	})
	return s
}

func start() (*Server, error) {
	folder, err := os.MkdirTemp("", "guichet-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{folder: folder, Certificate: filepath.Join(folder, "server.crt")}
	if s.account, err = accounttest.Find("postgres"); err != nil {
		return nil, err
	}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return s, s.Start()
}

// prepare makes the cluster and its certificate.
func (s *Server) prepare() error {
	certificate, key, err := selfSigned()
	if err != nil {
		return err
	}
	for name, content := range map[string]string{"server.crt": string(certificate), "server.key": string(key), "password": Password + "\n"} {
		if err := os.WriteFile(filepath.Join(s.folder, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	for _, name := range []string{"", "server.crt", "server.key", "password"} {
		if err := s.account.Own(filepath.Join(s.folder, name)); err != nil {
			return err
		}
	}
	initdb := s.command("initdb", "-D", s.data(), "-U", "guichet", "--pwfile", filepath.Join(s.folder, "password"), "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "-N")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	return listener.Close()
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// command is one of PostgreSQL's programs, of the newest version that is there,
// run by the user who may.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	path := name
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); len(found) > 0 {
		path = found[len(found)-1]
	}
	command := exec.Command(path, args...)
	command.Dir = s.folder
	s.account.Run(command)
	return command
}

// Start starts the server, again after Kill.
func (s *Server) Start() error {
	s.process = s.command("postgres", "-D", s.data(), "-p", strconv.Itoa(s.Port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+s.folder,
		"-c", "ssl=on", "-c", "ssl_cert_file="+s.Certificate, "-c", "ssl_key_file="+filepath.Join(s.folder, "server.key"),
		"-c", "max_connections=200", "-c", "fsync=off", "-c", "log_min_messages=panic")
	if err := s.process.Start(); err != nil {
		return err
	}
	db, err := sql.Open("pgx", s.URL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	deadline := time.Now().Add(30 * time.Second)
	for {
		if err = db.Ping(); err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("PostgreSQL does not answer: %w", errors.Join(err, s.process.Process.Kill()))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Kill ends the server at once, as a crash does.
func (s *Server) Kill() error {
	pid, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(pid), "\n")
	process, err := strconv.Atoi(first)
	if err != nil || process != s.process.Process.Pid {
		return fmt.Errorf("the server's process is %q, not %d", first, s.process.Process.Pid)
	}
	if err := s.process.Process.Signal(syscall.SIGQUIT); err != nil { // immediate: nothing is written
		return err
	}
	_ = s.process.Wait() // it did not end by itself
	return nil
}

func (s *Server) stop() {
	if s.process != nil && s.process.ProcessState == nil {
		_ = s.process.Process.Signal(syscall.SIGINT) // fast
		_ = s.process.Wait()
	}
}

// URL is the address of a database, with the password, over verified TLS.
func (s *Server) URL(database string) string {
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword("guichet", Password), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)), Path: "/" + database,
		RawQuery: url.Values{"sslmode": {"verify-full"}, "sslrootcert": {s.Certificate}}.Encode(),
	}
	return address.String()
}

// Database makes an empty database and returns its address.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	db, err := sql.Open("pgx", s.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	name := fmt.Sprintf("register%d", s.databases.Add(1))
	if _, err := db.ExecContext(context.Background(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return s.URL(name)
}

// Ahead sets the server's clock for who opens a database by the address that it
// returns.
func Ahead(t testing.TB, database string, by time.Duration) string {
	t.Helper()
	db, err := sql.Open("pgx", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(context.Background(), fmt.Sprintf(`CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz
		LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() + interval '%d seconds' $$`, int(by.Seconds())))
	if err != nil {
		t.Fatal(err)
	}
	return database + "&search_path=public,pg_catalog"
}

func selfSigned() (certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "127.0.0.1"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return nil, nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), nil
}
