"""The conformance check itself: it passes what the protocol allows and finds what it forbids."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.editors.conformance import read_trace, trace_problems

HOVER = {"contents": {"kind": "markdown", "value": "x"}}


def session(result: object, *, method: str = "textDocument/hover") -> list[dict[str, Any]]:
    """A trace of one request and its answer, ended by shutdown."""
    return [
        client({"id": 1, "method": method, "params": {}}),
        server({"id": 1, "result": result}),
        client({"id": 2, "method": "shutdown"}),
        server({"id": 2, "result": None}),
    ]


def client(message: dict[str, Any]) -> dict[str, Any]:
    """A trace entry of a message from the client."""
    return {"from": "client", "message": {"jsonrpc": "2.0", **message}}


def server(message: dict[str, Any]) -> dict[str, Any]:
    """A trace entry of a message from the server."""
    return {"from": "server", "message": {"jsonrpc": "2.0", **message}}


def test_a_faultless_session_has_no_problems() -> None:
    """A correct hover and a correct shutdown are passed."""
    assert trace_problems(session(HOVER)) == []


def test_null_is_a_hover() -> None:
    """Null is an answer where the protocol allows it."""
    assert trace_problems(session(None)) == []


@pytest.mark.parametrize(
    ("result", "words"),
    [
        pytest.param({**HOVER, "extra": 1}, "Extra inputs", id="unknown property"),
        pytest.param({"contents": {"kind": "markdown"}}, "Field required", id="missing property"),
        pytest.param(
            {**HOVER, "range": {"start": {"line": "1", "character": 0}}},
            "valid integer",
            id="wrong type",
        ),
    ],
)
def test_a_malformed_result_is_found(result: object, words: str) -> None:
    """A result that is not what the meta model says is a problem."""
    assert any(words in problem for problem in trace_problems(session(result)))


def test_an_answer_to_nothing_is_found() -> None:
    """A second answer to the same request answers nothing."""
    entries = session(HOVER)
    assert "an answer to nothing" in trace_problems([*entries, entries[1]])[0]


def test_a_request_without_answer_is_found_after_shutdown() -> None:
    """Every request gets exactly one answer."""
    entries = [client({"id": 9, "method": "textDocument/hover"}), *session(HOVER)]
    assert trace_problems(entries) == ["never answered: textDocument/hover (id 9)"]


def test_a_session_cut_off_owes_no_answers() -> None:
    """Without a shutdown the editor was ended first."""
    assert trace_problems([client({"id": 9, "method": "textDocument/hover"})]) == []


def test_a_method_outside_the_protocol_is_found() -> None:
    """Notifications that LSP does not have are problems, unless they are documented ones of ours."""
    assert trace_problems([server({"method": "window/nonsense"})]) != []


def test_our_own_status_is_checked_too() -> None:
    """`$/hdl/status` is held to its documented form."""
    assert trace_problems([server({"method": "$/hdl/status", "params": {"engine": {}}})]) != []


def test_an_error_needs_code_and_message() -> None:
    """An error answer has both of its parts."""
    entries = [client({"id": 1, "method": "x"}), server({"id": 1, "error": {"code": "1"}})]
    assert "an error has a code" in trace_problems(entries)[0]


ECHO = """
import sys
body = sys.stdin.buffer.read(int(sys.stdin.buffer.readline().split(b":")[1]) + 2)[2:]
sys.stdout.buffer.write(b"Content-Length: 2\\r\\n\\r\\n{}")
sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
sys.stdout.buffer.flush()
sys.exit(7)
"""


def test_the_tee_forwards_both_ways_and_writes_what_passed(tmp_path: Path) -> None:
    """Bytes arrive unchanged on both sides, the log holds the messages, the exit status is the server's."""
    body = json.dumps({"word": "größe"}, ensure_ascii=False).encode()
    message = b"Content-Length: %d\r\n\r\n" % len(body) + body
    log = tmp_path / "trace.jsonl"
    tee = [sys.executable, str(Path(__file__).with_name("tee.py")), str(log)]
    ran = subprocess.run(
        [*tee, sys.executable, "-c", ECHO], input=message, capture_output=True, check=False
    )
    assert ran.stdout == b"Content-Length: 2\r\n\r\n{}" + message
    assert ran.returncode == 7
    entries = read_trace(log)
    assert {"from": "client", "message": {"word": "größe"}} in entries
    assert [e.get("message") for e in entries if e["from"] == "server"] == [
        {},
        {"word": "größe"},
        None,
    ]
