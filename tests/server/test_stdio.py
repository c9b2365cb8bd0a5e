"""The server's private pipes: messages cut out of a stream, and nothing printed into it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.server.stdio import MessageSplitter, MessageWriter, framed


@given(
    bodies=st.lists(st.binary(max_size=40), max_size=5),
    cuts=st.lists(st.integers(min_value=1, max_value=30), min_size=1),
)
def test_messages_survive_any_cutting(bodies: list[bytes], cuts: list[int]) -> None:
    """However the pipe cuts the stream, the same bodies come out."""
    stream = b"".join(b"Content-Length: %d\r\n\r\n" % len(body) + body for body in bodies)
    splitter, found, turn = MessageSplitter(), list[bytes](), 0
    while stream:
        size = cuts[turn % len(cuts)]
        found += splitter.feed(stream[:size])
        stream, turn = stream[size:], turn + 1
    assert found == bodies


@pytest.mark.parametrize(
    "header",
    [
        b"content-length: 2\r\n",
        b"Content-Length:2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n",
        b"Content-Type: x\r\nContent-Length:  2 \r\n",
    ],
)
def test_headers_are_read_as_http_does(header: bytes) -> None:
    """Case, blanks and other headers do not matter."""
    assert MessageSplitter().feed(header + b"\r\n{}") == [b"{}"]


def test_a_header_without_length_is_skipped() -> None:
    """Nonsense costs one header, not the connection."""
    assert MessageSplitter().feed(b"Hello: there\r\n\r\n" + framed({"a": 1})) == [b'{"a":1}']


def test_a_reader_that_is_gone_is_survived() -> None:
    """Writing to a closed pipe neither raises nor blocks."""
    read, write = os.pipe()
    os.close(read)
    writer = MessageWriter(write)
    writer.write(b"x" * 1_000_000)
    writer.finish(10)
    os.close(write)


def test_print_goes_to_stderr() -> None:
    """Once stdio is taken, neither print nor a native library reaches the protocol."""
    program = (
        "import os\n"
        "from hdl_lsp.server.stdio import take_stdio\n"
        "taken = take_stdio()\n"
        "print('python')\n"
        "os.write(1, b'native')\n"
        "os.write(taken.write, b'protocol')\n"
        "assert os.read(0, 1) == b''\n"
        "assert os.read(taken.read, 9) == b'from-pipe'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=b"from-pipe", capture_output=True, check=True
    )
    assert done.stdout == b"protocol"
    assert b"python" in done.stderr
    assert b"native" in done.stderr
