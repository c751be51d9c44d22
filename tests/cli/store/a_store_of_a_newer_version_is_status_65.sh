mxtrend --state s -q ingest "$SAMPLES/demo/mail.log"
python3 -c 'import sqlite3
db = sqlite3.connect("s/mxtrend.db")
db.execute("PRAGMA user_version = 999")
db.commit()'
mxtrend --state s ingest "$SAMPLES/demo/mail.log.1"
