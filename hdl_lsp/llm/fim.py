"""Fill-in-the-middle formats per model family, as data; from a prompt to segments to a token list.

Must not tokenise: `segments` says what to tokenise, `fit` puts the tokens together inside a budget.

Frozen line: everything that changes with a key stands at the end. Prefix (up to the start of the current line)
and suffix come first, then the middle token, then what is typed on the line, so that a key costs one or two
tokens and not the whole suffix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from hdl_lsp.llm.engine import INFILL_LAYOUT, OUR_LAYOUT, FimPrompt

PREFIX_ONLY = "prefix-only"
PROJECT_NAME = (
    "rtl"  # what repository-level formats are told; the real name means nothing to a model
)

# Cutting. A head is cut in steps, so that the cut does not move with every line (it would cost the cache).
LINE_SHARE = 4  # the line may use 1/4 of the room,
SUFFIX_SHARE = 4  # the suffix 1/4,
CONTEXT_SHARE = 2  # context from other files 1/2,
STEP_SHARE = 4  # and the prefix the rest; over it, 1/4 is cut at once.
LINE_ROUNDING = 64  # tokens reserved for the line grow in these steps
BELOW_CHARS = 400  # of the lines under the cursor that a model without FIM tokens sees
CHARS_PER_TOKEN = (
    8  # more than any tokenizer needs for HDL (3.4 measured): texts are cut to this first
)


class Order(Enum):
    """How prefix and suffix follow each other."""

    PSM = "prefix, suffix, middle"
    SPM = "suffix, prefix, middle"


@dataclass(frozen=True, slots=True)
class FimFormat:
    """How one family wants a hole written. Token texts are exactly those of its vocabulary."""

    name: str
    order: Order
    pre: str
    suf: str
    mid: str | None  # None: the middle starts right after the prefix (Codestral)
    repo: str | None = None  # before the repository name
    sep: str | None = None  # before a file path
    family: str = ""  # must occur in the model's own name (lower case) where tokens can't tell

    def tokens(self) -> tuple[str, ...]:
        """Every special token of the format."""
        parts = (self.pre, self.suf, self.mid, self.repo, self.sep)
        return tuple(part for part in parts if part is not None)


# The first whose tokens all exist in the vocabulary is taken.
FORMATS: tuple[FimFormat, ...] = (
    FimFormat(
        "mellum", Order.SPM, "<fim_prefix>", "<fim_suffix>", "<fim_middle>", sep="<filename>",
        family="mellum",
    ),
    FimFormat(
        "qwen", Order.PSM, "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>",
        repo="<|repo_name|>", sep="<|file_sep|>",
    ),
    FimFormat(
        "codegemma", Order.PSM, "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>",
        sep="<|file_separator|>",
    ),
    FimFormat("granite", Order.PSM, "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
    FimFormat(
        "starcoder2", Order.PSM, "<fim_prefix>", "<fim_suffix>", "<fim_middle>",
        repo="<repo_name>", sep="<file_sep>",
    ),
    FimFormat("starcoder", Order.PSM, "<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
    FimFormat("seed-coder", Order.SPM, "<[fim-prefix]>", "<[fim-suffix]>", "<[fim-middle]>"),
    FimFormat("deepseek", Order.PSM, "<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),
    FimFormat("codestral", Order.SPM, "[PREFIX]", "[SUFFIX]", None),
    FimFormat("falcon", Order.PSM, "<|prefix|>", "<|suffix|>", "<|middle|>"),
)  # fmt: skip


def detect(has_token: Callable[[str], bool], model_name: str) -> FimFormat | None:
    """The format whose tokens the vocabulary has; None: the model can only continue a prefix.

    *has_token* is asked whether a text is one special token; *model_name* is the file's own name for it.
    """
    known = model_name.lower()
    for candidate in FORMATS:
        if candidate.family in known and all(has_token(text) for text in candidate.tokens()):
            return candidate
    return None


class Role(Enum):
    """What a segment is, which decides who is cut."""

    SPECIAL = "special"  # one special token, by its text
    FIXED = "fixed"  # short text that belongs to the format: a path
    CONTEXT = "context"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a prompt that is tokenised on its own, so that its tokens don't depend on its neighbours."""

    role: Role
    text: str


def segments(prompt: FimPrompt, fim: FimFormat | None, limit_tokens: int) -> tuple[Segment, ...]:
    """The prompt in the format's order; *limit_tokens* bounds how much text is looked at."""
    room_chars = limit_tokens * CHARS_PER_TOKEN
    if prompt.layout != OUR_LAYOUT:
        return _theirs(prompt, fim, room_chars)
    context = Segment(Role.CONTEXT, prompt.context[:room_chars])
    prefix = Segment(Role.PREFIX, _cut_head(prompt.prefix, room_chars))
    suffix = Segment(Role.SUFFIX, prompt.suffix[:room_chars])
    line = Segment(Role.LINE, prompt.line_prefix)
    under = Segment(Role.SUFFIX, below(prompt) if fim is None else "")
    here = Segment(Role.FIXED, f"// {prompt.path}\n" if context.text or under.text else "")
    if fim is None:
        return _written(context, under, here, prefix, line)
    pre, suf = Segment(Role.SPECIAL, fim.pre), Segment(Role.SPECIAL, fim.suf)
    middle = () if fim.mid is None else (Segment(Role.SPECIAL, fim.mid),)
    head: tuple[Segment, ...] = ()
    inside = context
    if fim.sep is not None:
        inside = here = Segment(Role.CONTEXT, "")
        head = _files_before(fim, fim.sep, context, prompt.path)
    match fim.order:
        case Order.PSM:
            hole = (pre, inside, here, prefix, suf, suffix, *middle, line)
        case Order.SPM:
            hole = (suf, suffix, pre, inside, here, prefix, *middle, line)
    return _written(*head, *hole)


