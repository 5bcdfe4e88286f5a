"""The log: whatever strangers send, its lines stay short and few."""

import logging

import pytest

from explorer.serving import logs
from explorer.serving.logs import A_MINUTE, LOGS_LONGEST, Rate, middle_cut, shortened


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    about = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("name", logging.ERROR, __file__, 1, message, args, about)


def test_a_short_line_is_kept_and_a_long_one_loses_its_middle():
    assert middle_cut("short") == "short"
    found = shortened(record("begin %s end", "x" * 10**6)).getMessage()
    assert len(found) <= LOGS_LONGEST and found.startswith("begin") and found.endswith("end")


def test_a_traceback_with_a_long_error_is_short_and_names_it():
    text = logging.Formatter().format(shortened(record("it failed", error=ValueError("y" * 10**6 + " the end"))))
    assert len(text) < 2 * LOGS_LONGEST and text.endswith("the end") and "ValueError" in text


def test_arguments_that_do_not_fit_are_left_to_logging():
    assert shortened(record("%d", "a")).args == ("a",)


def test_lines_come_at_a_bounded_rate_and_those_left_out_are_counted(monkeypatch: pytest.MonkeyPatch):
    now = [100.0]
    monkeypatch.setattr(logs.time, "monotonic", lambda: now[0])
    rate = Rate()
    passed = [rate.filter(record("line")) for _ in range(1_000)]
    assert sum(passed) == A_MINUTE and all(passed[:A_MINUTE])
    now[0] += 61
    late = record("line")
    assert rate.filter(late) and f"{1_000 - A_MINUTE} lines were left out" in late.getMessage()
