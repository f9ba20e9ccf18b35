package app

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestOneWindowARegister(t *testing.T) {
	ctx := context.Background()
	register := filepath.Join(t.TempDir(), "register.db")
	window, err := HoldRegister(ctx, register, true)
	if err != nil {
		t.Fatal(err)
	}
	raised := make(chan bool, 1)
	window.OnRaised(func() { raised <- true })
	began := time.Now()
	for _, asWindow := range []bool{true, false} {
		_, err = HoldRegister(ctx, register, asWindow)
		if KindOf(err) != Unavailable || !strings.Contains(err.Error(), "par le processus "+strconv.Itoa(os.Getpid())) {
			t.Errorf("a second one: %v", err)
		}
	}
	if time.Since(began) > holdPatience {
		t.Error("it waits for a window to close")
	}
	if !RaiseWindow(register) || !<-raised {
		t.Error("the first window is not brought to the front")
	}
	if err := window.Release(); err != nil {
		t.Fatal(err)
	}
	if RaiseWindow(register) {
		t.Error("raised a window that is gone")
	}
	again, err := HoldRegister(ctx, register, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Release(); err != nil {
		t.Fatal(err)
	}
}

// TestAWindowThatNothingRaises: without a socket, here for want of a short path, as
// on some Windows, a window has its register all the same.
func TestAWindowThatNothingRaises(t *testing.T) {
	folder := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", folder)
	register := filepath.Join(t.TempDir(), "register.db")
	window, err := HoldRegister(context.Background(), register, true)
	if err != nil {
		t.Fatal(err)
	}
	window.OnRaised(func() { t.Error("raised") })
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	began := time.Now()
	if _, err := HoldRegister(context.Background(), register, false); KindOf(err) != Unavailable || time.Since(began) > holdPatience {
		t.Errorf("a second one: %v, after %v", err, time.Since(began))
	}
	if RaiseWindow(register) {
		t.Error("raised a window that nothing raises")
	}
	if err := window.Release(); err != nil {
		t.Error(err)
	}
}

func TestACommandIsWaitedFor(t *testing.T) {
	ctx := context.Background()
	register := filepath.Join(t.TempDir(), "register.db")
	command, err := HoldRegister(ctx, register, false)
	if err != nil {
		t.Fatal(err)
	}
	held := make(chan error)
	go func() {
		next, err := HoldRegister(ctx, register, true)
		if err == nil {
			err = next.Release()
		}
		held <- err
	}()
	if err := command.Release(); err != nil {
		t.Fatal(err)
	}
	if err := <-held; err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if command, err = HoldRegister(context.Background(), register, false); err != nil {
		t.Fatal(err)
	}
	defer command.Release()
	if _, err := HoldRegister(ctx, register, false); KindOf(err) != Unavailable {
		t.Errorf("cancelled: %v", err)
	}
}
