"""File lists as simulators read them."""

from __future__ import annotations

from hdl_lsp.workspace.filelist import FileList, parse_arguments, parse_filelist, words
from tests.support.disk import MemoryDisk


def parse(
    files: dict[str, str], *, environment: dict[str, str] | None = None, path: str = "/p/top.f"
) -> FileList:
    """The list at *path* over *files*."""
    return parse_filelist(
        path, cwd="/p", disk=MemoryDisk(files), environment=environment or {}, scanned=tuple(files)
    )


def test_sources_in_order_each_once() -> None:
    """Sources keep the list's order; a second mention changes nothing."""
    found = parse({"/p/top.f": "b.sv a.sv\nb.sv", "/p/a.sv": "", "/p/b.sv": ""})
    assert found.sources == ("/p/b.sv", "/p/a.sv")
    assert found.problems == ()


def test_comments_of_three_kinds_are_skipped() -> None:
    """`//`, `#` and `/* */` start comments where a word could start, not inside a path."""
    text = "// one\n# two\n/* three\nx.sv */ a.sv // four\nrtl/*.sv\n"
    found = parse({"/p/top.f": text, "/p/a.sv": "", "/p/rtl/c.sv": "", "/p/rtl/d.v": ""})
    assert found.sources == ("/p/a.sv", "/p/rtl/c.sv")
    assert found.problems == ()


def test_words_know_their_lines() -> None:
    """Lines are counted from 1 through comments, continuations and quotes."""
    assert list(words('a\n/* \n */ "b c"\nd \\\n e')) == [("a", 1), ("b c", 3), ("d", 4), ("e", 5)]


def test_quotes_and_escaped_spaces_belong_to_a_path() -> None:
    """A path with a space can be quoted or escaped."""
    found = parse({"/p/top.f": "\"my dir/a.sv\" 'my dir/b.sv' my\\ dir/c.sv", **dict.fromkeys(("/p/my dir/a.sv", "/p/my dir/b.sv", "/p/my dir/c.sv"), "")})  # fmt: skip
    assert found.sources == ("/p/my dir/a.sv", "/p/my dir/b.sv", "/p/my dir/c.sv")


def test_small_f_counts_from_the_working_folder_and_large_f_from_the_list() -> None:
    """Names in a list read by -f count from the working folder, in one read by -F from the list's folder."""
    found = parse(
        {
            "/p/top.f": "-f sub/one.f -F sub/two.f",
            "/p/sub/one.f": "a.sv",
            "/p/sub/two.f": "b.sv",
            "/p/a.sv": "",
            "/p/sub/b.sv": "",
        }
    )
    assert found.sources == ("/p/a.sv", "/p/sub/b.sv")
    assert found.lists == ("/p/top.f", "/p/sub/one.f", "/p/sub/two.f")


def test_list_that_names_itself_is_a_problem_with_its_line() -> None:
    """A cycle is reported where it closes and the rest is used."""
    found = parse({"/p/top.f": "-f b.f\na.sv", "/p/b.f": "\n-f top.f", "/p/a.sv": ""})
    assert found.sources == ("/p/a.sv",)
    assert [(p.path, p.line1) for p in found.problems] == [("/p/b.f", 2)]
    assert "names itself" in found.problems[0].message


def test_missing_files_are_problems_with_their_lines() -> None:
    """A missing source or list is a problem, never an exception."""
    found = parse({"/p/top.f": "a.sv\n\n-f none.f\n"})
    assert [(p.line1, p.message) for p in found.problems] == [
        (1, "no such file: /p/a.sv"),
        (3, "can't read file list /p/none.f"),
    ]
    assert found.missing == 2


def test_missing_list_itself_is_a_problem() -> None:
    """A list that is not there gives an empty result that says so."""
    found = parse({})
    assert found.sources == ()
    assert found.problems[0].message == "can't read file list /p/top.f"


def test_variables_come_from_the_given_mapping() -> None:
    """`$V`, `${V}` and `$(V)` are replaced; an unset one is a problem and its path is left out."""
    found = parse(
        {
            "/p/top.f": "$A/a.sv ${A}/b.sv $(A)/c.sv\n$NOPE/d.sv",
            "/x/a.sv": "",
            "/x/b.sv": "",
            "/x/c.sv": "",
        },
        environment={"A": "/x"},
    )
    assert found.sources == ("/x/a.sv", "/x/b.sv", "/x/c.sv")
    assert [(p.line1, p.message) for p in found.problems] == [
        (2, "environment variable NOPE is not set")
    ]


