# Every query of the page runs on a real store; every table is on the page.
mxtrend --state "$PWD" -q ingest "$SAMPLES"/demo/* >/dev/null
python3 - "$ROOT/man/mxtrend-schema.5" mxtrend.db <<'END'
import re
import sqlite3
import sys
page = open(sys.argv[1]).read()
store = sqlite3.connect("file:" + sys.argv[2] + "?mode=ro", uri=True)
tables = {row[0] for row in store.execute(
    "SELECT name FROM sqlite_schema WHERE type = 'table'")}
listed = set()
for line in re.findall(r"^\.It Sy (.*)", page, re.M):
    listed |= set(line.replace(" ,", "").split())
print(sorted(tables ^ listed))
queries = re.findall(r"^\.Bd -literal\n(SELECT.*?)\.Ed", page, re.M | re.S)
print(len(queries))
for query in queries:
    rows = store.execute(query).fetchall()
    if not rows and "skipped" not in query:
        print("no row:", query)
version, = store.execute("PRAGMA user_version").fetchone()
print(f"version of the schema, {version} here" in page.replace("\n", " "))
END
