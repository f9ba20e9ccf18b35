package disktest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// What the server says once: it serves, or it may not.
const serves, refused = "serves", "refused"

// serve mounts the first folder on the second until standard input ends; each
// line there is an order, answered with the changes since the one before.
func serve(folders []string) error {
	faults := &faults{}
	root := &fs.LoopbackRoot{Path: folders[0]}
	root.RootNode = &node{&fs.LoopbackNode{RootData: root}, faults}
	if _, err := fs.Mount(folders[1], root.RootNode, &fs.Options{MountOptions: fuse.MountOptions{DirectMountStrict: true, FsName: "faulty"}}); err != nil {
		fmt.Println(refused)
		return nil
	}
	fmt.Println(serves)
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		var after, count int
		if _, err := fmt.Sscan(orders.Text(), &after, &count); err != nil {
			return err
		}
		fmt.Println(faults.set(after, count))
	}
	return errors.Join(orders.Err(), syscall.Unmount(folders[1], syscall.MNT_DETACH)) // files may still be open
}

// faults says which change fails.
type faults struct {
	mu                    sync.Mutex
	changes, after, count int
}

func (f *faults) set(after, count int) (changes int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	changes = f.changes
	f.changes, f.after, f.count = 0, after, count
	return changes
}

// next is what becomes of the next change to a file.
func (f *faults) next(name string) syscall.Errno {
	if strings.HasSuffix(name, "-shm") {
		return fs.OK
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changes++
	if f.changes > f.after && f.changes <= f.after+f.count {
		return syscall.EIO
	}
	return fs.OK
}

// node is a file or a folder whose changes may fail.
type node struct {
	*fs.LoopbackNode
	faults *faults
}

// WrapChild makes what is found in a folder a node too.
func (n *node) WrapChild(_ context.Context, ops fs.InodeEmbedder) fs.InodeEmbedder {
	return &node{ops.(*fs.LoopbackNode), n.faults}
}

// next is what becomes of the next change to the node itself.
func (n *node) next() syscall.Errno {
	name, _ := n.Parent()
	return n.faults.next(name)
}

func (n *node) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	opened, flags, errno := n.LoopbackNode.Open(ctx, flags)
	return handled(opened, n.next), flags, errno
}

func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	next := func() syscall.Errno { return n.faults.next(name) }
	if errno := next(); errno != fs.OK {
		return nil, nil, 0, errno
	}
	inode, opened, flags, errno := n.LoopbackNode.Create(ctx, name, flags, mode, out)
	return inode, handled(opened, next), flags, errno
}

func (n *node) Mkdir(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	if errno := n.faults.next(name); errno != fs.OK {
		return nil, errno
	}
	return n.LoopbackNode.Mkdir(ctx, name, mode, out)
}

func (n *node) Unlink(ctx context.Context, name string) syscall.Errno {
	if errno := n.faults.next(name); errno != fs.OK {
		return errno
	}
	return n.LoopbackNode.Unlink(ctx, name)
}

func (n *node) Rename(ctx context.Context, name string, parent fs.InodeEmbedder, newName string, flags uint32) syscall.Errno {
	if errno := n.faults.next(name); errno != fs.OK {
		return errno
	}
	return n.LoopbackNode.Rename(ctx, name, parent, newName, flags)
}

func (n *node) Setattr(ctx context.Context, f fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	if errno := n.next(); errno != fs.OK {
		return errno
	}
	return n.LoopbackNode.Setattr(ctx, f, in, out)
}

func (n *node) Fsync(ctx context.Context, f fs.FileHandle, flags uint32) syscall.Errno {
	if errno := n.next(); errno != fs.OK {
		return errno
	}
	if opened, ok := f.(*handle); ok {
		return opened.Fsync(ctx, flags)
	}
	return fs.OK // a folder
}

// CopyFileRange has the kernel copy by reading and writing.
func (n *node) CopyFileRange(context.Context, fs.FileHandle, uint64, *fs.Inode, fs.FileHandle, uint64, uint64, uint64) (uint32, syscall.Errno) {
	return 0, syscall.ENOSYS
}

// handle is an open file whose writes may fail.
type handle struct {
	*fs.LoopbackFile
	next func() syscall.Errno
}

func handled(opened fs.FileHandle, next func() syscall.Errno) fs.FileHandle {
	file, ok := opened.(*fs.LoopbackFile)
	if !ok { // it was not opened
		return opened
	}
	return &handle{file, next}
}

func (h *handle) Write(ctx context.Context, content []byte, at int64) (uint32, syscall.Errno) {
	if errno := h.next(); errno != fs.OK {
		return 0, errno
	}
	return h.LoopbackFile.Write(ctx, content, at)
}

// PassthroughFd keeps the kernel from writing past the server.
func (h *handle) PassthroughFd() (int, bool) { return 0, false }
