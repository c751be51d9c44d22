# The log is hostile, and the pattern gives it a hold: lines are given up,
# counted and told, in time.
mkdir -p "$XDG_CONFIG_HOME/mxtrend/formats.d"
cat >"$XDG_CONFIG_HOME/mxtrend/formats.d/bad.format" <<'F'
format bad
time %s
delivery (?<time>\d+) (?<recipient>(?:[^ ]+@?)+) (?<outcome>\w+)$
F
echo '1795161601 a@example.net bounced' >log
i=0
while [ $i -lt 200 ]; do
	printf '1795161601 %02000d!\n' 0
	i=$((i + 1))
done >>log
timeout 60 mxtrend parse --skipped log | sed 's/"line":.*//' | cut -c1-38 |
    sort | uniq -c
mxtrend --state state -q ingest log
mxtrend --state state status --now 2026-11-21 | grep limit
