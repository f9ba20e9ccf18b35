//go:build !windows

package printing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// cups runs one of CUPS's commands and returns what it prints. An error holds
// what the command complained of.
func cups(ctx context.Context, name string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, name, args...)
	// English, to be read here. macOS asks the desktop for the language unless
	// SOFTWARE is set, and then takes LANG.
	command.Env = append(os.Environ(), "LC_ALL=C", "LANG=C", "SOFTWARE=guichet")
	var complaints bytes.Buffer
	command.Stderr = &complaints
	out, err := command.Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("%w: %w", ErrNoPrinting, err)
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return string(out), fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(complaints.String()))
	}
	return string(out), nil
}

// running returns ErrNoPrinting unless CUPS answers: without it the commands
// say that there is no printer, or nothing.
func running(ctx context.Context) error {
	out, err := cups(ctx, "lpstat", "-r")
	switch {
	case ctx.Err() != nil, errors.Is(err, ErrNoPrinting):
		return err
	case err != nil:
		return fmt.Errorf("%w: %w", ErrNoPrinting, err)
	case strings.TrimSpace(out) != "scheduler is running":
		return fmt.Errorf("%w: %s", ErrNoPrinting, strings.TrimSpace(out))
	}
	return nil
}

// server returns the CUPS that the commands talk to: the environment, the
// user's and the system's client.conf and the build of CUPS all have a say.
func server(ctx context.Context) (client, error) {
	out, err := cups(ctx, "lpstat", "-H")
	address := strings.TrimSpace(out)
	if path, _, ok := strings.Cut(address, ":"); ok && strings.HasPrefix(address, "/") {
		address = path
	}
	return client{address}, err
}

func printers(ctx context.Context) ([]Printer, error) {
	found, err := queues(ctx)
	if err != nil {
		return nil, err
	}
	server, err := server(ctx)
	if err != nil {
		return nil, err
	}
	for i := range found {
		err := found[i].addOptions(ctx, server)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			found[i].Accepting, found[i].Reason = false, err.Error()
		}
	}
	return found, nil
}

// queues lists the printers without what their drivers say.
func queues(ctx context.Context) ([]Printer, error) {
	if err := running(ctx); err != nil {
		return nil, err
	}
	// It fails where there is no printer, which is no error here.
	out, err := cups(ctx, "lpstat", "-d", "-a", "-l", "-p")
	if ctx.Err() != nil {
		return nil, ctx.Err()
	} else if err != nil && out == "" {
		return nil, err
	}
	found, standard := readQueues(out)
	// Printers that the network announces but nobody has used yet.
	announced, err := cups(ctx, "lpstat", "-e")
	if ctx.Err() != nil {
		return nil, ctx.Err()
	} else if err == nil {
		for _, name := range strings.Fields(announced) {
			known := slices.ContainsFunc(found, func(p Printer) bool { return p.Name == name })
			if !known && !strings.Contains(name, "/") { // name/instance: the same printer with other defaults
				found = append(found, Printer{Name: name, Description: name, Accepting: true})
			}
		}
	}
	for i := range found {
		found[i].Default = found[i].Name == standard
	}
	slices.SortFunc(found, func(a, b Printer) int { return strings.Compare(a.Name, b.Name) })
	return found, nil
}

var (
	defaultLine   = regexp.MustCompile(`^system default destination: ([^\s/]+)`)
	acceptingLine = regexp.MustCompile(`^(\S+) (not )?accepting requests since `)
	printerLine   = regexp.MustCompile(`^printer (\S+) (disabled since |is idle|now printing )`)
)

// readQueues reads what lpstat says of the default, of which printers accept
// jobs, and of each printer.
func readQueues(out string) (found []Printer, standard string) {
	refusing := map[string]bool{}
	var current *Printer
	message := false // the line below a printer's first is the reason of its state
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\r\n")
		if match := defaultLine.FindStringSubmatch(line); match != nil {
			standard = match[1]
		} else if match := acceptingLine.FindStringSubmatch(line); match != nil {
			refusing[match[1]] = match[2] != ""
		} else if match := printerLine.FindStringSubmatch(line); match != nil {
			found = append(found, Printer{Name: match[1], Description: match[1], Accepting: !refusing[match[1]]})
			current, message = &found[len(found)-1], true
			current.Stopped = strings.HasPrefix(match[2], "disabled")
			continue
		} else if current != nil {
			text := strings.TrimSpace(line)
			description, described := strings.CutPrefix(text, "Description: ")
			switch {
			case described && description != "":
				current.Description = description
			case message && !current.Ready() && !strings.HasPrefix(text, "Form mounted:"):
				current.Reason = text
			}
		}
		message = false
	}
	return found, standard
}

// addOptions adds the trays and whether both sides can be printed, or that
// there is no driver.
func (p *Printer) addOptions(ctx context.Context, server client) error {
	out, err := cups(ctx, "lpoptions", "-p", p.Name, "-l")
	switch {
	case err == nil && strings.TrimSpace(out) == "", err != nil && strings.Contains(err.Error(), "Unable to get PPD"):
		p.Accepting, p.Reason = false, NoDriver
		return nil
	case err != nil:
		return err
	}
	var trays []string
	trays, p.Duplex = readOptions(out)
	labels := map[string]string{}
	if len(trays) > 0 {
		// The labels are a nicety: a printer elsewhere does not tell them.
		if ppd, err := server.do(ctx, http.MethodGet, "/printers/"+url.PathEscape(p.Name)+".ppd", nil); err == nil {
			labels = readTrayLabels(string(ppd))
		}
	}
	for _, value := range trays {
		label := value
		if labels[value] != "" {
			label = labels[value]
		}
		p.Trays = append(p.Trays, Tray{Value: value, Label: label})
	}
	return nil
}

// duplexOptions are the names that drivers give their choice of sides; CUPS
// sets those that it finds when it is asked for sides.
var duplexOptions = []string{"Duplex", "JCLDuplex", "EFDuplex", "KD03Duplex", "sides"}

// readOptions reads a driver's options: a line each, "Name/Label: a *b c".
func readOptions(out string) (trays []string, duplex bool) {
	for line := range strings.Lines(out) {
		option, values, _ := strings.Cut(line, ": ")
		name, _, _ := strings.Cut(option, "/")
		choices := strings.Fields(strings.ReplaceAll(values, "*", ""))
		switch {
		case name == "InputSlot":
			trays = choices
		case slices.Contains(duplexOptions, name):
			duplex = duplex || slices.ContainsFunc(choices, func(choice string) bool {
				return choice != "None" && choice != "False" && choice != "Off" && choice != "one-sided"
			})
		}
	}
	return trays, duplex
}

var trayLine = regexp.MustCompile(`(?m)^\*(fr\.)?InputSlot ([^\s/:]+)/([^:\r\n]+):`)

// readTrayLabels reads the labels in a driver's description (a PPD), the
// French ones where there are any.
func readTrayLabels(ppd string) map[string]string {
	labels := map[string]string{}
	french := map[string]bool{}
	for _, match := range trayLine.FindAllStringSubmatch(strings.ToValidUTF8(ppd, "�"), -1) {
		language, value, label := match[1], match[2], match[3]
		if language != "" || !french[value] {
			labels[value] = label
		}
		french[value] = french[value] || language != ""
	}
	return labels
}
