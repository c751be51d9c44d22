# Whatever is asked, each step's file and line are those of a line about that
# message; and no line about a traced message is missing.
cd "$SAMPLES/demo"
check() { # check TRACE-OPTION...
	mxtrend trace -f json "$@" mail.log* >"$OLDPWD/trace"
	python3 - "$OLDPWD/trace" <<'END'
import gzip, json, re, sys
trace = json.load(open(sys.argv[1]))
lines = {}
steps = wrong = 0
def of(name):
    if name not in lines:
        opened = gzip.open if name.endswith(".gz") else open
        lines[name] = opened(name, "rt", errors="replace").readlines()
    return lines[name]
seen = set()
for message in trace["messages"]:
    for step in message["steps"]:
        steps += 1
        line = of(step["file"])[step["line"] - 1]
        wrong += message["id"] not in line
        seen.add((step["file"], step["line"]))
        # an expiry is said once for all recipients
        if "recipient" in step and step["event"] != "expired":
            wrong += f"to=<{step['recipient']}>" not in line
first = trace["messages"][0]["id"]
names = {step["file"] for step in trace["messages"][0]["steps"]}
missing = [line for name in names for number, line in enumerate(of(name), 1)
           if re.search(rf"/(qmgr|cleanup|smtp|bounce)\S*: {first}: ", line)
           and (name, number) not in seen]
print(trace["from"], trace["complete"], len(trace["messages"]), steps,
      f"{wrong} wrong", f"{len(missing)} missing")
END
}
check 4jQCxW3KfHzNkDs
check --recipient MARIA.rossi707@hotmail.com
check --reply "on our block list (S3140)"
check --episode 5f632989
zcat -f mail.log* | grep -c 'on our block list (S3140)'
