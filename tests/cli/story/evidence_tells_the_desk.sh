mxtrend --now 2026-11-23 evidence outlook "$SAMPLES"/demo/* >dossier ||
	mxtrend --now 2026-11-23 evidence microsoft-consumer \
		"$SAMPLES"/demo/* >dossier
# what a desk asks for, and no recipient
for word in 'since 2026-11-12 08:20 UTC' '192.0.2.9' 'S3140' \
	'accepted before was at 2026-11-12 06:36 UTC' '246 attempts' \
	'https://olcsupport.office.com/'; do
	tr -s '\n ' '  ' <dossier | grep -qF -- "$word" || echo "missing: $word"
done
grep -c '@outlook\|@hotmail' dossier || true
