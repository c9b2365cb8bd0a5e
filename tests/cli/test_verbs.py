"""Every verb that looks at a design: exit codes, output for people and for programs, mistakes of the caller."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hdl_lsp.cli.main import VERBS
from hdl_lsp.cli.query import AT_A_PLACE
from hdl_lsp.llm import catalogue
from tests.cli.conftest import Ran

Run = Callable[..., Ran]
GOOD = "rtl/fifo.sv"
BAD = "bad/bad.sv"


def test_a_clean_file(hdl: Run) -> None:
    """Nothing on standard output, 0."""
    ran = hdl("check", GOOD)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "no findings in 1 file\n"


def test_findings_are_printed_as_compilers_do(hdl: Run) -> None:
    """Path below the working directory, line, column, severity; 1."""
    ran = hdl("check", BAD)
    assert ran.code == 1
    assert ran.out.startswith("bad/bad.sv:10:16: error: ")
    assert "nothing_q" in ran.out
    assert "1 error" in ran.err


@pytest.mark.parametrize("verb", ["check", "review"])
def test_json(hdl: Run, verb: str) -> None:
    """A list of findings with places that count from 1."""
    ran = hdl(verb, BAD, "--format", "json")
    assert ran.code == 1
    rows = {row["line"]: row for row in ran.json}
    assert rows[10]["severity"] == "error"
    assert rows[10]["path"].endswith("bad.sv")
    assert (7 in rows) is (verb == "review")


@pytest.mark.parametrize("verb", ["check", "review"])
def test_sarif(hdl: Run, verb: str) -> None:
    """A log with one run, paths below the project's folder."""
    ran = hdl(verb, "--format", "sarif", BAD)
    log = ran.json
    results = log["runs"][0]["results"]
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results}
    assert (log["version"], uris) == ("2.1.0", {"bad/bad.sv"})


def test_a_folder_means_its_files(hdl: Run) -> None:
    """All HDL files below it."""
    assert hdl("check", "rtl").code == 0
    assert hdl("check", ".").code == 1
    assert "3 files" in hdl("check", ".").err


def test_no_path_means_the_project(hdl: Run) -> None:
    """All sources of the project around the working directory."""
    ran = hdl("check")
    assert ran.code == 1
    assert "in 3 files" in ran.err


def test_errors_only(hdl: Run, design: Path) -> None:
    """Warnings neither count nor are printed."""
    path = design / "rtl" / "warn.sv"
    path.write_text("module warn;\n  fifo u_fifo (.clk_i(1'b0), .full_o());\nendmodule\n")
    assert hdl("check", str(path)).code == 1
    ran = hdl("check", "--errors-only", str(path))
    assert (ran.code, ran.out) == (0, "")


def test_review_shows_evidence(hdl: Run) -> None:
    """Under every finding stands the fact it rests on."""
    ran = hdl("review", "--no-model", BAD)
    assert ran.code == 1
    assert "warning: 'b_q' is not set in the reset branch" in ran.out
    assert "    evidence bad/bad.sv:4: the reset branch at line 4 sets 'a_q'" in ran.out


def test_review_of_a_clean_file(hdl: Run) -> None:
    """0, with nothing on standard output."""
    ran = hdl("review", GOOD)
    assert (ran.code, ran.out) == (0, "")


def _git(root: Path, *arguments: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    subprocess.run(
        ["git", *names, *arguments], cwd=root, check=True, capture_output=True, env=environment
    )


def test_review_of_a_diff(hdl: Run, design: Path) -> None:
    """Only lines that changed since the revision; new files count whole."""
    _git(design, "init", "-q", "-b", "main")
    _git(design, "add", ".")
    _git(design, "commit", "-q", "-m", "one")
    assert hdl("review", "--diff", "main").code == 0
    bad = design / BAD
    bad.write_text(bad.read_text().replace("  assign q_o = n", "  assign q_o = n") + "\n// end\n")
    assert hdl("review", "--diff", "HEAD", "--format", "json").json == []
    bad.write_text(bad.read_text().replace("b_q <= a_q;", "b_q <= !a_q;"))
    changed = hdl("review", "--diff", "HEAD", "--format", "json")
    assert [row["rule"] for row in changed.json] == ["unreset-register"]
    (design / "rtl" / "größe.sv").write_text("module n; assign q = x_q; endmodule\n")
    rows = hdl("review", "--diff", "HEAD", "--format", "json").json
    assert {Path(row["path"]).name for row in rows} == {"bad.sv", "größe.sv"}


@pytest.mark.parametrize("revision", ["no_such_revision", "--output=x"])
def test_review_of_an_unknown_revision(hdl: Run, design: Path, revision: str) -> None:
    """2, with git's words; an option is not passed on as one."""
    _git(design, "init", "-q")
    ran = hdl("review", f"--diff={revision}")
    assert ran.code == 2
    assert ran.err.startswith("hdl-lsp review: git diff:")
    assert not (design / "x").exists()


def test_review_of_a_diff_outside_a_repository(hdl: Run) -> None:
    """2."""
    assert hdl("review", "--diff", "HEAD").code == 2


def test_explain_without_a_model(hdl: Run) -> None:
    """Facts for people and as JSON."""
    ran = hdl("explain", "--no-model", "rtl/top.sv:2:5")
    assert ran.code == 0
    assert "module fifo" in ran.out
    known = hdl("explain", "--no-model", "--json", "rtl/top.sv:2:5").json
    assert known["facts"][0] == "`fifo` is a module"
    assert known["comment"] == "Holds words until the reader is ready."
    assert known["words"] == ""


def test_explain_where_nothing_is_known(hdl: Run) -> None:
    """A comment above the module: 1, and one sentence on standard error."""
    ran = hdl("explain", f"{GOOD}:1:1", "--no-model")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"there is nothing to explain at {GOOD}:1:1\n"


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"serve"}))
def test_every_argument_has_help(verb: str) -> None:
    """`--help` says something about each argument, and `query` about each question."""
    parser = argparse.ArgumentParser()
    importlib.import_module(f"hdl_lsp.cli.{verb}").add_arguments(parser)
    silent = [
        f"{name} {action.dest}"
        for name, one in _parsers(verb, parser)
        for action in one._actions
        if not action.help and not isinstance(action, argparse._SubParsersAction)
    ]
    assert silent == []


