//go:build windows

package printing

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	winspool          = windows.NewLazySystemDLL("winspool.drv")
	enumPrinters      = winspool.NewProc("EnumPrintersW")
	getDefaultPrinter = winspool.NewProc("GetDefaultPrinterW")
)

// printerInfo is Windows's PRINTER_INFO_2.
type printerInfo struct {
	server, printer, share, port, driver, comment, location *uint16
	devMode                                                 uintptr
	separator, processor, datatype, parameters              *uint16
	security                                                uintptr
	attributes, priority, defaultPriority                   uint32
	start, until, status, jobs, pagesPerMinute              uint32
}

// Numbers of winspool.h.
const (
	enumLocal             = 0x02
	enumConnections       = 0x04
	infoLevel             = 2
	attributeWorksOffline = 0x400
)

// stops are the states in which a printer prints nothing.
var stops = []struct {
	bit    uint32
	reason string
}{
	{0x01, "paused"},
	{0x02, "error"},
	{0x08, "paper jam"},
	{0x10, "out of paper"},
	{0x80, "offline"},
	{0x1000, "not available"},
	{0x40000, "out of toner"},
	{0x100000, "user intervention"},
	{0x400000, "door open"},
}

func printers(ctx context.Context) ([]Printer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	infos, err := printerInfos()
	if err != nil {
		return nil, err
	}
	standard := defaultPrinter()
	var found []Printer
	for _, info := range infos {
		p := Printer{Name: windows.UTF16PtrToString(info.printer), Accepting: true}
		p.Description, p.Default = p.Name, p.Name == standard
		if comment := windows.UTF16PtrToString(info.comment); comment != "" {
			p.Description = comment
		}
		var reasons []string
		for _, stop := range stops {
			if info.status&stop.bit != 0 {
				reasons = append(reasons, stop.reason)
			}
		}
		if len(reasons) == 0 && info.attributes&attributeWorksOffline != 0 {
			reasons = []string{"offline"}
		}
		p.Stopped, p.Reason = len(reasons) > 0, strings.Join(reasons, ", ")
		found = append(found, p)
	}
	slices.SortFunc(found, func(a, b Printer) int { return strings.Compare(a.Name, b.Name) })
	return found, nil
}

// printerInfos asks the spooler for the printers of this machine and of this
// user's connections. The texts stay valid as long as the slice is held.
func printerInfos() ([]printerInfo, error) {
	if err := enumPrinters.Find(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoPrinting, err)
	}
	var size, count uint32
	// Uintptrs: the spooler writes pointers into the buffer, which must be
	// aligned for them.
	buffer := make([]uintptr, 1)
	for {
		room := uint32(len(buffer)) * uint32(unsafe.Sizeof(buffer[0]))
		ok, _, err := enumPrinters.Call(
			enumLocal|enumConnections, 0, infoLevel, uintptr(unsafe.Pointer(&buffer[0])), uintptr(room),
			uintptr(unsafe.Pointer(&size)), uintptr(unsafe.Pointer(&count)),
		)
		switch {
		case ok != 0:
			return slices.Clone(unsafe.Slice((*printerInfo)(unsafe.Pointer(&buffer[0])), count)), nil
		case errors.Is(err, windows.ERROR_INSUFFICIENT_BUFFER) && size > room:
			buffer = make([]uintptr, int(size)/int(unsafe.Sizeof(buffer[0]))+1)
		default:
			return nil, fmt.Errorf("%w: EnumPrinters: %w", ErrNoPrinting, err)
		}
	}
}

// defaultPrinter is the user's default printer; empty without one.
func defaultPrinter() string {
	var name [1024]uint16
	size := uint32(len(name))
	ok, _, _ := getDefaultPrinter.Call(uintptr(unsafe.Pointer(&name[0])), uintptr(unsafe.Pointer(&size)))
	if ok == 0 {
		return ""
	}
	return windows.UTF16ToString(name[:])
}

// submit hands the file to the program that prints PDFs for this user. Its
// verb takes a printer and nothing else.
func submit(ctx context.Context, job Job, pages int) (ID, error) {
	all := len(job.Pages) == 0 || slices.Equal(job.Pages, []Range{{1, pages}})
	if !all || job.Copies != 1 || job.Duplex || job.Tray != "" {
		return "", fmt.Errorf("%w: page ranges, copies, both sides or a tray", ErrUnsupported)
	}
	known, err := printers(ctx)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(known, func(p Printer) bool { return p.Name == job.Printer }) {
		return "", fmt.Errorf("%w: %q", ErrUnknownPrinter, job.Printer)
	}
	file, err := filepath.Abs(job.File)
	if err != nil {
		return "", err
	}
	verb, err1 := windows.UTF16PtrFromString("printto")
	path, err2 := windows.UTF16PtrFromString(file)
	printer, err3 := windows.UTF16PtrFromString(`"` + job.Printer + `"`)
	if err := errors.Join(err1, err2, err3); err != nil {
		return "", err
	}
	err = windows.ShellExecute(0, verb, path, printer, nil, windows.SW_HIDE)
	switch {
	case errors.Is(err, windows.ERROR_NO_ASSOCIATION):
		return "", fmt.Errorf("%w: no program prints PDFs: %w", ErrUnsupported, err)
	case err != nil:
		return "", fmt.Errorf("print %s: %w", file, err)
	}
	return ID(job.Printer), nil
}

// status can tell nothing: the job is the other program's.
func status(ctx context.Context, _ ID) (Status, error) {
	return Status{State: Unknown}, ctx.Err()
}

func cancel(context.Context, ID) error { return ErrUnsupported }
