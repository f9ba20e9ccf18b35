//go:build unix

package accounttest

import (
	"os/exec"
	"syscall"
)

func (a *Account) run(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(a.UID), Gid: uint32(a.GID)}}
}
