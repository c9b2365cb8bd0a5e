"""FIM formats: detection from a vocabulary, order of segments, cutting to a budget."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hdl_lsp.llm import fim
from hdl_lsp.llm.engine import INFILL_LAYOUT, PREFIX_LAYOUT, FimPrompt
from hdl_lsp.llm.fim import FORMATS, FimFormat, Role, Segment
from hdl_lsp.llm.gguf import read_gguf
from tests.support.gguf_file import CONTROL, write_gguf

PROMPT = FimPrompt("package p;\n", "rtl/a.sv", "module a;\n", "  assign x", " = y;\nendmodule\n")


def by_name(name: str) -> FimFormat:
    """The format called *name*."""
    return next(known for known in FORMATS if known.name == name)


def written(name: str | None, prompt: FimPrompt = PROMPT) -> str:
    """The prompt as one text."""
    known = by_name(name) if name is not None else None
    return "".join(part.text for part in fim.segments(prompt, known, 1000))


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_family_is_found_in_its_own_vocabulary(tmp_path: Path, known: FimFormat) -> None:
    """A GGUF with exactly the tokens and name of a family is detected as that family."""
    tokens = [(text, CONTROL) for text in known.tokens()]
    name = f"Some {known.family.title()} 4b" if known.family else "Some Model"
    header = read_gguf(write_gguf(tmp_path / "m.gguf", {"general.name": name}, tokens))
    assert fim.detect(header.special_tokens.__contains__, header.name) == known


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_model_without_the_middle_token_is_prefix_only(known: FimFormat) -> None:
    """Prefix and suffix tokens alone are not enough (SmolLM2 has some of them)."""
    vocabulary = {known.pre} if known.mid is None else {known.pre, known.suf}
    assert fim.detect(vocabulary.__contains__, known.family) is None


def test_qwen_order() -> None:
    """Repository, other files, path, prefix, suffix, and what changes with a key at the very end."""
    assert written("qwen") == (
        "<|repo_name|>rtl\n<|file_sep|>context.sv\npackage p;\n<|file_sep|>rtl/a.sv\n"
        "<|fim_prefix|>module a;\n<|fim_suffix|> = y;\nendmodule\n<|fim_middle|>  assign x"
    )


def test_format_without_files_has_context_in_the_prefix() -> None:
    """A family without a file separator sees other files as text before its own."""
    assert written("deepseek") == (
        "<｜fim▁begin｜>package p;\n// rtl/a.sv\nmodule a;\n<｜fim▁hole｜> = y;\nendmodule\n<｜fim▁end｜>  assign x"
    )


def test_suffix_first_order_ends_with_the_line_too() -> None:
    """In SPM families the suffix comes first; without a middle token the line follows the prefix."""
    assert written("seed-coder") == (
        "<[fim-suffix]> = y;\nendmodule\n"
        "<[fim-prefix]>package p;\n// rtl/a.sv\nmodule a;\n<[fim-middle]>  assign x"
    )
    assert written("codestral").endswith("[PREFIX]package p;\n// rtl/a.sv\nmodule a;\n  assign x")


def test_prefix_only_has_what_is_below_above() -> None:
    """A model without FIM tokens sees the lines under the cursor as code before the prefix, and no special token."""
    assert written(None) == (
        "package p;\n// rtl/a.sv, below\nendmodule\n\n// rtl/a.sv\nmodule a;\n  assign x"
    )


def test_prefix_only_at_the_end_of_a_file() -> None:
    """Where nothing follows the cursor's line, nothing is said about it."""
    at_end = FimPrompt("package p;\n", "rtl/a.sv", "module a;\n", "  assign x", " = y;\n\n")
    assert written(None, at_end) == "package p;\n// rtl/a.sv\nmodule a;\n  assign x"
    alone = FimPrompt("", "rtl/a.sv", "module a;\n", "  assign x", "")
    assert written(None, alone) == "module a;\n  assign x"


