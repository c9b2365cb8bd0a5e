"""What features see of a model: generate text, count tokens, say how it is doing.

Must not know llama.cpp, processes or snapshots. Four implementations: `client.WorkerEngine` (llama.cpp in a
child process), `http.HttpEngine`, `ngram.NgramEngine`, and `ScriptedEngine` in the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class FinishReason(Enum):
    """Why a generation ended."""

    STOP = "stop"  # end-of-generation token, or a stop condition
    LENGTH = "length"  # max_tokens reached
    CANCELLED = "cancelled"  # cancelled by the caller, or superseded by a newer request
    DEADLINE = "deadline"  # the deadline passed; the text so far is returned


class Lane(Enum):
    """Who may pre-empt whom: INLINE runs before, and interrupts, CHAT."""

    INLINE = "inline"
    CHAT = "chat"


class EngineState(Enum):
    """Life of an engine, as the status item shows it."""

    OFF = "off"  # no model configured, or assistance switched off
    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    FAILED = "failed"  # gave up (circuit breaker open); `detail` says why and what to do


OUR_LAYOUT = "ours"
PREFIX_LAYOUT = "prefix"
"""What stands left of the cursor and nothing else, as it is."""
INFILL_LAYOUT = "infill"
"""Prefix and line, suffix, middle: what llama.cpp's server makes of its /infill, for models with FIM tokens."""


@dataclass(frozen=True, slots=True)
class FimPrompt:
    """A fill-in-the-middle request. The engine lays it out for its model (see fim.py).

    Models without FIM tokens read `context`, the lines under the cursor, `prefix`, `line_prefix`.
    Frozen line: `prefix` ends at the start of the current line, so that it and `suffix` stay identical while
    the user types; `line_prefix` is what stands left of the cursor on that line.
    """

    context: str  # stable text from other files, most stable first; may be empty
    path: str  # path of the file relative to its workspace folder, with forward slashes
    prefix: str  # the file up to the start of the current line
    line_prefix: str  # current line, left of the cursor
    suffix: str  # text right of the cursor on this line, and everything after it
    layout: str = OUR_LAYOUT  # or one that others use, for an evaluation beside ours


@dataclass(frozen=True, slots=True)
class ChatPrompt:
    """A conversation; the engine applies the model's own chat template."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class NamesAfter:
    """The names that may follow one opening text."""

    opening: str  # a path without blanks and subscripts that ends in "." or "::": "u_fifo.", "ibex_pkg::"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllowedNames:
    """What an identifier may be where the design says it; anything not mentioned here stays free.

    Only the identifier itself is held to it. Where nothing fits (the typed half of a name begins none of them)
    that one place is free, and `Generation.unmet` says so. Only greedy requests without a grammar obey.
    """

    after: tuple[NamesAfter, ...] = ()
    connections: tuple[tuple[str, ...], ...] = ()
    """Names not yet connected, for `.name` in the list of connections around the cursor; then, for each list that
    follows it in the same instance (ports after parameters), the names of that."""
    depth: int = 0  # brackets open at the cursor inside the first of `connections`; -1: its own is not open yet
    labels: tuple[str, ...] = ()
    """Enum members without a case item yet. The cursor stands where a label of their `case` starts."""
    visible: tuple[str, ...] = ()
    """All names that an expression or statement may use plainly; empty: not known. New ones may be declared."""
    blocks: int = -1
    """At least so many blocks of a procedure are open at the cursor: while they are, and to the end of a statement,
    plain names are visible ones. -1: only in the procedures and assignments that the text itself begins."""


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    """One generation. Equal requests to a greedy engine give equal answers."""

    prompt: FimPrompt | ChatPrompt
    max_tokens: int
    lane: Lane = Lane.INLINE
    document: str = ""  # newest wins: a newer INLINE request for the same document cancels this one
    stop: tuple[str, ...] = ()  # generation ends before the first of these
    single_line: bool = False  # stop at the first newline
    temperature: float = 0.0  # 0 is greedy
    grammar: str | None = None  # GBNF text (root rule "root"), CHAT lane only
    deadline_s: float | None = None  # seconds from submission; None: no limit
    line_after_s: float | None = (
        None  # after so long, a whole line or statement is enough; None: no limit
    )
    candidates: int = (
        1  # at most so many texts (1 to 4), the first is what 1 would give; greedy requests only
    )
    allowed: AllowedNames | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """Where the time of one generation went; milliseconds and token counts."""

    queue_ms: float = 0.0
    prompt_ms: float = 0.0  # prompt evaluation
    first_token_ms: float = 0.0  # submission to first token
    total_ms: float = 0.0
    prompt_tokens: int = 0  # length of the prompt
    reused_tokens: int = 0  # of these, already in the KV cache
    generated_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another text for the same place."""

    text: str
    logprob: float  # natural log probability of all of it: the sum over its tokens
    tokens: int  # that wrote the text
    finish: FinishReason


@dataclass(frozen=True, slots=True)
class Generation:
    """What a model wrote."""

    text: str
    finish: FinishReason
    timings: Timings = Timings()
    model: str = ""  # who wrote it: catalogue name, path or address
    token_logprobs: tuple[tuple[int, float], ...] = ()
    """For each token: where it ends, in characters of what was written, and its natural log probability.

    The last token may end beyond `text` (a newline that ended a single line). Empty where the engine can't say.
    """
    alternatives: tuple[
        Alternative, ...
    ] = ()  # likeliest token by token first; never the text itself
    unmet: tuple[str, ...] = ()  # openings of `AllowedNames` after which no allowed name fitted

    @property
    def mean_logprob(self) -> float | None:
        """Mean natural log probability of the tokens of the text; None where the engine can't say."""
        return self.mean_logprob_of(len(self.text))

    def mean_logprob_of(self, length: int) -> float | None:
        """The same for the first *length* characters: of the tokens that begin inside them."""
        begin = 0
        inside: list[float] = []
        for end, logprob in self.token_logprobs:
            if begin < length:
                inside.append(logprob)
            begin = end
        return sum(inside) / len(inside) if inside else None


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """For `hdl/engineStatus`, doctor and the status item."""

    state: EngineState
    model: str = ""  # file or catalogue name; "" when OFF
    device: str = ""  # e.g. "CPU, 1 thread" or "CUDA0 (all 28 layers)"
    detail: str = (
        ""  # one sentence: why FAILED, how GPU layers were chosen, "prefix-only: no FIM tokens"
    )
    context_tokens: int = 0
    fim: str = ""  # FIM format name from fim.py, or "prefix-only"
    tokens_per_s: float | None = None  # measured generation speed; None before the first generation
    restarts: int = 0


class Engine(Protocol):
    """A model that can be asked. All methods are called on the event loop."""

    async def generate(
        self, request: GenerateRequest, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        """The generation for *request*; *on_text* gets each new piece of text as it comes.

        Cancelling the awaiting task cancels the generation. Raises EngineError, ModelError or WorkerError.
        """
        ...

    async def count_tokens(self, text: str) -> int:
        """Number of tokens of *text* for this model."""
        ...

    def status(self) -> EngineStatus:
        """The state right now; never waits."""
        ...

    async def close(self) -> None:
        """Frees everything; idempotent."""
        ...
