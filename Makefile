# Guichet: two commands do everything on a fresh machine, `make run` and `make test`.

TAGS     := x11,migrated_fynedo
REGISTER := $(or $(GUICHET_DB),out/demo.db)
SUDO     := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# What Fyne links against on Linux, what the tests need besides, and the commands that tell whether it is there.
BUILD_PACKAGES := gcc libc6-dev pkg-config libgl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev
TEST_PACKAGES  := dovecot-imapd openssl poppler-utils dmtx-utils cups-daemon cups-client cups-filters-core-drivers xvfb xauth libgl1-mesa-dri xdotool postgresql
SHOW_PACKAGES  := xvfb xauth libgl1-mesa-dri
BENCH_PACKAGES := isync
LINUX_PACKAGES   := dpkg-dev xz-utils
WINDOWS_PACKAGES := gcc-mingw-w64-x86-64 zip

.PHONY: run build test lint bench fuzz screens clean build-packages test-packages show-packages bench-packages
.PHONY: manual vet-elsewhere package package-windows release reproducible try-debian try-windows linux-packages windows-packages

# The demo register's mail servers run beside what follows in the same recipe line, and end with it.
DEMO_PASSWORD := guichet-demo-2026
demo_mail = GUICHET_PASSWORD=$(DEMO_PASSWORD) ./guichet --db $(REGISTER) --operator demo serve-demo-mail & trap "kill $$!" EXIT;

run: build demo
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	  $(demo_mail) \
	  echo "Session : demo, mot de passe : $(DEMO_PASSWORD)"; ./guichet --db $(REGISTER) window; \
	else \
	  echo "No display here: running under Xvfb, pictures of every screen, in both languages and themes, go to out/screens/."; $(MAKE) screens; \
	fi

.PHONY: demo
demo: build
	@[ -e $(REGISTER) ] || ./guichet --db $(REGISTER) demo

build: build-packages
	go build -tags $(TAGS) -o guichet .

screens: build demo show-packages
	@rm -rf out/screens && mkdir -p out/screens
	@$(demo_mail) GUICHET_PASSWORD=$(DEMO_PASSWORD) xvfb-run -a -s "-screen 0 1400x900x24" \
	  ./guichet --db $(REGISTER) --operator demo window --screens out/screens
	@ls out/screens

test: build-packages test-packages
	go test -count=1 -tags $(TAGS) -timeout 20m $$(go list -tags $(TAGS) ./... | grep -vE '^guichet/(data|app)$$') # uncached: tests run programs that Go's cache does not know
	$(MAKE) cover
	GUICHET_TEST_ENGINE=postgres go test -count=1 -timeout 20m ./data/store
	GUICHET_TEST_ENGINE=postgres go test -count=1 -timeout 20m ./app -rapid.checks=40
	GUICHET_TEST_ENGINE=postgres go test -count=1 -timeout 20m -run "WorkingDay|ByCommand" ./views/command

lint: build-packages
	@unformatted=$$(go tool gofumpt -l $$(git ls-files '*.go')); \
	  [ -z "$$unformatted" ] || { echo "not formatted (go tool gofumpt -w):"; echo "$$unformatted"; exit 1; }
	go vet -tags $(TAGS) ./...
	go tool staticcheck -tags $(TAGS) ./...
	$(GOSEC) ./...

# What compiles without cgo does so for the other systems too; not in lint, since it compiles all the modules for each.
vet-elsewhere:
	GOOS=darwin CGO_ENABLED=0 go vet ./data/... ./app/... ./letters/... ./views/command
	GOOS=windows CGO_ENABLED=0 go vet ./data/... ./app/... ./letters/... ./views/command

# gosec is run by its version: its own modules, of which there are many, stay out of go.mod. G104, errors passed over, is
# staticcheck's and the code's own: where one is passed over, the line says why. What drives the tests' servers is left out.
GOSEC := go run github.com/securego/gosec/v2/cmd/gosec@v2.22.11 -quiet -tags $(TAGS) -exclude=G104 \
  -exclude-dir=out -exclude-dir=app/mailbox/mailboxtest -exclude-dir=letters/printing/printingtest -exclude-dir=data/store/postgrestest -exclude-dir=data/store/disktest -exclude-dir=data/accounttest

# The mail room is measured beside pdfkit where npm is there, the mailbox beside mbsync, each in a go test of its own: a process inherits its parent's peak of memory.
PDFKIT := out/pdfkit/node_modules/.package-lock.json
$(PDFKIT): app/testdata/pdfkit/package-lock.json
	mkdir -p out/pdfkit && cp app/testdata/pdfkit/package*.json out/pdfkit && npm ci --prefix out/pdfkit --no-audit --no-fund && touch $@

bench: test-packages bench-packages $(if $(shell command -v npm),$(PDFKIT))
	go test -run '^$$' -bench MailRoom -benchtime 1x -timeout 20m ./app
	go test -run '^$$' -bench Mailbox -benchtime 1x -timeout 20m ./app
	go test -run '^$$' -bench . -skip 'MailRoom|Mailbox' -benchmem ./data/... ./letters/... ./app/...
	CGO_ENABLED=0 go test -run '^$$' -bench . -benchtime 8x ./views
	go test -tags $(TAGS) -run '^$$' -bench Start -benchtime 7x .

