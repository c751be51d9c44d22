# What never ends, and has no line ends, is read until somebody asks to stop;
# once is enough, and what was read before it is kept.
log=$SAMPLES/postfix/reasons.log
ask() {
	"$@" &
	pid=$!
	sleep 2
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	echo "$status"
}
for threads in 1 2; do
	ask mxtrend --state state -q --threads $threads ingest "$log" /dev/zero
	mkfifo pipe
	{ head -n 5 "$log"; yes x | tr -d '\n'; } >pipe 2>/dev/null &
	ask mxtrend --state state -q --threads $threads ingest pipe
	wait
	rm pipe
done
mxtrend --state state --now 2026-11-26 status | grep -c ' lines  '
