"""A mail server that takes everything and keeps nothing: postfix's smtp-sink, or an asyncio one in its own process."""

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, socket

SMTP_SINK = shutil.which("smtp-sink") or next((path for path in ["/usr/sbin/smtp-sink"] if Path(path).exists()), None)


@contextmanager
def sink() -> Iterator[tuple[str, str]]:
    """The SMTP_URL of a running sink, and its name for the print-out."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ours = [sys.executable, "-m", "tests.bench.sink", str(port)]
    command = [SMTP_SINK, "-u", "nobody", f"127.0.0.1:{port}", "1000"] if SMTP_SINK else ours
    process = subprocess.Popen(command)
    try:
        _wait_for(port)
        yield f"smtp://127.0.0.1:{port}", "smtp-sink" if SMTP_SINK else "our own asyncio sink"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the sink does not answer")


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection: every command is answered well, every letter is dropped."""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 2.0.0 dropped\r\n")
        elif verb == b"EHLO":
            writer.write(b"250-sink\r\n250 8BITMIME\r\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        else:
            writer.write(b"250 2.0.0 ok\r\n")
        await writer.drain()
    writer.close()


async def serve(port: int) -> None:
    """Until the process is ended."""
    server = await asyncio.start_server(talk, "127.0.0.1", port, limit=16 * 1024 * 1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
