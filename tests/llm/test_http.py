"""HttpEngine against a real llama-server, and against a small OpenAI-compatible server."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import pytest

from hdl_lsp.errors import EngineError
from hdl_lsp.llm import catalogue
from hdl_lsp.llm.engine import (
    ChatPrompt,
    EngineState,
    FimPrompt,
    FinishReason,
    GenerateRequest,
    Lane,
)
from hdl_lsp.llm.http import HttpEngine

FIM = FimPrompt("", "a.sv", "module a (input logic clk_i);\n", "  always_ff @(posedge ", "\n")
CHAT = ChatPrompt("You are brief.", "What is a flip-flop?")


@pytest.fixture(scope="module")
def llama_address() -> Iterator[str]:
    """A llama-server with SmolLM2."""
    model = str(catalogue.resolve("smollm2-135m-instruct"))
    command = [sys.executable, "-m", "tests.llm.model_server", model]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        address = next(line for line in process.stdout if line.startswith("http")).strip()
        yield address
        process.stdin.close()
        process.kill()


@pytest.mark.real
async def test_llama_server_completes_greedily(llama_address: str) -> None:
    """A prefix is continued, streamed pieces add up, and equal requests give equal answers."""
    engine = HttpEngine(llama_address)
    pieces: list[str] = []
    request = GenerateRequest(FIM, 8, single_line=True)
    first = await engine.generate(request, pieces.append)
    second = await engine.generate(request)
    assert "".join(pieces) == first.text == second.text != ""
    assert "\n" not in first.text
    status = engine.status()
    assert (status.state, status.fim, status.context_tokens) == (
        EngineState.READY,
        "prefix-only",
        2048,
    )
    assert status.model == "SmolLM2-135M-Instruct.Q4_1.gguf"


@pytest.mark.real
async def test_llama_server_says_how_probable_its_text_is(llama_address: str) -> None:
    """Each token of a streamed completion has its log probability and place."""
    engine = HttpEngine(llama_address)
    answer = await engine.generate(GenerateRequest(FIM, 6))
    ends = [end for end, _ in answer.token_logprobs]
    assert len(ends) == 6
    assert ends == sorted(ends)
    assert ends[-1] == len(answer.text)
    assert answer.mean_logprob is not None
    assert answer.mean_logprob < 0.0
    await engine.close()


async def test_llama_server_counts_tokens(llama_address: str) -> None:
    """Counts are the server's, not an estimate."""
    engine = HttpEngine(llama_address)
    assert await engine.count_tokens("module a;") == 3
    assert await engine.count_tokens("") == 0


@pytest.mark.real
async def test_llama_server_answers_chat_with_grammar(llama_address: str) -> None:
    """A chat request obeys its grammar."""
    request = GenerateRequest(CHAT, 20, lane=Lane.CHAT, grammar='root ::= "yes" | "no"')
    answer = await HttpEngine(llama_address).generate(request)
    assert answer.text in ("yes", "no")
    assert answer.finish is FinishReason.STOP


@pytest.mark.real
async def test_newer_request_of_a_document_cancels_the_older(llama_address: str) -> None:
    """The superseded request ends as cancelled, the newer one is answered."""
    engine = HttpEngine(llama_address)
    begun = asyncio.Event()
    slow = GenerateRequest(FIM, 400, document="a.sv")
    older = asyncio.create_task(engine.generate(slow, lambda _piece: begun.set()))
    await begun.wait()
    newer = await engine.generate(GenerateRequest(FIM, 4, document="a.sv"))
    assert (await older).finish is FinishReason.CANCELLED
    assert newer.finish is FinishReason.LENGTH


@pytest.mark.real
async def test_cancelled_caller_frees_the_server(llama_address: str) -> None:
    """Cancelling the task closes the connection, and the only slot answers the next request."""
    engine = HttpEngine(llama_address)
    begun = asyncio.Event()
    task = asyncio.create_task(
        engine.generate(GenerateRequest(FIM, 1500), lambda _piece: begun.set())
    )
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    answer = await engine.generate(GenerateRequest(FIM, 2))
    assert answer.finish is FinishReason.LENGTH


