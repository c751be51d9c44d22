# Each shell is asked itself; one that is not installed has nothing to say.
for shell in bash zsh fish; do
	mxtrend --completion $shell >$shell
done
cat >ask.bash <<'END'
source ./bash
complete_line() { # WORD...: the last one is being typed
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	_mxtrend
	echo "${COMPREPLY[*]}"
}
complete_line mxtrend epi
complete_line mxtrend report -f x
complete_line mxtrend -q episodes --color = al
complete_line mxtrend nightly --fail
complete_line mxtrend parse --skipped m
END
bash ask.bash
if command -v fish >/dev/null; then
	HOME=$PWD fish -c 'source ./fish; complete -C "mxtrend epi"
	    complete -C "mxtrend report -f x"
	    complete -C "mxtrend nightly --fail"' | cut -f 1 | tr '\n' ' ' >said
	[ "$(cat said)" = 'episodes xlsx --fail-on ' ]
fi
if command -v zsh >/dev/null; then
	mkdir functions
	cp zsh functions/_mxtrend
	python3 - <<'END'
import os
import pty
import re
import select
import time

pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", ZDOTDIR=".", PS1="> ")
    os.execvp("zsh", ["zsh", "-f", "-i"])
said = ""


def read_until(pattern):
    global said
    end = time.monotonic() + 60
    while not re.search(pattern, said):
        assert time.monotonic() < end, said
        if select.select([terminal], [], [], 0.2)[0]:
            said += os.read(terminal, 65536).decode()


os.write(terminal, b"fpath=($PWD/functions $fpath); autoload -U compinit; "
         b"compinit -D -u; echo 'rea''dy'\n")
read_until("ready")
for typed, wanted in (("mxtrend epi", r"episodes "),
                      ("mxtrend report -f xl", r"-f xlsx "),
                      ("mxtrend nightly --fail-o", r"--fail-on=")):
    said = ""
    os.write(terminal, typed.encode() + b"\t")
    read_until(wanted)
    os.write(terminal, b"\x15")
os.close(terminal)
END
fi
