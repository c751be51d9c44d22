# SPDX-License-Identifier: BSD-2-Clause
"""A server that takes what is pushed, for as many users as there are."""
import base64
import collections
import http.server
import threading
import urllib.parse

import fleet_schema


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        data = b""
        while True:
            size = int(self.rfile.readline() or b"x", 16)
            data += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return data

    def do_POST(self):
        try:
            self.answer(self.body())
        except (ValueError, OSError):  # whoever pushes was cut
            self.close_connection = True

    def answer(self, data):
        server = self.server.owner
        user = base64.b64decode(self.headers["Authorization"].split()[1])
        user = user.decode().split(":")[0]
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        text = b""
        if "query" in query:
            table = query["query"][0].split()[2]
            server.taken[user].append((table, data))
            if table == "push":
                server.newest[user] = data.split(b"\t")[1]
        elif b" meta " in data:
            text = b"%d\n" % fleet_schema.NUMBER
        elif b" FROM push " in data:
            text = server.newest[user] + b"\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *words):
        pass


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *words):
        """Whoever pushes may be gone at any time."""


class Server:
    def __init__(self):
        self.taken = collections.defaultdict(list)
        self.newest = collections.defaultdict(lambda: b"0")
        self.want = set()
        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.owner = self
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    def url(self, user):
        port = self.server.server_address[1]
        return f"clickhouse://{user}@127.0.0.1:{port}/fleet"

    def rows(self, user):
        """(table, bytes) of each insert; the version that differs from push
        to push takes none away."""
        return {(table, len(data) - len(self.newest[user])
                 if table == "push" else len(data))
                for table, data in self.taken[user]}
