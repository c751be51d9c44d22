# HTML Tidy finds nothing to say of the page, full or empty; where it is not
# installed there is nothing to compare with.
command -v tidy >/dev/null || exit 0
mxtrend --tz Europe/Berlin --log-tz Europe/Berlin \
    --now 2026-11-23T00:17:00+01:00 report --since 2026-11-09 --compare prev \
    -o full.html "$ROOT"/samples/demo/mail.log*
mxtrend --now 2026-11-23 report -o empty.html /dev/null
for page in full empty; do
	# the colours of the legend are empty elements
	tidy -quiet -errors --show-info no --drop-empty-elements no $page.html 2>&1
done
