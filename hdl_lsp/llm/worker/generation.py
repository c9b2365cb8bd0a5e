"""One generation in progress: a state that advances token by token and can be left and resumed.

Must not know queues, threads or messages' transport.
"""

from __future__ import annotations

import time
from enum import Enum
from itertools import islice

from hdl_lsp.errors import EngineError
from hdl_lsp.llm import fim
from hdl_lsp.llm.engine import ChatPrompt, FimPrompt, FinishReason
from hdl_lsp.llm.fim import FimFormat, Role, Segment
from hdl_lsp.llm.monitor import Monitor
from hdl_lsp.llm.stop import is_whole
from hdl_lsp.llm.wire import Done, Generate
from hdl_lsp.llm.worker.branching import Branches, Option, options
from hdl_lsp.llm.worker.llama import Context, Model
from hdl_lsp.llm.worker.sampling import Sampler
from hdl_lsp.llm.worker.writing import Pick, Writing, log_total

MARGIN_TOKENS = 4
# Stand for the user's texts inside the chat template, which is tokenised with control tokens; the texts are not.
_SYSTEM_MARK = "\x02system\x02"
_USER_MARK = "\x02user\x02"


class Progress(Enum):
    """What one `advance` came to."""

    MORE = "more"
    INTERRUPTED = "interrupted"  # the abort flag was set; advance again to go on
    FINISHED = "finished"


