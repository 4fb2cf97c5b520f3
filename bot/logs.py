"""Log lines: the journal's events again, as one JSON object a line.

A log line is never written for itself: `Logs.read` is a journal reader, told of each event after it
was stored, and says its key facts (the whole of it stays in the journal). Foreign libraries speak
through the standard library's logging, from WARNING up, into the same lines. What must stay secret
is struck out of every line, whoever wrote it. A line that cannot be written is counted, and the
count is said when lines go through again; it never stops the bot.
"""

import logging
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import msgspec
import orjson
import structlog
from typing_extensions import override

from bot.domain.decision import Decision
from bot.domain.events import (
    AccountProved,
    BreakFound,
    DecisionMade,
    FillReceived,
    InputsTaken,
    JournalEvent,
    OrderIntended,
    OrderRefused,
    StoredEvent,
)
from bot.domain.orders import Intent

MAX_BYTES = 20_000_000
KEPT_FILES = 5
STRUCK_OUT = b"***"
MIN_SECRET_LENGTH = 4
"""Shorter ones would strike out ordinary text."""

_LEVELS = {
    "break_found": "error",
    "order_refused": "warning",
    "cycle_missed": "warning",
    "connection_changed": "warning",
}


class Sink(Protocol):
    """Where lines go."""

    def write(self, line: bytes) -> None:
        """Write one line that ends with a newline; raises `OSError`."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...


class StandardOutput:
    """Lines on stdout, each flushed."""

    def write(self, line: bytes) -> None:
        """Write one line."""
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()

    def close(self) -> None:
        """Leave stdout as it is."""


class RotatingFile:
    """A file that is set aside at a size: `bot.log`, before it `bot.log.1`, and so on."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES, kept: int = KEPT_FILES) -> None:
        """Append to the file at `path`; `kept` older ones stay beside it."""
        self._path = path
        self._max_bytes = max_bytes
        self._kept = kept
        self._file = path.open("ab", buffering=0)

    def write(self, line: bytes) -> None:
        """Write one line, into a new file where this one would grow too large."""
        if self._file.closed:
            self._file = self._path.open("ab", buffering=0)
        size = self._file.tell()
        if size and size + len(line) > self._max_bytes:
            self._rotate()
        if self._file.write(line) < len(line):
            raise OSError(f"{self._path} took only a part of a line")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        for number in range(self._kept - 1, 0, -1):
            older = self._numbered(number)
            if older.exists():
                older.replace(self._numbered(number + 1))
        if self._kept:
            self._path.replace(self._numbered(1))
        else:
            self._path.unlink()
        self._file = self._path.open("ab", buffering=0)

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


class _Lines:
    """structlog's innermost logger: strikes out secrets and never raises for a full disk."""

    def __init__(self, sink: Sink, secrets: Collection[str]) -> None:
        self._sink = sink
        self._secrets = _written_forms(secrets)
        self._lost = 0

    def msg(self, line: bytes) -> None:
        for secret in self._secrets:
            line = line.replace(secret, STRUCK_OUT)
        try:
            self._say_what_was_lost()
            self._sink.write(line + b"\n")
        except OSError:
            self._lost += 1

    info = warning = error = critical = msg

    def _say_what_was_lost(self) -> None:
        if self._lost:
            note = {"event": "log_lines_lost", "level": "error", "lines": self._lost}
            self._sink.write(orjson.dumps(note) + b"\n")
            self._lost = 0


def _written_forms(secrets: Collection[str]) -> tuple[bytes, ...]:
    """Return each secret as JSON writes it, the longest first; too short ones raise `ValueError`.

    A secret inside a longer one must not leave the rest of the longer one standing.
    """
    if any(len(secret) < MIN_SECRET_LENGTH for secret in secrets):
        raise ValueError(f"a secret needs at least {MIN_SECRET_LENGTH} characters")
    forms = {orjson.dumps(secret)[1:-1] for secret in secrets}
    return tuple(sorted(forms, key=len, reverse=True))


def _rendered(fields: object, **_: object) -> bytes:
    return orjson.dumps(fields, default=str, option=orjson.OPT_UTC_Z)


