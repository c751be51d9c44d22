cp "$SAMPLES"/own-format/acme.format .
mxtrend formats --check acme.format
mxtrend formats -q --check acme.format
sed -e 's/"outcome":"accepted"/"outcome":"bounced"/' \
    -e 's/"delay_s":1.5/"delay_s":1.6, "tls":"none"/' \
    -e 's/^expect   none/expect   {"outcome":"accepted"}/' \
    -e '/EXPIRED 0123/,/expiry/d' acme.format >wrong.format
status=0
mxtrend formats --check wrong.format || status=$?
echo "status $status"
printf 'format acme\ncolour red\ndelivery (\n' >broken.format
mxtrend formats --check broken.format || status=$?
echo "status $status"
mxtrend formats --check=gone.format
