# Who gives us a store (merge, --state) may have planted triggers and views in
# it: they do not run. A trigger would drop failed attempts when something is
# read; a view in place of a table would never end.
line() {
	echo "2026-11-20T10:00:0$1+00:00 mx postfix/smtp[2]: 4AAAA$1: to=<u@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx.example.com[203.0.113.5] said: 550 5.7.1 blocked (in reply to RCPT TO command))"
}
line 1 >log
line 2 >later
plant() {
	rm -rf "$1"
	cp -r clean "$1"
	python3 - "$1/mxtrend.db" "$2" <<'END'
import sqlite3
import sys

store = sqlite3.connect(sys.argv[1])
store.executescript(sys.argv[2])
store.close()
END
}
mxtrend --state clean -q ingest log
plant trigger 'CREATE TRIGGER t AFTER INSERT ON input BEGIN
	DELETE FROM attempt; END;'
mxtrend --state trigger -q ingest later
mxtrend --state trigger trace --recipient u@example.com | grep -c bounced
plant view 'ALTER TABLE coverage RENAME TO mine;
	CREATE VIEW coverage AS SELECT host, slot, first_utc, last_utc, lines,
	(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
	SELECT count(*) FROM n) AS losses, origin FROM mine;'
for command in 'report' 'status' 'ingest later' '--state ours merge view'; do
	status=0
	# shellcheck disable=SC2086 # words
	timeout 60 mxtrend --state view --now 2026-11-21 $command >out 2>&1 ||
		status=$?
	echo "$command: $status: $(grep -o 'access to view.*' out)"
done
