package app

import (
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"guichet/data"
	"guichet/data/store/postgrestest"
)

// BenchmarkWorkstations counts the use cases a second of one, four and eight
// workstations on one PostgreSQL, beside one workstation on a file.
func BenchmarkWorkstations(b *testing.B) {
	measure := func(name, register string, clients int) {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				total := benchWorkstations(b, register, clients)
				b.ReportMetric(float64(total)/benchSeconds, "use-cases/s")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
	measure("sqlite-1", filepath.Join(b.TempDir(), "register.db"), 1)
	server := postgrestest.Shared(b)
	for _, clients := range []int{1, 4, 8} {
		measure(fmt.Sprintf("postgres-%d", clients), server.Database(b), clients)
	}
}

const benchSeconds = 5

// benchWorkstations has clients work at random for some seconds, and returns how
// many use cases they did.
func benchWorkstations(b *testing.B, register string, clients int) (total int) {
	ctx := b.Context()
	options := Options{Passwords: cheap, NoKeyring: true, Folder: b.TempDir()}
	a, err := Open(ctx, register, options)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	admin := ctx
	for i := range clients {
		o, err := a.CreateOperator(admin, NewOperator{Login: "station" + strconv.Itoa(i), Name: "Poste", Password: longPassword, Roles: data.WorkRoles})
		if err != nil {
			b.Fatal(err)
		}
		admin = As(ctx, o)
	}
	settings := settingsNamed("Registre")
	if err := a.SaveSettings(admin, settings); err != nil {
		b.Fatal(err)
	}
	for i := range 30 {
		_, err := a.AddOrganisation(admin, data.Organisation{
			Kind: data.Commune, Name: fmt.Sprintf("Commune %d", i), Address: data.Address{Street: "1 rue Principale", PostalCode: "67204", City: "ACHENHEIM"},
		}, data.LegalRepresentative{FirstName: "Jeanne", LastName: "Roth", Office: "Maire"})
		if err != nil {
			b.Fatal(err)
		}
	}
	var working sync.WaitGroup
	done := make([]worked, clients)
	began := time.Now()
	for i := range clients {
		folder := b.TempDir()
		working.Go(func() {
			var err error
			if done[i], err = workAtRandom([]string{register, folder, strconv.Itoa(i), strconv.Itoa(benchSeconds)}); err != nil {
				b.Error(err)
			}
		})
	}
	working.Wait()
	for _, one := range done {
		total += one.Done
		for _, violation := range one.Violations {
			b.Error(violation)
		}
	}
	b.Logf("%d use cases in %v", total, time.Since(began))
	return total
}
