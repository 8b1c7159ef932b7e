"""The real server as a child process on a free port of this machine, for the bench and the tests.

What it starts, it stops; a server that does not start says why.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from services.settings import ROOT

START = 60.0
"""Seconds a server may take until it serves."""


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Launched:
    """A server: starts with `start` or `with`, answers at `base`."""

    def __init__(self, data: Path, *, command: tuple[str, ...] = ("app.py",), **environment: str) -> None:
        """Serve from the folder `data`; `command` is what Python is given, `environment` more variables."""
        self.data, self.command = data, command
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
        kept.pop("DATABASE_URL", None)
        self.environment = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "MUSTER_DATA": str(data),
            "MUSTER_PORT": str(self.port),
            **environment,
        }
        self.log = data / f"server-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start and wait until it serves; the seconds that took. Raises RuntimeError with what the server said."""
        begun = time.perf_counter()
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own file, no shell
                [sys.executable, *self.command], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        while not self.serves():
            if self.process.poll() is not None or time.perf_counter() - begun > START:
                self.stop()
                raise RuntimeError(f"The server did not start: {self.said()[-2000:]}")
            time.sleep(0.02)
        return time.perf_counter() - begun

    def serves(self) -> bool:
        """Whether it says that it serves."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()

    def said(self) -> str:
        """What it wrote so far."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def kill(self) -> None:
        """End it as a power cut would: no signal handler, no last words."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def pid(self) -> int:
        """Its process number."""
        assert self.process is not None
        return self.process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