@pytest.mark.parametrize(
    ("layout", "name", "text"),
    [
        (PREFIX_LAYOUT, None, "module a;\n  assign x"),
        (PREFIX_LAYOUT, "qwen", "module a;\n  assign x"),
        (INFILL_LAYOUT, None, "module a;\n  assign x"),
        (
            INFILL_LAYOUT,
            "qwen",
            "<|fim_prefix|>module a;\n  assign x<|fim_suffix|> = y;\nendmodule\n<|fim_middle|>",
        ),
    ],
)
def test_layouts_of_others(layout: str, name: str | None, text: str) -> None:
    """For an evaluation: the file's text alone, in one piece up to the cursor, whatever the model could have."""
    prompt = replace(PROMPT, layout=layout)
    assert written(name, prompt) == text
    parts = fim.segments(prompt, by_name(name) if name else None, 1000)
    assert parts[-1] == Segment(Role.LINE, "")


def test_below_is_whole_lines() -> None:
    """As many lines as fit, never half a line; blank ones are left out."""
    line = "x" * 99 + "\n"
    many = FimPrompt("", "a.sv", "", "", "\n\n" + line + "\n" + 8 * line)
    assert fim.below(many) == "// a.sv, below\n" + 3 * line + "\n"


@pytest.mark.parametrize("name", [None, *(known.name for known in FORMATS)])
def test_a_key_changes_only_the_end(name: str | None) -> None:
    """In every format typing a character appends to the prompt and changes nothing before."""
    longer = FimPrompt(PROMPT.context, PROMPT.path, PROMPT.prefix, "  assign xy", PROMPT.suffix)
    assert written(name, longer) == written(name) + "y"


def fit(
    prefix: int, suffix: int = 0, context: int = 0, line: int = 3, limit: int = 100
) -> list[int]:
    """Tokens kept: prefix tokens are 0.., suffix 10000.., context 20000.., line 30000.."""
    return fim.fit(
        [
            (Role.SPECIAL, [-1]),
            (Role.CONTEXT, range(20_000, 20_000 + context)),
            (Role.PREFIX, range(prefix)),
            (Role.SUFFIX, range(10_000, 10_000 + suffix)),
            (Role.LINE, range(30_000, 30_000 + line)),
        ],
        limit,
    )


def test_short_prompt_is_kept_whole() -> None:
    """Nothing is cut when everything fits."""
    assert fit(10, 5, 5) == [-1, *range(20_000, 20_005), *range(10), *range(10_000, 10_005),
                             *range(30_000, 30_003)]  # fmt: skip


@pytest.mark.parametrize("prefix", [0, 50, 1000])
@pytest.mark.parametrize("suffix", [0, 20, 500])
@pytest.mark.parametrize("context", [0, 40, 500])
@pytest.mark.parametrize("line", [0, 3, 200])
def test_prompt_never_exceeds_its_limit(prefix: int, suffix: int, context: int, line: int) -> None:
    """However long the parts, the prompt fits and keeps the end of the prefix and of the line."""
    for limit in (64, 100, 1000):
        tokens = fit(prefix, suffix, context, line, limit)
        assert len(tokens) <= limit
        if line:
            assert tokens[-1] == 30_000 + line - 1


def test_cut_stays_where_it_is_while_the_file_grows() -> None:
    """Growing the prefix line by line moves the cut rarely, so that the cache stays useful."""
    cuts = [fim.head_cut(length, 1000) for length in range(1000, 4000)]
    assert len(set(cuts)) == 13
    assert all(
        0 <= length - cut <= 1000 for length, cut in zip(range(1000, 4000), cuts, strict=True)
    )


def test_huge_text_is_cut_at_a_line_before_it_is_tokenised() -> None:
    """A file of megabytes gives a segment bounded by the budget that starts at a line start."""
    prefix = "".join(f"  assign s{n} = {n};\n" for n in range(100_000))
    cut = fim.segments(FimPrompt("", "a.sv", prefix, "", ""), None, 1000)[0].text
    assert len(cut) <= 1000 * fim.CHARS_PER_TOKEN
    assert cut.startswith("  assign s")
    assert prefix.endswith(cut)
