"""FuseSoC cores: dependencies, flags, virtual cores, what is missing, and real designs."""

from __future__ import annotations

import pytest

from hdl_lsp.config import Config
from hdl_lsp.workspace.loader import RealDisk, scan_now
from hdl_lsp.workspace.project import ProjectModel, find_project
from hdl_lsp.workspace.project_files.core_names import vlnv_of, wish_of
from hdl_lsp.workspace.project_files.core_words import words_of
from tests.support.designs import cva6, ibex, serv
from tests.support.projects import problems_of, project_of, short


def core(name: str, body: str) -> str:
    """The text of a .core file."""
    return f"CAPI=2:\nname: {name}\n{body}"


def rtl(*files: str, depend: str = "") -> str:
    """Filesets and a default target of a core with these files."""
    needs = f"    depend: [{depend}]\n" if depend else ""
    return (
        f"filesets:\n  rtl:\n{needs}    files: [{', '.join(files)}]\n    file_type: systemVerilogSource\n"
        "targets:\n  default: {filesets: [rtl], toplevel: top}\n"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a b", "a b"),
        ("yes ? (a b) c", "a b c"),
        ("no? (a)", ""),
        ("!no ? (a) !yes ? (b)", "a"),
        ("yes ? (a no ? (b) yes ? (c))", "a c"),
        ("a yes ? (b", "a b"),
        ("?)((", ""),
    ],
)
def test_words_under_flags(text: str, words: str) -> None:
    """A word in parentheses counts only under its flag; what is not well formed does not raise."""
    assert " ".join(words_of(text, frozenset({"yes"}))) == words


@pytest.mark.parametrize(
    ("wish", "good", "bad"),
    [
        ("a:b:c", "0", None),
        ("a:b:c:1.2", "1.2.0", "1.3"),
        ("=a:b:c:1.2", "1.2", "1.2.1"),
        (">=a:b:c:1.2", "2.0", "1.1.9"),
        ("<a:b:c:2", "1.9", "2.0"),
        ("^a:b:c:1.2", "1.9", "2.0"),
        ("^a:b:c:0.2", "0.2.7", "0.3"),
        ("~a:b:c:1.2.3", "1.2.9", "1.3.0"),
    ],
)
def test_versions(wish: str, good: str, bad: str | None) -> None:
    """Every operator of a dependency on a version."""
    assert wish_of(wish).is_met_by(vlnv_of(f"a:b:c:{good}").version)
    assert bad is None or not wish_of(wish).is_met_by(vlnv_of(f"a:b:c:{bad}").version)


def test_only_core_is_used_when_it_is_complete() -> None:
    """One core that names existing files is the project; its folder counts for file names."""
    files = {
        "hw/x.core": core("::x:1.0", rtl("rtl/a.sv", "b.svh")),
        "hw/rtl/a.sv": "",
        "hw/b.svh": "",
        "t.sv": "",
    }
    found = project_of(files)
    assert (found.kind, short(found.sources), short(found.include_dirs)) == (
        "FuseSoC core",
        ["hw/rtl/a.sv"],
        ["hw"],
    )
    assert (found.tops, found.target) == (("top",), "x")
    assert found.why == "x of hw/x.core says which files count"


def test_only_core_with_a_missing_file_is_not_used() -> None:
    """A list that needs something we do not have would only make errors."""
    found = project_of({"x.core": core("::x:1.0", rtl("a.sv", "gone.sv")), "a.sv": ""})
    assert (found.kind, short(found.sources)) == ("inferred", ["a.sv"])
    assert found.why == "x.core is not used, because no such file: /p/gone.sv"
    assert [t.name for t in found.targets] == ["x"]


SEVERAL = {
    "a.core": core("v:l:a:1", rtl("a.sv", depend='"v:l:b"')),
    "b.core": core("v:l:b:1", rtl("b.sv")),
    "a.sv": "",
    "b.sv": "",
    "other.sv": "",
}


def test_several_cores_are_targets_and_all_files_count() -> None:
    """Nothing is chosen for the user, so nothing gets worse than without the cores."""
    found = project_of(SEVERAL)
    assert (found.kind, found.is_configured) == ("inferred", False)
    assert short(found.sources) == ["a.sv", "b.sv", "other.sv"]
    assert [t.name for t in found.targets] == ["v:l:a", "v:l:b"]
    assert found.why == (
        "2 FuseSoC cores describe parts of the folder and none is chosen as target, "
        "so every HDL file counts"
    )


