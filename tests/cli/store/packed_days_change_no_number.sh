# Sums are kept in packed form, day by day, so that a report of a year is quick:
# whatever was read, merged or pruned, they say what the rows say.
genlog=$(dirname "$(command -v mxtrend)")/../release/tests/gen/genlog
for seed in 1 2; do
	mkdir $seed
	(cd $seed && python3 "$ROOT/tests/support/check_packed_days.py" \
	    "$genlog" $seed)
done