class OpenAiServer:
    """An OpenAI-compatible server that writes the words it was given, one event each."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, object]]] = []
        self.words = ["clk_i", " or", " negedge", " rst_ni", ") begin", "\n", "  q"]
        self.status = 200
        self.hang = False
        self.disconnected = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, path, _ = head.split(" ", 2)
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(headers.get("Content-Length", "0")))
        self.asked.append((path, headers.get("Authorization", ""), json.loads(body or b"{}")))
        if path == "/base/v1/models":
            self._send(writer, 200, b'{"data": [{"id": "big-coder"}]}')
        elif method == "GET":
            self._send(writer, 404, b"{}")
        elif self.status != 200:
            self._send(writer, self.status, b'{"error": {"message": "out of credit"}}')
        else:
            await self._stream(reader, writer, is_chat="chat" in path)
        writer.close()

    def _send(self, writer: asyncio.StreamWriter, status: int, body: bytes) -> None:
        """A short answer."""
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body))

    async def _stream(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_chat: bool
    ) -> None:
        """Chunked server-sent events."""
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for word in self.words:
            choice = {"delta": {"content": word}} if is_chat else {"text": word}
            self._event(writer, json.dumps({"choices": [choice]}).encode())
        if self.hang:
            await reader.read()  # returns when the other side closes
            self.disconnected.set()
            return
        self._event(writer, b'{"choices": [{"text": "", "finish_reason": "length"}]}')
        self._event(writer, b"[DONE]")
        writer.write(b"0\r\n\r\n")

    def _event(self, writer: asyncio.StreamWriter, content: bytes) -> None:
        """One event as two chunks, cut in the middle."""
        line = b"data: " + content + b"\n\n"
        for part in (line[:9], line[9:]):
            writer.write(b"%x\r\n%b\r\n" % (len(part), part))


@pytest.fixture
async def openai() -> AsyncIterator[tuple[OpenAiServer, str]]:
    """A running server and its address."""
    behaviour = OpenAiServer()
    server = await asyncio.start_server(behaviour.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield behaviour, f"http://127.0.0.1:{port}/base/"
    server.close()


async def test_openai_server_continues_a_prefix(openai: tuple[OpenAiServer, str]) -> None:
    """The prompt is context, prefix and line; the key is sent; a single line stops at its end."""
    server, address = openai
    answer = await HttpEngine(address, "secret").generate(GenerateRequest(FIM, 9, single_line=True))
    assert (answer.text, answer.finish) == (
        "clk_i or negedge rst_ni) begin",
        FinishReason.STOP,
    )
    path, key, body = server.asked[-1]
    assert (path, key) == ("/base/v1/completions", "Bearer secret")
    assert (body["prompt"], body["model"]) == (FIM.prefix + FIM.line_prefix, "big-coder")


async def test_openai_server_chats(openai: tuple[OpenAiServer, str]) -> None:
    """System and user turns are sent as they are; the reason for the end is passed on."""
    server, address = openai
    answer = await HttpEngine(address).generate(GenerateRequest(CHAT, 9, lane=Lane.CHAT))
    assert (answer.text, answer.finish) == ("".join(server.words), FinishReason.LENGTH)
    assert server.asked[-1][2]["messages"] == [
        {"role": "system", "content": "You are brief."},
        {"role": "user", "content": "What is a flip-flop?"},
    ]


async def test_deadline_returns_the_text_so_far_and_closes(
    openai: tuple[OpenAiServer, str],
) -> None:
    """A server that stops writing is left at the deadline, with what it wrote."""
    server, address = openai
    server.hang = True
    answer = await HttpEngine(address).generate(GenerateRequest(CHAT, 9, deadline_s=0.5))
    assert (answer.text, answer.finish) == ("".join(server.words), FinishReason.DEADLINE)
    await server.disconnected.wait()


async def test_refusal_has_the_servers_words(openai: tuple[OpenAiServer, str]) -> None:
    """An error of the server is quoted."""
    server, address = openai
    server.status = 402
    with pytest.raises(EngineError, match=r"refuses \(402\): out of credit"):
        await HttpEngine(address).generate(GenerateRequest(CHAT, 9))


async def test_nobody_there_is_one_sentence_and_a_status() -> None:
    """An address without a server fails with its name, and the status says so."""
    engine = HttpEngine("http://127.0.0.1:9")
    with pytest.raises(EngineError, match=r"can't reach the model server at http://127\.0\.0\.1:9"):
        await engine.generate(GenerateRequest(CHAT, 9))
    assert engine.status().state is EngineState.FAILED


@pytest.mark.parametrize("address", ["ftp://x", "http://", "http://h:port"])
def test_nonsense_address_is_refused(address: str) -> None:
    """What is no http address is named at once."""
    with pytest.raises(EngineError, match="is not an http or https address"):
        HttpEngine(address)
