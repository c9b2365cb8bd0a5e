"""Bender packages: groups, targets, dependencies where Bender or the user put them."""

from __future__ import annotations

import pytest

from hdl_lsp.workspace.project_files.bender_targets import holds, names_in
from tests.support.projects import problems_of, project_of, short


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("*", True),
        ("rtl", True),
        ("RTL", True),
        ("sim", False),
        ("all(rtl, asic)", True),
        ("all(rtl, sim)", False),
        ("any(sim, asic)", True),
        ("not(sim)", True),
        ("not(any(rtl, sim))", False),
        ("all(any(sim, rtl), not(fpga))", True),
        ("pkg:rtl", True),
        ("all(", True),
        ("all(rtl) sim", True),
        ("(", True),
        ("", True),
    ],
)
def test_target_expressions(expression: str, value: bool) -> None:
    """Every form; what is not well formed leaves files in."""
    assert holds(expression, frozenset({"rtl", "asic"})) is value


def test_names_in_an_expression() -> None:
    """What can be chosen."""
    assert names_in("all(a, not(any(B, *)), c-d)") == {"a", "b", "c-d"}


MANIFEST = """\
package: {name: x}
dependencies:
  by_path: {path: deps/by_path}
  from_git: {git: "https://example.org/from_git.git", version: 1.0.0}
export_include_dirs: [include]
sources:
  - defines: {WIDTH: 8, BARE: ~}
    include_dirs: [rtl/inc]
    files:
      - rtl/a_pkg.sv
      - rtl/a.sv
      - target: not(fpga)
        files: [rtl/ram.sv]
  - target: fpga
    files: [rtl/fpga_ram.sv, rtl/x.vhd]
  - target: any(test, simulation)
    files:
      - rtl/tb_*.sv
"""
FILES = {
    "Bender.yml": MANIFEST,
    "include/x.svh": "",
    "rtl/inc/y.svh": "",
    **{f"rtl/{n}.sv": "" for n in ("a_pkg", "a", "ram", "fpga_ram", "tb_1", "tb_2")},
    "deps/by_path/Bender.yml": "package: {name: by_path}\ndependencies: {from_git: '1.0'}\nsources: [src/p.sv]\nexport_include_dirs: [inc]\n",
    "deps/by_path/src/p.sv": "",
    "deps/by_path/inc/p.svh": "",
    ".bender/git/checkouts/from_git-0123456789abcdef/Bender.yml": "package: {name: from_git}\nsources: ['src/*.sv']\n",
    ".bender/git/checkouts/from_git-0123456789abcdef/src/g.sv": "",
}
GIT = ".bender/git/checkouts/from_git-0123456789abcdef/src/g.sv"


def test_package_with_dependencies() -> None:
    """Dependencies first, from their paths and checkouts; `rtl` is the target."""
    found = project_of(FILES)
    assert (found.kind, found.is_configured, found.target) == ("Bender.yml", True, "rtl")
    assert short(found.sources) == [
        GIT,
        "deps/by_path/src/p.sv",
        "rtl/a_pkg.sv",
        "rtl/a.sv",
        "rtl/ram.sv",
    ]
    assert short(found.include_dirs) == ["deps/by_path/inc", "include", "rtl/inc"]
    assert dict(found.defines) == {"TARGET_FLIST": "", "TARGET_RTL": "", "WIDTH": "8", "BARE": ""}
    assert (
        found.why
        == "Bender.yml says which files count, for target rtl, with 2 packages it depends on"
    )
    assert {"/p/Bender.yml", "/p/Bender.lock", "/p/deps/by_path/Bender.yml"} <= set(found.watched)


