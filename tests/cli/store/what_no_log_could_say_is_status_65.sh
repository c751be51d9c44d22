# Stores of others may be forged: every number in them. What no log could say
# is damage, or is cut so that no sum overflows.
line() {
	echo "2026-11-20T10:00:0$1+00:00 mx$2 postfix/smtp[2]: 4AAAA$1: to=<u@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx.example.com[203.0.113.5] said: 550 5.7.1 blocked (in reply to RCPT TO command))"
}
line 1 1 >log
line 2 2 >other
mxtrend --state clean -q ingest log
mxtrend --state ours -q ingest other
cp -r ours before
forge() {
	rm -rf forged
	cp -r clean forged
	python3 - "$1" <<'END'
import sqlite3
import sys

store = sqlite3.connect("forged/mxtrend.db")
store.executescript(sys.argv[1])
store.close()
END
	echo "# $1"
	for command in '--state forged report -f json' '--state forged status' \
	    '--state ours merge forged'; do
		status=0
		# shellcheck disable=SC2086 # words
		mxtrend --now 2026-11-21 $command >out 2>&1 || status=$?
		echo "$command: $status$(grep -o ': damaged.*\|: the store.*' out)"
	done
	rm -rf ours
	cp -r before ours
}
forge 'UPDATE coverage SET slot = 9467085600000'
forge 'UPDATE total SET slot = -9223372036854775808'
forge 'UPDATE attempt SET utc = 9223372036854775807'
forge 'UPDATE coverage SET lines = 9223372036854775807'
forge "UPDATE day_part SET totals = x'012001010100feffffffffffffffff01'"
forge 'UPDATE total SET provider = 4000000000; DELETE FROM day_part'
