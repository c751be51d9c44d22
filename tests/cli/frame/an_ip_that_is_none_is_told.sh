for ip in foo 192.0.2; do
	mxtrend report --ip "$ip" "$SAMPLES"/demo/mail.log 2>&1 ||
		echo "status $?"
done
mxtrend -q report --ip 2001:db8::77 "$SAMPLES"/demo/mail.log
mxtrend -q report --ip mail/postfix "$SAMPLES"/demo/mail.log
