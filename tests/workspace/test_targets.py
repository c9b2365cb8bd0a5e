"""Named builds, third-party files, and several folders that keep their own options."""

from __future__ import annotations

from hdl_lsp.config import Config, Layer
from hdl_lsp.config.resolving import resolve
from hdl_lsp.workspace.paths import is_hdl
from hdl_lsp.workspace.project import ProjectModel, find_project
from tests.support.disk import MemoryDisk

HDL = {"/p/rtl/a.sv": "", "/p/rtl/b.sv": "", "/p/fpga/top.sv": "", "/p/inc/d.svh": ""}
TARGETS: dict[str, object] = {
    "sim": {"defines": ["SIM", "W=9"], "tops": ["tb"], "include_dirs": ["inc"]},
    "fpga": {"sources": ["fpga/*.sv"], "includeDirs": ["inc"], "tops": ["top"]},
}


def config_of(**tables: object) -> Config:
    """Settings of an hdl-lsp.toml with these tables."""
    return resolve({Layer.WORKSPACE: tables}).config


def find(files: dict[str, str], config: Config, *, target: str = "") -> ProjectModel:
    """The project of the folder /p."""
    scanned = sorted(path for path in files if is_hdl(path))
    return find_project(("/p",), config, MemoryDisk(files), scanned, {}, target=target)


def test_a_target_inherits_what_it_does_not_say() -> None:
    """Defines and include folders are added to the project's, tops replace them, sources stay."""
    config = config_of(
        project={"sources": ["rtl/*.sv"], "defines": ["W=8"], "tops": ["a"]}, targets=TARGETS
    )
    plain = find(HDL, config)
    assert (plain.target, plain.tops, [t.name for t in plain.targets]) == (
        "",
        ("a",),
        ["sim", "fpga"],
    )
    sim = find(HDL, config, target="sim")
    assert (sim.target, sim.tops, sim.sources) == ("sim", ("tb",), plain.sources)
    assert sim.defines == (("W", "9"), ("SIM", ""))
    assert sim.include_dirs == ("/p/inc",)


def test_sources_of_a_target_replace_the_projects() -> None:
    """A build with sources of its own compiles only these."""
    config = config_of(project={"sources": ["rtl/*.sv"]}, targets=TARGETS)
    assert find(HDL, config, target="fpga").sources == ("/p/fpga/top.sv",)


def test_a_target_on_top_of_another_tools_project_file() -> None:
    """`[targets]` alone adds builds to what a file list says."""
    files = {**HDL, "/p/top.f": "rtl/a.sv +define+X=1"}
    found = find(files, config_of(targets=TARGETS), target="sim")
    assert (found.kind, found.sources) == ("filelist", ("/p/rtl/a.sv",))
    assert dict(found.defines) == {"X": "1", "SIM": "", "W": "9"}


def test_a_target_with_defines_makes_an_inferred_project_configured() -> None:
    """As `[project]` with defines does."""
    config = config_of(targets=TARGETS)
    assert find(HDL, config).is_configured is False
    chosen = find(HDL, config, target="sim")
    assert (chosen.is_configured, chosen.kind) == (True, "hdl-lsp.toml")


def test_the_setting_chooses_and_the_choice_at_run_time_is_stronger() -> None:
    """`project.target` is the default."""
    config = config_of(project={"target": "fpga"}, targets=TARGETS)
    assert find(HDL, config).target == "fpga"
    assert find(HDL, config, target="sim").target == "sim"


def test_a_target_that_does_not_exist_is_one_sentence() -> None:
    """It names those that do; everything else counts."""
    found = find(HDL, config_of(project={"target": "asic"}, targets=TARGETS))
    assert [p.message for p in found.problems] == ["no target asic; there are sim, fpga"]
    assert len(found.sources) == 3
    none = find(HDL, config_of(project={"target": "asic"}))
    assert [p.message for p in none.problems] == ["no target asic; this project has none"]


def test_wrong_keys_of_a_target_are_named() -> None:
    """A key that does not exist and a value of the wrong type; the rest of the build counts."""
    targets = {"sim": {"top": ["x"], "tops": "x", "defines": ["A"]}, "odd": 3}
    resolved = resolve({Layer.WORKSPACE: {"targets": targets}})
    assert [(p.where, p.message) for p in resolved.problems] == [
        ("targets.sim.top", "no such setting"),
        ("targets.sim.tops", "expected string[]"),
        ("targets.odd", "expected a table"),
    ]
    assert [(t.name, t.defines) for t in resolved.config.targets] == [("sim", ("A",))]


def test_third_party_globs() -> None:
    """A name without a slash counts anywhere, one with a slash from the workspace folder; folders with all below."""
    found = find(HDL, config_of(project={"third_party": ["vendor", "ip/*_gen", "rtl/old.sv"]}))
    assert found.is_third_party("/p/hw/vendor/x/a.sv")
    assert found.is_third_party("/p/ip/pll_gen/a.sv")
    assert found.is_third_party("/p/rtl/old.sv")
    assert not found.is_third_party("/p/hw/vendors/a.sv")
    assert not found.is_third_party("/p/hw/ip/pll_gen/a.sv")
    assert not found.is_third_party("/p/rtl/a.sv")


def test_each_folder_has_its_own_options() -> None:
    """Two folders with other defines stay apart; a file outside both belongs to the one that names it."""
    files = {
        "/a/top.sv": "",
        "/a/hdl-lsp.toml": "",
        "/b/top.sv": "",
        "/b/inner/x.sv": "",
        "/lib/l.sv": "",
        "/inc/i.svh": "",
    }
    of_root = {
        "/a": config_of(project={"defines": ["WIDTH=8"], "sources": ["top.sv", "/lib/l.sv"]}),
        "/b": config_of(project={"defines": ["WIDTH=16"], "include_dirs": ["/inc"]}),
        "/b/inner": config_of(project={"tops": ["x"]}),
    }
    scanned = [path for path in files if path.startswith(("/a", "/b")) and is_hdl(path)]
    found = find_project(tuple(of_root), Config(), MemoryDisk(files), scanned, {}, of_root=of_root)
    assert dict(found.of("/a/top.sv").defines) == {"WIDTH": "8"}
    assert dict(found.of("/b/top.sv").defines) == {"WIDTH": "16"}
    assert found.of("/b/inner/x.sv").tops == ("x",)
    assert found.of("/lib/l.sv").roots == ("/a",)
    assert found.of("/inc/i.svh").roots == ("/b",)
    assert found.of("/elsewhere.sv") is found