def test_chosen_core_comes_after_what_it_depends_on() -> None:
    """Compile order is that of FuseSoC."""
    found = project_of(SEVERAL, target="v:l:a")
    assert (short(found.sources), found.is_configured) == (["b.sv", "a.sv"], True)
    assert {"/p/a.core", "/p/b.core"} <= set(found.watched)


def test_flags_of_the_target() -> None:
    """The target's name, tool and own flags choose filesets, files and dependencies' parts."""
    body = """\
filesets:
  rtl:
    files:
      - a.sv
      - "target_sim ? (sim.sv)"
      - "tool_verilator ? (ver.sv)"
      - "!big ? (small.sv) big ? (large.sv)"
    depend: ["is_toplevel ? (::dep)"]
    file_type: systemVerilogSource-3.1
  vhdl: {files: [x.vhd], file_type: vhdlSource}
targets:
  default: &default {filesets: [rtl, vhdl], toplevel: "is_toplevel ? (top)"}
  sim:
    <<: *default
    default_tool: verilator
    flags: {big: true}
"""
    dep = core("::dep:1", rtl("dep.sv", "'big ? (dep_big.sv)'").replace("[dep.sv", "[dep.sv"))
    names = ("a", "sim", "ver", "small", "large", "dep", "dep_big")
    files = {"x.core": core("::x:1", body), "dep.core": dep, **{f"{n}.sv": "" for n in names}}
    assert short(project_of(files, target="x").sources) == ["dep.sv", "a.sv", "small.sv"]
    sim = project_of(files, target="x#sim")
    assert short(sim.sources) == ["dep.sv", "dep_big.sv", "a.sv", "sim.sv", "ver.sv", "large.sv"]
    assert sim.tops == ("top",)


def test_include_files_and_defines() -> None:
    """`is_include_file`, `include_path`, `vlogdefine` with its default and with a value; false defines nothing."""
    body = """\
filesets:
  rtl:
    files:
      - inc/deep/d.inc: {is_include_file: true, include_path: inc}
      - lib/e.sv: {is_include_file: true}
      - a.sv
      - vectors.rsp
    file_type: systemVerilogSource
parameters:
  SYNTHESIS: {datatype: bool, paramtype: vlogdefine}
  WIDTH: {datatype: int, default: 8, paramtype: vlogdefine}
  OFF: {datatype: bool, default: false, paramtype: vlogdefine}
  PARAM: {datatype: int, default: 1, paramtype: vlogparam}
targets:
  default:
    filesets: [rtl]
    toplevel: [top]
    parameters: [SYNTHESIS=true, WIDTH, OFF, PARAM]
"""
    files = {"x.core": core("::x:1", body), "a.sv": "", "inc/deep/d.inc": "", "lib/e.sv": ""}
    found = project_of(files)
    assert (short(found.sources), short(found.include_dirs)) == (["a.sv"], ["inc", "lib"])
    assert dict(found.defines) == {"SYNTHESIS": "1", "WIDTH": "8"}
    assert problems_of(found) == []


def test_virtual_core_is_provided_by_mapping_or_by_what_is_needed_or_by_the_generic_one() -> None:
    """`mapping` of the chosen core first, then a provider that is needed anyway, then a generic one."""
    provider = "virtual: ['v:virtual:pkg']\n"
    files = {
        "fast.core": core("v:fast:pkg:1", provider + rtl("fast.sv")),
        "generic.core": core("v:generic:pkg:1", provider + rtl("generic.sv")),
        "user.core": core("v:l:user:1", rtl("user.sv", depend='"v:virtual:pkg"')),
        "mapped.core": core(
            "v:l:mapped:1",
            "mapping: {'v:virtual:pkg': 'v:fast:pkg'}\n" + rtl(depend='"v:l:user"'),
        ),
        "needs.core": core("v:l:needs:1", rtl(depend='"v:l:user", "v:fast:pkg:1"')),
        **{f"{name}.sv": "" for name in ("fast", "generic", "user")},
    }
    assert short(project_of(files, target="v:l:user").sources) == ["generic.sv", "user.sv"]
    assert short(project_of(files, target="v:l:mapped").sources) == ["fast.sv", "user.sv"]
    assert short(project_of(files, target="v:l:needs").sources) == ["fast.sv", "user.sv"]


