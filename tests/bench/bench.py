#!/usr/bin/env python3
"""Time and memory against what everybody has, on generated logs; the page is
tests/bench/RESULTS.md.

bench.py [--quick]   BUILD=DIR  MXTREND_BENCH_MB=1000  MXTREND_BENCH_PAIRS=7
                     MXTREND_BENCH_SMALL_MB=100 (of logs for slow programs)

Commands that are compared run in turn, so that a busy moment hits both; what
counts is the median of their ratios. --quick: small logs, few pairs, nothing
written but a table on standard output.
"""
import datetime
import io
import os
import re
import shutil
import statistics
import subprocess
import sys

QUICK = "--quick" in sys.argv[1:]
BUILD = os.environ.get("BUILD", "build")
MB = int(os.environ.get("MXTREND_BENCH_MB", "100" if QUICK else "1000"))
PAIRS = int(os.environ.get("MXTREND_BENCH_PAIRS", "3" if QUICK else "7"))
PROGRAM = os.path.abspath(BUILD + "/release/mxtrend")
MEASURE = os.path.abspath(BUILD + "/release/tests/bench/measure")
GENLOG = os.path.abspath(BUILD + "/release/tests/gen/genlog")
HERE = os.path.dirname(os.path.abspath(__file__))
WORK = os.path.abspath(BUILD + "/bench")
RESULTS = os.path.join(HERE, "RESULTS.md")
PEER_MB = min(MB, int(os.environ.get("MXTREND_BENCH_SMALL_MB",
                                     "30" if QUICK else "100")))
NOW = "2026-11-30T00:00:00Z"
ENV = dict(os.environ, LC_ALL="C", TZ="UTC", MXTREND_CONFIG="/dev/null")
page = io.StringIO()


def say(text=""):
    print(text, flush=True)
    page.write(text + "\n")


def fail(text):
    sys.exit("bench: " + text)


# --- logs --------------------------------------------------------------------

def made(name, make):
    """The file NAME of the work directory, made once."""
    path = os.path.join(WORK, name)
    if not os.path.exists(path):
        make(path + ".part")
        os.rename(path + ".part", path)
    return path


def run(*argv, **more):
    done = subprocess.run(argv, env=ENV, check=False, **more)
    if done.returncode != 0:
        fail("failed: " + " ".join(argv))
    return done


def genlog(name, size, *options):
    return made("%s.%d" % (name, size), lambda path: run(
        GENLOG, "--seed", "1", "--size", str(size), *options, "-o", path))


def otherlog(kind, size):
    return made("%s.%d" % (kind, size), lambda path: run(
        sys.executable, HERE + "/makelogs.py", kind, str(size), path))


def packed(log):
    def pack(path):
        with open(path, "wb") as out:
            run("gzip", "-6", "-c", log, stdout=out)
    return made(os.path.basename(log) + ".gz", pack)


def megabytes(path):
    return os.path.getsize(path) / 1e6


# --- measuring ---------------------------------------------------------------

class Taken:
    """What runs of one command took: seconds, seconds, KiB, each a list."""

    def __init__(self):
        self.wall, self.cpu, self.kib = [], [], []

    def add(self, text):
        wall, user, system, kib = text.split()[-4:]
        self.wall.append(float(wall))
        self.cpu.append(float(user) + float(system))
        self.kib.append(int(kib))


def once(taken, argv, stdin=None):
    with open(stdin or os.devnull, "rb") as source:
        done = subprocess.run([MEASURE] + argv, env=ENV, check=False,
                              stdin=source, capture_output=True)
    if done.returncode != 0:
        fail("failed: %s\n%s" % (" ".join(argv), done.stderr.decode()))
    taken.add(done.stdout.decode())


def state(name="state"):
    path = os.path.join(WORK, name)
    shutil.rmtree(path, ignore_errors=True)
    os.mkdir(path)
    return path


def ingest(taken, *files, program=PROGRAM):
    """A new store each time; its making belongs to what is measured."""
    once(taken, [program, "-q", "--now", NOW, "--state", state(), "ingest",
                 *files])


def report(taken, *files):
    once(taken, [PROGRAM, "--now", NOW, "report", *files])


def in_turn(pairs, *jobs, warms=True):
    """Each job is called with its Taken, PAIRS times in turn, and once before
    unless it is slow anyway."""
    takens = [Taken() for _ in jobs]
    for job in jobs if warms else ():
        job(Taken())
    for _ in range(pairs):
        for job, taken in zip(jobs, takens):
            job(taken)
    return takens


