# Every local part, domain and address of ours that the logs hold, searched for
# in every output by a program that shares nothing with this one.
logs=$ROOT/samples/demo
set -- --tz Europe/Berlin --log-tz Europe/Berlin --now 2026-11-23T00:17:00+01:00
for also in '' domains,ips; do
	mkdir "out$also"
	for format in text json html xlsx prom csv tsv; do
		mxtrend "$@" report --anonymize=key ${also:+--anonymize-also=$also} \
		    -f $format -o "out$also/report.$format" "$logs"/mail.log*
	done
	for table in replies episodes domains pairs inputs; do
		mxtrend "$@" report --anonymize=key ${also:+--anonymize-also=$also} \
		    -f csv --table=$table -o "out$also/$table.csv" "$logs"/mail.log*
	done
	for format in xlsx json html; do
		mxtrend "$@" evidence microsoft-consumer --with-addresses \
		    --anonymize=key ${also:+--anonymize-also=$also} -f $format \
		    -o "out$also/evidence.$format" "$logs"/mail.log*
	done
	for format in text json; do
		mxtrend "$@" trace --reply S3140 --anonymize=key \
		    ${also:+--anonymize-also=$also} -f $format \
		    "$logs"/mail.log* >"out$also/trace.$format"
	done
	for command in parse episodes 'evidence microsoft-consumer --with-addresses' \
	    'diff 2026-11-02..2026-11-12 2026-11-12..2026-11-22'; do
		# shellcheck disable=SC2086
		mxtrend "$@" $command --anonymize=key \
		    ${also:+--anonymize-also=$also} "$logs"/mail.log* \
		    >"out$also/${command%% *}.txt"
	done
done
test "$(stat -c %a key)" = 600
find out outdomains,ips -empty
python3 "$ROOT/tests/support/check_anonymous.py" local "$logs"/mail.log* -- out/*
python3 "$ROOT/tests/support/check_anonymous.py" local,domains,ips \
    "$logs"/mail.log* -- outdomains,ips/*
