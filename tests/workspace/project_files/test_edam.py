"""EDAM files that FuseSoC left under build/."""

from __future__ import annotations

from tests.support.projects import problems_of, project_of, short

CORE = """\
CAPI=2:
name: v:l:x:1
filesets: {rtl: {files: [rtl/a.sv, rtl/b.sv], file_type: systemVerilogSource}}
targets: {default: {filesets: [rtl], toplevel: a}}
"""
EDAM = """\
name: v_l_x_1
files:
  - {name: ../../../hw/rtl/a.sv, file_type: systemVerilogSource, core: "v:l:x:1"}
  - {name: ../src/v_l_x_1/rtl/b.sv, file_type: systemVerilogSource, core: "v:l:x:1"}
  - {name: ../src/v_l_x_1/inc/d.svh, file_type: systemVerilogSource, core: "v:l:x:1", is_include_file: true}
  - {name: ../generated/g.sv, file_type: systemVerilogSource}
  - {name: x.vlt, file_type: vlt}
parameters:
  SYNTHESIS: {datatype: bool, default: true, paramtype: vlogdefine}
  W: {datatype: int, default: 3, paramtype: vlogparam}
toplevel: a
"""
LINT = "build/v_l_x_1/lint-verilator/v_l_x_1.eda.yml"
SIM = "build/v_l_x_1/sim-icarus/v_l_x_1.eda.yml"
FILES = {
    "hw/x.core": CORE,
    "hw/rtl/a.sv": "",
    "hw/rtl/b.sv": "",
    "hw/inc/d.svh": "",
    "build/v_l_x_1/src/v_l_x_1/rtl/b.sv": "",
    "build/v_l_x_1/generated/g.sv": "",
    LINT: EDAM,
}


def test_copies_lead_to_the_files_that_are_edited() -> None:
    """What FuseSoC copied counts as the original; what it generated counts where it is."""
    found = project_of(FILES)
    assert (found.kind, found.is_configured) == ("EDAM", True)
    assert short(found.sources) == ["hw/rtl/a.sv", "hw/rtl/b.sv", "build/v_l_x_1/generated/g.sv"]
    assert short(found.include_dirs) == ["hw/inc"]
    assert (dict(found.defines), found.tops) == ({"SYNTHESIS": "1"}, ("a",))
    assert found.target == "v_l_x_1/lint-verilator"
    assert {f"/p/{LINT}", "/p/hw/x.core"} <= set(found.watched)


def test_newest_is_used_and_all_are_targets() -> None:
    """The last one that was set up counts until another one is chosen."""
    files = {**FILES, SIM: EDAM.replace("toplevel: a", "toplevel: b")}
    times = {LINT: 5, SIM: 6}
    assert project_of(files, modified=times).tops == ("b",)
    chosen = project_of(files, modified=times, target="v_l_x_1/lint-verilator")
    assert chosen.tops == ("a",)
    assert [t.name for t in chosen.targets] == ["v_l_x_1/lint-verilator", "v_l_x_1/sim-icarus"]


def test_edam_older_than_its_core_is_not_used() -> None:
    """Then the .core files say more; the old file can still be chosen."""
    times = {LINT: 5, "hw/x.core": 9}
    found = project_of(FILES, modified=times)
    assert (found.kind, short(found.sources)) == ("FuseSoC core", ["hw/rtl/a.sv", "hw/rtl/b.sv"])
    assert "v_l_x_1/lint-verilator" in {t.name for t in found.targets}
    assert project_of(FILES, modified=times, target="v_l_x_1/lint-verilator").kind == "EDAM"


def test_edam_with_a_file_that_is_gone_is_only_used_when_chosen() -> None:
    """Then the missing file is a problem with its line."""
    files = {name: text for name, text in FILES.items() if not name.endswith("g.sv")}
    assert project_of(files).kind == "FuseSoC core"
    found = project_of(files, target="v_l_x_1/lint-verilator")
    assert problems_of(found) == [f"{LINT}:6: no such file: build/v_l_x_1/generated/g.sv"]


def test_broken_edam_falls_back() -> None:
    """A file that is no YAML names no files."""
    assert project_of({**FILES, LINT: "files: [\n"}).kind == "FuseSoC core"
