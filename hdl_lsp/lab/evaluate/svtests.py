"""Files of sv-tests: an error is shown for exactly those whose header says that there is one.

Must not copy a test: names and reasons only. Each file is a project of its own, opened in a real Session.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hdl_lsp.errors import UsageError
from hdl_lsp.features.diagnostics import diagnostics
from hdl_lsp.lab.evaluate.score import Bar, percent
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.server.session import Session
from hdl_lsp.text.decode import decode
from hdl_lsp.workspace.vfs import Closed, Opened

EXCEPTIONS = Path(__file__).with_name("svtests.toml")
NEEDED_FOLDER = "uvm"  # tests with this tag need a library that is not in the checkout's tests

_KEY = re.compile(r"^\s*:([\w-]+):[ \t]*(.*?)\s*$", re.MULTILINE)
_INCLUDE = re.compile(r'`include\s+"([^"/][^"]*)"')
_INCLUDED_BY_MACRO = re.compile(r"[\w/]+\.svh?\b")


@dataclass(frozen=True, slots=True)
class SvTest:
    """One file with what its header says."""

    name: str
    path: Path
    is_illegal: bool
    kinds: tuple[str, ...]
    tags: tuple[str, ...]
    defines: tuple[str, ...] = ()
    incdirs: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()  # compiled along


@dataclass(frozen=True, slots=True)
class SvVerdict:
    """What is shown for a file. `said`: its first error; "" without one."""

    test: SvTest
    is_right: bool
    said: str = ""


def exceptions() -> Mapping[str, str]:
    """Names of tests that are judged otherwise than their headers say, with the reason."""
    data = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))
    return {str(name): str(reason) for name, reason in data.get("exceptions", {}).items()}


def read_tests(folder: Path) -> tuple[SvTest, ...]:
    """All tests below *folder*, by path; those that need the UVM library are left out."""
    if not folder.is_dir():
        raise UsageError(f"no such folder: {folder}")
    found = (_test(path) for path in sorted(folder.rglob("*.sv")))
    tests = tuple(t for t in found if t is not None and NEEDED_FOLDER not in t.tags)
    if not tests:
        raise UsageError(f"no file with an sv-tests header below {folder}")
    return tests


def _test(path: Path) -> SvTest | None:
    """The test in the file at *path*; None for files without a header."""
    keys = dict(_KEY.findall(decode(path.read_bytes()).text))
    if "name" not in keys:
        return None
    here = path.parent
    return SvTest(
        name=keys["name"],
        path=path,
        is_illegal="should_fail_because" in keys or keys.get("should_fail") == "1",
        kinds=tuple(keys.get("type", "parsing").split()),
        tags=tuple(keys.get("tags", "").split()),
        defines=tuple(keys.get("defines", "").split()),
        incdirs=tuple(here / word for word in keys.get("incdirs", "").split()),
        files=tuple(here / word for word in keys.get("files", "").split() if word != path.name),
    )


async def judged(tests: Sequence[SvTest]) -> AsyncIterator[SvVerdict]:
    """The verdict on each test, in order."""
    session = Session()
    try:
        for test in tests:
            with TemporaryDirectory(prefix="hdl-lsp-eval-") as scratch:
                yield await _judged(session, test, Path(scratch))
    finally:
        await session.close()


async def _judged(session: Session, test: SvTest, folder: Path) -> SvVerdict:
    for path, name in _needed(test):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    sources = [test.path.name, *(path.name for path in test.files)]
    project: dict[str, object] = {
        "filelists": [str(folder / "test.f")],
        "defines": list(test.defines),
    }
    listed = ["+incdir+.", *(f"+incdir+{path}" for path in test.incdirs), *sources, ""]
    (folder / "test.f").write_text("\n".join(listed), encoding="utf-8")
    session.open_folder([str(folder)], {"llm": {"enabled": False}, "project": project})
    await session.load()
    file = session.table.id_of(str(folder / test.path.name))
    text = decode(test.path.read_bytes())
    session.apply([Opened(file, text)])
    facts = await session.facts(file)
    shown = diagnostics(session.snapshot(), file, facts)
    session.apply([Closed(file)])
    errors = [one for one in shown if one.severity is Severity.ERROR]
    said = errors[0].message if errors else ""
    return SvVerdict(test, bool(errors) == test.is_illegal and facts is not None, said)


def _needed(test: SvTest) -> Iterator[tuple[Path, str]]:
    """The files of a test and the names they must have; what it includes lies beside it."""
    text = decode(test.path.read_bytes()).text
    yield test.path, test.path.name
    for path in test.files:
        yield path, path.name
    named = {*_INCLUDE.findall(text), *_INCLUDED_BY_MACRO.findall(text)}
    for name in sorted(named - {test.path.name}):
        beside = test.path.parent / name
        if beside.is_file():
            yield beside, name


def bars(verdicts: Iterable[SvVerdict], listed: Mapping[str, str]) -> list[Bar]:
    """The lines of the table."""
    counts: Counter[tuple[bool, bool]] = Counter()
    unlisted: list[str] = []
    for verdict in verdicts:
        counts[verdict.test.is_illegal, verdict.is_right] += 1
        if not verdict.is_right and verdict.test.name not in listed:
            unlisted.append(verdict.test.name)
    legal, illegal = (counts[key, True] + counts[key, False] for key in (False, True))
    return [
        Bar("legal files without an error", "", percent(counts[False, True], legal)),
        Bar("illegal files with an error", "", percent(counts[True, True], illegal)),
        Bar(
            "judged otherwise than the header says, and not listed with a reason",
            "0",
            str(len(unlisted)),
            not unlisted and legal + illegal > 0,
        ),
    ]
