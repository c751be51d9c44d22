echo old >report.txt
ln report.txt other
mxtrend --tz UTC --log-tz Europe/Berlin --now 2026-11-23T00:17:00+01:00 \
    report -o report.txt "$SAMPLES"/demo/mail.log
cat other
head -n 1 report.txt | cut -d ' ' -f 1
stat -c %a report.txt
ls -A
