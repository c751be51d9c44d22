# mxtrend: who refuses our mail, from which of our addresses, why, since when.
#
# `make help` lists the targets. One mechanism makes every variant:
# VARIANT=release|dev|asan|tsan|int|cov|fuzz|afl builds into build/VARIANT,
# with objects mirrored by folder; BUILD=DIR puts all of it elsewhere. Nothing is
# written outside build/ but what
# `make demo`, `make bench` and `make simulate` say they write.

VERSION   = 1.0.0-rc1
VARIANT  ?= release
BUILD    ?= build
PREFIX   ?= /usr/local
BINDIR   ?= $(PREFIX)/bin
DATADIR  ?= $(PREFIX)/share/mxtrend
MANDIR   ?= $(PREFIX)/share/man
DESTDIR  ?=
ISAL     ?= auto
IDN2     ?= auto
SECCOMP  ?= auto
MINUTES  ?= 1

CC        = gcc
AR        = ar
PKGCONFIG = pkg-config

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

# Parallel unless the caller said otherwise; sub-makes share the job server.
ifeq ($(MAKELEVEL),0)
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
endif

# --- variants --------------------------------------------------------------

HARDEN_CFLAGS  = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(FORTIFY) \
                 -fstack-protector-strong
SANITIZE_FLAGS = -DMX_SANITIZED -fno-omit-frame-pointer -fno-sanitize-recover=all

ifeq ($(VARIANT),release)
VARIANT_CFLAGS = -O2 -g $(HARDEN_CFLAGS)
else ifeq ($(VARIANT),dev)
VARIANT_CFLAGS = -O2 -g -Werror $(HARDEN_CFLAGS)
else ifeq ($(VARIANT),asan)
# With the seam for tests/fault (base/fault.h), so that these need no build
# of their own.
VARIANT_CFLAGS = -O1 -g -DMX_FAULT -fsanitize=address,undefined \
                  $(SANITIZE_FLAGS)
else ifeq ($(VARIANT),tsan)
VARIANT_CFLAGS = -O1 -g -fsanitize=thread $(SANITIZE_FLAGS)
else ifeq ($(VARIANT),afl)
CC             := afl-clang-fast
VARIANT_CFLAGS = -O1 -g -fsanitize=address,undefined $(SANITIZE_FLAGS)
else ifeq ($(VARIANT),cov)
VARIANT_CFLAGS = -O0 -g --coverage
else ifeq ($(VARIANT),int)
# Also what is defined and yet seldom meant: unsigned sums that wrap, values
# that a conversion changes. tests/support/wraps.list names where it is meant.
CC             := clang
VARIANT_CFLAGS = -O1 -g $(SANITIZE_FLAGS) \
                 -fsanitize=undefined,integer,implicit-conversion \
                 -fno-sanitize=unsigned-shift-base \
                 -fsanitize-ignorelist=tests/support/wraps.list
export CCACHE_EXTRAFILES = tests/support/wraps.list
else ifeq ($(VARIANT),fuzz)
CC             := clang
VARIANT_CFLAGS = -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
                  $(SANITIZE_FLAGS)
else
$(error VARIANT=$(VARIANT) is none of release dev asan tsan int cov fuzz afl)
endif

B := $(BUILD)/$(VARIANT)

# --- compiler and libraries ------------------------------------------------

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wformat=2 -Wundef -Wvla -Wcast-qual -Wwrite-strings -Wpointer-arith \
	-Wswitch-enum -Wnull-dereference -Wimplicit-fallthrough -Wdate-time
WARNINGS_GCC = -Wlogical-op -Wduplicated-cond -Wduplicated-branches \
	-Wformat-overflow=2 -Wformat-truncation=2 -Wjump-misses-init \
	-Walloc-zero -Warith-conversion
WARNINGS_CLANG = -Wcomma -Wunreachable-code-aggressive -Wassign-enum \
	-Wconditional-uninitialized

# What this compiler accepts of FLAGS: all at once where it can, else one by
# one, so that a compiler nobody has seen yet still builds.
accepts = $(shell try() { $(CC) -Werror "$$@" -O2 -E -xc - -o /dev/null \
	</dev/null >/dev/null 2>&1; }; \
	if try $(1); then echo $(1); else \
	for f in $(1); do if try $$f; then echo $$f; fi; done; fi)
