# new and cur, with any flags, of the Maildir and its subfolders; not tmp,
# where mail is still being delivered, nor what the server keeps beside.
mkdir -p Maildir/new Maildir/cur Maildir/tmp Maildir/.Reports.DMARC/cur \
    Maildir/.Reports.DMARC/new Maildir/.Reports.DMARC/tmp
cp "$SAMPLES/reports/dmarc-microsoft.eml" Maildir/new/1795392000.M1P1.host
cp "$SAMPLES/reports/arf.eml" Maildir/cur/1795392001.M2P1.host:2,S
cp "$SAMPLES/reports/dsn-postfix.eml" "Maildir/cur/1795392002.M3P1.host;2,RS"
cp "$SAMPLES/reports/jmrp-2026.eml" Maildir/cur/1795392003.M4P1.host!2,
cp "$SAMPLES/reports/tlsrpt.eml" Maildir/.Reports.DMARC/cur/1795392004.M5P1.host:2,FS
cp "$SAMPLES/reports/dmarc-names.eml" Maildir/tmp/1795392005.M6P1.host
cp "$SAMPLES/reports/dmarc-names.eml" Maildir/.Reports.DMARC/tmp/1795392006.M7P1.host
mxtrend parse -r Maildir | sed 's/.*"type":"\([^"]*\)".*"file":"\([^"]*\)".*/\1 \2/' | uniq
