package app
import ("testing";"os";"runtime/pprof";"time";"context";"syscall")
func cpu() time.Duration { var u syscall.Rusage; syscall.Getrusage(syscall.RUSAGE_SELF, &u); return time.Duration(u.Utime.Nano()+u.Stime.Nano()) }
func BenchmarkZZ(b *testing.B) {
	server := newMailServer(b, 3000)
	server.prepare()
	f, _ := os.Create("/tmp/cpu.prof")
	if os.Getenv("PROF") != "" { pprof.StartCPUProfile(f) }
	start := time.Now()
	c := cpu()
	got, err := fetchMailbox(context.Background(), []string{server.register()})
	c = cpu()-c
	if os.Getenv("PROF") != "" { pprof.StopCPUProfile() }
	f.Close()
	b.Log(got, err, time.Since(start), "cpu", c)
}
