# What a format puts together from several lines, it puts together as well when
# the log is read while it grows, whatever line it had come to, and when it goes
# on in another file.
night() { # FORMAT
	mxtrend --state part -q ingest --input-format "$1" log*
}
keep_report() { # NAME
	mxtrend --state part --tz UTC --now 2026-11-27 report -f json \
	    --since 2026-01-01 >"reports/$1"
	rm -rf part log*
}
cuts() { # FORMAT SAMPLE HEAD-LINES
	sample=$SAMPLES/$2
	cp "$sample" log
	night "$1"
	keep_report "$1 whole"
	for at in $(seq $(($3 + 1)) $(($(wc -l <"$sample") - 1))); do
		head -n "$at" "$sample" >log
		night "$1"
		cat "$sample" >log
		night "$1"
		keep_report "$1 that grew from $at lines"
		head -n "$at" "$sample" >log-1
		{ head -n "$3" "$sample" && tail -n "+$((at + 1))" "$sample"; } \
		    >log-2
		night "$1"
		keep_report "$1 parted behind line $at"
	done
}
mkdir reports
cuts exchange-send exchange/SEND2026112008-1.log 5
cuts maddy maddy/maddy.log 0
cuts stalwart stalwart/stalwart.log 0
cuts qmail qmail/current.log 0
cuts haraka haraka/default.log 0
cuts sendgrid sendgrid/events.log 0
python3 - <<'END'
import json
import os

wanted = {}
for name in sorted(os.listdir("reports"), key=lambda n: "whole" not in n):
    with open(os.path.join("reports", name), encoding="utf-8") as file:
        it = json.load(file)
    sums = [it[key] for key in ("totals", "series", "reasons", "domains",
                                "replies")]
    kind = name.split()[0]
    if sums != wanted.setdefault(kind, sums):
        print(name, "gives other sums")
for kind, sums in sorted(wanted.items()):
    print(kind, sums[0]["deliveries"], "deliveries")
END
