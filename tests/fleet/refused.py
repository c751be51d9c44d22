# SPDX-License-Identifier: BSD-2-Clause
"""Pushes to a server that refuses, fails or is none."""
import http.server
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
sys.dont_write_bytecode = True
from fake_clickhouse import Fleet, Handler  # noqa: E402
from tap import Tap  # noqa: E402

PROGRAM = sys.argv[1]


def main():
    tap = Tap()
    check = tap.check
    work = tempfile.mkdtemp()
    fleet = Fleet()
    Handler.fleet = fleet
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    environment = {k: v for k, v in os.environ.items()
                   if not k.startswith("MXTREND_")}
    environment["MXTREND_CONFIG"] = "/dev/null"

    def run(*words, **more):
        return subprocess.run(
            [PROGRAM, "--state", work + "/state", "--tz", "UTC", "--log-tz",
             "UTC", "--now", "2026-11-23T00:00:00Z", *words],
            capture_output=True, text=True, timeout=120,
            env=dict(environment, **more), check=False)

    def push(*words, **more):
        return run("push", "--to",
                   f"clickhouse://push@127.0.0.1:{port}/fleet", *words, **more)

    def marks():
        with sqlite3.connect(work + "/state/mxtrend.db") as db:
            return db.execute("SELECT count(*) FROM push_mark").fetchone()[0]

    def refused(name, status, words, server_says=None, **more):
        before = marks()
        done = push(**more)
        check(name, done.returncode == status and
              done.stderr.count("\n") == 1 and words in done.stderr and
              not done.stdout, done.returncode, done.stderr)
        check(f"{name}: all of it waits", marks() == before and before > 0,
              before, marks())
        check(f"{name}: the push is not named",
              not [t for t, _ in fleet.inserts if t == "push"])
        fleet.fails.clear()
        fleet.inserts.clear()

    logs = ["samples/demo/" + n for n in sorted(os.listdir("samples/demo"))]
    run("-q", "ingest", *logs)
    done = push(MXTREND_CLICKHOUSE_PASSWORD="x")
    check("a push to a server that takes all", done.returncode == 0,
          done.stderr)
    tables = [t for t, _ in fleet.inserts]
    check("the push is named last", tables[-1] == "push" and
          tables.count("push") == 1, tables)
    check("segments are named behind their rows",
          tables[-2] == "segment" and "total" in tables, tables)
    rows = dict(fleet.inserts)
    fleet.inserts.clear()
    check("nothing waits then", marks() == 0, marks())

    version = int(rows["push"].split(b"\t")[1])
    run("-q", "annotate", "2026-11-20", "a remark")
    full = ("Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough "
            "space. (NOT_ENOUGH_SPACE) (version 23.8.1.1)")
    fleet.fails["annotation"] = (500, full)
    refused("a full disk", 69, "not enough space. (NOT_ENOUGH_SPACE)")
    fleet.fails["annotation"] = ("early", 500, full)
    refused("a full disk, said early", 69, "")
    fleet.fails["segment"] = (500, "Code: 252, e.displayText() = "
                              "DB::Exception: Too many parts (300). Merges are "
                              "processing significantly slower than inserts., "
                              "e.what() = DB::Exception")
    refused("too many parts", 69, "slower than inserts. (code 252)")
    fleet.fails["annotation"] = "cut"
    refused("a connection that is cut", 69, f"127.0.0.1:{port}/fleet: ")
    fleet.fails["push"] = (502, "<html>Bad gateway</html>")
    before = marks()
    done = push()
    check("a gateway that answers for it", done.returncode == 69 and
          "HTTP status 502" in done.stderr, done.returncode, done.stderr)
    check("a gateway: what was named needs not go again", marks() == 0,
          before, marks())
    fleet.fails.clear()
    fleet.inserts.clear()
    done = push()
    check("the next push names itself", done.returncode == 0 and
          [t for t, _ in fleet.inserts] == ["push"], done.stderr,
          fleet.inserts)
    check("under a greater version",
          int(fleet.inserts[0][1].split(b"\t")[1]) > version + 6,
          fleet.inserts)
    fleet.inserts.clear()

    run("-q", "annotate", "2026-11-20", "another remark")
    fleet.fails["annotation"] = "taken but not said"
    done = push()
    first = fleet.inserts[:]
    fleet.fails.clear()
    fleet.inserts.clear()
    again = push()
    second = [i for i in fleet.inserts if i[0] == "annotation"]
    check("rows whose arrival was not confirmed", done.returncode == 69 and
          again.returncode == 0, done.stderr, again.stderr)
    # origin, day and version stand in front: 8, 2 and 8 bytes
    check("go again under another version",
          [t for t, _ in first].count("annotation") == 1 and
          len(second) == 1 and
          first[-1][1][:10] == second[0][1][:10] and
          first[-1][1][10:18] != second[0][1][10:18])
    fleet.inserts.clear()

    # Servers that accept and then say nothing, or next to nothing.
    with open(work + "/hasty", "w", encoding="ascii") as file:
        file.write("[clickhouse]\nsilence = 2s\n")
    for table, how in (("?meta", "silent"), ("annotation", "deaf"),
                       ("annotation", "silent"), ("annotation", "drips"),
                       ("segment", "silent"), ("push", "silent")):
        fleet.inserts.clear()
        run("-q", "annotate", "2026-11-20", f"{how} {table}")
        fleet.goes_on.clear()
        fleet.fails = {table: how}
        began = time.monotonic()
        done = push("-c", work + "/hasty")
        took = time.monotonic() - began
        fleet.goes_on.set()
        first = [i for i in fleet.inserts if i[0] != "push"]
        fleet.fails = {}
        fleet.inserts.clear()
        check(f"{table} {how}: one line after the time that is configured",
              done.returncode == 69 and done.stdout == "" and
              done.stderr == f"mxtrend: 127.0.0.1:{port}/fleet: no answer for"
              " 2 seconds ([clickhouse] silence in the configuration)\n" and
              2 <= took < 20, done.returncode, done.stderr, took)
        again = push()
        sent = [i[0] for i in fleet.inserts]
        rest = ["push"] if table == "push" else \
            ["reply", "source", "input", "annotation", "segment", "push"]
        check(f"{table} {how}: what it did not confirm goes again, once",
              again.returncode == 0 and sent == rest and marks() == 0,
              again.stderr, sent, marks())
        versions = {i[1][10:18] for i in first + fleet.inserts
                    if i[0] == "annotation"}
        check(f"{table} {how}: under a version that was never used",
              len(versions) == sum(i[0] == "annotation"
                                   for i in first + fleet.inserts), versions)
    fleet.inserts.clear()

    run("-q", "annotate", "2026-11-20", "a third")
    ours = fleet.schema
    fleet.schema = "3\t\n"
    refused("tables of a newer version", 65, "schema 3")
    fleet.schema = "1\t\n"
    refused("tables of an older version", 65, "schema 1")
    fleet.schema = ours
    fleet.fails["?meta"] = (404, "Code: 60. DB::Exception: Table fleet.meta "
                            "doesn't exist. (UNKNOWN_TABLE)")
    refused("tables that are not there", 78, "push --schema")
    fleet.fails["?meta"] = (404, "Code: 81. DB::Exception: Database fleet "
                            "doesn't exist. (UNKNOWN_DATABASE)")
    refused("a database that is not there", 78, "(UNKNOWN_DATABASE)")
    fleet.fails["?meta"] = (200, "<html>welcome</html>")
    refused("a page in place of an answer", 69, "not as ClickHouse")
    fleet.fails["?meta"] = (200, "7" * 100000)
    refused("an answer without end", 69, "not as ClickHouse")
    fleet.fails["?meta"] = (500, "Code: 1. DB::Exception: \x1b[31m" + "x" *
                            100000)
    refused("an error without end", 69, "(code 1)")
    fleet.fails["?meta"] = (302, "")
    refused("a redirect", 69, "HTTP status 302")
    fleet.password = "geheim"
    refused("no password", 77, "AUTHENTICATION_FAILED")
    refused("a wrong password", 77, "AUTHENTICATION_FAILED",
            MXTREND_CLICKHOUSE_PASSWORD="falsch")
    with open(work + "/password", "w", encoding="ascii") as file:
        file.write("geheim\n")
    with open(work + "/conf", "w", encoding="ascii") as file:
        file.write(f"[clickhouse]\npassword_file = {work}/password\n")
    done = push("-c", work + "/conf")
    check("the password of a file", done.returncode == 0, done.stderr)
    done = push(MXTREND_CLICKHOUSE_PASSWORD="geheim")
    check("the password of the environment", done.returncode == 0,
          done.stderr)
    fleet.password = None

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    run("-q", "annotate", "2026-11-20", "a fourth")
    for name, url, status in (
            ("no server", f"clickhouse://127.0.0.1:{closed}/fleet", 69),
            ("no such host", "clickhouse://host.invalid/fleet", 69),
            ("no TLS there", f"clickhouses://127.0.0.1:{port}/fleet", 69),
            ("a password in the URL", "clickhouse://a:b@127.0.0.1/fleet", 64),
            ("another kind of URL", "http://127.0.0.1/fleet", 64)):
        done = run("push", "--to", url)
        check(name, done.returncode == status and
              done.stderr.count("\n") == 1, done.returncode, done.stderr)
    done = run("push", http_proxy=f"http://127.0.0.1:{closed}")
    check("nowhere", done.returncode == 64, done.returncode, done.stderr)
    done = push(http_proxy=f"http://127.0.0.1:{closed}",
                ALL_PROXY=f"http://127.0.0.1:{closed}")
    check("a proxy of the environment is not used", done.returncode == 0,
          done.stderr)
    done = run("push", "--schema=none")
    check("no such form of the tables", done.returncode == 64, done.stderr)
    done = run("push", "file")
    check("push reads no files", done.returncode == 64, done.stderr)
    done = run("--state", work + "/none", "push", "--to",
               f"clickhouse://127.0.0.1:{port}/fleet")
    check("nothing to push", done.returncode == 66 and
          not os.path.exists(work + "/none"), done.returncode, done.stderr)

    def nightly(url, *words, push="yes"):
        with open(work + "/conf", "w", encoding="ascii") as file:
            file.write(f"[inputs]\nfiles = {os.getcwd()}/{logs[0]}\n"
                       f"[push]\nnightly = {push}\n"
                       + (f"to = {url}\n" if url else ""))
        fleet.inserts.clear()
        return run("-c", work + "/conf", "nightly", *words)

    here = f"clickhouse://127.0.0.1:{port}/fleet"
    run("-q", "annotate", "2026-11-20", "a fifth")
    done = nightly(here, push="no")
    check("nightly does not push unless told", done.returncode == 0 and
          not fleet.inserts, done.stderr)
    done = nightly(here)
    check("nightly pushes when told", done.returncode == 0 and
          fleet.inserts[-1][0] == "push" and "\npushed " in done.stdout and
          done.stdout.count("\npushed ") == 1 and done.stderr == "",
          done.stdout[-300:], done.stderr)
    run("-q", "annotate", "2026-11-20", "a sixth")
    done = nightly(f"clickhouse://127.0.0.1:{closed}/fleet")
    check("nightly without a server reports, and says so with 69",
          done.returncode == 69 and done.stderr.count("\n") == 1 and
          len(done.stdout) > 500, done.returncode, done.stderr)
    done = nightly(here, "-q")
    check("and pushes the next night what waited", done.returncode == 0 and
          "annotation" in [t for t, _ in fleet.inserts], done.stderr)
    done = nightly("")
    check("nightly with no place to push to", done.returncode == 78 and
          "[push] to" in done.stderr, done.stderr)
    shutil.rmtree(work)
    return tap.finish()


sys.exit(main())
