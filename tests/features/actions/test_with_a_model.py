"""Fixes and comments written by the real small chat model: weak as it is, nothing wrong gets through."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from hdl_lsp.features.actions.fix_diagnostic import fix_diagnostic
from hdl_lsp.features.actions.write_doc_comment import write_doc_comment
from hdl_lsp.features.explain import explain
from hdl_lsp.llm import catalogue
from hdl_lsp.llm.client import WorkerEngine, WorkerOptions
from hdl_lsp.text import edit
from tests.support.checker import text_checker
from tests.support.fixture import parse_fixture

pytestmark = pytest.mark.real

NAME = "smollm2-135m-instruct"


@pytest.fixture
async def engine() -> AsyncIterator[WorkerEngine]:
    """SmolLM2-135M-Instruct in its worker process."""
    made = WorkerEngine(catalogue.resolve(NAME), name=NAME, options=WorkerOptions(threads=1))
    yield made
    await made.close()


async def test_the_model_can_only_choose_a_name_that_exists(engine: WorkerEngine) -> None:
    """Of two equally similar names the grammar lets it say one, and slang accepts the result."""
    at = parse_fixture(
        """
        module top (input logic data_a_i, input logic data_b_i, output logic q_o);
          assign q_o = data_x_i;
        endmodule
        """
    )
    snapshot = at.snapshot()
    facts = snapshot.fresh_facts(at.file)
    assert facts is not None
    check = text_checker(snapshot, at.file)
    fix = await fix_diagnostic(snapshot, at.file, facts.diagnostics[0], engine, check)
    assert fix is not None
    assert fix.is_generated
    changed = edit.apply(at.source, fix.edits)
    assert changed.line_text(1).strip() in {"assign q_o = data_a_i;", "assign q_o = data_b_i;"}
    after = await check(changed)
    assert after is not None
    assert after.diagnostics == ()


async def test_words_begin_with_what_is_computed(engine: WorkerEngine) -> None:
    """Explanation and comment say what the thing is; the model adds a purpose or nothing."""
    at = parse_fixture(
        """
        module counter (input logic clk_i, output logic [3:0] count_o);
          logic [3:0] cou<|>nt_q;
          always_ff @(posedge clk_i) count_q <= count_q + 4'd1;
          assign count_o = count_q;
        endmodule
        """
    )
    snapshot = at.snapshot()
    said = await explain(snapshot, at.file, at.offset, engine)
    assert said is not None
    assert said.model == NAME
    assert not said.words or said.words.startswith("`count_q` is a variable of `counter` that ")
    (comment,) = await write_doc_comment(snapshot, at.file, at.offset, engine)
    assert comment.new_text.startswith("  // count_q is a variable of counter")
    assert comment.new_text.endswith(".\n")
