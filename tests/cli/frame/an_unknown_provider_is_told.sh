# A key that is none would leave no mail to report on.
for key in gmx outlook nobody; do
	mxtrend report --provider "$key" "$SAMPLES"/demo/mail.log 2>&1 ||
	    echo "status $?"
done
mxtrend -q episodes --provider mx:gone2.example "$SAMPLES"/demo/mail.log
