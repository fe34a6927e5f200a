"""The light sink where there is no C compiler: the same, slower. lightsink.py PORT [certificate.pem]"""

from __future__ import annotations

import asyncio
import signal
import ssl
import sys

OFFERS = b"250-light\r\n250-PIPELINING\r\n%b250 SIZE 100000000\r\n"
count = [0, 0]


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext | None) -> None:
    """One connection, to its end."""
    writer.write(b"220 light ESMTP\r\n")
    while line := await reader.readline():
        command = line[:4].upper()
        if command in (b"EHLO", b"HELO"):
            writer.write(OFFERS % (b"250-STARTTLS\r\n" if context else b""))
        elif command == b"DATA":
            writer.write(b"354 go on\r\n")
            body = await reader.readuntil(b"\r\n.\r\n")
            count[0], count[1] = count[0] + 1, count[1] + len(body)
            writer.write(b"250 kept\r\n")
        elif command == b"STAR" and context:
            writer.write(b"220 go on\r\n")
            await writer.start_tls(context)
        else:
            writer.write(b"250 ok\r\n")
    writer.close()


def told() -> None:
    print(*count, flush=True)
    count[:] = [0, 0]


async def main(port: int, certificate: str | None) -> None:
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, told)
    server = await asyncio.start_server(lambda r, w: talk(r, w, context), "127.0.0.1", port, limit=2**20)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