class Generation:
    """State of one generation. Advancing after an interruption gives what would have come without it."""

    def __init__(
        self,
        request: Generate,
        arrived: float,
        model: Model,
        context: Context,
        fim_format: FimFormat | None,
    ) -> None:
        self.request = request
        self.context = context
        self.finish: FinishReason | None = None
        self._model = model
        self._max_tokens = max(min(request.max_tokens, context.size_tokens // 2), 1)
        self._sampler = Sampler(model, request.temperature, request.grammar)
        self._rest = b""  # bytes of the prompt's end that the first tokens must spell again
        self._tokens = self._prompt_tokens(fim_format)
        self._monitor = self._allowed_names()
        self._writing = self._begin()
        self._options: list[Option] = []
        self._branches: Branches | None = None
        self._prompt_length = len(self._tokens)
        self._reused: int | None = None
        self._created = arrived  # time.perf_counter() when the request came in
        self._begun = self._created
        self._prompt_done: float | None = None
        self._first_token: float | None = None

    def advance(self) -> tuple[Progress, str]:
        """Evaluates what is missing and chooses one token; the text it makes certain.

        Once the text is whole, one token for each of the other candidates.
        """
        if self._branches is not None:
            return self._advance_others(self._branches), ""
        if self._reused is None:
            self._begun = time.perf_counter()
            self._reused = self.context.common_prefix(self._tokens)
        if not self.context.evaluate(self._tokens):
            return Progress.INTERRUPTED, ""
        if self._prompt_done is None:
            self._prompt_done = time.perf_counter()
        pick = self._pick()
        if self._first_token is None:
            self._first_token = time.perf_counter()
        if self._model.is_end(pick.token):
            return self._whole(self._writing.end(FinishReason.STOP))
        self._tokens.append(pick.token)
        released = self._writing.write(pick)
        if self._writing.finish is not None:
            return self._whole(released)
        if len(self._writing.tokens) >= self._max_tokens or self._is_enough(self._writing.text):
            return self._whole(released + self._writing.end(FinishReason.LENGTH))
        return Progress.MORE, released

    def close(self) -> None:
        """Frees what the sampler holds; the context keeps its tokens for the next generation."""
        self._sampler.close()

    def done(self, finish: FinishReason) -> Done:
        """The closing message."""
        now = time.perf_counter()
        # A deadline may have cut short nothing but the other candidates; a cancelled text is of no use.
        is_cancelled = finish is FinishReason.CANCELLED
        ended = finish if is_cancelled else self._writing.finish or finish
        prompt_done = self._prompt_done or now
        first_token = self._first_token or now
        return Done(
            id=self.request.id,
            text=self._writing.text,
            finish=ended.value,
            queue_ms=(self._begun - self._created) * 1000,
            prompt_ms=(prompt_done - self._begun) * 1000,
            first_token_ms=(first_token - self._created) * 1000,
            total_ms=(now - self._created) * 1000,
            prompt_tokens=self._prompt_length,
            reused_tokens=self._reused or 0,
            generated_tokens=len(self._writing.tokens),
            ends=tuple(self._writing.ends),
            logprobs=tuple(self._writing.logprobs),
            alternatives=self._branches.others(finish) if self._branches is not None else (),
            unmet=monitor.unmet if (monitor := self._writing.monitor) is not None else (),
        )

    def _whole(self, released: str) -> tuple[Progress, str]:
        """The text is whole: the other candidates come now, if any are wanted and likely."""
        count = self.request.candidates - 1
        if count < 1 or not self._options:
            self.finish = self._writing.finish
            return Progress.FINISHED, released
        length = self._prompt_length
        self._branches = Branches(
            self.context, self._writing, length, self._begin, self._options, count
        )
        return Progress.MORE, released

    def _advance_others(self, branches: Branches) -> Progress:
        """One token more for each of the others."""
        done = branches.advance(self._model, self._max_tokens, self._is_enough)
        if done is None:
            self.finish = self._writing.finish
            return Progress.FINISHED
        return Progress.MORE if done else Progress.INTERRUPTED

    def _is_enough(self, text: str) -> bool:
        """There is a whole line or statement, and the time in which more would have been welcome is over."""
        limit = self.request.line_after_s
        if limit is None or self._first_token is None:
            return False
        is_late = time.perf_counter() - self._first_token > limit
        fim_prompt = self.request.fim
        return is_late and is_whole(text, fim_prompt.line_prefix if fim_prompt else "")

    def _pick(self) -> Pick:
        """The next token, spelling the healed bytes first."""
        scores = self.context.logits()
        if not self._sampler.is_greedy and not self._writing.rest:
            token = self._sampler.choose(scores)
            return Pick(token, float(scores[token]) - log_total(scores))
        picks = self._writing.picks(scores)
        if not self._can_branch():
            return next(picks)
        likely = tuple(islice(picks, self.request.candidates))
        self._options += options(self._model, len(self._writing.tokens), likely)
        return likely[0]

    def _can_branch(self) -> bool:
        """Other candidates are wanted, and differ on the first line."""
        is_possible = self._sampler.is_greedy and not self._model.is_recurrent
        is_first_line = "\n" not in self._writing.text.lstrip()
        return self.request.candidates > 1 and is_possible and is_first_line

    def _begin(self) -> Writing:
        """An empty text."""
        monitor = self._monitor.fork() if self._monitor is not None else None
        return Writing(self._model, self.request, self._rest, monitor)

    def _allowed_names(self) -> Monitor | None:
        """What holds names to those that exist, where the request names them."""
        request = self.request
        if request.allowed is None or request.fim is None or not self._sampler.is_greedy:
            return None
        return Monitor(request.allowed, request.fim.line_prefix)

    def _prompt_tokens(self, fim_format: FimFormat | None) -> list[int]:
        """The whole prompt, short enough to leave room for the answer."""
        limit = self.context.size_tokens - self._max_tokens - MARGIN_TOKENS
        if self.request.fim is not None:
            tokens = self._fim_tokens(self.request.fim, fim_format, limit)
        elif self.request.chat is not None:
            tokens = self._chat_tokens(self.request.chat, limit)
        else:
            raise EngineError("a generation needs a prompt")
        return tokens or self._model.first_tokens or self._model.tokenise("\n")

    def _fim_tokens(self, prompt: FimPrompt, fim_format: FimFormat | None, limit: int) -> list[int]:
        """A hole or a prefix; the token at the cursor is cut off and kept in `_rest`."""
        first = self._model.first_tokens
        parts = [
            (part.role, self._segment_tokens(part))
            for part in fim.segments(prompt, fim_format, limit)
        ]
        tokens = first + fim.fit(parts, limit - len(first))
        line = parts[-1][1]
        if line and len(tokens) > 1:
            self._rest = self._model.piece(tokens.pop())
        return tokens

    def _segment_tokens(self, segment: Segment) -> list[int]:
        """Tokens of one segment."""
        if segment.role is not Role.SPECIAL:
            return self._model.tokenise(segment.text)
        token = self._model.special_token(segment.text)
        if token is None:
            raise EngineError(f"the model has no token {segment.text}")
        return [token]

    def _chat_tokens(self, prompt: ChatPrompt, limit: int) -> list[int]:
        """The conversation in the model's template, or in a plain one if it has none that we know."""
        system = _SYSTEM_MARK if prompt.system else ""
        template = self._model.apply_chat_template(system, _USER_MARK)
        if template is None or _USER_MARK not in template or (system and system not in template):
            template = f"{system}\n\nQuestion:\n{_USER_MARK}\n\nAnswer:\n"
        tokens = list(self._model.first_tokens)
        before, _, after_system = template.partition(_SYSTEM_MARK) if system else ("", "", template)
        tokens += self._model.tokenise_template(before)
        tokens += self._model.tokenise(prompt.system)
        between, _, after = after_system.partition(_USER_MARK)
        tokens += self._model.tokenise_template(between)
        tokens += self._model.tokenise(prompt.user)
        tokens += self._model.tokenise_template(after)
        if len(tokens) > limit:
            raise EngineError(
                f"the request has {len(tokens):,} tokens and only {limit:,} fit;"
                " ask about less code, or raise llm.chatContextTokens"
            )
        return tokens
