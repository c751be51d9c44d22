#!/bin/sh
# Inside the namespaces and the root made by run.sh: the world, then the MTA,
# then the messages, then patience. The file of the MTA defines
#   packages, preseed   for the installation
#   configure           writes its configuration
#   start, stop         of its daemons
#   doors               arguments for send.py
#   tick                (may be absent) called every two seconds
#   retry               tries all that waits once more
#   is_busy             (may be absent) true while it tries what waits
#   own_logs            (may be absent) logs that it writes with stamps of its own
#   queue_is_empty      true when nothing waits any more
#   collect             copies what it logged to /out
set -eu
mta=$1
export PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8 TZ=Europe/Berlin
export HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin
tick() {
	:
}
own_logs() {
	:
}
is_busy() {
	false
}
# One lot of messages, and patience; a story of its own replaces it.
play() {
	# shellcheck disable=SC2046
	python3 /real/send.py $(doors)
	waited=0
	while [ "$waited" -lt "$SECONDS_MAX" ] && ! queue_is_empty; do
		sleep 2
		tick
		waited=$((waited + 2))
	done
	echo "inside.sh: waited $waited seconds"
}
# shellcheck disable=SC1090
. "/real/mta/$mta"
SECONDS_MAX=${SECONDS_MAX:-170}

wait_for() { # FILE WORD
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		grep -q "$2" "$1" 2>/dev/null && return
		sleep 0.25
	done
	echo "inside.sh: $1 never said $2" >&2
	exit 1
}

rm -rf /out/*
ln -snf /usr/share/zoneinfo/Europe/Berlin /etc/localtime
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mx.tls.example \
    -keyout /tmp/key.pem -out /tmp/cert.pem 2>/dev/null
# shellcheck disable=SC1090
[ -z "${REAL_STORY-}" ] || . "/real/$REAL_STORY"
configure
python3 /real/dns.py >/tmp/dns.out 2>&1 &
python3 /real/sink.py /out/sink.jsonl /tmp/cert.pem /tmp/key.pem \
    >/tmp/sink.out 2>&1 &
python3 /real/syslog.py mail.example.org "${LOG_BSD:-/out/mail-rfc3164.log}" \
    "${LOG_ISO:-/out/mail-iso.log}" >/tmp/syslog.out 2>&1 &
wait_for /tmp/dns.out ready
wait_for /tmp/sink.out ready
wait_for /tmp/syslog.out ready

start
play
stop
sleep 1
collect
cat /tmp/sink.out /tmp/dns.out | grep -v ready >&2 || true