def ratio(ours, theirs):
    return sorted(a / b for a, b in zip(ours, theirs))


def spread(values, form="%.3g"):
    values = sorted(values)
    return (form + " (" + form + ".." + form + ")") % (
        statistics.median(values), values[0], values[-1])


def milliseconds(taken):
    return spread([s * 1000 for s in taken.wall], "%.0f") + " ms"


def mib(taken):
    return "%.1f" % (max(taken.kib) / 1024)


def row(*cells):
    say("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells):
    row(*cells)
    say("|" + "---|" * len(cells))


# --- the tables --------------------------------------------------------------

def verdict(value, goal):
    return "" if goal is None else "yes" if value <= goal else "no"


def compared(what, against, ours, theirs, goal, size):
    ratios = ratio(ours.wall, theirs.wall)
    cpu = statistics.median(ratio(ours.cpu, theirs.cpu))
    wall = statistics.median(ours.wall)
    row(what, against, spread(ratios), "%.3g" % cpu,
        "-" if goal is None else goal,
        verdict(statistics.median(ratios), goal), "%.2f" % wall,
        "%.0f" % (size / wall), mib(ours))


def zlib_only():
    """A build without ISA-L, None where this one has none."""
    version = subprocess.run([PROGRAM, "--version"], capture_output=True,
                             text=True, env=ENV, check=True).stdout
    if "no isa-l" in version:
        return None
    env = {k: v for k, v in ENV.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
    subprocess.run(["make", "-s", "BUILD=" + BUILD + "/zlib", "ISAL=no",
                    "VARIANT=release", BUILD + "/zlib/release/mxtrend"],
                   env=env, check=True, stdout=subprocess.DEVNULL)
    return os.path.abspath(BUILD + "/zlib/release/mxtrend")


MAWK = """match($0, /status=[a-z]+/) {
    s = substr($0, RSTART, RLENGTH); match($0, /relay=[^,]*/)
    n[s substr($0, RSTART, RLENGTH)]++ } END { for (k in n) print k, n[k] }"""


def against_yardsticks(log):
    size, pack = megabytes(log), packed(log)
    say("## Against reading and unpacking alone, %.0f MB" % size)
    say()
    head("case", "against", "wall ratio: median (min..max)", "cpu ratio",
         "goal", "met", "wall s", "MB/s", "peak MiB")
    ours, theirs = in_turn(PAIRS, lambda t: ingest(t, log),
                           lambda t: once(t, ["wc", "-l", log]))
    compared("ingest", "wc -l", ours, theirs, 9, size)
    ours, theirs = in_turn(PAIRS, lambda t: ingest(t, "-j", "1", log),
                           lambda t: once(t, ["wc", "-l", log]))
    compared("ingest, one thread", "wc -l", ours, theirs, None, size)
    ours, theirs = in_turn(PAIRS, lambda t: report(t, log),
                           lambda t: once(t, ["wc", "-l", log]))
    compared("report, text, no store kept", "wc -l", ours, theirs, None, size)
    if shutil.which("mawk"):
        ours, theirs = in_turn(3, lambda t: ingest(t, log),
                               lambda t: once(t, ["mawk", MAWK, log]))
        compared("ingest", "mawk one-liner", ours, theirs, 0.55, size)
    small = zlib_only()
    isal = "ISA-L" if small else "zlib only"
    ours, one, theirs = in_turn(
        PAIRS, lambda t: ingest(t, pack), lambda t: ingest(t, "-j", "1", pack),
        lambda t: once(t, ["zcat", pack]))
    compared("ingest, gzip, " + isal, "zcat", ours, theirs,
             0.30 if small else 0.58, size)
    compared("ingest, gzip, one thread, " + isal, "zcat", one, theirs,
             0.45 if small else None, size)
    if small:
        ours, theirs = in_turn(
            min(PAIRS, 3), lambda t: ingest(t, pack, program=small),
            lambda t: once(t, ["zcat", pack]))
        compared("ingest, gzip, zlib only", "zcat", ours, theirs, 0.58, size)
    say()


LOGWATCH = "/usr/share/logwatch/scripts/services/postfix"
GOACCESS = ["goaccess", "-", "--no-global-config", "--num-tests=0", "-o",
            WORK + "/goaccess.csv",
            "--log-format", '%d %t %^ %^: %^: to=<%U>, relay=%h[%^]%^, %^',
            "--date-format", "%b %d", "--time-format", "%T"]


def against_peers(log):
    size = megabytes(log)
    exim = otherlog("exim", PEER_MB)
    say("## Against other programs that read mail logs, %.0f MB" % size)
    say()
    say("Each does what it is made for; only pflogsumm, postfix-logwatch and")
    say("eximstats say who refused and why. lnav counts the lines with a")
    say("status; GoAccess is given a format of its own.")
    say()
    head("other program", "its wall s", "its peak MiB", "ours, wall s",
         "ours is faster by", "goal")
    peers = [("pflogsumm", ["pflogsumm", log], None, log, 35),
             ("postfix-logwatch", [LOGWATCH, "--long_queue_ids"], log, log,
              None),
             ("eximstats", ["eximstats", exim], None, exim, None),
             ("lnav", ["lnav", "-n", "-c", ";SELECT count(*) FROM syslog_log "
                       "WHERE log_body LIKE '%status=%'", log], None, log,
              None),
             ("goaccess", GOACCESS, log, log, None)]
    for name, argv, stdin, path, goal in peers:
        if not shutil.which(argv[0]):
            row(name, "not installed", "", "", "", goal or "-")
            continue
        ours, theirs = in_turn(1 if QUICK else 3, lambda t: ingest(t, path),
                               lambda t: once(t, argv, stdin),
                               warms=False)
        row(name, spread(theirs.wall), mib(theirs), spread(ours.wall),
            spread(ratio(theirs.wall, ours.wall), "%.0f"), goal or "-")
    say()


def by_size():
    sizes = [10, 30, 100] if QUICK else [10, 30, 100, 300, 1000, 2000]
    sizes = [size for size in sizes if size <= 2 * MB]
    say("## Cost against size")
    say()
    head("log, MB", "ingest, wall s", "cpu s", "cpu s a GB", "peak MiB",
         "store, MiB")
    for size in sizes:
        log = genlog("log", size)
        taken, = in_turn(3, lambda t: ingest(t, log))
        cpu = statistics.median(taken.cpu)
        store = os.path.getsize(WORK + "/state/mxtrend.db") / 1048576
        row("%.0f" % megabytes(log), spread(taken.wall), "%.2f" % cpu,
            "%.2f" % (cpu / megabytes(log) * 1000), mib(taken),
            "%.1f" % store)
        if size > MB:
            os.remove(log)
    say()


def by_format(normal):
    say("## Other formats, %d MB each" % PEER_MB)
    say()
    head("log", "ingest, cpu s", "MB/s", "cpu, times that of Postfix",
         "peak MiB")
    for kind in ("exim", "sendmail", "kumomta"):
        log = otherlog(kind, PEER_MB)
        ours, theirs = in_turn(3, lambda t: ingest(t, log),
                               lambda t: ingest(t, normal))
        row(kind, "%.2f" % statistics.median(ours.cpu),
            "%.0f" % (megabytes(log) / statistics.median(ours.wall)),
            spread(ratio(ours.cpu, theirs.cpu)), mib(ours))
    say()


ADVERSE = [
    ("all_refused", "every delivery refused, no two texts alike"),
    ("many_domains", "every delivery to a domain of its own"),
    ("many_open", "no message ever leaves the queue"),
    ("one_provider", "one provider has all mail"),
    ("noise", "lines of other programs, and of none"),
    ("long_lines", "lines of 64 KiB and more"),
]


def adverse(normal):
    say("## Hard inputs, %d MB each" % PEER_MB)
    say()
    say("`report FILE`, against the same on the usual log of that size.")
    say()
    head("input", "cpu, times the usual", "wall s", "peak MiB")
    forty = genlog("forty", PEER_MB, "--hosts", "4", "--instances", "10")
    logs = [(what, otherlog(kind, PEER_MB)) for kind, what in ADVERSE]
    for what, log in logs + [("forty instances on four hosts", forty)]:
        ours, theirs = in_turn(1 if QUICK else 3, lambda t: report(t, log),
                               lambda t: report(t, normal))
        row(what, spread(ratio(ours.cpu, theirs.cpu)), spread(ours.wall),
            mib(ours))
    say()


def copy_days(log, count):
    """LOG in COUNT files, cut at lines."""
    folder = state("sixty")
    with open(log, "rb") as source:
        lines = source.readlines()
    step = len(lines) // count
    for i in range(count):
        with open("%s/mail.log.%d" % (folder, i), "wb") as out:
            out.writelines(lines[i * step:(i + 1) * step])
    return sorted(folder + "/" + name for name in os.listdir(folder))


def append(path, log, size):
    with open(log, "rb") as source, open(path, "ab") as out:
        source.seek(-size, os.SEEK_END)
        source.readline()
        out.write(source.read())


def again(log, normal):
    """What a nightly run costs."""
    store = state("kept")
    ours = [PROGRAM, "-q", "--now", NOW, "--state", store]
    rounds = 3 if QUICK else 9
    say("## Day by day")
    say()
    head("what", "measured", "goal")
    once(Taken(), ours + ["ingest", log])
    one, text, book = in_turn(
        rounds, lambda t: once(t, ours + ["ingest", log]),
        lambda t: once(t, ours[:1] + ours[2:] + ["report"]),
        lambda t: once(t, ours[:1] + ours[2:] + [
            "report", "-f", "xlsx", "-o", WORK + "/report.xlsx"]))
    row("nothing new in one file of %.0f MB" % megabytes(log),
        milliseconds(one), "20 ms")
    files = copy_days(normal, 60)
    once(Taken(), ours + ["ingest"] + files)
    taken, = in_turn(rounds, lambda t: once(t, ours + ["ingest"] + files))
    row("nothing new in 60 files", milliseconds(taken), "20 ms")
    growing = os.path.join(state("growing"), "mail.log")
    shutil.copyfile(genlog("log", 10), growing)
    once(Taken(), ours + ["ingest", growing])
    taken = Taken()
    for _ in range(rounds):
        append(growing, normal, 1000000)
        once(taken, ours + ["ingest", growing])
    row("1 MB more in one file", milliseconds(taken), "in proportion")
    row("text report, a week", milliseconds(text), "-")
    row("workbook, a week", milliseconds(book), "800 ms")
    a_year(rounds)


def a_year(rounds):
    """Reports from the store of a year, which is what the log may grow to."""
    year = genlog("year", MB, "--days", "365", "--start", "2025-11-20")
    store = state("year")
    once(Taken(), [PROGRAM, "-q", "--now", NOW, "--state", store, "ingest",
                   year])
    if megabytes(year) > 500:
        os.remove(year)
    ours = [PROGRAM, "--now", NOW, "--state", store, "report", "--since"]
    taken, = in_turn(rounds, lambda t: once(t, ours + ["2026-11-19"]))
    row("text report of a day, from the store of a year and %d MB" % MB,
        milliseconds(taken), "100 ms")
    taken, = in_turn(rounds, lambda t: once(t, ours + ["2025-11-20"]))
    row("text report of the whole year", milliseconds(taken), "100 ms")
    for form in ("html", "json", "csv", "xlsx"):
        taken, = in_turn(rounds, lambda t, form=form: once(t, ours + [
            "2025-11-20", "-f", form, "-o", WORK + "/report." + form]))
        row("%s of the whole year, %s rows of days, %s MiB at the peak" % (
            form, data_rows(), mib(taken)), milliseconds(taken), "1000 ms")
    episodes_of_a_year(rounds)
    say()


def episodes_of_a_year(rounds):
    """With as many deliveries as the log has, and blocks at all providers."""
    year = genlog("blocks", MB, "--days", "365", "--start", "2025-11-20",
                  "--random-episodes", "32")
    store = state("blocks")
    once(Taken(), [PROGRAM, "-q", "--now", NOW, "--state", store, "ingest",
                   year])
    if megabytes(year) > 500:
        os.remove(year)
    taken, = in_turn(rounds, lambda t: once(t, [
        PROGRAM, "--now", NOW, "--state", store, "episodes", "--since",
        "2025-11-20"]))
    row("episodes of a year with 32 blocks, %s MiB at the peak" % mib(taken),
        milliseconds(taken), "1000 ms")


def data_rows():
    """Rows of the table that the workbook's Data sheet shows, too."""
    done = subprocess.run(
        [PROGRAM, "--now", NOW, "--state", WORK + "/year", "report",
         "--since", "2025-11-20", "-f", "csv", "--table", "series"],
        env=ENV, check=True, capture_output=True)
    return done.stdout.count(b"\n") - 1


def program_table(title, words, cells, name, files=(None,)):
    """What a program of this folder measures by itself: rows of a table, for
    each of FILES; of one that it cannot read there is none."""
    say("## " + title)
    say()
    for line in words:
        say(line)
    say()
    head(*cells)
    program = os.path.abspath(BUILD + "/release/tests/bench/" + name)
    for path in files:
        done = subprocess.run([program] + ([path] if path else []), env=ENV,
                              capture_output=True, text=True, check=False)
        if done.returncode == 0:
            say(done.stdout.rstrip("\n"))
    say()


def samples():
    """Logs of every format; what is hostile or broken measures none."""
    found = []
    for folder, folders, names in os.walk(HERE + "/../../samples"):
        folders[:] = [name for name in folders if name != "demo"]
        found += [os.path.join(folder, name) for name in names
                  if name.endswith((".log", "-mainlog")) and
                  not name.startswith(("hostile", "broken"))]
    return sorted(os.path.relpath(path) for path in found)


REPORTS = HERE + "/dmarc_reports.py"


def make_reports(folder):
    """DMARC reports, 10,000 (1,000), gzipped one by one."""
    run(sys.executable, REPORTS, "make", "1000" if QUICK else "10000", folder)


def dmarc():
    """Python makes the same rows of them, or only sums."""
    folder = made("dmarc.%d" % (1000 if QUICK else 10000), make_reports)
    count = len(os.listdir(folder))
    ours, stored, rows, sums = in_turn(
        3, lambda t: once(t, [PROGRAM, "parse", "-r", folder]),
        lambda t: ingest(t, "-r", folder),
        lambda t: once(t, [sys.executable, REPORTS, "rows", folder]),
        lambda t: once(t, [sys.executable, REPORTS, "sums", folder]))
    say("## DMARC reports")
    say()
    say("%d gzipped reports, most small, some large; Python reads them with" % count)
    say("gzip and ElementTree and writes the same rows, or only adds them up.")
    say()
    head("what", "against", "wall ratio: median (min..max)", "cpu ratio",
         "goal", "meets", "wall s", "reports/s", "peak MiB")
    for what, taken, against, theirs, goal in (
            ("parse", ours, "Python, the same rows", rows, 0.25),
            ("parse", ours, "Python, sums only", sums, 0.25),
            ("ingest", stored, "Python, sums only", sums, None)):
        compared(what, against, taken, theirs, goal, count)
    say()


# --- the page ----------------------------------------------------------------

def first_match(pattern, path):
    with open(path, encoding="utf-8") as source:
        found = re.search(pattern, source.read(), re.M)
    return found.group(1) if found else "unknown"


def versions():
    names = ["gcc", "gzip", "mawk", "pflogsumm", "logwatch", "exim4-base",
             "lnav", "goaccess", "python3"]
    found = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}, "] + names,
        capture_output=True, text=True, check=False).stdout
    ours = subprocess.run([PROGRAM, "--version"], capture_output=True,
                          text=True, env=ENV, check=True).stdout
    built = re.search(r"^Built with: (.*)$", ours, re.M)
    return "%s; %s; %s" % (ours.splitlines()[0],
                           built.group(1) if built else "",
                           found.rstrip(", "))


