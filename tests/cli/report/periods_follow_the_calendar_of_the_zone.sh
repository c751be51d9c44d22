# Windows and what they are compared with, where clocks change: Europe/Berlin
# on 2026-03-29 and 2026-10-25, Lord Howe by half an hour, and where they do not.
# What is no whole day is compared with as many hours before it.
ask() {
	zone=$1 now=$2
	shift 2
	mxtrend --tz "$zone" --now "$now" report "$@" -f json /dev/null >told
	python3 - "$zone" "$*" <<'END'
import datetime, json, sys, zoneinfo
document = json.load(open("told"))
zone = zoneinfo.ZoneInfo(sys.argv[1])
def show(window):
    return " .. ".join(datetime.datetime.strptime(
        window[key], "%Y-%m-%dT%H:%M:%S%z").astimezone(zone).strftime(
            "%m-%d %H:%M%z") for key in ("since", "until"))
print(f"{sys.argv[2]}: {show(document['window'])}",
      "| " + show(document["compare"]) if "compare" in document else "")
END
}
b=Europe/Berlin
ask $b 2026-10-26T12:00:00+01:00 --period yesterday --compare prev
ask $b 2026-10-26T12:00:00+01:00 --period last-week --compare prev
ask $b 2026-10-26T12:00:00+01:00 --period 1d --compare prev
ask $b 2026-10-26T12:00:00+01:00 --period 24h --compare prev
ask $b 2026-10-26T12:00:00+01:00 --period week --compare prev
ask $b 2026-11-03T12:00:00+01:00 --period last-month --compare prev
ask $b 2026-11-03T12:00:00+01:00 --period last-month --compare year
ask $b 2026-04-02T12:00:00+02:00 --period last-quarter --compare prev
ask $b 2026-03-30T00:17:00+02:00 --period yesterday --compare 2026-03-22
ask $b 2026-03-29T09:00:00+02:00 --period today --compare prev
ask Australia/Lord_Howe 2026-04-06T09:00:00+10:30 --period yesterday --compare prev
ask UTC 2026-10-26T12:00:00Z --period month --compare prev
