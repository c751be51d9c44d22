# The sandbox lets through what the command line names, wherever links lead.
# /tmp is open to temporary files, so this is done elsewhere.
same() {
	python3 - "$@" <<'END'
import json
import sys
def story(path):
    report = json.load(open(path))
    return [report[key] for key in ("totals", "providers", "series",
                                    "reasons", "episodes", "coverage")]
assert story(sys.argv[1])[0]["deliveries"] > 0
assert all(story(path) == story(sys.argv[1]) for path in sys.argv[2:])
END
}
place=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$place"' EXIT
mkdir "$place/logs" "$place/archive" "$place/out" "$place/etc"
cp "$SAMPLES/demo/mail.log" "$SAMPLES/demo/mail.log.1" "$place/archive"
ln -s ../archive/mail.log "$place/logs/mail.log"
ln -s "$place/archive/mail.log.1" "$place/logs/mail.log.1"
mxtrend --now 2026-11-23 report -f json "$place"/archive/* >want
mxtrend --now 2026-11-23 report -f json "$place"/logs/* >by-name
mxtrend --now 2026-11-23 report -f json -r "$place/logs" >by-directory
same want by-name by-directory
cat >"$place/etc/conf" <<END
[inputs]
files = "$place/logs/mail.log*"
[store]
state = $place/var/lib/mxtrend
[outputs]
json = $place/out/report.json
END
mxtrend -c "$place/etc/conf" --now 2026-11-23 -q nightly >/dev/null
grep -c '"verdict"' "$place/out/report.json"
mxtrend -c "$place/etc/conf" --now 2026-11-23 report \
    -o "$place/out/stored.json"
same want "$place/out/stored.json"
mxtrend --state "$place/second" merge "$place/var/lib/mxtrend"
mxtrend --state "$place/second" --now 2026-11-23 report -f json >merged
same want "merged"
MXTREND_RUN_SANDBOX=no mxtrend --now 2026-11-23 report -f json \
    "$place"/logs/* >without
same want "without"
