# Each is told in one line; the good report behind it is read; 256 MiB are
# enough. The sanitizers need more than any limit.
limit=0
case $(command -v mxtrend) in
*/release/*) limit=256 ;;
esac
python3 "$ROOT/tests/support/report_bombs.py" "$limit" \
    "$SAMPLES/reports/dmarc-no-rows.xml"