def preface():
    say("# Measured")
    say()
    say("Written by `make bench` on %s. Ratios of wall time of commands that"
        % datetime.date.today())
    say("run in turn, median of %d pairs and their spread; warm page cache;"
        % PAIRS)
    say("classification on; each ingest into a new store. Other work on the")
    say("machine stretches wall time: then the cpu ratio (user and system")
    say("time of all threads) tells more. Logs: tests/gen/genlog, seed 1, and")
    say("tests/bench/makelogs.py.")
    say()
    say("Machine: %s, %d processors, %.0f GiB, Linux %s; load average %s at" %
        (first_match(r"^model name\s*: (.*)$", "/proc/cpuinfo"),
         os.cpu_count(),
         int(first_match(r"^MemTotal:\s+(\d+)", "/proc/meminfo")) / 1048576,
         os.uname().release.split("-")[0],
         " ".join("%.1f" % load for load in os.getloadavg())))
    say("the start.")
    say()
    say("Versions: " + versions() + ".")
    say()


def main():
    os.makedirs(WORK, exist_ok=True)
    preface()
    log, normal = genlog("log", MB), genlog("log", PEER_MB)
    against_yardsticks(log)
    against_peers(normal)
    by_size()
    by_format(normal)
    adverse(normal)
    again(log, normal)
    dmarc()
    program_table(
        "Parsers alone", ["Small samples again and again in memory, one core, "
                          "no correlation, no store."],
        ("format", "sample", "MB/s", "1000 lines/s", "1000 facts/s"),
        "bench_formats", samples())
    program_table(
        "Classification", ["Replies of refusals, processor time, the least of "
                           "several runs; opening", "reads the files and "
                           "prepares every pattern."],
        ("classification", "measured", "goal"), "bench_classify")
    say("Load average at the end: %s." %
        " ".join("%.1f" % load for load in os.getloadavg()))
    if not QUICK:
        with open(RESULTS, "w", encoding="utf-8") as out:
            out.write(page.getvalue())
        print("written to tests/bench/RESULTS.md")


if __name__ == "__main__":
    main()
