package views

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sources parses the Go files of a folder that are no tests.
func sources(t *testing.T, folder string) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no sources in %s: %v", folder, err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = file
	}
	return files
}

func literal(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		text, _ := strconv.Unquote(lit.Value)
		return text
	}
	return ""
}

// sentences are what a node gives the user to read: singles and plurals.
func sentences(n ast.Node) (single, plural []string) {
	switch n := n.(type) {
	case *ast.CallExpr:
		return calledSentences(n)
	case *ast.FuncDecl:
		if n.Name.Name == "Label" && n.Recv != nil {
			ast.Inspect(n.Body, func(n ast.Node) bool {
				if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 1 {
					single = append(single, literal(r.Results[0]))
				}
				return true
			})
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && (key.Name == "Message" || key.Name == "Format") {
			single = append(single, literal(n.Value))
		}
	case *ast.CompositeLit:
		if kind, ok := n.Type.(*ast.Ident); ok && kind.Name == "envelopeFormat" {
			single = append(single, literal(n.Elts[0]))
		}
	case *ast.ValueSpec:
		for _, value := range n.Values {
			if !properNames[n.Names[0].Name] {
				single = append(single, literalsOf(value)...)
			}
		}
	}
	return single, plural
}

// properNames are tables that no language translates.
var properNames = map[string]bool{"locales": true, "departmentNames": true, "ownTerritories": true}

func calledSentences(n *ast.CallExpr) (single, plural []string) {
	name, from := "", ""
	switch fun := n.Fun.(type) {
	case *ast.Ident:
		name = fun.Name
	case *ast.SelectorExpr:
		name = fun.Sel.Name
		if x, ok := fun.X.(*ast.Ident); ok {
			from = x.Name
		}
	}
	arg := func(i int) string {
		if i < len(n.Args) {
			return literal(n.Args[i])
		}
		return ""
	}
	switch {
	case from == "lang" && name == "L", name == "say":
		single = append(single, arg(0))
	case name == "fail" && from == "s": // of an address
		single = append(single, arg(3))
	case name == "named" && from == "s":
		single = append(single, arg(3))
	case from == "lang" && name == "N", name == "counted":
		plural = append(plural, arg(0))
	case name == "refuse":
		single = append(single, arg(1))
	case name == "Add" && len(n.Args) == 3:
		single = append(single, arg(1))
	}
	return single, plural
}

// literalsOf are the texts of a package's tables: maps of refusals by state,
// and rules with a label.
func literalsOf(value ast.Expr) (texts []string) {
	table, ok := value.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	switch kind := table.Type.(type) {
	case *ast.MapType:
		if to, ok := kind.Value.(*ast.Ident); !ok || to.Name != "string" {
			return nil
		}
		for _, element := range table.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				texts = append(texts, literal(pair.Value))
			}
		}
	case *ast.ArrayType:
		if of, ok := kind.Elt.(*ast.Ident); !ok || of.Name != "PasswordRule" {
			return nil
		}
		for _, element := range table.Elts {
			if rule, ok := element.(*ast.CompositeLit); ok {
				texts = append(texts, literal(rule.Elts[0]))
			}
		}
	}
	return texts
}

// mailMessages are the texts that a function returns to be shown.
func mailMessages(n ast.Node) (texts []string) {
	f, ok := n.(*ast.FuncDecl)
	if !ok || (f.Name.Name != "mailMessage" && f.Name.Name != "printMessage") {
		return nil
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 1 {
			texts = append(texts, literal(r.Results[0]))
		}
		return true
	})
	return texts
}

func TestEverySentenceIsTranslated(t *testing.T) {
	english, err := readCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	french, err := readCatalogue("fr")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{"": true}
	var missing []string
	for _, folder := range []string{".", "../app", "../data", "../letters"} {
		for name, file := range sources(t, folder) {
			if folder == "../letters" && name != "address.go" && name != "distribution.go" {
				continue // a letter is French
			}
			if folder == "../app" && strings.HasPrefix(name, "demo") {
				continue // its refusals are the command line's
			}
			ast.Inspect(file, func(n ast.Node) bool {
				single, plural := sentences(n)
				for _, text := range append(single, mailMessages(n)...) {
					if _, ok := english[text].(string); !ok && !used[text] {
						missing = append(missing, text)
					}
					used[text] = true
				}
				for _, text := range plural {
					_, inEnglish := english[text].(map[string]any)
					_, inFrench := french[text].(map[string]any)
					if (!inEnglish || !inFrench) && !used[text] {
						missing = append(missing, "N: "+text)
					}
					used[text] = true
				}
				return true
			})
		}
	}
	slices.Sort(missing)
	for _, text := range missing {
		t.Errorf("no translation: %q", text)
	}
	for text := range english {
		if !used[text] {
			t.Errorf("translation without use: %q", text)
		}
	}
	if path := os.Getenv("GUICHET_MISSING"); path != "" {
		os.WriteFile(path, []byte(strings.Join(missing, "\n")), 0o600) //nolint:errcheck // a developer's aid
	}
}

func TestThreadsOnlyInTask(t *testing.T) {
	for name, file := range sources(t, ".") {
		if name == "task.go" {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s: a go statement", name)
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "fyne" && (n.Sel.Name == "Do" || n.Sel.Name == "DoAndWait") {
					t.Errorf("%s: fyne.%s", name, n.Sel.Name)
				}
			}
			return true
		})
	}
}

// TestValuesGiven: every place of a sentence is given where it is said, or it
// reads "<no value>".
func TestValuesGiven(t *testing.T) {
	place := regexp.MustCompile(`\{\{\.(\w+)\}\}`)
	for name, file := range sources(t, ".") {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			single, plural := calledSentences(call)
			if len(single)+len(plural) != 1 || len(plural) == 1 && len(call.Args) == 2 { // lang.N alone gives the count itself
				return true
			}
			given := map[string]bool{}
			values, ok := call.Args[len(call.Args)-1].(*ast.CompositeLit)
			if !ok && len(call.Args) > 1 {
				return true // a variable's
			}
			if ok {
				for _, element := range values.Elts {
					if pair, ok := element.(*ast.KeyValueExpr); ok {
						given[literal(pair.Key)] = true
					}
				}
			}
			for _, sentence := range append(single, plural...) {
				for _, found := range place.FindAllStringSubmatch(sentence, -1) {
					if !given[found[1]] {
						t.Errorf("%s: %q is not given %s", name, sentence, found[1])
					}
				}
			}
			return true
		})
	}
}
