"""As much of HTTP/1.1 as a model server needs: one request per connection, the answer whole or line by line.

Must not know models. Closing the connection is how a request is cancelled, so connections are not reused.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from hdl_lsp.errors import EngineError

CONNECT_TIMEOUT_S = 10.0
MAX_LINE_BYTES = 1 << 22
MAX_BODY_BYTES = 1 << 26


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is."""

    scheme: str
    host: str
    port: int
    path: str  # before every request's own path; no slash at its end

    @property
    def text(self) -> str:
        """For people."""
        return f"{self.scheme}://{self.host}:{self.port}{self.path}"


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and the lines of the body, to be read while the connection is open."""

    status: int
    lines: AsyncIterator[bytes]


def parse_address(text: str) -> Address:
    """The parts of an http or https URL; raises EngineError."""
    parts = urlsplit(text if "://" in text else f"http://{text}")
    try:
        port = parts.port
    except ValueError as err:
        raise EngineError(f"llm.address {text!r} is not an http or https address") from err
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EngineError(f"llm.address {text!r} is not an http or https address")
    default_port = 443 if parts.scheme == "https" else 80
    return Address(parts.scheme, parts.hostname, port or default_port, parts.path.rstrip("/"))


@asynccontextmanager
async def request(
    address: Address, method: str, path: str, body: object = None, api_key: str = ""
) -> AsyncGenerator[Reply, None]:
    """One request; leaving the context closes the connection. Raises EngineError."""
    context = ssl.create_default_context() if address.scheme == "https" else None
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(
                address.host, address.port, ssl=context, limit=MAX_LINE_BYTES
            )
    except (OSError, TimeoutError) as err:
        reason = str(err) or "no answer"
        raise EngineError(f"can't reach the model server at {address.text}: {reason}") from err
    try:
        writer.write(_head_and_body(address, method, path, body, api_key))
        status, headers = await _read_head(reader)
        yield Reply(status, _body_lines(reader, headers))
    except (OSError, asyncio.IncompleteReadError, ValueError) as err:
        raise EngineError(f"the model server at {address.text} broke off: {err}") from err
    finally:
        writer.close()


async def request_json(
    address: Address, method: str, path: str, body: object = None, api_key: str = ""
) -> tuple[int, object]:
    """Status and parsed body; None for a body that is not JSON."""
    async with request(address, method, path, body, api_key) as reply:
        text = bytearray()
        async for line in reply.lines:
            text += line
            if len(text) > MAX_BODY_BYTES:
                raise EngineError(f"the model server at {address.text} sends too much")
    try:
        return reply.status, json.loads(text)
    except ValueError:
        return reply.status, None


def _head_and_body(address: Address, method: str, path: str, body: object, api_key: str) -> bytes:
    """The bytes of a request."""
    content = b"" if body is None else json.dumps(body).encode()
    host = f"[{address.host}]" if ":" in address.host else address.host
    lines = [
        f"{method} {address.path}{path} HTTP/1.1",
        f"Host: {host}:{address.port}",
        "Accept: application/json, text/event-stream",
        "Connection: close",
        f"Content-Length: {len(content)}",
    ]
    if body is not None:
        lines.append("Content-Type: application/json")
    if api_key:
        lines.append(f"Authorization: Bearer {api_key}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """Status code, and headers with lower-case names; ValueError when it is not HTTP."""
    status_line = (await reader.readuntil(b"\n")).decode("latin-1").split(" ", 2)
    if len(status_line) < 2 or not status_line[0].startswith("HTTP/"):
        raise ValueError("it does not speak HTTP")
    headers: dict[str, str] = {}
    while line := (await reader.readuntil(b"\n")).decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return int(status_line[1]), headers


async def _body_lines(
    reader: asyncio.StreamReader, headers: dict[str, str]
) -> AsyncIterator[bytes]:
    """The body's lines with their newlines; the last may have none."""
    pending = b""
    async for block in _body_blocks(reader, headers):
        *whole, pending = (pending + block).split(b"\n")
        for line in whole:
            yield line + b"\n"
    if pending:
        yield pending


async def _body_blocks(
    reader: asyncio.StreamReader, headers: dict[str, str]
) -> AsyncIterator[bytes]:
    """The body as it arrives: chunked, of known length, or up to the end of the connection."""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        while size := int((await reader.readuntil(b"\n")).split(b";")[0].strip() or b"0", 16):
            yield await reader.readexactly(size)
            await reader.readuntil(b"\n")
        return
    length = headers.get("content-length")
    if length is not None:
        yield await reader.readexactly(int(length))
        return
    while block := await reader.read(1 << 16):
        yield block
