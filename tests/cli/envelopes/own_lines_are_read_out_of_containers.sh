# Exim in a container logs to standard output: its own stamps and no program,
# behind what Docker or Kubernetes writes.
for tool in python3 iconv; do
	command -v "$tool" >/dev/null || { echo "no $tool"; exit 77; }
done
log=$SAMPLES/real-exim/main-mainlog
facts() {
	mxtrend --log-tz Europe/Berlin --now 2027-01-01 parse "$@" |
	    sed 's/"file":"[^"]*"/"file":"X"/'
}
facts "$log" >want
test "$(wc -l <want)" -gt 100
at=2026-11-20T07:00:02.123456789Z
sed "s/^/$at stdout F /" "$log" >kubernetes.log
sed "s/^/$at /" "$log" >docker.log
sed 's/^/exim-1  | /' "$log" >compose.log
sed "s/^/exim-1  | $at /" "$log" >compose-t.log
for form in kubernetes docker compose compose-t; do
	facts $form.log | cmp - want
done
# JSON is UTF-8, the log need not be
iconv -f latin1 -t utf8 "$log" >utf8.log
python3 - <<'P' >json-file.log
import json
for line in open("utf8.log", newline="\n", encoding="utf-8"):
    print(json.dumps({"log": line, "stream": "stdout",
                      "time": "2026-11-20T07:00:02.123456789Z"},
                     separators=(",", ":")))
P
facts utf8.log >want
facts json-file.log | cmp - want
