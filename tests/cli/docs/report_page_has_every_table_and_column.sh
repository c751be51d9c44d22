# TABLES of mxtrend-report(1) against the header lines of csv.
mxtrend --state "$PWD" -q ingest "$SAMPLES"/demo/mail.log >/dev/null
python3 - "$ROOT/man/mxtrend-report.1" <<'END'
import csv
import re
import subprocess
import sys
page = open(sys.argv[1]).read()
section = page[page.index(".Sh TABLES"):page.index(".Sh EXAMPLES")]
def names(text):
    return [word for line in re.findall(r"^\.Va (.*)", text, re.M)
            for word in line.split() if word not in ",.;"]
def group(word):
    return names(re.search(r"^[^.\n]*\b%s are\n((\.Va .*\n)+)" % word,
                           section, re.M)[1])
groups = {"the counts": group("counts"), "the delays": group("delays")}
hops = [hop + name for hop in ("local_", "internal_")
        for name in groups["the counts"]]
right = 0
for table, text in re.findall(r"^\.It Cm (\w+)\n(.*?)(?=^\.It|^\.El)", section,
                              re.M | re.S):
    wanted = []
    for line in text.split("\n"):
        if line.startswith(".Va"):
            wanted += names(line)
        elif "counts of local" in line:
            wanted += hops
        elif not line.startswith("."):
            for phrase in re.findall(r"(?i)the (?:counts|delays)\b", line):
                wanted += groups[phrase.lower()]
        if line.startswith(".Va") and line.endswith(" ."):
            break
    printed = subprocess.run(
        ["mxtrend", "--state", ".", "report", "-f", "csv", "--table", table],
        capture_output=True, text=True, check=True).stdout
    header = next(csv.reader(printed.split("\n")))
    if header == wanted:
        right += 1
    else:
        print(table, header, wanted)
there = subprocess.run(["mxtrend", "--state", ".", "report", "-f", "csv",
                        "--table", "?"], capture_output=True, text=True)
print(there.stderr.split("there are: ")[1].count(",") + 1 - right, "missing")
END
