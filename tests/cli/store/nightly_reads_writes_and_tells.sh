cat >mxtrend.conf <<END
[inputs]
files = $SAMPLES/demo/mail.log*
[store]
state = $PWD/state
[outputs]
json = $PWD/out.json
csv = $PWD/out.csv
END
mxtrend -c mxtrend.conf --now 2026-11-23 nightly | sed -n 2p
python3 -c 'import json; print(json.load(open("out.json"))["window"]["since"])'
head -n 1 out.csv | cut -c 1-12
# a night without finding, quiet
mxtrend -c mxtrend.conf --now 2026-11-10 -q nightly
ls -l state/mxtrend.db out.json | cut -c 1-10
