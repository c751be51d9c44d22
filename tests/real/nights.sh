# shellcheck shell=sh disable=SC2034
# The story of story.py, day by day, with a night of mxtrend behind each: what
# inside.sh plays for `make check-live`. Days pass because the clock of the
# world is set on (clock.py): the stamps of the log and of the sink's record
# come from it. An MTA that writes its log itself does so in real time, and
# its stamps are moved as its lines are taken over. No MTA retries on its own
# account: what waits is tried at each step.
export REAL_CLOCK=/tmp/clock
RETRY=1h LIFETIME=5d KEEPALIVE=1 POSTLOGD='' OWN_SIX=''
OUT1_SELECTORS="+incoming_interface +outgoing_interface +smtp_confirmation"
LOG_BSD=/dev/null LOG_ISO=/out/log/mail.log
mkdir /out/log /out/nights /out/final
python3 /real/nights.py begin

play() {
	python3 /real/nights.py steps >/tmp/steps
	while read -r day hour last; do
		python3 /real/nights.py at "$day" "$hour"
		# shellcheck disable=SC2046
		python3 /real/nights.py send "$day" "$hour" $(doors)
		retry >>/tmp/retry.out 2>&1 </dev/null || true
		for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
			sleep 1
			is_busy </dev/null || break
		done
		# shellcheck disable=SC2046
		python3 /real/nights.py take $(own_logs)
		[ -z "$last" ] || python3 /real/nights.py night "$day"
	done </tmp/steps
}

# In place of the MTA's own, when it has stopped.
collect() {
	# shellcheck disable=SC2046
	python3 /real/nights.py take $(own_logs)
	python3 /real/nights.py end
}
