# What a log says does not depend on who carried it: the same nine records in
# each form, read by content from standard input, and as a file.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
python3 - <<'PY'
import json, os, re, subprocess

FORMS = sorted(os.listdir(os.environ["SAMPLES"] + "/envelopes"))
TOLD = {"journal-cat", "journal-verbose", "journal-short-monotonic",
        "journal-short-delta"}

def facts(path, by_name):
    words = ["mxtrend", "--log-tz", "Europe/Berlin", "--now", "2026-11-23",
             "parse", path if by_name else "-"]
    done = subprocess.run(words, stdin=open(path), capture_output=True,
                          text=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    for row in rows:
        del row["file"], row["line"]
        row["time"] = re.sub(r"\.\d+Z", "Z", row["time"])
    return rows, done

want = None
for form in ["rfc3164.log"] + FORMS:
    path = os.environ["SAMPLES"] + "/envelopes/" + form
    name = form.removesuffix(".log")
    for by_name in (True, False):
        rows, done = facts(path, by_name)
        if name in TOLD:
            assert done.returncode == 65 and not rows, name
            assert "use -o short-iso, json or export" in done.stderr, name
            continue
        assert done.returncode == 0 and done.stderr == "", (name, done)
        if want is None:
            want = rows
            assert [row["outcome"] for row in rows] == \
                ["bounced", "accepted"], rows
            assert [row["time"] for row in rows] == \
                ["2026-11-20T08:00:02Z"] * 2, rows
        if name == "journal-with-unit":
            # it names the service, not the program
            assert not any("agent" in row for row in rows), rows
            for row in rows:
                row["agent"] = "smtp"
        assert rows == want, (name, rows, want)
print(len(FORMS), "forms")
PY
