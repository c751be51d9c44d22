echo precious >target
ln -s target report.txt
status=0
mxtrend report -o report.txt "$SAMPLES"/demo/mail.log || status=$?
cat target
exit $status
