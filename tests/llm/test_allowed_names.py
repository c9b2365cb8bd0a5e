"""Real models held to names: at many places of a real core, in halves of names, in ports, in case labels."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from hdl_lsp.llm.engine import AllowedNames, FimPrompt, GenerateRequest, NamesAfter
from hdl_lsp.syntax.words import KEYWORDS
from tests.llm.conftest import MakeEngine
from tests.support import designs

pytestmark = pytest.mark.real

NAMES = ("alpha_q", "beta_valid_o", "Gamma", "data_q")
_OPENING = re.compile(r"(?<![\w.$:'`\"])([a-z_]\w*(?:\.|::))(?=[A-Za-z_])")
_WORDS = re.compile(r"\s*([A-Za-z_]\w*)")


def places(count: int) -> list[tuple[str, str, str]]:
    """Text above, the line up to an opening, the opening: from a real core."""
    root = designs.ibex()
    found: list[tuple[str, str, str]] = []
    for path in designs.sources(root):
        if path.parent.name != "rtl":
            continue
        above = ""
        for line in path.read_text(encoding="utf-8").split("\n"):
            code = line.partition("//")[0]
            found += [
                (above[-400:], code[: match.end()], match.group(1))
                for match in _OPENING.finditer(code)
            ]
            above += line + "\n"
    return random.Random(7).sample(found, count)


def asked(
    above: str, line: str, allowed: AllowedNames | None, **options: object
) -> GenerateRequest:
    """One line after *line*."""
    tokens = options.get("max_tokens", 12)
    assert isinstance(tokens, int)
    return GenerateRequest(
        FimPrompt("", "a.sv", above, line, "\nendmodule\n"),
        tokens,
        single_line=True,
        candidates=2 if options.get("two") else 1,
        allowed=allowed,
    )


def strangers(text: str, opening: str) -> list[str]:
    """The names after *opening* in *text* that are not allowed; the last word may be unfinished."""
    found: list[str] = []
    for match in re.finditer(rf"(?<![\w.$:]){re.escape(opening)}", text):
        word = _WORDS.match(text, match.end())
        name = word.group(1) if word else ""
        is_last = word is None or word.end() == len(text)
        known = any(one.startswith(name) for one in NAMES) if is_last else name in NAMES
        found += [] if known else [name]
    return found


async def test_no_name_comes_that_is_not_allowed(model: Path, make_engine: MakeEngine) -> None:
    """At places of a real core whose names are replaced by a list that the model has never seen."""
    engine = make_engine(model)
    free = 0
    for above, line, opening in places(14):
        allowed = AllowedNames((NamesAfter(opening, NAMES),))
        answer = await engine.generate(asked(above, line, allowed, two=True))
        assert _WORDS.match(answer.text)
        for text in (answer.text, *(other.text for other in answer.alternatives)):
            assert strangers(opening + text, opening) == []
        assert answer.unmet == ()
        free += bool(
            strangers(opening + (await engine.generate(asked(above, line, None))).text, opening)
        )
    assert free > 7  # without the list it writes others


async def test_half_a_name_is_completed_to_one_that_exists(
    model: Path, make_engine: MakeEngine
) -> None:
    """With the cursor inside a name, and inside a token, the rest of an allowed one comes."""
    engine = make_engine(model)
    above, line, opening = places(1)[0]
    allowed = AllowedNames((NamesAfter(opening, NAMES),))
    for name in NAMES:
        for length in (1, 3, len(name) - 1):
            answer = await engine.generate(
                asked(above, line + name[:length], allowed, max_tokens=6)
            )
            word = _WORDS.match(name[:length] + answer.text)
            assert word is not None
            assert any(one.startswith(word.group(1)) for one in NAMES)


async def test_what_fits_nothing_is_written_freely(model: Path, make_engine: MakeEngine) -> None:
    """A half-typed name that is none of them goes on, and the answer says so."""
    engine = make_engine(model)
    above, line, opening = places(1)[0]
    allowed = AllowedNames((NamesAfter(opening, NAMES),))
    answer = await engine.generate(asked(above, line + "zz", allowed))
    assert answer.unmet == (opening,)
    assert answer.text == (await engine.generate(asked(above, line + "zz", None))).text


async def test_ports_come_once_each(gemma: Path, make_engine: MakeEngine) -> None:
    """A port map is written with the ports that are left, none twice."""
    ports = ("clk_i", "rst_ni", "push_valid_i", "push_data_i", "pop_ready_i")
    above = (
        "module m;\n  other_fifo u_other (\n    .clk_i(clk),\n    .rst_ni(rst_n),\n    .valid_i(valid),\n"
        "    .data_i(data),\n    .ready_i(ready)\n  );\n  stream_fifo u_fifo (\n"
    )
    request = GenerateRequest(
        FimPrompt("", "a.sv", above, "    .", "\nendmodule\n"),
        60,
        stop=(");",),
        allowed=AllowedNames(connections=(ports,)),
    )
    answer = await make_engine(gemma).generate(request)
    named = re.findall(r"(?m)^\s*\.(\w+)\(", "    ." + answer.text)
    assert len(named) >= 3
    assert len(set(named)) == len(named)
    assert set(named) <= set(ports)


async def test_case_labels_are_members(gemma: Path, make_engine: MakeEngine) -> None:
    """Arms are written for members without one."""
    above = (
        "  typedef enum logic [1:0] {Fetch, Decode, Execute} stage_e;\n"
        "  always_comb begin\n    case (stage_q)\n      Fetch: next = 1;\n"
    )
    allowed = AllowedNames(labels=("Decode", "Execute"))
    request = GenerateRequest(FimPrompt("", "a.sv", above, "      ", ""), 40, allowed=allowed)
    answer = await make_engine(gemma).generate(request)
    assert re.match(r"(Decode|Execute|default|endcase)\b", answer.text)


async def test_an_expression_uses_names_that_exist(model: Path, make_engine: MakeEngine) -> None:
    """Nothing is made up in an assignment, from its start and from half a name."""
    engine = make_engine(model)
    names = ("count_q", "limit_i", "enable_i", "done_o", "step_i")
    above = "module m;\n  assign a_o = b_i & c_q;\n  assign d_o = e_i | f_q;\n"
    allowed = AllowedNames(visible=names, blocks=0)
    for line in ("  assign done_o = ", "  assign done_o = lim", "  assign "):
        text = (await engine.generate(asked(above, line, allowed))).text
        words = re.findall(r"(?<![\w'.$`])[A-Za-z_]\w*(?=\W)", line + text.partition(";")[0] + ";")
        assert set(words) - KEYWORDS <= set(names)
        assert len(words) > 1
