mxtrend --now 2026-11-23 evidence outlook "$SAMPLES"/demo/* >dossier ||
	mxtrend --now 2026-11-23 evidence microsoft-consumer \
		"$SAMPLES"/demo/* >dossier
# what a desk asks for, and no recipient
for word in 'since 2026-11-12 08:20 UTC' '192.0.2.9' 'S3140' \
	'accepted before was at 2026-11-12 06:36 UTC' '246 attempts' \
	'none of them refused any for reputation' \
	'line of the logs is of 2026-11-02 00:15 UTC' \
	'https://olcsupport.office.com/'; do
	tr -s '\n ' '  ' <dossier | grep -qF -- "$word" || echo "missing: $word"
done
grep -c '@outlook\|@hotmail' dossier || true
# In Berlin the log begins on 1 November at 23:15 UTC: ten whole days, of UTC,
# lie before the 12th.
mxtrend --log-tz Europe/Berlin --now 2026-11-23 evidence outlook \
	"$SAMPLES"/demo/* | grep -o 'in [0-9]* whole days of log'
