# Generated reports of both generations, read a second time by Python.
python3 "$ROOT/tests/support/check_dmarc.py" make 1000 made
mxtrend parse -r made >facts
python3 "$ROOT/tests/support/check_dmarc.py" compare made facts
