# Logins, cron, mail access, bans, inbound refusals, policy servers, filters:
# lines of all kinds, some with a delivery's words in them.
log=$SAMPLES/noise/syslog.log
run() {
	mxtrend --log-tz UTC --tz UTC --now 2026-11-23 "$@"
}
# at least a hundred of them differ in more than time and process
sed 's/^.\{16\}mx //; s/\[[0-9]*\]//' "$log" | sort -u | wc -l |
    awk '{ print ($1 >= 100) }'
grep -c 'to=<' "$log" | awk '{ print ($1 >= 10) }'
run parse --skipped "$log"
run report -f json "$log" >report
python3 - <<'P'
import json
report = json.load(open("report"))
totals = report["totals"]
print(totals["deliveries"], totals["local"]["deliveries"],
      totals["internal"]["deliveries"], totals["suspended"])
print(report["coverage"][0]["lines"], report["coverage"][0]["skipped"])
P
wc -l <"$log"
# the same lines as the journal has them
python3 - "$log" <<'P' >journal.json
import json, re, sys
for line in open(sys.argv[1]):
    found = re.match(r".{16}mx ([^:\[ ]+)(?:\[(\d+)\])?: (.*)", line)
    if found:
        print(json.dumps({"__REALTIME_TIMESTAMP": "1795165200000000",
                          "_HOSTNAME": "mx", "_PID": found[2] or "1",
                          "SYSLOG_IDENTIFIER": found[1],
                          "MESSAGE": found[3]}))
P
run parse --skipped journal.json
# an archive of several programs' logs
run parse "$SAMPLES"/noise/exim-rejectlog
