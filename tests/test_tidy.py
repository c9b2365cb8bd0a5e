"""Repository rules as tests (STYLE.md, ARCHITECTURE.md)."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from hdl_lsp import config

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "hdl_lsp"
MODULES = sorted(PACKAGE.rglob("*.py"))
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split("\n")
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
# Where an exception of any kind may be caught: around every request, and in the loops of child processes.
MAY_CATCH_ALL = {
    "hdl_lsp/server/dispatch.py",
    "hdl_lsp/semantics/child/__main__.py",
    "hdl_lsp/llm/worker/__main__.py",
    "hdl_lsp/workers/rpc.py",
    "hdl_lsp/lab/evaluate/asking.py",  # counts exceptions
}


def relative(path: Path) -> str:
    """*path* as the rules name it."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_module_has_a_docstring(path: Path) -> None:
    """Every module opens with its job."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_modules_are_short() -> None:
    """No module has more than 400 lines, no request handler module more than 60."""
    lengths = {relative(p): p.read_text(encoding="utf-8").count("\n") for p in MODULES}
    too_long = {p: n for p, n in lengths.items() if n > 400}
    handlers = {p: n for p, n in lengths.items() if "/requests/" in p and n > 60}
    assert (too_long, handlers) == ({}, {})


def test_names_say_something() -> None:
    """No file is called utils, helpers, common, misc or manager."""
    assert [p for p in TRACKED if Path(p).stem in SAYS_NOTHING] == []


def test_only_our_own_line_ends_are_used() -> None:
    """`str.splitlines` also splits at form feed and U+2028, which LSP does not."""
    assert [relative(p) for p in MODULES if "splitlines(" in p.read_text(encoding="utf-8")] == []


def test_broad_excepts_stay_where_they_belong() -> None:
    """`except Exception` stands in dispatch and worker loops only."""
    broad = re.compile(r"^\s*except(\s*:|\s+\(?(Base)?Exception\b)", re.MULTILINE)
    found = {relative(p) for p in MODULES if broad.search(p.read_text(encoding="utf-8"))}
    assert found <= MAY_CATCH_ALL


def test_unfinished_work_names_an_issue() -> None:
    """A TODO carries the number of the issue that will do it."""
    bare = re.compile(r"TODO(?!\(#\d+\))")
    assert [relative(p) for p in MODULES if bare.search(p.read_text(encoding="utf-8"))] == []


def test_changelog_has_an_unreleased_section() -> None:
    """Keep a Changelog: there is always a place for the next line."""
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_setting_is_documented() -> None:
    """docs/settings.md names every setting, and no setting lacks a sentence."""
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert [s.key for s in config.settings() if f"`{s.camel}`" not in page or not s.doc] == []


def test_every_verb_is_documented() -> None:
    """docs/cli.md has a section for every verb of the command line."""
    from hdl_lsp.cli.main import VERBS

    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    assert [verb for verb in VERBS if f"## hdl-lsp {verb}" not in page] == []


def test_every_own_method_is_documented() -> None:
    """docs/protocol.md names every hdl/* method and hdl.* command in the server."""
    page = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")
    own = re.compile(r"\"(\$?/?hdl/\w+|hdl\.\w+)\"")
    named = {
        name
        for path in (PACKAGE / "server").rglob("*.py")
        for name in own.findall(path.read_text(encoding="utf-8"))
    }
    assert {name for name in named if name not in page} == set()


def test_documents_link_to_files_that_exist() -> None:
    """Relative links and images in Markdown lead somewhere."""
    link = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
    dead = [
        (page, target)
        for page in TRACKED
        if page.endswith(".md") and "node_modules" not in page
        for target in link.findall((ROOT / page).read_text(encoding="utf-8"))
        if not (ROOT / page).parent.joinpath(target).exists()
    ]
    assert dead == []
