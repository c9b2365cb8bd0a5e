"""Findings as data: fingerprints, JSON, SARIF 2.1.0, and lines of a diff."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hdl_lsp.review.changed_lines import changed_lines
from hdl_lsp.review.findings import Evidence, Finding, Origin, in_order, with_fingerprints
from hdl_lsp.review.report_json import report_json
from hdl_lsp.review.report_sarif import report_sarif
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.text.source import SourceText, span

ROOT = "/w"
TEXT = SourceText.of("module m;\n  /* é */ assign a = b;\n  assign a = b;\nendmodule\n")


def finding(line: str = "assign a = b;", start: int = 20, **changes: Any) -> Finding:
    """A warning at *start*."""
    values: dict[str, Any] = {
        "rule": "width-trunc",
        "severity": Severity.WARNING,
        "path": "/w/rtl/m.sv",
        "span": span(start, start + 3),
        "message": "a bit is lost",
        "evidence": (Evidence("declared here", "/w/rtl/p.sv", span(0, 1)),),
        "origin": Origin.SLANG,
        "line_text": line,
    }
    return Finding(**{**values, **changes})


def line_column(_: str, offset: int) -> tuple[int, int]:
    """Line and column in TEXT."""
    line0 = TEXT.line_of(offset)
    return line0 + 1, len(TEXT.slice(span(TEXT.line_span(line0).start, offset))) + 1


def prints(*findings: Finding, root: str = ROOT) -> list[str]:
    """Their fingerprints."""
    return [f.fingerprint for f in with_fingerprints(findings, root)]


def test_fingerprints_survive_when_lines_move() -> None:
    """Rule, path and the line's own text make a finding, not its place or its wording."""
    assert prints(finding(start=20)) == prints(finding(start=900, message="2 bits are lost"))


def test_fingerprints_survive_in_another_checkout() -> None:
    """The path counts from the project's folder."""
    moved = finding(path="/home/x/rtl/m.sv")
    assert prints(finding()) == prints(moved, root="/home/x")
    assert prints(finding()) == prints(moved, root="/home/x/")


def test_fingerprints_tell_findings_apart() -> None:
    """Another rule, file, line or a second such line is another finding."""
    found = [
        finding(),
        finding(),
        finding(rule="latch"),
        finding(path="/w/rtl/n.sv"),
        finding(line="assign c = d;"),
    ]
    assert len(set(prints(*found))) == len(found)


def test_tools_come_before_the_model() -> None:
    """Then path and place decide; what is equal is said once."""
    model = finding(origin=Origin.MODEL, start=1)
    late, early = finding(start=30), finding(start=10)
    assert in_order([model, late, early, late]) == (early, late, model)


def test_json_counts_characters_from_one() -> None:
    """Every finding is an object with its place, evidence and origin."""
    (row,) = json.loads(report_json(with_fingerprints([finding(start=21)], ROOT), line_column))
    assert (row["line"], row["column"], row["endLine"], row["endColumn"]) == (2, 11, 2, 14)
    assert row["rule"] == "width-trunc"
    assert row["origin"] == "slang"
    assert row["severity"] == "warning"
    assert row["evidence"][0]["fact"] == "declared here"
    assert len(row["fingerprint"]) == 20


def test_no_findings_are_valid_reports() -> None:
    """An empty list, and a run without results."""
    assert json.loads(report_json((), line_column)) == []
    assert json.loads(report_sarif((), line_column, ROOT))["runs"][0]["results"] == []


def check_location(location: dict[str, Any], bases: dict[str, Any]) -> None:
    """SARIF 2.1.0, 3.28 to 3.30: a URI that resolves, a region that counts from 1."""
    physical = location["physicalLocation"]
    artifact, region = physical["artifactLocation"], physical["region"]
    assert isinstance(artifact["uri"], str)
    if "uriBaseId" in artifact:
        assert artifact["uriBaseId"] in bases
        assert not artifact["uri"].startswith("/")
    else:
        assert artifact["uri"].startswith("file:///")
    assert " " not in artifact["uri"]
    assert 1 <= region["startLine"] <= region["endLine"]
    assert min(region["startColumn"], region["endColumn"]) >= 1


