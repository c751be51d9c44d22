mxtrend --state s -q ingest "$SAMPLES/demo/mail.log.9.gz" \
	"$SAMPLES/demo/mail.log.5.gz"
mxtrend --state s status -f json >status.json
python3 - <<'END'
import gzip
import json
import os
status = json.load(open("status.json"))
lines = sum(len(gzip.open(os.environ["SAMPLES"] +
                          f"/demo/mail.log.{n}.gz").readlines())
            for n in (5, 9))
assert sum(row["lines"] for row in status["coverage"]) == lines
assert sum(row["lines"] for row in status["inputs"]) == lines
print(status["no_log"])
END
