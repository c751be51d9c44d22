# The sessions in the EXAMPLES of the pages of commands, on the demo's logs:
# each command runs, and prints what the page shows. "..." stands for any
# lines, or for the end of one.
command -v jq >/dev/null || { echo "no jq here"; exit 77; }
mkdir stores
mxtrend --state stores/mx2 -q ingest "$SAMPLES"/postfix/*.log >/dev/null 2>&1 ||
    test -s stores/mx2/mxtrend.db
python3 - "$ROOT" <<'END'
import glob
import os
import re
import shutil
import subprocess
import sys
root = sys.argv[1]
LIKE = "export COLUMNS=80; set -o pipefail\nmxtrend() { " \
    "command mxtrend --state \"$PWD/state\" --tz Europe/Berlin " \
    "--log-tz Europe/Berlin --now 2026-11-23T00:17:00+01:00 \"$@\"; }\n"
def plain(text):
    for escaped, sign in (("\\(aq", "'"), ("\\(dq", '"'), ("\\&", ""),
                          ("\\e", "\\")):
        text = text.replace(escaped, sign)
    return text
def sessions(page):
    text = open(page).read()
    examples = re.search(r"^\.Sh EXAMPLES\n(.*?)^\.Sh", text, re.M | re.S)
    return re.findall(r"^\.Bd -literal\n(.*?)^\.Ed", examples[1] if examples
                      else "", re.M | re.S)
def fits(shown, printed):
    pattern = ""
    for line in shown:
        if line == "...":
            pattern += r"(.*\n)*?"
        elif line.endswith("..."):
            pattern += re.escape(line[:-3]) + r".*\n"
        else:
            pattern += re.escape(line) + r"\n"
    return re.fullmatch(pattern, printed) is not None
def run(command):
    command = command.replace("/var/log/", root + "/samples/demo/") \
        .replace("/srv/stores", "stores")
    done = subprocess.run(["bash", "-c", LIKE + command], text=True,
                          capture_output=True)
    if done.returncode not in (0, 141):
        print("exit", done.returncode, done.stderr, end="")
    return done.stdout.replace(root + "/samples/demo/", "/var/log/")
def play(page):
    count = 0
    for text in sessions(page):
        for part in re.split(r"^(?=[$#] )", plain(text), flags=re.M):
            if not part:
                continue
            lines = part.rstrip("\n").split("\n")
            command = lines.pop(0)[2:]
            while lines and (command[-1] in "\\|" or
                             lines[0].startswith("      -")):
                command = command.rstrip("\\") + " " + lines.pop(0)
            printed = run(command)
            count += 1
            if not fits(lines, printed):
                print(os.path.basename(page), "$", command)
                print(printed[:2000])
    return count
pages = sorted(glob.glob(root + "/man/mxtrend-*.1"))
pages.remove(root + "/man/mxtrend-ingest.1")
count = play(root + "/man/mxtrend-ingest.1")
os.rename("state", "filled")
for page in pages:
    shutil.copytree("filled", "state")
    count += play(page)
    shutil.rmtree("state")
print(count >= 15)
END