def _theirs(prompt: FimPrompt, fim: FimFormat | None, room_chars: int) -> tuple[Segment, ...]:
    """The layouts others use: the line belongs to the prefix, and nothing comes from elsewhere.

    The line's own segment is empty, so that no token at the cursor is spelled again.
    """
    prefix = Segment(Role.PREFIX, _cut_head(prompt.prefix + prompt.line_prefix, room_chars))
    line = Segment(Role.LINE, "")
    if prompt.layout != INFILL_LAYOUT or fim is None or fim.mid is None:
        return _written(prefix, line)
    pre, suf, mid = (Segment(Role.SPECIAL, text) for text in (fim.pre, fim.suf, fim.mid))
    return _written(pre, prefix, suf, Segment(Role.SUFFIX, prompt.suffix[:room_chars]), mid, line)


def _written(*parts: Segment) -> tuple[Segment, ...]:
    """The parts that have text; the line stays, it is where generation starts."""
    return tuple(part for part in parts if part.text or part.role is Role.LINE)


def below(prompt: FimPrompt) -> str:
    """The lines under the cursor's, as a model without FIM tokens is shown them: above, as code of the same file.

    A model that sees what comes next writes more of the right lines than one that sees twice as much of what went
    before (docs/suggestions.md).
    """
    lines: list[str] = []
    room = BELOW_CHARS
    for line in prompt.suffix.split("\n")[1:]:
        room -= len(line) + 1
        if room < 0:
            break
        if line.strip():
            lines.append(line.rstrip())
    if not lines:
        return ""
    return f"// {prompt.path}, below\n" + "\n".join(lines) + "\n\n"


def _files_before(fim: FimFormat, sep: str, context: Segment, path: str) -> tuple[Segment, ...]:
    """Repository header, context as a file of its own, then the path of the file with the hole."""
    separator = Segment(Role.SPECIAL, sep)
    repo: tuple[Segment, ...] = ()
    if fim.repo is not None:
        repo = (Segment(Role.SPECIAL, fim.repo), Segment(Role.FIXED, f"{PROJECT_NAME}\n"))
    others: tuple[Segment, ...] = ()
    if context.text:
        others = (separator, Segment(Role.FIXED, "context.sv\n"), context)
    return (*repo, *others, separator, Segment(Role.FIXED, f"{path}\n"))


def _cut_head(text: str, room_chars: int) -> str:
    """The end of *text*, at most *room_chars* long, cut in steps and at the start of a line."""
    over = len(text) - room_chars
    if over <= 0:
        return text
    step = max(room_chars // STEP_SHARE, 1)
    cut = -(-over // step) * step
    line_end = text.find("\n", cut)
    return text[line_end + 1 :] if line_end >= 0 else text[cut:]


def fit(parts: Sequence[tuple[Role, Sequence[int]]], limit_tokens: int) -> list[int]:
    """All tokens of the tokenised segments in order, at most *limit_tokens*.

    Cut are: context and suffix at their ends, the prefix at its head in steps, the line at its head.
    """
    line = _length(parts, Role.LINE)
    line_room = min(-(-max(line, 1) // LINE_ROUNDING) * LINE_ROUNDING, limit_tokens // LINE_SHARE)
    suffix_room = min(_length(parts, Role.SUFFIX), limit_tokens // SUFFIX_SHARE)
    fixed = _length(parts, Role.SPECIAL) + _length(parts, Role.FIXED)
    context_room = min(_length(parts, Role.CONTEXT), limit_tokens // CONTEXT_SHARE)
    context_room = max(min(context_room, limit_tokens - fixed - line_room - suffix_room), 0)
    prefix_room = max(limit_tokens - fixed - line_room - suffix_room - context_room, 0)
    tokens: list[int] = []
    for role, part in parts:
        match role:
            case Role.CONTEXT:
                tokens += part[:context_room]
            case Role.SUFFIX:
                tokens += part[:suffix_room]
            case Role.LINE:
                tokens += part[max(len(part) - line_room, 0) :]
            case Role.PREFIX:
                tokens += part[head_cut(len(part), prefix_room) :]
            case Role.SPECIAL | Role.FIXED:
                tokens += part
    return tokens


def head_cut(length: int, room: int) -> int:
    """How many tokens to cut from the head of *length* so that *room* suffices; moves in steps."""
    if length <= room:
        return 0
    step = max(room // STEP_SHARE, 1)
    return min(-(-(length - room) // step) * step, length)


def _length(parts: Sequence[tuple[Role, Sequence[int]]], role: Role) -> int:
    """Tokens of one role."""
    return sum(len(part) for has_role, part in parts if has_role is role)