links = $(shell printf '\043include <%s>\nint main(void){return 0;}\n' '$(1)' \
	| $(CC) -xc - $(2) -o /dev/null 2>/dev/null && echo yes)

ifneq ($(findstring clang,$(shell $(CC) --version 2>/dev/null)),)
CC_KIND  := clang
WARN     := $(call accepts,$(WARNINGS) $(WARNINGS_CLANG))
else
CC_KIND  := gcc
WARN     := $(call accepts,$(WARNINGS) $(WARNINGS_GCC))
endif
FORTIFY := $(if $(shell echo '\#include <stdio.h>' | $(CC) -Werror -O2 \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -E -xc - -o /dev/null 2>&1),2,3)

PACKAGES := zlib libpcre2-8 sqlite3 xlsxwriter libpsl inih jansson expat \
	gmime-3.0 glib-2.0 libarchive
# As system headers: their warnings are not ours.
LIB_CFLAGS := $(patsubst -I%,-isystem %,$(shell $(PKGCONFIG) --cflags \
	$(PACKAGES) 2>/dev/null))
LIBS       := $(shell $(PKGCONFIG) --libs $(PACKAGES) 2>/dev/null) -lm

ifneq ($(ISAL),no)
ifeq ($(call links,isa-l/igzip_lib.h,-lisal),yes)
HAVE_ISAL  := yes
LIB_CFLAGS += -DMX_HAVE_ISAL
LIBS       += -lisal
endif
endif
ifneq ($(IDN2),no)
ifeq ($(call links,idn2.h,-lidn2),yes)
HAVE_IDN2  := yes
LIB_CFLAGS += -DMX_HAVE_IDN2
LIBS       += -lidn2
endif
endif
ifneq ($(CURL),no)
ifeq ($(call links,curl/curl.h,-lcurl),yes)
HAVE_CURL  := yes
LIB_CFLAGS += -DMX_HAVE_CURL
# Loaded when it is needed (analyzer/curl_library.h): its name at run time.
CURL_SONAME := $(shell t=$$(mktemp) && echo 'int main(void){return 0;}' | \
	$(CC) -xc - -Wl,--no-as-needed -lcurl -o $$t && readelf -d $$t | \
	sed -n 's/.*(NEEDED).*\[\(libcurl[^]]*\)\].*/\1/p'; rm -f $$t)
LIBS       += -ldl
endif
endif
ifneq ($(SECCOMP),no)
ifeq ($(call links,seccomp.h,-lseccomp),yes)
HAVE_SECCOMP := yes
LIB_CFLAGS += -DMX_HAVE_SECCOMP
LIBS       += -lseccomp
endif
endif

BASE_CFLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -I. -I$(B)/made -include base/banned.h \
	-pthread -fPIE -fno-common $(WARN) $(LIB_CFLAGS) $(VARIANT_CFLAGS)
BASE_LDFLAGS := -pie -pthread -Wl,-z,relro,-z,now \
	$(filter -fsanitize=% --coverage,$(VARIANT_CFLAGS))
