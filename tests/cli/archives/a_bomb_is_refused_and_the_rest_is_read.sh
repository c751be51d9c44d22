command -v zstd >/dev/null || { echo "no zstd"; exit 77; }
dd if=/dev/zero bs=1048576 count=400 2>/dev/null | zstd -q -19 >bomb.zst
head -n 1 "$SAMPLES/postfix/reasons.log" >mail.log
# a line, and then nothing
{ cat mail.log; dd if=/dev/zero bs=1048576 count=400 2>/dev/null; } |
    gzip -1 >bomb.gz
status=0
mxtrend parse bomb.zst bomb.gz mail.log >facts || status=$?
sed 's/.*"file":/"file":/' facts
# nothing was unpacked to disk
ls
exit $status
