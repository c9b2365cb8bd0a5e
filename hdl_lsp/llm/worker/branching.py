"""Other texts for the same prompt: each takes another likely token once, and is greedy before and after.

Must not touch the main text, which is written before and alone, so that it is what it would be without others.

Sampling would give other texts too, but most of its differences are unlikely tokens in the middle of names, it
gives the same text several times, and never the second-best one on purpose. Code has few places where the writer
could mean something else, and the model knows them: the token after which it hesitates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hdl_lsp.llm.engine import FinishReason
from hdl_lsp.llm.wire import Other
from hdl_lsp.llm.worker.forks import MOST, Fork, extend, fork
from hdl_lsp.llm.worker.llama import FORK_TOKENS, Context, Model
from hdl_lsp.llm.worker.writing import Pick, Writing

NEAR = 3.0  # natural logarithm: a token 20 times less likely than the best is no alternative


@dataclass(frozen=True, slots=True)
class Option:
    """A token that was not taken, at a step of the main text."""

    step: int
    pick: Pick


@dataclass(slots=True)
class _Branch:
    """One other text under way. *taken*: its last token, not evaluated yet."""

    writing: Writing
    fork: Fork
    taken: int


def options(model: Model, step: int, picks: Sequence[Pick]) -> tuple[Option, ...]:
    """Those of *picks* that differ from the first and are nearly as likely; the first is the one taken.

    A token that is a start of the one taken, or goes on from it, mostly leads to the same text.
    """
    best = picks[0]
    piece = model.piece(best.token)
    return tuple(
        Option(step, pick)
        for pick in picks[1:]
        if pick.logprob >= best.logprob - NEAR
        and not model.is_end(pick.token)
        and not model.piece(pick.token).startswith(piece)
        and not piece.startswith(model.piece(pick.token))
    )


class Branches:
    """The other texts of one generation, written together."""

    def __init__(
        self,
        context: Context,
        main: Writing,
        prompt_length: int,
        begin: Callable[[], Writing],
        found: Sequence[Option],
        count: int,
    ) -> None:
        """*begin* makes an empty text; *found* are the options, of which the *count* likeliest are taken."""
        self._context = context
        self._main = main
        likely = sorted(found, key=lambda one: -_logprob(main, one))[: min(count, MOST)]
        forks = fork(context, [prompt_length + option.step for option in likely])
        self._room = FORK_TOKENS // max(len(likely), 1)
        self._branches = [
            _Branch(_replay(begin(), main, option), one, option.pick.token)
            for option, one in zip(likely, forks, strict=True)
        ]

    def advance(self, model: Model, limit: int, is_enough: Callable[[str], bool]) -> bool | None:
        """One token more for each; False when aborted, None when all are whole.

        *limit*: tokens of one text at most. *is_enough*: a text that may end, given where it is.
        """
        open_ones = [one for one in self._branches if one.writing.finish is None]
        if not open_ones:
            return None
        done = extend(self._context, [(one.fork, one.taken) for one in open_ones])
        if done is False:
            return False
        for one in open_ones:
            writing = one.writing
            if done is None:
                writing.end(FinishReason.LENGTH)
                continue
            pick = next(writing.picks(one.fork.scores))
            if model.is_end(pick.token):
                writing.end(FinishReason.STOP)
                continue
            one.taken = pick.token
            writing.write(pick)
            length = len(writing.tokens)
            if writing.finish is None and (
                length >= min(limit, self._room) or is_enough(writing.text)
            ):
                writing.end(FinishReason.LENGTH)
        return True

    def others(self, finish: FinishReason) -> tuple[Other, ...]:
        """The texts that are no repetition, likeliest token by token first; *finish* for those under way."""
        seen = {_squeezed(self._main.text), ""}
        found: list[Other] = []
        for one in self._branches:
            writing = one.writing
            text = writing.text
            if _squeezed(text) in seen:
                continue
            seen.add(_squeezed(text))
            inside = [
                logprob
                for begin, logprob in zip([0, *writing.ends], writing.logprobs, strict=False)
                if begin < len(text)
            ]
            ended = writing.finish or finish
            found.append(Other(text, sum(inside), len(inside), ended.value))
        return tuple(sorted(found, key=lambda one: -one.logprob / one.tokens))


def _logprob(main: Writing, option: Option) -> float:
    """Of the text up to the option, with it."""
    return sum(main.logprobs[: option.step]) + option.pick.logprob


def _replay(writing: Writing, main: Writing, option: Option) -> Writing:
    """*writing* with what *main* wrote before the option, then the option."""
    for token, logprob in zip(
        main.tokens[: option.step], main.logprobs[: option.step], strict=True
    ):
        writing.write(Pick(token, logprob))
    writing.write(option.pick)
    return writing


def _squeezed(text: str) -> str:
    """*text* without white space: texts that differ in nothing else are the same suggestion."""
    return "".join(text.split())