COMPILE = $(CC) $(BASE_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c
LINK    = $(CC) $(BASE_LDFLAGS) $(CFLAGS) $(LDFLAGS)

# --- files -----------------------------------------------------------------

ROOMS := base parsers analyzer reports cli
SRC   := $(wildcard $(ROOMS:%=%/*.c))
# Knows where its data are and what it was built with, so it alone is
# compiled again for `make install`.
INFO_SRC := cli/build_info.c
LIB_SRC  := $(filter-out cli/main.c $(INFO_SRC),$(SRC))
LIB_OBJ  := $(LIB_SRC:%.c=$(B)/%.o)
INFO_OBJ := $(INFO_SRC:%.c=$(B)/%.o)
MAIN_OBJ := $(B)/cli/main.o
ARCHIVE  := $(B)/libmxtrend.a
PROGRAM  := $(B)/mxtrend

# SQL as an array of characters, ended by NUL (a string literal of that
# length is not ISO C): analyzer/X.sql becomes analyzer/X_sql.h.
SQL_SRC  := $(wildcard analyzer/*.sql)
MADE     := $(SQL_SRC:%.sql=$(B)/made/%_sql.h) $(B)/made/cli/limits_rows.h

UNIT_SRC    := $(wildcard tests/unit/test_*.c)
UNIT_BIN    := $(UNIT_SRC:%.c=$(B)/%)
SUPPORT_SRC := $(wildcard tests/support/*.c)
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(B)/%.o)
GEN_SRC     := $(wildcard tests/gen/*.c)
GENLOG      := $(if $(GEN_SRC),$(B)/tests/gen/genlog)
SIM_SRC     := $(wildcard tests/sim/*.c)
SIM_BIN     := $(if $(SIM_SRC),$(B)/tests/sim/sim_episodes)
BENCH_SRC   := $(wildcard tests/bench/*.c)
BENCH_BIN   := $(BENCH_SRC:%.c=$(B)/%)
FUZZ_SRC    := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_BIN    := $(FUZZ_SRC:tests/fuzz/%.c=$(B)/%)
REPLAY_BIN  := $(FUZZ_SRC:tests/fuzz/%.c=$(B)/replay/%)
# One target a log format, each a link to the same program, which reads the
# format in its own name. A format with a dictionary is one.
FUZZ_LINKS  := $(patsubst tests/fuzz/%.dict,fuzz_%, \
	$(wildcard tests/fuzz/log_*.dict))
FUZZ_BIN    += $(FUZZ_LINKS:%=$(B)/%)
REPLAY_BIN  += $(FUZZ_LINKS:%=$(B)/replay/%)

FEATURES := zlib $(shell $(PKGCONFIG) --modversion zlib 2>/dev/null), \
	$(if $(HAVE_ISAL),isa-l $(shell $(PKGCONFIG) --modversion libisal \
	2>/dev/null),no isa-l), \
	pcre2 $(shell $(PKGCONFIG) --modversion libpcre2-8 2>/dev/null), \
	sqlite $(shell $(PKGCONFIG) --modversion sqlite3 2>/dev/null), \
	$(if $(HAVE_CURL),curl $(shell $(PKGCONFIG) --modversion libcurl \
	2>/dev/null),no curl)
info_flags = -DMXTREND_VERSION='"$(VERSION)"' -DMXTREND_DATADIR='"$(1)"' \
	-DMXTREND_FEATURES='"$(strip $(FEATURES))"'

# --- build -----------------------------------------------------------------

all: $(PROGRAM)
ifeq ($(VARIANT),release)
all: $(BUILD)/mxtrend
endif

# The release program under a short name.
$(BUILD)/mxtrend: $(BUILD)/release/mxtrend
	@ln -sfn release/mxtrend $@

$(PROGRAM): $(MAIN_OBJ) $(INFO_OBJ) $(ARCHIVE)
	$(QUIET_LD)$(LINK) -o $@ $^ $(LIBS)

$(ARCHIVE): $(LIB_OBJ)
	@rm -f $@
	@$(AR) rcs $@ $^

# A changed compiler, flag or library makes everything anew.
$(B)/flags.stamp: FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(COMPILE) $(LINK) $(LIBS))' | cmp -s - $@ || \
	echo '$(subst ','\'',$(COMPILE) $(LINK) $(LIBS))' >$@

$(B)/info.stamp: FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(call info_flags,$(CURDIR)/analyzer))' | \
	cmp -s - $@ || \
	echo '$(subst ','\'',$(call info_flags,$(CURDIR)/analyzer))' >$@

$(SQL_SRC:%.sql=$(B)/made/%_sql.h): $(B)/made/%_sql.h: %.sql
	@mkdir -p $(@D)
	@{ echo '/* Made from $<. */'; \
	echo 'static const char $(notdir $*)_sql[] = {'; \
	od -An -v -tu1 $< | sed 's/[0-9][0-9]*/&,/g'; \
	echo ' 0 };'; } >$@

# The limits with their reasons, for `mxtrend status --limits`.
$(B)/made/cli/limits_rows.h: base/limits.h base/limits.awk
	@mkdir -p $(@D)
	@{ echo '/* Made from $<. */'; awk -f base/limits.awk $<; } >$@

$(B)/%.o: %.c $(B)/flags.stamp | $(MADE)
	@mkdir -p $(@D)
	$(QUIET_CC)$(COMPILE) -o $@ $<

# Beyond POSIX' base: O_PATH and syscall(2); realpath(3).
$(B)/cli/sandbox.o: CPPFLAGS += -D_GNU_SOURCE
$(B)/cli/confine.o: CPPFLAGS += -D_XOPEN_SOURCE=700
$(B)/analyzer/curl_library.o: CPPFLAGS += -DMX_CURL_SONAME='"$(CURL_SONAME)"'

# The program that runs from the tree reads the tree's own data.
$(INFO_OBJ): $(INFO_SRC) $(B)/flags.stamp $(B)/info.stamp
	@mkdir -p $(@D)
	$(QUIET_CC)$(COMPILE) $(call info_flags,$(CURDIR)/analyzer) -o $@ $<

# Short lines unless V=1.
ifneq ($(V),1)
QUIET_CC = @echo '  CC $<'; 
QUIET_LD = @echo '  LD $@'; 
endif

FORCE:

# --- install ---------------------------------------------------------------

INSTALLED := $(B)/installed

$(INSTALLED)/%.o: $(INFO_SRC) FORCE
	@mkdir -p $(@D)
	$(COMPILE) $(call info_flags,$(DATADIR)) -o $@ $<

$(INSTALLED)/mxtrend: $(MAIN_OBJ) $(INSTALLED)/build_info.o $(ARCHIVE)
	$(QUIET_LD)$(LINK) -o $@ $^ $(LIBS)

COMPLETION_BASH = $(PREFIX)/share/bash-completion/completions/mxtrend
COMPLETION_ZSH  = $(PREFIX)/share/zsh/site-functions/_mxtrend
COMPLETION_FISH = $(PREFIX)/share/fish/vendor_completions.d/mxtrend.fish

install: $(INSTALLED)/mxtrend $(PROGRAM)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DATADIR)/rules \
	    $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man5 \
	    $(DESTDIR)$(MANDIR)/man7
	install -m 0755 $(INSTALLED)/mxtrend $(DESTDIR)$(BINDIR)/mxtrend
	for f in $(wildcard analyzer/rules/*); do \
	    install -m 0644 $$f $(DESTDIR)$(DATADIR)/rules/ || exit 1; done
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	    $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	    $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(PROGRAM) --completion bash >$(DESTDIR)$(COMPLETION_BASH)
	$(PROGRAM) --completion zsh >$(DESTDIR)$(COMPLETION_ZSH)
	$(PROGRAM) --completion fish >$(DESTDIR)$(COMPLETION_FISH)
	for s in 1 5 7; do for f in man/*.$$s; do \
	    test ! -f $$f || install -m 0644 $$f \
	    $(DESTDIR)$(MANDIR)/man$$s/ || exit 1; done; done

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/mxtrend
	rm -rf $(DESTDIR)$(DATADIR)
	rm -f $(DESTDIR)$(COMPLETION_BASH) $(DESTDIR)$(COMPLETION_ZSH) \
	    $(DESTDIR)$(COMPLETION_FISH)
	rm -f $(patsubst man/%.1,$(DESTDIR)$(MANDIR)/man1/%.1,$(wildcard man/*.1)) \
	    $(patsubst man/%.5,$(DESTDIR)$(MANDIR)/man5/%.5,$(wildcard man/*.5)) \
	    $(patsubst man/%.7,$(DESTDIR)$(MANDIR)/man7/%.7,$(wildcard man/*.7))

# --- test programs ---------------------------------------------------------

$(UNIT_BIN): $(B)/%: $(B)/%.o $(SUPPORT_OBJ) $(INFO_OBJ) $(ARCHIVE)
	$(QUIET_LD)$(LINK) -o $@ $^ -lcmocka $(LIBS)

$(B)/tests/gen/genlog: $(GEN_SRC:%.c=$(B)/%.o) $(ARCHIVE)
	$(QUIET_LD)$(LINK) -o $@ $^ $(LIBS)

$(SIM_BIN): $(SIM_SRC:%.c=$(B)/%.o) $(ARCHIVE)
	$(QUIET_LD)$(LINK) -o $@ $^ $(LIBS)

$(BENCH_BIN): $(B)/%: $(B)/%.o $(INFO_OBJ) $(ARCHIVE)
	$(QUIET_LD)$(LINK) -o $@ $^ $(LIBS)

$(FUZZ_LINKS:%=$(B)/%): $(B)/fuzz_log_format
	@ln -sf $(<F) $@
$(FUZZ_LINKS:%=$(B)/replay/%): $(B)/replay/fuzz_log_format
	@ln -sf $(<F) $@

$(FUZZ_SRC:tests/fuzz/%.c=$(B)/replay/%): $(B)/replay/%: $(B)/tests/fuzz/%.o $(B)/tests/fuzz/replay.o \
    $(INFO_OBJ) $(ARCHIVE)
	@mkdir -p $(@D)
	$(QUIET_LD)$(LINK) -o $@ $^ $(LIBS)

$(FUZZ_SRC:tests/fuzz/%.c=$(B)/%): $(B)/%: $(B)/tests/fuzz/%.o $(INFO_OBJ) $(ARCHIVE)
	$(QUIET_LD)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBS)

# What the suites of this variant run: without KINDS those of all. The log
# generator is a tool, not a subject: one build of it is enough.
KINDS ?= unit fuzz
TEST_PROGRAMS = $(PROGRAM) $(if $(filter unit,$(KINDS)),$(UNIT_BIN)) \
	$(if $(filter fuzz,$(KINDS)),$(REPLAY_BIN)) \
	$(if $(filter release,$(VARIANT)),$(GENLOG) $(SIM_BIN))
test-programs: $(TEST_PROGRAMS)

# --- checks ----------------------------------------------------------------
# Each suite is a set of TAP producers; tests/run.sh runs and counts them.

SUITES = arch gen unit:release cli:release truth:release unit:asan cli:asan \
         fuzz:asan fault:asan fleet:release

check: deps
	@$(MAKE) --no-print-directory suites SUITES='$(SUITES)'

check-unit: deps
	@$(MAKE) --no-print-directory suites SUITES=unit:release
check-cli: deps
	@$(MAKE) --no-print-directory suites SUITES=cli:release
check-truth: deps
	@$(MAKE) --no-print-directory suites SUITES='gen truth:release'
# With real ClickHouse servers, which .ci/deps installs for it.
check-fleet:
	@.ci/deps fleet
	@$(MAKE) --no-print-directory suites SUITES=fleet:release
# The same for a cluster of two shards of two replicas, with ZooKeeper.
check-replicated:
	@.ci/deps replicated
	@TEST_REPLICATED=1 $(MAKE) --no-print-directory suites \
	    SUITES='fleet:release ^fleet/replicated'
# A month under the real logrotate, at least 200 kills: ten minutes or so.
check-rotation: deps
	@$(MAKE) --no-print-directory variant-release
	@python3 tests/rotation/rotation.py $(BUILD)/release/mxtrend \
	    $(BUILD)/release/tests/gen/genlog --days 30 --kills 200
# Real MTAs and six providers that are played, as root: ten minutes or more.
check-live:
	@.ci/deps live
	@$(MAKE) --no-print-directory variant-release
	@tests/real/live.sh
# A year of nights on two hosts: five minutes or so.
check-soak: deps
	@$(MAKE) --no-print-directory variant-release
	@python3 tests/soak/soak.py $(BUILD)/release/mxtrend \
	    $(BUILD)/release/tests/gen/genlog
check-asan: deps
	@$(MAKE) --no-print-directory suites \
	    SUITES='unit:asan cli:asan fuzz:asan'
check-tsan: deps
	@$(MAKE) --no-print-directory suites SUITES='unit:tsan cli:tsan'
# Sums that wrap, values that a conversion changes: clang's integer checks.
check-int: deps
	@$(MAKE) --no-print-directory suites SUITES='unit:int cli:int'
# The command-line tests under memcheck; half an hour or so.
check-valgrind:
	@.ci/deps valgrind
	@$(MAKE) --no-print-directory variant-release
	@CC='$(CC)' BUILD='$(BUILD)' tests/support/valgrind.sh
check-arch: deps
	@$(MAKE) --no-print-directory suites SUITES=arch
fuzz-replay: deps
	@$(MAKE) --no-print-directory suites SUITES=fuzz:asan

SUITE_VARIANTS = $(sort release $(foreach s,$(SUITES), \
	$(if $(findstring :,$(s)),$(lastword $(subst :, ,$(s))))))
# The suites that are run of a variant, without it: "cli unit".
kinds_of = $(patsubst %:$(1),%,$(filter %:$(1),$(SUITES)))

suites: $(SUITE_VARIANTS:%=variant-%)
	@CC='$(CC)' BUILD='$(BUILD)' tests/run.sh $(SUITES)

# What does not build is counted as failed by the suite that wants it.
variant-%: FORCE
	@$(MAKE) --no-print-directory -k VARIANT=$* \
	    KINDS='$(call kinds_of,$*)' test-programs all || \
	    echo 'check: not all of $* could be built'

# One unit test against whatever compiles: `make try T=slice`.
try:
	-@$(MAKE) --no-print-directory -k VARIANT=$(VARIANT) $(LIB_OBJ) \
	    $(SUPPORT_OBJ) $(INFO_OBJ) $(B)/tests/unit/test_$(T).o
	@rm -f $(B)/try.a
	@$(AR) rcs $(B)/try.a $$(ls $(LIB_OBJ) 2>/dev/null)
	@$(CC) $(BASE_LDFLAGS) -o $(B)/try_$(T) $(B)/tests/unit/test_$(T).o \
	    $(SUPPORT_OBJ) $$(ls $(INFO_OBJ) 2>/dev/null) $(B)/try.a \
	    -lcmocka $(LIBS)
	$(B)/try_$(T)

# --- other work ------------------------------------------------------------

deps:
	@.ci/deps

demo: deps
	@$(MAKE) --no-print-directory all
	@tests/demo.sh $(BUILD)/mxtrend

# What README.md shows; commit them when they have changed.
pictures:
	@.ci/deps pictures
	@$(MAKE) --no-print-directory all
	@tests/lint/pictures.sh $(BUILD)/mxtrend

bench:
	@.ci/deps bench
	@$(MAKE) --no-print-directory VARIANT=release all bench-programs
	@BUILD='$(BUILD)' tests/bench/bench.py

# Reports over 100 million hourly rows that a ClickHouse server makes up: most
# of an hour, and 10 GB of /var/tmp.
bench-fleet:
	@.ci/deps fleet
	@$(MAKE) --no-print-directory VARIANT=release all bench-programs
	@tests/bench/fleet.sh $(BUILD)/release >tests/bench/FLEET.md

# The same in small, on standard output only.
bench-quick:
	@.ci/deps bench
	@$(MAKE) --no-print-directory VARIANT=release all bench-programs
	@BUILD='$(BUILD)' tests/bench/bench.py --quick

# Instructions of the hot paths against tests/bench/instructions.tsv.
bench-instructions:
	@.ci/deps bench
	@$(MAKE) --no-print-directory VARIANT=release all bench-programs
	@BUILD='$(BUILD)' tests/bench/instructions.py

# Simulated blocks against their true ends; some minutes.
simulate: deps
	@$(MAKE) --no-print-directory VARIANT=release all simulate-programs
	@BUILD='$(BUILD)' tests/sim/simulate.sh tests/sim/RESULTS.md
simulate-programs: $(PROGRAM) $(SIM_BIN)

bench-programs: $(PROGRAM) $(GENLOG) $(BENCH_BIN)

fuzz:
	@.ci/deps fuzz
	@$(MAKE) --no-print-directory VARIANT=fuzz fuzz-programs
	@BUILD='$(BUILD)' tests/fuzz/fuzz.py --minutes $(MINUTES) $(TARGETS)
fuzz-programs: $(FUZZ_BIN)

# AFL++ on the same targets, in persistent mode.
AFL_TARGETS = $(or $(TARGETS),whole)
fuzz-afl:
	@.ci/deps afl
	@$(MAKE) --no-print-directory VARIANT=afl afl-programs \
	    TARGETS='$(AFL_TARGETS)'
	@BUILD='$(BUILD)' tests/fuzz/afl.sh $(MINUTES) $(AFL_TARGETS)
afl-programs: $(AFL_TARGETS:%=$(B)/fuzz_%)

# --- packages --------------------------------------------------------------

TARBALL := $(BUILD)/mxtrend-$(VERSION).tar.gz

# The same bytes from the same commit.
dist:
	@mkdir -p $(BUILD)
	git archive --format=tar --prefix=mxtrend-$(VERSION)/ HEAD | \
	    gzip -9n >$(TARBALL)
	@sha256sum $(TARBALL)

deb:
	@.ci/deps deb
	@$(MAKE) --no-print-directory dist
	@packaging/deb.sh $(TARBALL) $(VERSION) $(BUILD)/deb

# Installs, upgrades, removes and purges the package in a root of its own.
check-deb: deb
	@packaging/check-deb.sh $(BUILD)/deb

# What can be checked of the other packages without their systems.
check-rpm:
	@.ci/deps rpm
	@$(MAKE) --no-print-directory dist
	@packaging/check-rpm.sh $(TARBALL) $(VERSION)
check-apk: deps
	@$(MAKE) --no-print-directory dist
	@packaging/check-apk.sh $(TARBALL) $(VERSION)

worst:
	@tests/lint/worst.sh

lint: $(MADE)
	@.ci/deps lint
	@CC='$(CC)' BASE_CFLAGS='$(BASE_CFLAGS)' tests/lint/lint.sh

clean:
	rm -rf $(BUILD)

help:
	@printf '%s\n' \
	'make                the program: build/mxtrend' \
	'make demo           report on the sample logs (demo.txt demo.xlsx ...)' \
	'make check          every test: release, sanitizers, faults' \
	'make check-unit     unit tests only' \
	'make check-cli      command-line tests only' \
	'make check-truth    generated logs: every number against the true one' \
	'make check-fleet    pushes to real ClickHouse servers' \
	'make check-replicated  the same, two shards of two replicas' \
	'make check-rotation a month of rotations, reads and kills' \
	'make check-live     real MTAs, a block and its end, night by night (as root)' \
	'make check-soak     a year of nights: late days, merges, prunes, kills' \
	'make check-asan     unit and command-line tests with ASan and UBSan' \
	'make check-tsan     the same with TSan' \
	'make check-int      the same with integer checks (clang)' \
	'make check-valgrind command-line tests under valgrind' \
	'make check-arch     include table, banned calls, manual against code' \
	'make try T=slice    one unit test against whatever compiles' \
	'make fuzz-replay    the stored fuzz inputs once more' \
	'make fuzz MINUTES=5 libFuzzer (clang), so long on the processor a target;' \
	'                    TARGETS="log_exim mail": only these' \
	'make fuzz-afl      AFL++ on TARGETS (whole), MINUTES by the clock each' \
	'make pictures       the pictures in README.md, from the demo' \
	'make bench          time and memory against wc, zcat, pflogsumm' \
	'make bench-fleet    reports over 100 million rows of ClickHouse' \
	'make bench-quick    the same on small logs, nothing written' \
	'make bench-instructions  against the stored counts (valgrind)' \
	'make simulate       block episodes against simulated truth, with figures' \
	'make worst          the ten longest functions and files' \
	'make lint           clang-tidy, gcc -fanalyzer, cppcheck, shellcheck, mandoc' \
	'make install        PREFIX=$(PREFIX) DESTDIR=' \
	'make uninstall      what install made' \
	'make dist           a tarball, the same bytes from the same commit' \
	'make deb            a Debian package, into build/deb' \
	'make check-deb      the package in a root of its own (as root)' \
	'make check-rpm      the RPM spec, as far as Debian can tell' \
	'make check-apk      the APKBUILD, likewise' \
	'make deps           missing Debian packages (apt-get)' \
	'make clean          removes build/' \
	'VARIANT=dev|asan|tsan|int|cov builds another kind into build/VARIANT' \
	'ISAL=no IDN2=no CURL=no SECCOMP=no leave these libraries out; V=1 shows the commands'

.PHONY: all check check-unit check-cli check-truth check-fleet check-replicated check-rotation check-live check-soak check-asan check-tsan check-int check-valgrind check-arch \
	fuzz-replay suites try deps demo pictures bench bench-fleet bench-quick \
	bench-instructions bench-programs simulate simulate-programs fuzz \
	fuzz-programs fuzz-afl afl-programs worst dist deb check-deb check-rpm check-apk lint clean help install uninstall test-programs FORCE

-include $(wildcard $(SRC:%.c=$(B)/%.d) $(UNIT_SRC:%.c=$(B)/%.d) \
	$(SUPPORT_SRC:%.c=$(B)/%.d) $(GEN_SRC:%.c=$(B)/%.d) \
	$(BENCH_SRC:%.c=$(B)/%.d) $(SIM_SRC:%.c=$(B)/%.d) $(B)/tests/fuzz/*.d $(INSTALLED)/*.d)
