package views

import "syscall"

var kernelBeep = syscall.NewLazyDLL("kernel32.dll").NewProc("Beep")

// beep plays a tone by the system itself: a program started for it would open
// a console.
func beep(t tone) bool {
	kernelBeep.Call(uintptr(t.hertz), uintptr(t.length.Milliseconds())) //nolint:errcheck // silent
	return true
}
