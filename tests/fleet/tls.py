# SPDX-License-Identifier: BSD-2-Clause
"""Pushes to servers whose certificates are right or not: tls.py PROGRAM
DIRECTORY, where the certificates are."""
import glob
import http.server
import os
import pathlib
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
sys.dont_write_bytecode = True
from fake_clickhouse import Fleet, Handler  # noqa: E402
from tap import Tap  # noqa: E402

PROGRAM, WORK = sys.argv[1:]
warnings.simplefilter("ignore", DeprecationWarning)
PASSWORD = "Geheim-4711"
said = []


class Server(http.server.ThreadingHTTPServer):
    """With the certificate NAME; without, plain. Handshakes that fail are
    what is tested, and not reported."""

    def __init__(self, name=None, newest=None):
        super().__init__(("127.0.0.1", 0), Handler)
        if name:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(f"{WORK}/{name}.pem",
                                    f"{WORK}/{name}.key")
            if newest:
                context.set_ciphers("ALL:@SECLEVEL=0")
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = newest
            self.socket = context.wrap_socket(
                self.socket, server_side=True,
                do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass


def main():
    tap = Tap()
    check = tap.check
    fleet = Fleet()
    fleet.password = PASSWORD
    Handler.fleet = fleet
    environment = {k: v for k, v in os.environ.items()
                   if not k.startswith(("MXTREND_", "SSL_CERT"))}
    with open(f"{WORK}/password", "w", encoding="ascii") as file:
        file.write(PASSWORD + "\n")

    def conf(ca):
        with open(f"{WORK}/conf", "w", encoding="ascii") as file:
            file.write(f"[clickhouse]\npassword_file = {WORK}/password\n" +
                       (f"ca_file = {ca}\n" if ca else ""))

    def command(*words):
        return [PROGRAM, "-c", f"{WORK}/conf", "--state", f"{WORK}/state",
                "--tz", "UTC", "--log-tz", "UTC", "--now",
                "2026-11-23T00:00:00Z", *words]

    def run(*words, **more):
        done = subprocess.run(command(*words), capture_output=True,
                              text=True, timeout=120, check=False,
                              env=dict(environment, **more))
        said.append(done.stdout + done.stderr)
        return done

    def marks():
        with sqlite3.connect(f"{WORK}/state/mxtrend.db") as db:
            return db.execute("SELECT count(*) FROM push_mark").fetchone()[0]

    def url_of(server, host="127.0.0.1", scheme="clickhouses"):
        return f"{scheme}://push@{host}:{server.server_address[1]}/fleet"

    def refused(name, words, url, status=69, **more):
        before = marks()
        fleet.inserts.clear()
        fleet.asked = 0
        done = run("push", "--to", url, **more)
        check(name, done.returncode == status and
              done.stderr.count("\n") == 1 and words in done.stderr and
              not done.stdout, done.returncode, done.stderr)
        check(f"{name}: nothing is said to that server, all of it waits",
              fleet.asked == 0 and marks() == before and before > 0,
              fleet.asked, before, marks())

    conf(f"{WORK}/ours.pem")
    run("-q", "ingest", *sorted(glob.glob("samples/demo/*")))
    good = Server("good")
    done = run("push", "--to", url_of(good))
    check("a certificate that is right", done.returncode == 0 and
          fleet.inserts and fleet.inserts[-1][0] == "push" and marks() == 0,
          done.returncode, done.stderr)
    run("-q", "annotate", "2026-11-20", "a remark")
    refused("an authority that nobody knows", "certificate",
            url_of(Server("stranger")))
    refused("a certificate of another name", "name",
            url_of(Server("elsewhere")))
    refused("a certificate that has expired", "expired",
            url_of(Server("expired")))
    refused("a certificate of the future", "not yet valid",
            url_of(Server("early")))
    refused("a server that knows TLS 1.1 at most", "no TLS with it",
            url_of(Server("good", ssl.TLSVersion.TLSv1_1)))
    refused("a server without TLS", "no TLS with it", url_of(Server()))
    refused("TLS where none was asked for", "",
            url_of(good, scheme="clickhouse"))
    conf(None)
    refused("ca_file is needed where the system does not know the authority",
            "certificate", url_of(good))
    conf(f"{WORK}/nowhere.pem")
    refused("a ca_file that is not there", "nowhere.pem", url_of(good), 78)
    conf(f"{WORK}/password")
    refused("a ca_file with no certificate in it", "password", url_of(good),
            78)
    conf(f"{WORK}/ours.pem")

    # Whoever lists processes meanwhile does not see the password.
    listener = socket.create_server(("127.0.0.1", 0))
    mute = f"clickhouses://push@127.0.0.1:{listener.getsockname()[1]}/fleet"
    with subprocess.Popen(command("push", "--to", mute),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, env=environment) as waiting:
        held, _ = listener.accept()
        time.sleep(0.1)
        with open(f"/proc/{waiting.pid}/cmdline", "rb") as file:
            shown = file.read()
        with open(f"/proc/{waiting.pid}/environ", "rb") as file:
            shown += file.read()
        waiting.send_signal(signal.SIGTERM)
        said.append(waiting.communicate(timeout=60)[0])
        held.close()
    check("no list of processes shows the password",
          b"push" in shown and PASSWORD.encode() not in shown)

    done = run("push", "--to", url_of(good, "localhost"),
               MXTREND_CLICKHOUSE_PASSWORD=PASSWORD)
    check("the other name of a certificate, and what waited", done.returncode == 0 and
          marks() == 0, done.returncode, done.stderr)
    run("-q", "annotate", "2026-11-20", "another")
    done = run("push", "--to", url_of(good),
               MXTREND_CLICKHOUSE_PASSWORD="Falsch-0815")
    check("a wrong password", done.returncode == 77 and
          done.stderr.count("\n") == 1 and marks() > 0, done.returncode,
          done.stderr)
    run("config", "--show")
    run("status", "-f", "json")
    written = b"".join(
        pathlib.Path(path).read_bytes()
        for path in glob.glob(f"{WORK}/state/**", recursive=True)
        if os.path.isfile(path))
    check("nothing that is said or stored has a password in it",
          not [s for s in said if PASSWORD in s or "Falsch" in s] and
          PASSWORD.encode() not in written and b"Falsch" not in written)
    tap.finish()  # its status is tls.sh's to tell


main()
