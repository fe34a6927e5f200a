"""A real DNS server on loopback: it knows the records a test gives it, and can keep silent or fail."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterable, Mapping

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

#: {"press.example.org": {"TXT": ["v=spf1 -all"], "MX": ["10 mail.example.org."]}}
Records = Mapping[str, Mapping[str, Iterable[str]]]


class DnsServer:
    """`with DnsServer(records) as server:` then `server.address`. `silent` and `failing` are names it gives no answer for,
    the one by saying nothing, the other with SERVFAIL; "*" stands for every name."""

    def __init__(self, records: Records, silent: Iterable[str] = (), failing: Iterable[str] = ()) -> None:
        self.records = {dns.name.from_text(name): kinds for name, kinds in records.items()}
        self.silent, self.failing = set(silent), set(failing)
        self.asked: list[tuple[str, str]] = []
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data, sock = self.request
                if reply := server.reply(data):
                    sock.sendto(reply, self.client_address)

        class Server(socketserver.ThreadingUDPServer):
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """What --resolver is given."""
        return f"127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> DnsServer:
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def reply(self, data: bytes) -> bytes:
        """The answer on the wire; nothing when the name is one to keep silent about."""
        query = dns.message.from_wire(data)
        name, kind = query.question[0].name, dns.rdatatype.to_text(query.question[0].rdtype)
        plain = name.to_text(omit_final_dot=True)
        self.asked.append((plain, kind))
        if self.silent & {plain, "*"}:
            return b""
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if self.failing & {plain, "*"}:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self.records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif values := list(self.records[name].get(kind, ())):
            written = [quoted(value) for value in values] if kind == "TXT" else values
            answer.answer.append(dns.rrset.from_text(name, 300, "IN", kind, *written))
        return answer.to_wire()


def quoted(value: str) -> str:
    """A TXT record as zone files have it: strings of at most 255 characters."""
    pieces = [value[at : at + 255] for at in range(0, len(value), 255)] or [""]
    return " ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)
