# Reports, logs, archives, bombs and what is none of them, in many copies so
# that the thread which opens them ahead runs well ahead: facts, messages and
# status are the same without it.
mkdir all
for copy in 1 2 3; do
	for file in "$SAMPLES"/reports/* "$SAMPLES"/postfix/*.log; do
		cp "$file" "all/$copy-${file##*/}"
		gzip -c "$file" >"all/$copy-${file##*/}.gz"
	done
done
printf 'not a report' >all/2-nothing.xml
printf '<feedback>' | gzip >all/2-cut.xml.gz
ln -s nowhere all/2-dangling
for threads in 1 2; do
	mxtrend --now 2026-11-24 -j $threads parse -r all >facts.$threads \
	    2>said.$threads || echo "status $?"
done
cmp facts.1 facts.2 && cmp said.1 said.2
test -s facts.1 && test -s said.1 && echo same
