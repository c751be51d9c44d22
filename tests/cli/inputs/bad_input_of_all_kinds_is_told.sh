# Lines without end, binaries, cut records, mixtures, wrong names: counted,
# told, and what stands around them is read.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
forms=$SAMPLES/envelopes
long() {
	dd if=/dev/zero bs=1048576 count=32 2>/dev/null | tr '\0' x
}
facts() {
	status=0
	mxtrend --log-tz Europe/Berlin --now 2026-11-23 parse --skipped "$@" \
	    >facts 2>err || status=$?
	echo "$1: $status, $(grep -c '"type":"delivery"' facts) deliveries," \
	    "skipped $(grep -o '"reason":"[a-z-]*","file"' facts | cut -d'"' -f4 |
	    sort | uniq -c | tr -s ' \n' ' ')"
	cat err
}
{
	head -n 3 "$forms"/rfc3164.log
	printf 'Nov 20 09:00:02 mx postfix/smtp[1]: 4F1A2B3C4D: to=<'
	long
	echo
	tail -n +4 "$forms"/rfc3164.log
} >long-line
facts long-line
long >no-newline
facts no-newline
{
	printf '__CURSOR=x\n__REALTIME_TIMESTAMP=1795161601500000\nMESSAGE='
	long
	printf '\n\n'
	cat "$forms"/journal-export.log
} >long-export
facts long-export
{
	printf '{\n\t"__REALTIME_TIMESTAMP" : "1795161601500000",\n\t"MESSAGE" : "'
	long
	printf '"\n}\n'
	cat "$forms"/journal-json-pretty.log
} >long-pretty
facts long-pretty
{
	head -n 1 "$forms"/journal-json.log
	printf '{"MESSAGE":"'
	long
	printf '"}\n'
	tail -n +2 "$forms"/journal-json.log
} >long-json
facts long-json
rm long-* no-newline
python3 -c '
import sys
sys.stdout.buffer.write(bytes((i * 7919 + i * i // 3) % 256
                              for i in range(20000)))' >binary
facts binary
cat "$forms"/journal-export.log binary "$forms"/journal-export.log >mixed
facts mixed
head -c 2000 "$forms"/journal-export.log >cut-export
facts cut-export
cat "$forms"/journal-json.log "$forms"/iso.log >json-and-syslog
facts json-and-syslog
cp "$forms"/journal-export.log export.json.gz
facts export.json.gz
gzip -c "$forms"/iso.log >plain.log
facts plain.log