def test_newest_version_that_fits_is_taken() -> None:
    """Of several versions the newest allowed one; a version that is not there is said."""
    files = {
        "one.core": core("v:l:b:1.0", rtl("one.sv")),
        "two.core": core("v:l:b:2.0", rtl("two.sv")),
        "any.core": core("v:l:any:1", rtl(depend='"v:l:b"')),
        "old.core": core("v:l:old:1", rtl(depend='"<v:l:b:2"')),
        "new.core": core("v:l:new:1", rtl(depend='">=v:l:b:3"')),
        "one.sv": "",
        "two.sv": "",
    }
    assert short(project_of(files, target="v:l:any").sources) == ["two.sv"]
    assert short(project_of(files, target="v:l:old").sources) == ["one.sv"]
    assert problems_of(project_of(files, target="v:l:new")) == [
        "new.core:5: no core >=v:l:b:3 was found, only other versions of it"
    ]


def test_what_is_missing_is_said_by_line_and_the_rest_counts() -> None:
    """A chosen core with gaps is used as far as it goes."""
    files = {**SEVERAL, "b.core": core("v:l:b:1", rtl("b.sv", "gone.sv", depend='"v:l:none:2"'))}
    found = project_of(files, target="v:l:a")
    assert short(found.sources) == ["b.sv", "a.sv"]
    assert problems_of(found) == [
        "b.core:5: no core v:l:none:2 was found",
        "b.core:6: no such file: gone.sv",
    ]


def test_generators_leave_the_project_a_guess() -> None:
    """Files that only a generator knows can't be errors."""
    body = rtl("a.sv").replace("toplevel", "generate: [gen], toplevel")
    files = {"x.core": core("::x:1", body + "generate:\n  gen: {generator: g}\n"), "a.sv": ""}
    found = project_of(files, target="x")
    assert not found.is_configured
    assert "made by generators" in problems_of(found)[0]


def test_broken_core_costs_only_itself() -> None:
    """A syntax error is named by line; a cycle ends; a folder with FUSESOC_IGNORE is not looked into."""
    files = {
        "bad.core": "CAPI=2:\nname: [\n",
        "old.core": "CAPI=1\n[main]\n",
        "skip/FUSESOC_IGNORE": "",
        "skip/c.core": core("v:l:c:1", rtl("c.sv")),
        "a.core": core("v:l:a:1", rtl("a.sv", depend='"v:l:b"')),
        "b.core": core("v:l:b:1", rtl("b.sv", depend='"v:l:a"')),
        "a.sv": "",
        "b.sv": "",
    }
    found = project_of(files, target="v:l:a")
    assert short(found.sources) == ["b.sv", "a.sv"]
    assert [t.name for t in found.targets] == ["v:l:a", "v:l:b"]
    assert [p.partition(": ")[0] for p in problems_of(found)] == ["bad.core:3"]


def of_design(root: str, target: str = "") -> ProjectModel:
    """The project of a real design."""
    scan = scan_now((root,))
    return find_project(
        (root,), Config(), RealDisk(), (*scan.files, *scan.cores), {}, target=target
    )


@pytest.mark.real
def test_ibex() -> None:
    """Ibex's 212 cores are targets; ibex_core is complete but for generated primitives."""
    root = str(ibex())
    plain = of_design(root)
    assert (plain.kind, len(plain.sources)) == ("inferred", 591)
    assert plain.why.startswith("212 FuseSoC cores")
    found = of_design(root, "lowrisc:ibex:ibex_core")
    names = {path.rpartition("/")[2] for path in found.sources}
    assert {"ibex_core.sv", "ibex_alu.sv", "ibex_pkg.sv", "prim_assert.sv"} - names == {
        "prim_assert.sv"
    }
    assert found.tops == ("ibex_core",)
    order = [path.rpartition("/")[2] for path in found.sources]
    assert order.index("ibex_pkg.sv") < order.index("ibex_core.sv")
    assert all("made by generators" in p.message for p in found.problems)


@pytest.mark.real
def test_serv() -> None:
    """SERV's cores: one on top of the other."""
    found = of_design(str(serv()), "servant")
    names = [path.rpartition("/")[2] for path in found.sources]
    assert names.index("serv_top.v") < names.index("servant.v")


@pytest.mark.real
def test_cva6() -> None:
    """CVA6's old cores name files that are gone, so all files count, with a reason for each format."""
    found = of_design(str(cva6()))
    assert found.kind == "inferred"
    assert "Bender.yml is not used, because no such file" in found.why