def check_sarif(report: str) -> list[dict[str, Any]]:
    """The results of a report that has all that SARIF 2.1.0 requires."""
    log = json.loads(report)
    assert log["version"] == "2.1.0"  # 3.13.2
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "hdl-lsp"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    assert run["columnKind"] == "unicodeCodePoints"  # 3.14.17
    bases = run["originalUriBaseIds"]
    for base in bases.values():
        assert base["uri"].endswith("/")  # 3.14.14
    for result in run["results"]:
        assert result["message"]["text"]
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}  # 3.27.10
        assert all(isinstance(v, str) and v for v in result["partialFingerprints"].values())
        for location in (*result["locations"], *result["relatedLocations"]):
            check_location(location, bases)
        numbers = [related["id"] for related in result["relatedLocations"]]
        assert len(set(numbers)) == len(numbers)  # 3.28.2
    return run["results"]


def test_sarif() -> None:
    """All severities and origins, files inside and outside the project, a path with a blank."""
    found = with_fingerprints(
        (
            finding(),
            finding(rule="latch", severity=Severity.ERROR, path="/elsewhere/a b.sv"),
            finding(severity=Severity.INFORMATION, origin=Origin.MODEL, path="/w/a b.sv"),
            finding(severity=Severity.HINT, evidence=()),
        ),
        ROOT,
    )
    results = check_sarif(report_sarif(found, line_column, ROOT))
    assert [r["level"] for r in results] == ["warning", "error", "note", "note"]
    assert [r["properties"]["origin"] for r in results] == ["slang", "slang", "model", "slang"]
    assert results[0]["relatedLocations"][0]["message"]["text"] == "declared here"
    first = results[0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert first == {"uri": "rtl/m.sv", "uriBaseId": "SRCROOT"}


def test_sarif_without_a_root() -> None:
    """Then every URI is absolute."""
    check_sarif(report_sarif(with_fingerprints([finding()], ""), line_column, ""))


DIFF = """\
diff --git a/rtl/m.sv b/rtl/m.sv
index 1..2 100644
--- a/rtl/m.sv
+++ b/rtl/m.sv
@@ -3 +3,2 @@ module m;
-  old
+  new
+  newer
@@ -9,2 +10,0 @@
-  gone
-  gone
diff --git a/gone.sv b/gone.sv
--- a/gone.sv
+++ /dev/null
@@ -1,4 +0,0 @@
-module gone;
diff --git a/new.sv b/new.sv
--- /dev/null
+++ b/new.sv
@@ -0,0 +1,3 @@
+module new;
+++ b/not_a_file.sv
+@@ -1 +7 @@
diff --git a/last.sv b/last.sv
--- a/last.sv
+++ b/last.sv
@@ -5 +5 @@ module last;
-  old
\\ No newline at end of file
+  new
\\ No newline at end of file
"""


def test_changed_lines() -> None:
    """Added and changed lines by their numbers in the new text; deleted ones have none."""
    assert changed_lines(DIFF) == {
        "rtl/m.sv": frozenset({3, 4}),
        "new.sv": frozenset({1, 2, 3}),
        "last.sv": frozenset({5}),
    }


@pytest.mark.parametrize("diff", ["", "\n", "@@ -1 +1 @@\n", "+++ b/x\n@@ nonsense @@\n"])
def test_what_is_no_diff_changes_nothing(diff: str) -> None:
    """No header, no hunk: no lines."""
    assert changed_lines(diff) == {}


def test_names_that_git_quotes() -> None:
    """A name with a character outside ASCII is written in octal bytes (git's core.quotePath)."""
    diff = '+++ "b/gr\\303\\266\\303\\237e.sv"\n@@ -1 +2 @@\n+x\n'
    assert changed_lines(diff) == {"größe.sv": frozenset({2})}


def test_sarif_paths_are_posix(tmp_path: Path) -> None:
    """A real folder as root gives relative paths."""
    found = with_fingerprints([finding(path=str(tmp_path / "a" / "m.sv"))], str(tmp_path))
    (result,) = check_sarif(report_sarif(found, line_column, str(tmp_path)))
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == "a/m.sv"
