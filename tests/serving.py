"""The program behind a real port, in a thread of the same process."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from waitress.server import create_server
from waitress.wasyncore import close_all


@contextmanager
def serving(app: Flask, listener: socket.socket) -> Iterator[None]:
    """Inside, the application answers on this socket; afterwards the socket is closed."""
    channels: dict[int, object] = {}
    server = create_server(app, map=channels, sockets=[listener])
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield
    server.trigger.pull_trigger(lambda: close_all(channels, ignore_all=True))  # the loop ends when none is left
    thread.join(timeout=10)
    server.task_dispatcher.shutdown()
    listener.close()
