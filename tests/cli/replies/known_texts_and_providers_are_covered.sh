# The texts and codes that public sources know, and the providers with their MX
# suffixes and domains.
command -v python3 >/dev/null || { echo 'no python3 here'; exit 77; }
for facts in codes providers; do
	python3 "$ROOT/tests/replies/coverage.py" "$(command -v mxtrend)" \
	    "$ROOT/analyzer/rules" $facts
done
