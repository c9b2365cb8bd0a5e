"""HttpEngine: an Engine over a llama-server or OpenAI-compatible address that the user named.

Must not contact anything else, and nothing at all before the first request. Closing the socket cancels.

A llama-server gets token lists at /completion, laid out by fim.py like for our own worker: its /infill puts
what is typed before the suffix, so that every key evaluates the suffix again. Any other server is asked in the
OpenAI way, without fill-in-the-middle.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, cast

from hdl_lsp.errors import EngineError
from hdl_lsp.llm import fim, http_stream
from hdl_lsp.llm.engine import (
    ChatPrompt,
    EngineState,
    EngineStatus,
    FimPrompt,
    FinishReason,
    GenerateRequest,
    Generation,
    Lane,
    Timings,
)
from hdl_lsp.llm.fim import FimFormat, Role, Segment
from hdl_lsp.llm.stop import StopScanner

ASSUMED_CONTEXT_TOKENS = 4096  # where the server does not say
CHARS_PER_TOKEN = 3.3  # of SystemVerilog, measured with Qwen's and Llama's vocabularies
MARGIN_TOKENS = 8
TOKENS_KEPT = 64  # tokenised texts remembered: the prefix of a file stays the same for many keys


@dataclass(frozen=True, slots=True)
class _Server:
    """What we know of the server after asking it."""

    is_llama: bool
    model: str
    context_tokens: int
    fim_format: FimFormat | None
    special: dict[str, int]  # the format's tokens
    first_tokens: tuple[int, ...]


class HttpEngine:
    """See the module. The newest INLINE request of a document cancels the older one."""

    def __init__(self, address: str, api_key: str = "") -> None:
        self._address = http_stream.parse_address(address)
        self._api_key = api_key
        self._asking = asyncio.Lock()
        self._server: _Server | None = None
        self._failure = ""
        self._newest: dict[str, asyncio.Task[FinishReason]] = {}
        self._running: set[asyncio.Task[FinishReason]] = set()
        self._superseded: set[asyncio.Task[FinishReason]] = set()
        self._tokens: OrderedDict[str, list[int]] = OrderedDict()
        self._tokens_per_s: float | None = None

    async def generate(
        self, request: GenerateRequest, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        """See Engine.generate."""
        begun = time.perf_counter()
        scanner = StopScanner(request.stop, single_line=request.single_line)
        first: list[float] = []

        def emit(piece: str) -> None:
            if not first:
                first.append(time.perf_counter())
            if piece and on_text is not None:
                on_text(piece)

        logprobs: list[tuple[int, float]] = []
        task = asyncio.ensure_future(self._write(request, scanner, emit, logprobs))
        self._supersede(request, task)
        self._running.add(task)
        finish = FinishReason.CANCELLED
        try:
            async with asyncio.timeout(request.deadline_s):
                finish = await task
        except TimeoutError:
            finish = FinishReason.DEADLINE
        except asyncio.CancelledError:
            if task not in self._superseded:
                task.cancel()
                raise
        finally:
            self._running.discard(task)
            self._superseded.discard(task)
            if self._newest.get(request.document) is task:
                del self._newest[request.document]
        emit(scanner.finish())
        now = time.perf_counter()
        first_s = (first[0] if first else now) - begun
        timings = Timings(first_token_ms=first_s * 1000, total_ms=(now - begun) * 1000)
        return Generation(scanner.text, finish, timings, token_logprobs=tuple(logprobs))

    async def count_tokens(self, text: str) -> int:
        """See Engine.count_tokens; an estimate where the server can't tokenise."""
        server = await self._ask()
        if not server.is_llama:
            return round(len(text) / CHARS_PER_TOKEN)
        return len(await self._tokenise(text))

    def status(self) -> EngineStatus:
        """See Engine.status."""
        server = self._server
        if self._failure:
            state = EngineState.FAILED
        elif server is None:
            state = EngineState.STARTING
        else:
            state = EngineState.BUSY if self._running else EngineState.READY
        return EngineStatus(
            state,
            model=server.model if server else "",
            device=self._address.text,
            detail=self._failure or ("" if server else "asked with the first request"),
            context_tokens=server.context_tokens if server else 0,
            fim=(server.fim_format.name if server.fim_format else fim.PREFIX_ONLY)
            if server
            else "",
            tokens_per_s=self._tokens_per_s,
        )

    async def close(self) -> None:
        """Cancels what runs."""
        for task in tuple(self._running):
            task.cancel()

    def _supersede(self, request: GenerateRequest, task: asyncio.Task[FinishReason]) -> None:
        """Newest wins per document."""
        if request.lane is not Lane.INLINE or not request.document:
            return
        older = self._newest.get(request.document)
        if older is not None and not older.done():
            self._superseded.add(older)
            older.cancel()
        self._newest[request.document] = task

    async def _write(
        self,
        request: GenerateRequest,
        scanner: StopScanner,
        emit: Callable[[str], None],
        logprobs: list[tuple[int, float]],
    ) -> FinishReason:
        """Streams one generation into *scanner*, and what the server says of its probability into *logprobs*."""
        server = await self._ask()
        length = 0
        path, body = await self._body(server, request)
        async with http_stream.request(self._address, "POST", path, body, self._api_key) as reply:
            if reply.status != 200:
                lines = [line async for line in reply.lines]
                raise EngineError(_refusal(self._address.text, reply.status, b"".join(lines)))
            async for event in _events(reply.lines):
                text = _text_of(event)
                length += len(text)
                logprobs += ((length, logprob) for logprob in _logprobs_of(event))
                emit(scanner.push(text))
                if scanner.is_stopped:
                    return FinishReason.STOP
                finish = _finish_of(event)
                if finish is not None:
                    self._note_speed(event)
                    return finish
        return FinishReason.STOP

    async def _body(
        self, server: _Server, request: GenerateRequest
    ) -> tuple[str, dict[str, object]]:
        """Path and JSON body of a generation."""
        body: dict[str, object] = {"stream": True, "temperature": request.temperature}
        if request.stop:
            body["stop"] = list(request.stop)
        if isinstance(request.prompt, ChatPrompt):
            turns = [{"role": "user", "content": request.prompt.user}]
            if request.prompt.system:
                turns.insert(0, {"role": "system", "content": request.prompt.system})
            body |= {"model": server.model, "messages": turns, "max_tokens": request.max_tokens}
            if request.grammar is not None and server.is_llama:
                body["grammar"] = request.grammar
            return "/v1/chat/completions", body
        limit = server.context_tokens - request.max_tokens - MARGIN_TOKENS
        if server.is_llama:
            tokens = await self._prompt_tokens(server, request.prompt, limit)
            body |= {"prompt": tokens, "n_predict": request.max_tokens, "cache_prompt": True}
            body["n_probs"] = 1
            return "/completion", body
        parts = fim.segments(request.prompt, None, limit // 4)
        prompt = "".join(part.text for part in parts)
        body |= {"model": server.model, "prompt": prompt, "max_tokens": request.max_tokens}
        return "/v1/completions", body

    async def _prompt_tokens(self, server: _Server, prompt: FimPrompt, limit: int) -> list[int]:
        """The prompt laid out for the server's model."""
        parts = [
            (part.role, await self._segment_tokens(server, part))
            for part in fim.segments(prompt, server.fim_format, limit)
        ]
        return [*server.first_tokens, *fim.fit(parts, limit - len(server.first_tokens))]

    async def _segment_tokens(self, server: _Server, segment: Segment) -> list[int]:
        """Tokens of one segment."""
        if segment.role is Role.SPECIAL:
            return [server.special[segment.text]]
        return await self._tokenise(segment.text)

    async def _tokenise(self, text: str) -> list[int]:
        """The server's tokens of user text, remembered."""
        if not text:
            return []
        known = self._tokens.get(text)
        if known is None:
            known = await self._ask_tokens({"content": text, "parse_special": False})
            self._tokens[text] = known
            if len(self._tokens) > TOKENS_KEPT:
                self._tokens.popitem(last=False)
        self._tokens.move_to_end(text)
        return known

    async def _ask_tokens(self, body: dict[str, object]) -> list[int]:
        """One call of /tokenize."""
        status, answer = await self._json("POST", "/tokenize", body)
        if status != 200:
            raise EngineError(f"the model server at {self._address.text} can't tokenise ({status})")
        return cast("list[int]", cast("dict[str, Any]", answer)["tokens"])

    async def _json(self, method: str, path: str, body: object = None) -> tuple[int, object]:
        """One small request."""
        return await http_stream.request_json(self._address, method, path, body, self._api_key)

    async def _ask(self) -> _Server:
        """What the server is; asked once, and again after a failure."""
        async with self._asking:
            if self._server is None:
                try:
                    self._server = await self._examine()
                except EngineError as err:
                    self._failure = str(err)
                    raise
                self._failure = ""
            return self._server

    async def _examine(self) -> _Server:
        """Asks for properties, vocabulary and model."""
        status, properties = await self._json("GET", "/props")
        if (
            status == 200
            and isinstance(properties, dict)
            and "default_generation_settings" in properties
        ):
            return await self._examine_llama(cast("dict[str, Any]", properties))
        status, models = await self._json("GET", "/v1/models")
        if status != 200 or not isinstance(models, dict):
            raise EngineError(
                f"{self._address.text} is neither a llama-server nor an OpenAI-compatible server"
                f" (GET /v1/models answers {status})"
            )
        listed = cast("list[dict[str, Any]]", cast("dict[str, Any]", models).get("data") or [])
        model = str(listed[0].get("id", "")) if listed else ""
        return _Server(False, model, ASSUMED_CONTEXT_TOKENS, None, {}, ())

    async def _examine_llama(self, properties: dict[str, Any]) -> _Server:
        """FIM format and context of a llama-server."""
        texts = sorted({text for known in fim.FORMATS for text in known.tokens()})
        answers = [
            await self._ask_tokens({"content": text, "parse_special": True}) for text in texts
        ]
        special = {
            text: tokens[0] for text, tokens in zip(texts, answers, strict=True) if len(tokens) == 1
        }
        path = str(properties.get("model_path") or properties.get("model_alias") or "")
        model = path.replace("\\", "/").rpartition("/")[2]
        begun = await self._ask_tokens({"content": "a", "add_special": True})
        plain = await self._ask_tokens({"content": "a", "add_special": False})
        first = begun[: begun.index(plain[0])] if plain and plain[0] in begun else []
        size = properties["default_generation_settings"].get("n_ctx")
        context = size if isinstance(size, int) and size > 0 else ASSUMED_CONTEXT_TOKENS
        fim_format = fim.detect(special.__contains__, model)
        return _Server(True, model, context, fim_format, special, tuple(first))

    def _note_speed(self, event: dict[str, Any]) -> None:
        """The server's own measurement of its speed, if it sends one."""
        timings: dict[str, Any] = event.get("timings") or {}
        speed: object = timings.get("predicted_per_second")
        if isinstance(speed, float):
            self._tokens_per_s = speed


async def _events(lines: AsyncIterator[bytes]) -> AsyncIterator[dict[str, Any]]:
    """The JSON objects of a server-sent event stream; ends at [DONE]."""
    async for line in lines:
        if not line.startswith(b"data:"):
            continue
        content = line[5:].strip()
        if content == b"[DONE]":
            return
        event: object = json.loads(content)
        if isinstance(event, dict):
            yield cast("dict[str, Any]", event)


def _choice(event: dict[str, Any]) -> dict[str, Any]:
    """The first choice of an OpenAI event; {} for others."""
    choices = event.get("choices")
    return cast("dict[str, Any]", choices[0]) if isinstance(choices, list) and choices else {}


def _text_of(event: dict[str, Any]) -> str:
    """The new text of an event, of either kind."""
    choice = _choice(event)
    text = event.get("content") or choice.get("text") or choice.get("delta", {}).get("content")
    return text if isinstance(text, str) else ""


def _logprobs_of(event: dict[str, Any]) -> list[float]:
    """Log probabilities of the tokens of a llama-server's event; [] where it gives none."""
    listed: object = event.get("completion_probabilities")
    tokens = cast("list[object]", listed) if isinstance(listed, list) else []
    found = (cast("dict[str, Any]", one).get("logprob") for one in tokens if isinstance(one, dict))
    return [float(one) for one in found if isinstance(one, int | float)]


def _finish_of(event: dict[str, Any]) -> FinishReason | None:
    """Why the stream ends with this event; None when it goes on."""
    reason = _choice(event).get("finish_reason")
    if reason is None and event.get("stop") is True:
        reason = "length" if event.get("stop_type") == "limit" else "stop"
    if reason is None:
        return None
    return FinishReason.LENGTH if reason == "length" else FinishReason.STOP


def _refusal(address: str, status: int, body: bytes) -> str:
    """The sentence for an answer that is not 200, with the server's own words."""
    try:
        error: Any = json.loads(body)["error"]
        words = str(cast("dict[str, Any]", error)["message"] if isinstance(error, dict) else error)
    except (ValueError, KeyError, TypeError):
        words = body[:200].decode("utf-8", "replace")
    return f"the model server at {address} refuses ({status}): {words}"