class Logs:
    """The bot's log: a reader of the journal and the bridge for foreign loggers.

    Used as a context, so that the bridge comes off and the sink is closed when the run ends.
    """

    def __init__(self, run_id: str, sink: Sink, secrets: Collection[str] = ()) -> None:
        """Bind `run_id` to every line; `secrets` are values that must never be written."""
        self._run_id = run_id
        self._sink = sink
        self._logger: Any = structlog.wrap_logger(
            _Lines(sink, secrets),
            processors=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.processors.JSONRenderer(serializer=_rendered),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        ).bind()
        self._bridge = _Bridge(self._logger)

    def read(self, stored: StoredEvent) -> None:
        """Write the line of a stored event: give this to the journal as a reader."""
        say = getattr(self._logger, _LEVELS.get(stored.kind, "info"))
        say(stored.kind, sequence=stored.sequence, at=stored.at, **_facts(stored.event))

    def __enter__(self) -> Self:
        structlog.contextvars.bind_contextvars(run_id=self._run_id)
        logging.getLogger().addHandler(self._bridge)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        logging.getLogger().removeHandler(self._bridge)
        structlog.contextvars.unbind_contextvars("run_id")
        self._sink.close()


class _Bridge(logging.Handler):
    """Hands foreign records on as lines; at INFO the broker library prints whole trades."""

    def __init__(self, logger: Any) -> None:
        super().__init__(logging.WARNING)
        self._logger = logger
        self._traces = logging.Formatter()

    @override
    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["trace"] = self._traces.formatException(record.exc_info)
        level = "error" if record.levelno >= logging.ERROR else "warning"
        getattr(self._logger, level)("foreign", **fields)


def _facts(event: JournalEvent) -> dict[str, Any]:
    """Return what a line says of an event; the large ones in short."""
    match event:
        case DecisionMade(decision=decision, link=link):
            return _decision_facts(decision) | {"link": link}
        case InputsTaken(decision_id=decision_id, snapshot=snapshot):
            lines = {"kind": snapshot.kind, "farm": snapshot.farm, "quotes": len(snapshot.quotes)}
            return {"decision_id": decision_id, **lines, "positions": len(snapshot.positions)}
        case AccountProved(account_id=account_id, mode=mode, positions=positions):
            return {"account_id": account_id, "mode": mode, "positions": len(positions)}
        case OrderIntended(intent=intent, decision_id=decision_id):
            return {"decision_id": decision_id, **_intent_facts(intent)}
        case OrderRefused(intent=intent, check=check, reason=reason):
            return {**_intent_facts(intent), "check": check, "reason": reason}
        case _:
            return _small_facts(event)


def _small_facts(event: JournalEvent) -> dict[str, Any]:
    match event:
        case FillReceived(fill=inner) | BreakFound(broken=inner):
            facts: dict[str, Any] = msgspec.to_builtins(inner)
        case _:
            facts = msgspec.to_builtins(event)
    return {key: value for key, value in facts.items() if key != "type"}


def _decision_facts(decision: Decision) -> dict[str, Any]:
    return {
        "decision_id": decision.decision_id,
        "summary": decision.summary,
        "stage_before": decision.stage_before,
        "stage": decision.stage,
        "entered": decision.entered,
        "left": decision.left,
        "intents": [_words(intent) for intent in decision.intents],
        "cancels": [one.intent_id for one in decision.cancels],
        "reprices": [one.intent_id for one in decision.reprices],
        "blind": decision.blind,
    }


def _intent_facts(intent: Intent) -> dict[str, Any]:
    return {"intent_id": intent.intent_id, "intent": _words(intent)}


def _words(intent: Intent) -> str:
    what = f"{intent.side} {intent.quantity} of {intent.con_id} at {intent.limit:.2f}"
    if intent.closes is not None:
        pair = f"{intent.closes} into {intent.con_id}"
        what = f"ROLL {intent.quantity} of {pair} at {intent.limit:.2f} net"
    return f"{what} for {intent.rung} by {intent.rule}"
