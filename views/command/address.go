package command

import (
	"fmt"
	"io"
	"os"
	"strings"

	"guichet/app"
)

type addressCommand struct {
	Check addressCheckCommand `cmd:"" help:"Montrer ce qui s’imprimerait des adresses d’un fichier, ou ce qui les retiendrait."`
}

type addressCheckCommand struct {
	File string `arg:"" placeholder:"FICHIER" help:"Un CSV ou un XLSX d’organisations, comme pour « import organisations »."`
}

// checkedAddress is a line of the file in JSON.
type checkedAddress struct {
	Line         int              `json:"line"`
	Organisation string           `json:"organisation"`
	Lines        []string         `json:"lines"`
	Problems     []addressProblem `json:"problems"`
	Doubts       []addressProblem `json:"doubts,omitempty"`
}

// addressProblem is a problem of a line of the address, from 1; 0: of no line.
type addressProblem struct {
	Line   int    `json:"line"`
	Field  string `json:"field"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

func newAddressProblems(problems []app.AddressProblem) []addressProblem {
	all := make([]addressProblem, len(problems))
	for i, p := range problems {
		all[i] = addressProblem{p.Line, p.Field, p.Value, p.Reason}
	}
	return all
}

// Run checks a file's addresses, without a register. It is refused when one
// would be held back, and misused when the file is none of addresses.
func (c *addressCheckCommand) Run(s *session) error {
	content, err := os.ReadFile(c.File)
	if err != nil {
		return misuse(fmt.Sprintf("le fichier %s ne se lit pas : %v", c.File, err))
	}
	checked, err := app.CheckAddresses(content)
	if err != nil {
		return misuse(fmt.Sprintf("%s : %v", c.File, err))
	}
	held := 0
	result := make([]checkedAddress, len(checked))
	for i, a := range checked {
		if len(a.Problems) > 0 {
			held++
		}
		result[i] = checkedAddress{
			Line: a.Line, Organisation: a.Organisation, Lines: append([]string{}, a.Lines...),
			Problems: newAddressProblems(a.Problems), Doubts: newAddressProblems(a.Doubts),
		}
	}
	if err := s.show(result, func(w io.Writer) { c.text(w, result) }); err != nil || held == 0 {
		return err
	}
	return fmt.Errorf("adresses retenues : %d sur %d", held, len(checked))
}

func (c *addressCheckCommand) text(w io.Writer, result []checkedAddress) {
	for _, a := range result {
		if len(a.Problems) > 0 {
			fmt.Fprintf(w, "ligne %d, %s, retenue\n", a.Line, a.Organisation)
		} else {
			fmt.Fprintf(w, "ligne %d, %s : %s\n", a.Line, a.Organisation, strings.Join(a.Lines, " | "))
		}
		for _, p := range a.Problems {
			fmt.Fprintf(w, "    %s\n", p.text())
		}
		for _, p := range a.Doubts {
			fmt.Fprintf(w, "    à vérifier : %s\n", p.text())
		}
	}
	fmt.Fprintf(w, "%d adresses lues\n", len(result))
}

// text says where the problem is, unless the reason does already.
func (p addressProblem) text() string {
	if p.Line == 0 {
		return p.Reason
	}
	return fmt.Sprintf("ligne %d de l’adresse, %s", p.Line, p.Reason)
}
