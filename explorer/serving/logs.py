"""Bounds on the log: no line is longer than `LOGS_LONGEST`, and warnings of the server come at a bounded rate."""

import logging
import time

LOGS_LONGEST = 4_000  # characters of a message, and of a traceback
LOGS_SHORT = " … "
A_MINUTE = 60  # lines of a logger that strangers can cause
STRANGERS = ("uvicorn.error", "explorer.serving.work", "explorer.serving.places")
_plain = logging.Formatter()


def bound() -> None:
    """Bound every record, and the rate of those that strangers can cause; call this once."""
    make = logging.getLogRecordFactory()

    def bounded(*args, **kwargs) -> logging.LogRecord:
        return shortened(make(*args, **kwargs))

    logging.setLogRecordFactory(bounded)
    for name in STRANGERS:
        logging.getLogger(name).addFilter(Rate())


def shortened(record: logging.LogRecord) -> logging.LogRecord:
    """Return a record with a message and a traceback of bounded length, each without its middle."""
    try:
        message = record.getMessage()
    except Exception:  # arguments that do not fit the message: logging reports that itself
        return record
    record.msg, record.args = middle_cut(message), ()
    if record.exc_info and record.exc_info[0] is not None:
        record.exc_text = middle_cut(_plain.formatException(record.exc_info))
    return record


def middle_cut(text: str) -> str:
    """Return a text without its middle, if it is too long; its end names the error of a traceback."""
    if len(text) <= LOGS_LONGEST:
        return text
    half = (LOGS_LONGEST - len(LOGS_SHORT)) // 2
    return text[:half] + LOGS_SHORT + text[-half:]


class Rate(logging.Filter):
    """Passes `A_MINUTE` records a minute, and counts the others in the first of the next minute."""

    def __init__(self):
        super().__init__()
        self._minute, self._passed, self._left_out = 0.0, 0, 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is logged."""
        now = time.monotonic()
        if now - self._minute >= 60:
            self._minute, self._passed = now, 0
            if self._left_out:
                record.msg = f"{record.msg} ({self._left_out} lines were left out before)"
                self._left_out = 0
        self._passed += 1
        self._left_out += self._passed > A_MINUTE
        return self._passed <= A_MINUTE
