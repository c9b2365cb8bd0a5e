"""Messages between server and worker."""

from __future__ import annotations

import json

import pytest

from hdl_lsp.llm import wire
from hdl_lsp.llm.engine import AllowedNames, ChatPrompt, FimPrompt, NamesAfter
from hdl_lsp.llm.wire import WireError

FIM = FimPrompt("ctx", "a.sv", "module ä;\n", "  as", "\n")
TO_WORKER: list[wire.ToWorker] = [
    wire.Load("/m.gguf", None, 12, 2048, 0),
    wire.Generate(1, "inline", "a.sv", FIM, None, 8, ("a", "\n"), True, 0.0, None),
    wire.Generate(2, "chat", "", None, ChatPrompt("s", "u"), 8, (), False, 0.5, "root ::= x"),
    wire.Generate(
        3, "inline", "", FIM, None, 8, (), True, 0.0, None, 0.25, 3,
        AllowedNames((NamesAfter("a.", ("b",)),), (("x", "y"), ()), 1, ("Idle",)),
    ),
    wire.Cancel(1, "deadline"),
    wire.CountTokens(3, "\U0001f600 \u2028 text"),
    wire.Health(4),
]  # fmt: skip
FROM_WORKER: list[wire.FromWorker] = [
    wire.Ready("CPU", "", "qwen", 2048, 4096, "qwen2 1.5B"),
    wire.Started(1),
    wire.Chunk(1, "line\nbreak"),
    wire.Done(1, "x", "stop", 0.5, 1.0, 2.0, 3.0, 10, 8, 2),
    wire.Done(
        1, "x", "stop", 0.5, 1.0, 2.0, 3.0, 10, 8, 2, (1, 2), (-0.5, -1.0),
        (wire.Other("y", -2.5, 3, "length"),), ("a.",),
    ),
    wire.Counted(3, 7),
    wire.Healthy(4, 0),
    wire.Failed(None, "model", "no"),
]  # fmt: skip


@pytest.mark.parametrize("message", TO_WORKER, ids=lambda message: type(message).__name__)
def test_message_to_the_worker_arrives_as_sent(message: wire.ToWorker) -> None:
    """Encoding is one line and decoding gives the same record."""
    line = wire.encode(message)
    assert b"\n" not in line
    assert wire.decode_to_worker(line) == message


@pytest.mark.parametrize("message", FROM_WORKER, ids=lambda message: type(message).__name__)
def test_message_from_the_worker_arrives_as_sent(message: wire.FromWorker) -> None:
    """Encoding is one line and decoding gives the same record."""
    line = wire.encode(message)
    assert b"\n" not in line
    assert wire.decode_from_worker(line) == message


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[1]",
        "{",
        "{}",
        '{"type": 3}',
        '{"type": "started", "id": 1}',
        '{"type": "health"}',
        '{"type": "health", "id": "1"}',
        '{"type": "health", "id": true}',
        '{"type": "health", "id": 1, "more": 2}',
        '{"type": "cancel", "id": null, "finish": "deadline"}',
    ],
)
def test_line_that_is_no_message_is_an_error(line: str) -> None:
    """Unknown types, missing, surplus and wrongly typed fields are told, never ignored."""
    with pytest.raises(WireError):
        wire.decode_to_worker(line.encode())


def test_nested_prompt_is_checked_too() -> None:
    """A prompt with a field missing is an error that names it."""
    raw = json.loads(wire.encode(TO_WORKER[1]))
    del raw["fim"]["suffix"]
    with pytest.raises(WireError, match=r"generate\.fim: unknown or missing suffix"):
        wire.decode_to_worker(json.dumps(raw).encode())
