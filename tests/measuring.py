"""Seconds and peak memory of one piece of work, each in a process of its own."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
UNIT = 1 if sys.platform == "darwin" else 1024  # what the system counts peak memory in


@dataclass(frozen=True)
class Measured:
    """How long a piece of work took, and the most memory its process held, the program itself included."""

    seconds: float
    megabytes: float


def measure(module: str, *arguments: object) -> Measured:
    """Run `python -m module arguments` as a child that ends with `report`.

    Keep the parent small: on Linux a child's peak is at least what its parent held when it was started.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Measured(**json.loads(done.stdout))


def report(work: Callable[[], object]) -> None:
    """In the child: do the work, and print its measures."""
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / MEGABYTE
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


def line(title: str, count: int, unit: str, measured: Measured, base: Measured) -> str:
    """One line: pace, seconds, memory, and the pace as a share of `base`'s in the same run."""
    pace, share = count / measured.seconds, base.seconds / measured.seconds
    return f"{title:<34}{pace:>9,.0f} {unit}/s{measured.seconds:>8.2f} s{measured.megabytes:>7.0f} MB{share:>7.2f}x"
