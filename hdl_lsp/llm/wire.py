"""The messages between the server and the model worker: frozen records, one JSON line each.

Must not do I/O. A line that is no message is a WireError, never ignored.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from dataclasses import dataclass
from typing import Any, TypeVar

from hdl_lsp.errors import WorkerError
from hdl_lsp.llm.engine import AllowedNames, ChatPrompt, FimPrompt


class WireError(WorkerError):
    """A line between the server and the model worker that is no message."""


@dataclass(frozen=True, slots=True)
class Load:
    """Load this model; answered by Ready or Failed."""

    path: str
    threads: int | None  # None: chosen by the worker
    gpu_layers: int | None  # None: all that fit
    inline_tokens: int  # context of the INLINE lane; 0: the lane is not used
    chat_tokens: int


@dataclass(frozen=True, slots=True)
class Generate:
    """Write something; answered by Started, Chunks, then Done or Failed."""

    id: int
    lane: str  # engine.Lane
    document: str
    fim: FimPrompt | None  # exactly one of fim and chat
    chat: ChatPrompt | None
    max_tokens: int
    stop: tuple[str, ...]
    single_line: bool
    temperature: float
    grammar: str | None
    line_after_s: float | None = None
    candidates: int = 1
    allowed: AllowedNames | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Nobody waits for this generation any more; it is answered by Done with the text so far."""

    id: int
    finish: str  # engine.FinishReason to report: "cancelled" or "deadline"


@dataclass(frozen=True, slots=True)
class CountTokens:
    """How many tokens is this text; answered by Counted."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Health:
    """Are you there; answered by Healthy even during a generation."""

    id: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded."""

    device: str  # "CPU, 3 threads"
    detail: str  # how GPU layers were chosen, what the model can't do
    fim: str  # fim.py format name, or "prefix-only"
    inline_tokens: int
    chat_tokens: int
    description: str  # llama.cpp's: "gemma3 270M Q4_K - Medium"


@dataclass(frozen=True, slots=True)
class Started:
    """This generation is now running: if the process dies, it is to blame."""

    id: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of generated text."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another text for the same prompt."""

    text: str
    logprob: float
    tokens: int
    finish: str  # engine.FinishReason


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a generation; `text` is all of it."""

    id: int
    text: str
    finish: str  # engine.FinishReason
    queue_ms: float
    prompt_ms: float
    first_token_ms: float
    total_ms: float
    prompt_tokens: int
    reused_tokens: int
    generated_tokens: int
    ends: tuple[int, ...] = ()  # of each token, in characters of what was written
    logprobs: tuple[float, ...] = ()  # of each token
    alternatives: tuple[Other, ...] = ()
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """Answer to CountTokens."""

    id: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Healthy:
    """Answer to Health."""

    id: int
    waiting: int  # generations that wait or run


@dataclass(frozen=True, slots=True)
class Failed:
    """A message could not be carried out."""

    id: int | None  # None: a Load, or a line that was no message
    kind: str  # "message", "model", "missing", "request"
    detail: str  # one sentence


ToWorker = Load | Generate | Cancel | CountTokens | Health
FromWorker = Ready | Started | Chunk | Done | Counted | Healthy | Failed

_TO_WORKER: dict[str, type[ToWorker]] = {
    "load": Load,
    "generate": Generate,
    "cancel": Cancel,
    "count_tokens": CountTokens,
    "health": Health,
}
_FROM_WORKER: dict[str, type[FromWorker]] = {
    "ready": Ready,
    "started": Started,
    "chunk": Chunk,
    "done": Done,
    "counted": Counted,
    "healthy": Healthy,
    "failed": Failed,
}
_NAMES = {record: name for name, record in (*_TO_WORKER.items(), *_FROM_WORKER.items())}

_Record = TypeVar("_Record")


def encode(message: ToWorker | FromWorker) -> bytes:
    """One line without its newline."""
    fields = {"type": _NAMES[type(message)], **dataclasses.asdict(message)}
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def decode_to_worker(line: bytes) -> ToWorker:
    """The message the server sent; raises WireError."""
    return _decode(line, _TO_WORKER)


def decode_from_worker(line: bytes) -> FromWorker:
    """The message the worker sent; raises WireError."""
    return _decode(line, _FROM_WORKER)


def _decode(line: bytes, known: dict[str, type[_Record]]) -> _Record:
    """The record a line stands for."""
    try:
        raw: Any = json.loads(line)
    except ValueError as err:
        raise WireError(f"not a message: {line[:80]!r}") from err
    if not isinstance(raw, dict):
        raise WireError(f"not a message: {line[:80]!r}")
    fields = typing.cast("dict[str, Any]", raw)  # JSON: keys are strings
    name = fields.pop("type", None)
    record = known.get(name) if isinstance(name, str) else None
    if record is None:
        raise WireError(f"unknown message {name!r}")
    return _build(record, fields, str(name))


def _build(record: type[_Record], fields: dict[str, Any], where: str) -> _Record:
    """*record* from JSON fields, each checked against its annotation."""
    hints = typing.get_type_hints(record)
    if set(fields) != set(hints):
        wrong = ", ".join(sorted(set(fields) ^ set(hints)))
        raise WireError(f"message {where}: unknown or missing {wrong}")
    return record(
        **{key: _value(hints[key], value, f"{where}.{key}") for key, value in fields.items()}
    )


def _value(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401 - JSON and annotations are Any
    """*value* as the annotation *hint* wants it."""
    if isinstance(hint, types.UnionType):
        if value is None:
            return None
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if dataclasses.is_dataclass(hint) and isinstance(value, dict):
        return _build(typing.cast("type[Any]", hint), typing.cast("dict[str, Any]", value), where)
    if typing.get_origin(hint) is tuple and isinstance(value, list):
        items = typing.cast("list[Any]", value)
        return tuple(_value(typing.get_args(hint)[0], item, where) for item in items)
    if hint is float and type(value) is int:
        return float(value)
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise WireError(f"message field {where} has the wrong type")
