# KumoMTA names its zstd segments by their time alone.
facts() {
	mxtrend parse "$1" | sed 's/,"file":.*//'
}
facts "$SAMPLES/kumomta/records.log" >want
facts "$SAMPLES/kumomta/20261120-080000.000000000" | cmp - want
test -s want
mxtrend report -f json "$SAMPLES/kumomta/20261120-080000.000000000" >got
python3 -c '
import json
totals = json.load(open("got"))["totals"]
print(totals["deliveries"], totals["accepted"], totals["bounced"],
      totals["expired"], totals["open"], totals["local"]["deliveries"])'
