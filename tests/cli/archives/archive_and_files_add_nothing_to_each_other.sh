# The content counts, not what it is packed in: in either order, and in all
# containers, the second adds nothing.
for tool in tar zip xz zstd bzip2; do
	command -v "$tool" >/dev/null || { echo "no $tool"; exit 77; }
done
mkdir logs
cp "$SAMPLES"/demo/mail.log "$SAMPLES"/demo/mail.log.1 logs
gzip -dc "$SAMPLES"/demo/mail.log.2.gz >logs/mail.log.2
tar czf set.tar.gz logs
tar cJf set.tar.xz logs/mail.log logs/mail.log.2 logs/mail.log.1
xz -k logs/mail.log.2
zip -q set.zip logs/mail.log.2.xz logs/mail.log
tar cf outer.tar set.zip
bzip2 -k logs/mail.log.1
run() {
	mxtrend --tz Europe/Berlin --log-tz Europe/Berlin --now 2026-11-23 "$@"
}
totals() {
	run --state "$1" report -f json | python3 -c '
import json, sys
document = json.load(sys.stdin)
for key in "generated", "inputs", "definitions":
    document.pop(key, None)
print(json.dumps(document, sort_keys=True))'
}
run --state files -q ingest logs/mail.log logs/mail.log.1 logs/mail.log.2
totals files >want
for archive in set.tar.gz set.tar.xz; do
	run --state one -q ingest $archive
	totals one | cmp - want
	run --state one ingest logs/mail.log logs/mail.log.1.bz2 \
	    logs/mail.log.2
	totals one | cmp - want
	rm -r one
done
for archive in set.tar.gz set.tar.xz set.zip outer.tar; do
	run --state files ingest $archive
	totals files | cmp - want
done
