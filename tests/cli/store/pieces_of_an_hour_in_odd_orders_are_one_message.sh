# One message to two recipients, deferred and then accepted and refused within
# an hour, cut at every line: in whatever order the pieces are read, run by
# run, it is one message of two deliveries, as long as the piece that comes
# last is not one of which nothing tells that it is missing: so the last one
# read here is always that with an outcome, or with the end.
python3 - <<'END'
MX = "mx.example.com[203.0.113.5]"
def smtp(who, minute, dsn, status, said):
    return (f"smtp[2]: 4AAAA1: to=<{who}@example.com>, relay={MX}:25, "
            f"delay={minute * 60 + 1}, delays=0/0/0/1, dsn={dsn}, "
            f"status={status} ({said})")
WAIT = f"host {MX} said: 451 4.7.1 [198.51.100.1] blocked, try later (in reply to RCPT TO command)"
GONE = f"host {MX} said: 550 5.1.1 user unknown (in reply to RCPT TO command)"
SENDER = "qmgr[1]: 4AAAA1: from=<a@example.org>, size=1, nrcpt=2 (queue active)"
lines = [
    (0, "smtpd[1]: 4AAAA1: client=client.example.net[192.0.2.77]"),
    (0, SENDER),
    (0, smtp("b", 0, "4.7.1", "deferred", WAIT)),
    (0, smtp("c", 0, "4.7.1", "deferred", WAIT)),
    (20, SENDER),
    (20, smtp("b", 20, "2.0.0", "sent", "250 2.0.0 ok")),
    (20, smtp("c", 20, "5.1.1", "bounced", GONE)),
    (20, "qmgr[1]: 4AAAA1: removed")]
for number, (minute, text) in enumerate(lines):
    with open("abcdefgh"[number], "w") as piece:
        piece.write(f"2026-11-16T09:{minute:02}:{number:02}+00:00 mx "
                    f"postfix/{text}\n")
END
report() {
	mxtrend --state "$1" --tz UTC --now 2026-11-16T23:00 report -f json |
		python3 -c 'import json, sys
it = json.load(sys.stdin)
json.dump([it[key] for key in ("totals", "series", "reasons", "domains")],
          sys.stdout)'
}
night() { # STATE PIECES: "ab" is one file of two lines, "a+b" two files
	state=$1
	files=
	for file in $(echo "$2" | tr + ' '); do
		# shellcheck disable=SC2046
		cat $(echo "$file" | sed 's/./& /g') >"$file.log"
		files="$files $file.log"
	done
	# shellcheck disable=SC2086
	mxtrend --state "$state" -q --input-format postfix ingest $files
}
night whole abcdefgh
report whole >whole.json
# by hand: two deliveries of one message, two deferrals, one end of each kind
python3 -c 'import json
it = json.load(open("whole.json"))[0]
print(*(it[key] for key in ("messages", "deliveries", "deferred", "accepted",
                            "bounced", "expired", "open")))'
while read -r order; do
	name=$(echo "$order" | tr ' ' _)
	for pieces in $order; do
		night "$name" "$pieces"
	done
	report "$name" >"$name.json"
	cmp -s "$name.json" whole.json && echo "$order: the same" ||
		echo "$order: another report"
done <<'END'
bcde a+fgh
cd ab+efgh
fg ab e cd h
fg abe cd h
h abcd efg
h abcde f g
h g abcd ef
efg h abcd
a b c d e f g h
h f g e d c b a
h f c g d b a e
END
