"""When a whole design is elaborated, kept, asked about and let go of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hdl_lsp.semantics.design_query import (
    NO_TOP,
    ChildrenOf,
    InstancePage,
    NotElaborated,
    SignalAnswer,
    SignalOf,
)
from hdl_lsp.server.session import Session
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.vfs import Closed, Opened
from tests.support.designs import cva6

LEAF = "module leaf(input logic a_i); logic x; assign x = a_i; endmodule\n"
TOP = "module top(input logic a); leaf u (.a_i(a)); endmodule\n"


@asynccontextmanager
async def session(root: Path, settings: str = "") -> AsyncIterator[Session]:
    """A loaded session on a configured design."""
    (root / "hdl-lsp.toml").write_text(
        f'[project]\nsources = ["*.sv"]\ntops = ["top"]\n[design]\n{settings}\n'
    )
    (root / "leaf.sv").write_text(LEAF)
    (root / "top.sv").write_text(TOP)
    opened = Session(user_config=root / "none.toml")
    try:
        opened.open_folder([str(root)], {"llm": {"enabled": False}})
        await opened.load()
        yield opened
    finally:
        await opened.close()


def news(of: Session) -> asyncio.Event:
    """Set when another design was elaborated."""
    event = asyncio.Event()
    of.listeners.design = event.set
    return event


async def children(of: Session, path: str = "top") -> list[str]:
    """Paths right inside *path*."""
    page = await of.design_query(ChildrenOf(path))
    assert isinstance(page, InstancePage)
    return [one.path for one in page.instances]


async def test_question_elaborates_first(tmp_path: Path) -> None:
    """The first question elaborates, the next one finds the design; an unsaved edit counts."""
    async with session(tmp_path) as opened:
        assert not opened.designer.is_kept
        assert await children(opened) == ["top.u"]
        assert opened.designer.is_kept
        first = opened.design_facts
        assert await children(opened) == ["top.u"]
        assert opened.design_facts == first
        top = opened.table.id_of(str(tmp_path / "top.sv"))
        text = SourceText.of(TOP.replace("leaf u ", "leaf u_more (.a_i(a)); leaf u "))
        opened.apply([Opened(top, text)])
        assert await children(opened) == ["top.u_more", "top.u"]
        opened.apply([Closed(top)])
        assert await children(opened) == ["top.u"]


async def test_unchanged_design_is_not_elaborated_again(tmp_path: Path) -> None:
    """A second save without a change asks the process for nothing, and tells nobody."""
    async with session(tmp_path) as opened:
        task = opened.elaborate()
        assert task is not None
        await task
        told = news(opened)
        again = opened.elaborate()
        assert again is not None
        await again
        assert not told.is_set()


async def test_rested_text_is_elaborated(tmp_path: Path) -> None:
    """An edit leads to news by itself, with the diagnostics of the whole."""
    async with session(tmp_path) as opened:
        await children(opened)
        told = news(opened)
        leaf = opened.table.id_of(str(tmp_path / "leaf.sv"))
        opened.apply([Opened(leaf, SourceText.of(LEAF.replace("a_i", "b_i")))])
        async with asyncio.timeout(60):
            await told.wait()
        assert opened.design_facts is not None
        found = opened.design_facts.diagnostics[str(tmp_path / "top.sv")]
        assert "PortDoesNotExist" in [one.code for one in found]


async def test_lost_design_is_elaborated_again(tmp_path: Path) -> None:
    """A design process that was replaced or died is no error: the question elaborates again."""
    async with session(tmp_path) as opened:
        await children(opened)
        opened.design.release()
        assert await children(opened) == ["top.u"]
        await opened.restart_workers()
        assert not opened.designer.is_kept
        assert await children(opened) == ["top.u"]


async def test_idle_design_is_let_go(tmp_path: Path) -> None:
    """After the time to keep it the process is replaced; what was found stays known."""
    async with session(tmp_path, "keep_minutes = 0") as opened:
        await children(opened)
        async with asyncio.timeout(60):
            while opened.designer.is_kept:
                changed = asyncio.Event()
                opened.listeners.status = changed.set
                if opened.designer.is_kept:
                    await changed.wait()
        assert opened.design_facts is not None
        assert opened.design_facts.tops == ("top",)
        assert await children(opened) == ["top.u"]


async def test_peek_never_elaborates(tmp_path: Path) -> None:
    """A hover gets an answer only of what is there already."""
    async with session(tmp_path) as opened:
        assert await opened.designer.peek(ChildrenOf(), 5) is None
        await children(opened)
        assert isinstance(await opened.designer.peek(ChildrenOf(), 5), InstancePage)


async def test_nothing_is_known_while_reading_and_without_a_top(tmp_path: Path) -> None:
    """Both are sentences."""
    (tmp_path / "a.sv").write_text("package p; endpackage\n")
    opened = Session(user_config=tmp_path / "none.toml")
    try:
        opened.open_folder([str(tmp_path)], {"llm": {"enabled": False}})
        answer = await opened.design_query(ChildrenOf())
        assert answer == NotElaborated("the workspace is still being read")
        await opened.load()
        assert await opened.design_query(ChildrenOf()) == NotElaborated(NO_TOP)
    finally:
        await opened.close()


@pytest.mark.real
async def test_cva6_is_followed_while_it_is_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real core: its tree, a signal through its levels, and the diagnostics after an edit."""
    root = cva6()
    monkeypatch.setenv("CVA6_REPO_DIR", str(root))
    monkeypatch.setenv("TARGET_CFG", "cv64a6_imafdc_sv39")
    opened = Session(user_config=root / "none.toml")
    try:
        project = {"filelists": ["core/Flist.cv64a6_imafdc_sv39"], "tops": ["cva6"]}
        opened.open_folder([str(root)], {"project": project, "llm": {"enabled": False}})
        await opened.load()
        assert "cva6.ex_stage_i" in await children(opened, "cva6")
        found = await opened.design_query(SignalOf("cva6.ex_stage_i.alu_i.fu_data_i", depth=2))
        assert isinstance(found, SignalAnswer)
        assert [(s.instance, s.level) for s in found.drivers] == [
            ("cva6.ex_stage_i", 1),
            ("cva6.ex_stage_i", 2),
        ]
        alu = opened.table.id_of(str(root / "core/alu.sv"))
        text = opened.snapshot().text(alu)
        assert text is not None
        told = news(opened)
        wrong = text.text.replace("endmodule", "  assign fu_data_i.nothing = 1'b0;\nendmodule")
        opened.apply([Opened(alu, SourceText.of(wrong))])
        async with asyncio.timeout(60):
            await told.wait()
        assert opened.design_facts is not None
        codes = [d.code for d in opened.design_facts.diagnostics[str(root / "core/alu.sv")]]
        assert "UnknownMember" in codes
    finally:
        await opened.close()
