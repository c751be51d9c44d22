# A store that the first version made: read as it is, brought up to date by
# the first write, merged; its numbers stay what that version said.
old=$ROOT/tests/golden/stores/schema-1
load() {
	mkdir "$1"
	python3 - "$old.sql.gz" "$1/mxtrend.db" <<-'END'
	import gzip, sqlite3, sys
	db = sqlite3.connect(sys.argv[2])
	db.executescript(gzip.open(sys.argv[1], "rt").read())
	END
}
version() {
	python3 - "$1/mxtrend.db" <<-'END'
	import sqlite3, sys
	db = sqlite3.connect(sys.argv[1])
	print(*db.execute("PRAGMA user_version").fetchone(),
	      db.execute("SELECT count(*) FROM sqlite_master"
	                 " WHERE name = 'dmarc_report'").fetchone()[0])
	END
}
same() {
	mxtrend --state "$1" --now 2026-11-23T00:17:00Z --tz UTC \
	    report -f json >"$1.json"
	python3 "$ROOT/tests/truth/same.py" --more "$want" "$1.json"
}
# the numbers of that version; what they are judged to mean may be bettered
python3 - "$old.json" >want.json <<'END'
import json, sys
document = json.load(open(sys.argv[1]))
keys = ("window", "totals", "sources", "pairs", "domains", "series", "reasons")
document = {key: document[key] for key in keys}
# that version counted refusals of our own mailboxes among the reasons
document["reasons"] = [row for row in document["reasons"]
                       if not row["provider"].startswith(":")]
for row in document["sources"] + document["pairs"] + document["series"]:
    row.pop("state", None)
    row.pop("change", None)
json.dump(document, sys.stdout)
END
want=$PWD/want.json

load read
same read
version read

load written
mxtrend --state written --now 2026-11-23T00:17:00Z --tz UTC \
    --log-tz Europe/Berlin ingest "$SAMPLES/postfix/reasons.log"
version written
same written

load merged-from
mxtrend --state merged --tz UTC merge merged-from
version merged
version merged-from
same merged

# what cannot be done whole is not done at all
load stuck
python3 - stuck/mxtrend.db <<'END'
import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute("CREATE TABLE annotation (other)")
END
mxtrend --state stuck ingest "$SAMPLES/postfix/expired.log" 2>/dev/null ||
    echo "status $?"
version stuck
