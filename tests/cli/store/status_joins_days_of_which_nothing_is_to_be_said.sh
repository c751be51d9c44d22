# Three weeks of one host in one line; with -v one line a day, of as many lines
# as grep finds.
set -- --tz Europe/Berlin --log-tz Europe/Berlin --now 2026-11-23T00:17:00+01:00 \
    --state store
mxtrend "$@" ingest "$ROOT"/samples/demo/mail.log* >/dev/null
mxtrend "$@" status | sed -n '/^COVERAGE/,$p'
mxtrend "$@" status -v | grep -c '^ 2026-11-.*full *mail.example.org$'
mxtrend "$@" status -v | sed -n 's/^ 2026-11-20 .....  ..... *\([0-9]*\) .*full.*/\1/p' >told
zcat -f "$ROOT"/samples/demo/mail.log* | grep -c '^2026-11-20' | diff told -
