# SPDX-License-Identifier: BSD-2-Clause
"""A scripted server in place of ClickHouse. Its answers are those of the HTTP
interface: status, X-ClickHouse-Exception-Code, "Code: N. DB::Exception: ..."
(release 20 and later) or "Code: N, e.displayText() = ..." (before)."""
import base64
import http.server
import socket
import threading
import urllib.parse

import fleet_schema


class Fleet:
    """What the server does, and what it was sent."""

    def __init__(self):
        self.fails = {}      # table: (status, body), "cut", "silent", "drips"
        self.goes_on = threading.Event()   # ends silence
        self.schema = f"{fleet_schema.NUMBER}\t\n"
        self.newest = "0\n"
        self.password = None
        self.inserts = []    # (table, body)
        self.asked = 0       # requests


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fleet = None

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        data = b""
        while True:
            size = int(self.rfile.readline(), 16)
            data += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return data

    def say_nothing(self):
        self.fleet.goes_on.wait()
        self.close_connection = True

    def drip(self):
        """A byte now and then."""
        answer = b"HTTP/1.1 200 OK\r\nX-ClickHouse-Progress: {}\r\n"
        for byte in answer * 10:
            if self.fleet.goes_on.wait(1.5):
                break
            self.wfile.write(bytes([byte]))
        self.close_connection = True

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_POST(self):
        fleet = self.fleet
        fleet.asked += 1
        query = dict(urllib.parse.parse_qsl(
            urllib.parse.urlsplit(self.path).query))
        given = self.headers.get("Authorization", "")
        if fleet.password and given != "Basic " + base64.b64encode(
                f"push:{fleet.password}".encode()).decode():
            self.body()
            self.answer(403, "Code: 516. DB::Exception: push: Authentication"
                        " failed: password is incorrect, or there is no user"
                        " with such name. (AUTHENTICATION_FAILED)")
            return
        if "query" not in query:
            sql = self.body().decode()
            what = "meta" if "meta" in sql else \
                "segment" if "segment" in sql else "push"
            if fleet.fails.get("?" + what) == "silent":
                self.say_nothing()
            elif ("?" + what) in fleet.fails:
                self.answer(*fleet.fails["?" + what])
            else:
                self.answer(200, {"meta": fleet.schema, "push": fleet.newest,
                                  "segment": ""}[what])
            return
        table = query["query"].split()[2]
        fails = fleet.fails.get(table)
        if fails == "cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        if fails and fails[0] == "early":
            self.answer(*fails[1:])
            self.close_connection = True
            return
        if fails == "deaf":
            self.say_nothing()
            return
        data = self.body()
        if fails in ("silent", "drips"):
            fleet.inserts.append((table, data))
            if fails == "drips":
                self.drip()
            else:
                self.say_nothing()
            return
        if fails == "taken but not said":
            fleet.inserts.append((table, data))
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        if fails:
            self.answer(*fails)
            return
        fleet.inserts.append((table, data))
        if table == "push":
            fleet.newest = data.split(b"\t")[1].decode() + "\n"
        self.answer(200, "")

    def log_message(self, *words):
        pass