# Guichet killed at random moments, 500 times or KILLS; SEED has it do other acts. Then an I/O error at each write of restores and updates.
.PHONY: chaos
chaos: test-packages
	GUICHET_KILLS=$(or $(KILLS),500) GUICHET_SEED=$(or $(SEED),1) go test -count=1 -v -timeout 60m -run TestKilledAtRandom ./views/command
	GUICHET_EVERY_WRITE=1 go test -count=1 -v -timeout 60m -run 'Test(Restore|Update)OnAFaultyDisk' ./app

# An office at work for seven days, or DAYS, with the clock moved.
.PHONY: soak
soak: test-packages
	GUICHET_DAYS=$(or $(DAYS),7) go test -count=1 -v -timeout 60m -run TestLongRun ./app

# Each fuzz target for FUZZTIME, two at a time; the inputs found stand in testdata/fuzz and are ordinary tests. Making what it
# finds smaller is kept short: by default it takes a minute each. The time ends with an interrupt, for go test's own end of
# time is now and then taken for a failure: go.dev/issue/75804, mended in Go 1.27.
FUZZ := app/FuzzImport data/FuzzIdentifier data/FuzzNormaliseCode data/FuzzNormaliseReference data/FuzzFold data/FuzzSplitMessage \
  data/FuzzParseAssistanceForm data/FuzzParseTicketSearch letters/FuzzLines letters/printing/FuzzDecode app/mailbox/FuzzParse \
  app/mailbox/FuzzSafeHTML app/FuzzSearch

fuzz:
	@$(MAKE) --no-print-directory -j 2 --output-sync $(FUZZ:%=fuzz/%)
fuzz/%: fuzzer = out/fuzz/$(subst /,-,$*)
fuzz/%:
	@go test -c -fuzz . -o $(fuzzer) ./$(dir $*)
	@echo $*: && cd $(dir $*) && timeout --foreground --preserve-status --signal INT $(or $(FUZZTIME),20s) $(CURDIR)/$(fuzzer) \
	  -test.run '^$$' -test.fuzz '^$(notdir $*)$$' -test.fuzzminimizetime 10x -test.parallel 1 -test.fuzzcachedir $(CURDIR)/$(fuzzer)-corpus

# The manual is the help's pages with the pictures of their screens.
manual: screens
	$(call install,pngquant)
	docs/manual.sh out/screens docs

# What is installed elsewhere: see CONTRIBUTING.md. The first three write into out/release.
package: build-packages linux-packages
	packaging/linux.sh out/release
package-windows: windows-packages
	packaging/windows.sh out/release
release: build-packages linux-packages windows-packages
	packaging/release.sh out/release
reproducible: build-packages
	packaging/reproducible.sh $(SYSTEMS)

# By hand, as root: what was packaged is installed on a bare Debian, and started under wine.
try-debian: package
	$(call install,debootstrap)
	packaging/try-debian.sh out/release
try-windows: package-windows
	$(call install,wine64 xvfb xauth xdotool imagemagick unzip)
	packaging/try-windows.sh out/release

# What is linked into Guichet, with its licence, into assets/licences/modules.tsv; a test holds it against go.mod.
.PHONY: licences vulnerabilities
licences:
	GUICHET_LICENCES=1 go test -count=1 -run TestLicences ./assets

# Known vulnerabilities of what is linked, where vuln.go.dev can be reached.
vulnerabilities:
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 -tags $(TAGS) ./...

# All tests under the race detector, an hour of two cores. What was translated from C, and pure computation, is left out of it:
# SQLite would be ten times slower, and its memory is its own.
NORACE := modernc.org/... github.com/tetratelabs/... golang.org/x/crypto/... github.com/yuin/...
RACE   := go test -race $(foreach p,$(NORACE),-gcflags=$(p)=-race=false)

.PHONY: race
race: test-packages
	$(RACE) -tags $(TAGS) -count=1 -timeout 90m ./...

# How much of the rules and of the use cases their tests run through.
coverage = awk 'NR > 1 { split($$1, at, ":"); sub("/[^/]*$$", "", at[1]); n[$$1] = $$2; of[$$1] = at[1]; if ($$3 > 0) hit[$$1] = 1 } \
  END { for (k in n) { all[of[k]] += n[k]; if (hit[k]) ran[of[k]] += n[k] } \
  for (p in all) { printf "%s: %.1f %% of %d statements are run by the tests\n", p, 100 * ran[p] / all[p], all[p]; low += ran[p] < 0.9 * all[p] } \
  exit low > 0 }' out/cover.out

.PHONY: cover
cover: test-packages
	@mkdir -p out
	go test -count=1 -timeout 30m -coverpkg ./data,./app -coverprofile out/cover.out ./data ./app
	@$(coverage)

clean:
	rm -rf guichet out

# missing = the packages of a list that Debian's dpkg does not know as installed.
missing = $(shell command -v dpkg-query >/dev/null && for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done)

define install
@missing="$(strip $(call missing,$(1)))"; if [ -n "$$missing" ]; then \
  echo "Installing, once: $$missing"; \
  $(SUDO) apt-get update -q && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -q --no-install-recommends $$missing; \
fi
endef

build-packages:
	$(call install,$(BUILD_PACKAGES))
test-packages:
	$(call install,$(TEST_PACKAGES))
show-packages:
	$(call install,$(SHOW_PACKAGES))
bench-packages:
	$(call install,$(BENCH_PACKAGES))
linux-packages:
	$(call install,$(LINUX_PACKAGES))
windows-packages:
	$(call install,$(WINDOWS_PACKAGES))
