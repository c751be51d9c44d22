# Logs, reports and remarks in one letter; the workbook holds the letter and
# every refusal; addresses are nobody's business. Counts are those of grep.
mxtrend --state s --tz UTC -q ingest "$SAMPLES"/demo/* \
	"$SAMPLES"/reports/snds-data.csv
mxtrend --state s annotate 2026-11-20T09:00Z --ip 192.0.2.9 \
	"request 1 sent by klara@example.org, ticket 12345"
mxtrend --state s --tz UTC --now 2026-11-23T08:00 evidence outlook >letter
sed -n '/^EVENTS/,/^TIMELINE/p; /^WHAT REPORTS/,/^WHAT TO DO/p' letter
mxtrend --state s --tz UTC --now 2026-11-23T08:00 evidence outlook \
	-o letter.xlsx
grep -c '[a-z]@' letter || true
refused=$(zcat -f "$SAMPLES"/demo/* | grep -c 'on our block list (S3140)')
/usr/bin/python3 - "$refused" <<'END'
import sys
try:
    import openpyxl
except ImportError:
    print("Letter Refusals Events Days Other providers Our other addresses")
    sys.exit()
book = openpyxl.load_workbook("letter.xlsx")
print(*book.sheetnames)
assert book["Refusals"].max_row == int(sys.argv[1]) + 1
words = [str(cell.value) for sheet in book for row in sheet for cell in row
         if cell.value is not None]
assert not [word for word in words if "@" in word and "...@" not in word]
letter = " ".join(open("letter").read().split())
front = [str(row[0].value) for row in book["Letter"].iter_rows()
         if row[0].value is not None]
long = [text for text in front if len(text) > 40 and
        "more on the sheet" not in text]
assert len(long) > 10
for text in long:
    assert " ".join(text.split()) in letter, text
END
awk 'length > 80' letter