def test_plus_options_take_several_values() -> None:
    """+incdir+, +define+ and +libext+ split at every plus sign."""
    found = parse(
        {
            "/p/top.f": "+incdir+inc+other/inc\n+define+A=1+B+C=x=y",
            "/p/inc/a.svh": "",
            "/p/other/inc/b.svh": "",
        }
    )
    assert found.include_dirs == ("/p/inc", "/p/other/inc")
    assert found.defines == (("A", "1"), ("B", ""), ("C", "x=y"))
    assert found.problems == ()


def test_dash_options_with_and_without_a_space() -> None:
    """-I, -D, -U and --top take their value joined or apart."""
    text = (
        "-I inc -Iinc2 --include-directory inc3 -D A=1 -DB --define-macro=C=2 -UB --top t1 --top=t2"
    )
    found = parse({"/p/top.f": text, "/p/inc/a": "", "/p/inc2/a": "", "/p/inc3/a": ""})
    assert found.include_dirs == ("/p/inc", "/p/inc2", "/p/inc3")
    assert found.defines == (("A", "1"), ("C", "2"))
    assert found.tops == ("t1", "t2")


def test_library_folder_gives_files_with_the_wanted_extensions() -> None:
    """-y takes the files of a folder with a +libext+ extension, -v one file; neither is a source."""
    files = {"/p/top.f": "-y lib +libext+.v -v extra/x.sv a.sv", "/p/a.sv": ""}
    files |= dict.fromkeys(("/p/lib/one.v", "/p/lib/two.sv", "/p/extra/x.sv"), "")
    found = parse(files)
    assert found.sources == ("/p/a.sv",)
    assert found.libraries == ("/p/extra/x.sv", "/p/lib/one.v")


def test_unknown_options_are_skipped_with_the_values_they_are_known_to_take() -> None:
    """Options of other tools neither stop the list nor leave their values behind as files."""
    found = parse({"/p/top.f": "-sv -timescale 1ns/1ps -Wno-x +acc -work lib a.sv", "/p/a.sv": ""})
    assert found.sources == ("/p/a.sv",)
    assert found.problems == ()


def test_option_without_its_value_is_a_problem() -> None:
    """A list that ends in an option says so."""
    found = parse({"/p/top.f": "\n-f"})
    assert [(p.line1, p.message) for p in found.problems] == [(2, "-f needs a value")]


def test_arguments_of_another_file_carry_its_path() -> None:
    """Flags from a project file are read by the same rules, and problems name that file."""
    disk = MemoryDisk({"/p/a.sv": ""})
    found = parse_arguments(
        "-DX=1 a.sv b.sv", path="/p/server.json", cwd="/p", disk=disk, environment={}
    )
    assert found.sources == ("/p/a.sv",)
    assert found.defines == (("X", "1"),)
    assert [p.path for p in found.problems] == ["/p/server.json"]


def test_list_in_latin_1_with_windows_line_ends() -> None:
    """Bytes that are no UTF-8, and carriage returns, do not matter."""
    disk = MemoryDisk({"/p/a.sv": ""})
    disk.files["/p/top.f"] = b"// caf\xe9\r\na.sv\r\n"
    found = parse_filelist("/p/top.f", cwd="/p", disk=disk, environment={})
    assert found.sources == ("/p/a.sv",)


def test_lists_that_name_the_next_one_twice_end() -> None:
    """Thirty lists that each name the next one twice would be read a billion times; the first sources count."""
    files = {f"/p/{n}.f": f"-f {n + 1}.f\n-f {n + 1}.f\n" for n in range(30)}
    found = parse({**files, "/p/30.f": "a.sv", "/p/a.sv": ""}, path="/p/0.f")
    assert found.sources == ("/p/a.sv",)
    assert [p.message for p in found.problems] == ["/p/30.f is left out: too many lists in lists"]


def test_chain_of_lists_has_an_end() -> None:
    """Lists in lists deeper than 50 are left out, and said once."""
    files = {f"/p/{n}.f": f"s{n}.sv -f {n + 1}.f" for n in range(400)}
    files |= {f"/p/s{n}.sv": "" for n in range(400)}
    found = parse(files, path="/p/0.f")
    assert len(found.sources) == 50
    assert [p.message for p in found.problems] == ["/p/50.f is left out: too many lists in lists"]