def _parsers(
    name: str, parser: argparse.ArgumentParser
) -> list[tuple[str, argparse.ArgumentParser]]:
    found = [(name, parser)]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found += [pair for verb, sub in action.choices.items() for pair in _parsers(verb, sub)]
    return found


def test_query_names_all_its_questions(hdl: Run) -> None:
    """Those of the summary are those that there are."""
    listed = VERBS["query"].partition(": ")[2].split(", ")
    assert sorted(listed) == sorted((*AT_A_PLACE, "workspace"))
    assert "`workspace` finds" in hdl("query", "--help").out


def test_models_fit_on_a_line_each(hdl: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80 columns; the whole licence is in `models info`."""
    monkeypatch.setenv("COLUMNS", "80")
    lines = hdl("models", "list").out.rstrip("\n").split("\n")
    assert len(lines) == 1 + len(catalogue.entries())
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert lines[1].rstrip().endswith("Gemma terms")


def test_complete_names(hdl: Run) -> None:
    """The completion list with kinds and details."""
    ran = hdl("complete", "--names", "--json", f"{GOOD}:5:19")
    assert ran.code == 0
    assert "count_q" in {row["label"] for row in ran.json}
    assert "count_q" in hdl("complete", "--names", f"{GOOD}:5:19").out


def test_complete_shows_its_prompt(hdl: Run, design: Path) -> None:
    """What the model would be asked, without asking it; 1 where it would not be asked."""
    (design / "rtl" / "open.sv").write_text("module open;\n  fifo u (\n    .\nendmodule\n")
    ran = hdl("complete", "--show-prompt", "rtl/open.sv:3:6")
    assert ran.code == 0
    assert ran.json["line_prefix"] == "    ."
    assert "module fifo" in ran.json["context"]
    assert hdl("complete", "--show-prompt", f"{GOOD}:2:4").code == 1


def test_complete_without_a_model(hdl: Run) -> None:
    """3: the environment lacks what was asked for, and the message says so."""
    ran = hdl("complete", f"{GOOD}:5:36")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("hdl-lsp complete: ")


@pytest.mark.parametrize(
    ("what", "place", "expected"),
    [
        ("hover", "rtl/top.sv:2:5", "fifo"),
        ("definition", "rtl/top.sv:2:5", "rtl/fifo.sv:2:8: module fifo"),
        ("references", f"{GOOD}:3:16", f"{GOOD}:5:19:"),
        ("completion", f"{GOOD}:5:19", "count_q"),
        ("signature", "rtl/top.sv:2:17", "clk_i"),
        ("symbols", GOOD, "count_q"),
        ("workspace", "fif", "rtl/fifo.sv:2:8"),
    ],
)
def test_query(hdl: Run, what: str, place: str, expected: str) -> None:
    """Every question of an editor, as text and as JSON."""
    ran = hdl("query", what, place)
    assert ran.code == 0
    assert expected in ran.out
    rows = hdl("query", what, place, "--json").json
    assert isinstance(rows, list)
    assert rows


def test_hover_tells_what_the_name_is_in_the_elaborated_design(hdl: Run, design: Path) -> None:
    """Once the project says what its top is; the same line as in an editor."""
    place = ("query", "hover", "rtl/fifo.sv:2:30")
    assert "top.u_fifo" not in hdl(*place).out
    top = design / "rtl/top.sv"
    top.write_text(top.read_text().replace("fifo u_fifo", "fifo #(.Depth(7)) u_fifo"))
    (design / "hdl-lsp.toml").write_text('[project]\nsources = ["rtl/*.sv"]\ntops = ["top"]\n')
    ran = hdl(*place)
    assert "top.u_fifo" in ran.out
    assert "7" in ran.out


def test_doctor_elaborates_a_configured_design(hdl: Run, design: Path) -> None:
    """Tops, sizes and findings; without a configuration the way to one."""
    assert "hdl-lsp init" in hdl("doctor", "--no-model").out
    (design / "hdl-lsp.toml").write_text('[project]\nsources = ["rtl/*.sv"]\ntops = ["top"]\n')
    report = hdl("doctor", "--no-model", "--json").json
    assert isinstance(report, dict)
    assert report["Design"]["instances"] == "2 of 2 modules and interfaces"


def test_an_empty_answer(hdl: Run) -> None:
    """1 and no output; as JSON an empty list."""
    assert (
        hdl("query", "definition", f"{GOOD}:1:1").code,
        hdl("query", "hover", f"{GOOD}:1:1").out,
    ) == (1, "")
    ran = hdl("query", "definition", "--json", f"{GOOD}:1:1")
    assert (ran.code, ran.json) == (1, [])
    assert hdl("query", "hover", "--json", f"{GOOD}:1:1").json == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "missing.sv"),
        ("review", "missing.sv"),
        ("review", "--project", "missing", GOOD),
        ("explain", "missing.sv:1:1"),
        ("complete", "missing.sv:1:1"),
        ("query", "hover", "missing.sv"),
        ("query", "gossip", GOOD),
        ("check", "--format", "xml", GOOD),
        ("nonsense",),
        (),
    ],
)
def test_mistakes_of_the_caller(hdl: Run, arguments: tuple[str, ...]) -> None:
    """2, nothing but help on standard output, no traceback."""
    ran = hdl(*arguments)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    if arguments:
        assert ran.out == ""
        assert ran.err


@pytest.mark.parametrize(
    ("place", "shown"),
    [(":99999:99999", ""), (":0:0", "module top"), (":2", "line 2 of"), ("", "module top")],
)
def test_places_outside_the_text_are_moved_into_it(hdl: Run, place: str, shown: str) -> None:
    """No exception; a missing line or column is the first; nothing is known of the empty line at the end."""
    ran = hdl("explain", "--no-model", f"rtl/top.sv{place}")
    assert ran.code == (0 if shown else 1)
    assert shown in ran.out


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.sv", b""),
        ("latin.sv", b"module latin; // gr\xf6\xdfe\nendmodule\n"),
        ("nul.sv", b"\0\0module"),
        ("utf16.sv", "module u; endmodule\n".encode("utf-16")),
        ("crlf.sv", b"module crlf;\r\n  assign x =\r\nendmodule\r\n"),
    ],
)
def test_files_of_every_kind(hdl: Run, design: Path, name: str, data: bytes) -> None:
    """Checked, reviewed and explained without an exception."""
    (design / name).write_bytes(data)
    assert hdl("check", name).code in {0, 1}
    assert hdl("review", name).code in {0, 1}
    assert hdl("explain", f"{name}:1:3").code in {0, 1}
    assert hdl("complete", "--show-prompt", f"{name}:1:3").code in {0, 1}


def test_a_file_outside_every_project(hdl: Run, tmp_path: Path) -> None:
    """It is checked by itself."""
    lone = tmp_path / "lone" / "lone.v"
    lone.parent.mkdir()
    lone.write_text("module lone(input a, output y); assign y = a; endmodule\n")
    assert hdl("check", str(lone)).code == 0


def test_a_folder_without_files(hdl: Run, tmp_path: Path) -> None:
    """Nothing to check is no error."""
    (tmp_path / "nothing").mkdir()
    ran = hdl("check", str(tmp_path / "nothing"))
    assert (ran.code, ran.err) == (0, "no findings in 0 files\n")


def test_a_pipe_gets_results_only(design: Path) -> None:
    """In a real process with pipes: JSON on standard output, no progress bar or colour on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "hdl_lsp", "review", "--format", "json", "."],
        cwd=design,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)
    assert b"\x1b" not in done.stdout + done.stderr
    assert len(done.stderr.strip().split(b"\n")) == 1


def test_a_reader_that_leaves_is_no_error(design: Path) -> None:
    """`hdl-lsp ... | head -1` ends quietly."""
    with subprocess.Popen(
        [sys.executable, "-m", "hdl_lsp", "check", "--format", "json", "."],
        cwd=design,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_rename_prints_a_diff_or_writes(hdl: Run) -> None:
    """Without --write nothing is changed; a refusal is 1 and a sentence."""
    place = f"{GOOD}:2:8"
    ran = hdl("rename", place, "queue")
    assert ran.code == 0
    assert "+module queue #(" in ran.out
    assert "+  queue u_fifo (" in ran.out
    assert "would rename 2 places in 2 files" in ran.err
    assert "the file keeps its name fifo.sv" in ran.err
    taken = hdl("rename", place, "module")
    assert (taken.code, taken.out) == (1, "")
    assert "not renamed: module is a keyword" in taken.err
    assert "renamed 2 places in 2 files" in hdl("rename", place, "queue", "--write").err
    assert hdl("query", "definition", "rtl/top.sv:2:4").out.startswith(
        "rtl/fifo.sv:2:8: module queue"
    )