def test_targets_are_those_the_package_asks_for() -> None:
    """Each can be chosen, and has its own files and macro."""
    found = project_of(FILES, target="fpga")
    assert [t.name for t in found.targets] == ["rtl", "fpga", "simulation", "test"]
    assert short(found.sources)[2:] == ["rtl/a_pkg.sv", "rtl/a.sv", "rtl/fpga_ram.sv"]
    assert "TARGET_FPGA" in dict(found.defines)
    assert short(project_of(FILES, target="test").sources)[-2:] == ["rtl/tb_1.sv", "rtl/tb_2.sv"]


def test_dependency_that_is_not_checked_out() -> None:
    """Without it the package would only make errors; the sentence says what to do. Chosen, it is used."""
    files = {name: text for name, text in FILES.items() if not name.startswith(".bender")}
    found = project_of(files)
    assert found.kind == "inferred"
    assert found.why == (
        "Bender.yml is not used, because dependency from_git is not checked out (bender checkout)"
    )
    chosen = project_of(files, target="rtl")
    assert chosen.kind == "Bender.yml"
    assert [p.partition(": ")[0] for p in problems_of(chosen)] == ["deps/by_path/Bender.yml:2"]


def test_lock_local_and_checkout_dir_say_where_packages_are() -> None:
    """A locked path, an override of the user, and a checkout folder of the workspace."""
    package = "package: {name: d}\nsources: [d.sv]\n"
    root = "package: {name: x}\ndependencies: {d: '1.0'}\nsources: [a.sv]\n"
    base = {"a.sv": "", "deps/d/Bender.yml": package, "deps/d/d.sv": ""}
    lock = "packages: {d: {source: {Path: deps/d}}}"
    local = "overrides: {d: {path: deps/d}}"
    for more in (
        {"Bender.yml": root, "Bender.lock": lock},
        {"Bender.yml": root, "Bender.local": local},
        {"Bender.yml": root + "workspace: {checkout_dir: deps}\n"},
    ):
        assert short(project_of({**base, **more}).sources) == ["deps/d/d.sv", "a.sv"]


def test_override_files_take_the_place_of_their_namesakes() -> None:
    """A file of a group with `override_files` replaces those of the same name, of dependencies too."""
    files = {
        "Bender.yml": "package: {name: x}\ndependencies: {d: {path: d}}\nsources:\n  - a.sv\n"
        "  - override_files: true\n    files: [mine/ram.sv]\n",
        "d/Bender.yml": "package: {name: d}\nsources: [ram.sv]\n",
        "d/ram.sv": "",
        "a.sv": "",
        "mine/ram.sv": "",
    }
    assert short(project_of(files).sources) == ["mine/ram.sv", "a.sv"]


def test_missing_file_is_named_by_line() -> None:
    """The package is then used only if it is chosen."""
    files = {"Bender.yml": "package: {name: x}\nsources:\n  - a.sv\n  - gone.sv\n", "a.sv": ""}
    assert project_of(files).why == "Bender.yml is not used, because no such file: /p/gone.sv"
    chosen = project_of(files, target="rtl")
    assert (short(chosen.sources), problems_of(chosen)) == (
        ["a.sv"],
        ["Bender.yml:4: no such file: gone.sv"],
    )


def test_groups_that_hold_themselves_end() -> None:
    """YAML can name a group inside itself, and repeat one without end."""
    bombs = "a: &a [a.sv]\n" + "".join(
        f"{y}: &{y} [{', '.join([f'{{files: *{x}}}'] * 9)}]\n"
        for x, y in zip("abcdefgh", "bcdefghi", strict=True)
    )
    for text in (
        "package: {name: x}\nsources: &s\n  - a.sv\n  - files: *s\n",
        bombs + "sources: *i\n",
    ):
        assert short(project_of({"Bender.yml": text, "a.sv": ""}).sources) == ["a.sv"]


def test_package_without_verilog_is_no_project() -> None:
    """VHDL only: everything that was found counts."""
    files = {"Bender.yml": "package: {name: x}\nsources: [a.vhd]\n", "b.sv": ""}
    assert project_of(files).kind == "inferred"
