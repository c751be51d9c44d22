#!/bin/sh
# Makes samples/demo/: the logs that `make demo` reports on, and the true
# counts beside it (demo-truth.json).
#   samples/make-demo.sh [GENLOG]      (default: build/release/tests/gen/genlog)
#
# The story: three weeks of one small host, mail.example.org, Debian with
# logrotate's daily set. On Monday of the second week the host is upgraded, so
# rsyslog's stamps change from RFC 3164 to ISO 8601. On Thursday of that week
# Outlook.com begins to refuse everything from this host with S3140, and still
# does when the log ends. Everybody else accepts, Microsoft 365 too, but for
# the usual greylisting, unknown mailboxes and dead domains. Our own address,
# 192.0.2.9, is known from the refusals alone.
set -eu
cd "$(dirname "$0")"
genlog=${1:-../build/release/tests/gen/genlog}

rm -rf demo
"$genlog" --seed 3140 --zone Europe/Berlin --start 2026-11-02 --days 21 \
    --per-day 190 --hosts 1 --host-name mail.example.org --instances 1 \
    --domains 120 --noise 60 --filter 0 --dnsbl-sites 0 --no-hostile \
    --iso-from 2026-11-08T23:00:00Z \
    --episode provider=microsoft-consumer,start=2026-11-12T07:40:00Z,kind=block \
    --rotate daily --dir demo --truth demo-truth.json
