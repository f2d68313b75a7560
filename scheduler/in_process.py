"""Letters sent by the web process itself: the usual way on one machine."""

import atexit

from scheduler.engine import make_engine
from scheduler.process import SendingProcess
from trainer.settings import Settings


def start_in_process(settings: Settings) -> SendingProcess | None:
    """Send letters beside the web threads, unless SCHEDULER is off; call it after every fork, never at import.

    Of several processes on one SQLite file one sends; it stops in good order when the process ends.
    """
    if not settings.scheduler:
        return None
    process = SendingProcess(make_engine(settings))
    process.start()
    atexit.register(process.stop)
    return process
