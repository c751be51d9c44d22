#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A DNS server for the scenario: A, AAAA, MX and PTR on 127.0.0.1:53, UDP and TCP
(RFC 1035). Names that the scenario does not have do not exist."""

import ipaddress
import socket
import socketserver
import struct
import sys
import threading

from world import scenario

A, PTR, MX, AAAA = 1, 12, 15, 28
ADDRESSES = {name.lower(): address
             for name, (address, _) in scenario.HOSTS.items()}
ADDRESSES.update(scenario.CLOSED)
ADDRESSES.update(scenario.OWN)
# Hosts have their names in the reverse zone too; a real MX often has another.
REVERSE = {ipaddress.ip_address(address).reverse_pointer: name
           for name, address in reversed(list(ADDRESSES.items()))}
MAIL = {name.lower(): hosts for name, hosts in scenario.DOMAINS.items()}


def name_bytes(name):
    if name in (".", ""):
        return b"\0"
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in name.rstrip(".").split(".")) + b"\0"


def read_name(packet, at):
    labels = []
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1"))
        at += 1 + packet[at]
    return ".".join(labels), at + 1


def answers(name, kind):
    if kind == MX:
        for preference, host in enumerate(MAIL.get(name, [])):
            yield struct.pack("!H", 0 if host == "." else
                              preference * 10 + 10) + name_bytes(host)
    if kind == PTR and name in REVERSE:
        yield name_bytes(REVERSE[name])
    address = ADDRESSES.get(name)
    if address and kind == A and ":" not in address:
        yield socket.inet_pton(socket.AF_INET, address)
    if address and kind == AAAA and ":" in address:
        yield socket.inet_pton(socket.AF_INET6, address)


def reply(packet):
    name, at = read_name(packet, 12)
    kind, klass = struct.unpack_from("!HH", packet, at)
    question = packet[12:at + 4]
    low = name.lower()
    # Answer with the owner name as asked: RFC 4343 keeps its case.
    found = [b"\xc0\x0c" + struct.pack("!HHIH", kind, klass, 60, len(data)) +
             data for data in answers(low, kind)]
    if low in scenario.SERVFAIL:
        code, found = 2, []
    elif low in MAIL or low in ADDRESSES or low in REVERSE:
        code = 0
    else:
        code = 3
    header = packet[:2] + struct.pack("!HHHHH", 0x8580 | code, 1, len(found),
                                      0, 0)
    return header + question + b"".join(found)


class Datagram(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        sock.sendto(reply(data), self.client_address)


class Stream(socketserver.StreamRequestHandler):
    def handle(self):
        while len(head := self.rfile.read(2)) == 2:
            data = reply(self.rfile.read(struct.unpack("!H", head)[0]))
            self.wfile.write(struct.pack("!H", len(data)) + data)


def main():
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    udp = socketserver.ThreadingUDPServer(("127.0.0.1", 53), Datagram)
    tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 53), Stream)
    threading.Thread(target=tcp.serve_forever, daemon=True).start()
    print("dns: ready", flush=True)
    udp.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
