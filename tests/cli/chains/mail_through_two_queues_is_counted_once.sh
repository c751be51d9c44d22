# One mail to two recipients, one accepted and one refused: whatever stands in
# front of the last hop, there are two deliveries.
totals() {
	mxtrend --now 2026-11-23 report -f json "$@" | python3 -c '
import json, sys
report = json.load(sys.stdin)
totals = report["totals"]
print(*(totals[k] for k in ("deliveries", "messages", "accepted", "bounced")),
      totals["attempts"]["accepted"], totals["attempts"]["bounced"],
      sorted(row["provider"] for row in report["providers"]),
      "local", totals["local"]["deliveries"],
      "internal", totals["internal"]["deliveries"])'
}
for log in "$SAMPLES"/chains/*.log; do
	basename "$log" .log
	totals "$log"
done
# our own address is not abroad, by whatever name
sed 's/mx.example.com\[192.0.2.9\]/out.example.com[192.0.2.9]/' \
    "$SAMPLES"/chains/own-name.log >other-name.log
printf '[source-ip]\ndefault = 192.0.2.9\n' >conf
totals -c conf other-name.log
# unless the operator says so
printf '[source-ip]\ndefault = 192.0.2.9\n[hops]\nout.example.com = remote\n' >conf
totals -c conf other-name.log
