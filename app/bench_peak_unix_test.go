//go:build unix

package app

import (
	"os/exec"
	"runtime"
	"syscall"
)

// peakOf is the peak of resident memory of a process that ended, in MiB. A process
// starts out with the peak of the one that started it, some 40 MiB here: no less
// is ever seen.
func peakOf(command *exec.Cmd) float64 {
	peak := float64(command.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / (1 << 10)
	if runtime.GOOS == "darwin" { // bytes there, KiB elsewhere
		peak /= 1 << 10
	}
	return peak
}
