# A mailbox is known by its content; what it gained is read from where it
# ended. One that was changed before that place is read again, and nothing in
# it counts twice.
s() {
	mxtrend --state s --now 2026-11-23 "$@"
}
box() {
	for it in "$@"; do
		echo 'From reporter@example.net Fri Nov 20 08:00:00 2026'
		sed '/^From /d' "$SAMPLES/reports/$it.eml"
		echo
	done
}
box arf dsn-postfix >box
s ingest box
box tlsrpt >>box
s ingest box
mv box box.1
box jmrp-2025 >>box.1
s ingest box.1
s ingest box.1
# the first message was deleted, another came
box dsn-postfix tlsrpt jmrp-2025 jmrp-2026 >box.1
s ingest box.1
gzip -c box.1 | s ingest -
s status | tail -n 2
# the same in a Maildir: a message that was read is moved
mkdir -p m/new m/cur
cp "$SAMPLES/reports/arf.eml" m/new/1.host
s ingest -r m
mv m/new/1.host m/cur/1.host:2,S
s ingest -r m
