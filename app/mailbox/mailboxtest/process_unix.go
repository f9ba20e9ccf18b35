//go:build unix

package mailboxtest

import (
	"os/exec"
	"syscall"
)

// become makes a command run as another account, without further groups.
func become(command *exec.Cmd, owner *owner) {
	if owner != nil {
		command.SysProcAttr = &syscall.SysProcAttr{
			Credential: &syscall.Credential{Uid: owner.uid, Gid: owner.gid},
		}
	}
}
