"""Who instantiates what, and who calls what, before anything is elaborated."""

from __future__ import annotations

from hdl_lsp.features.call_hierarchy import (
    HierarchyItem,
    HierarchyLink,
    incoming,
    outgoing,
    prepare,
)
from tests.support.fixture import Fixture, parse_fixture

DESIGN = """
    //- /leaf.sv
    module leaf(input logic a);
      function automatic int twice(int x);
        return x + x;
      endfunction : twice
      function automatic int more(int x);
        return twice(twice(x)) + helper_pkg::one(x);
      endfunction
      logic [31:0] y;
      assign y = more(a);
    endmodule
    //- /helper_pkg.sv
    package helper_pkg;
      function automatic int one(int x); return x + 1; endfunction
    endpackage
    //- /mid.sv
    module mid(input logic a);
      leaf u_one (.a);
      leaf u_two (.a);
      absent u_three (.a);
    endmodule
    //- /top.sv
    module top;
      mid u_mid (.a(1'b0));
      leaf u_leaf (.a(1'b1));
    endmodule
"""


def item(fixture: Fixture) -> HierarchyItem:
    """What the hierarchy of the cursor's place starts with."""
    found = prepare(fixture.snapshot(), fixture.file, fixture.offset)
    assert found is not None
    return found


def told(fixture: Fixture, links: tuple[HierarchyLink, ...]) -> list[str]:
    """Links as lines: name, file of the places, texts of the lines."""
    snapshot = fixture.snapshot()
    lines: list[str] = []
    for link in links:
        text = snapshot.text(link.file)
        assert text is not None
        at = [text.line_text(text.line_of(place.start)).strip() for place in link.places]
        lines.append(f"{link.item.name} ({snapshot.path(link.file)}): {' | '.join(at)}")
    return lines


def at(old: str, new: str) -> Fixture:
    """The design with a cursor."""
    assert DESIGN.count(old) == 1
    return parse_fixture(DESIGN.replace(old, new))


def test_incoming_of_a_module_are_those_that_instantiate_it() -> None:
    """Every parent once, with all its instances."""
    fixture = at("module leaf(", "module le<|>af(")
    links = incoming(fixture.snapshot(), item(fixture))
    assert told(fixture, links) == [
        "mid (/mid.sv): leaf u_one (.a); | leaf u_two (.a);",
        "top (/top.sv): leaf u_leaf (.a(1'b1));",
    ]


def test_outgoing_of_a_module_are_what_it_instantiates() -> None:
    """From an instance one comes to its module, and to what is inside; unknown modules are left out."""
    fixture = at("mid u_mid (", "mid u_<|>mid (")
    found = item(fixture)
    assert found.name == "mid"
    links = outgoing(fixture.snapshot(), found)
    assert told(fixture, links) == ["leaf (/mid.sv): leaf u_one (.a); | leaf u_two (.a);"]


def test_nothing_named_means_what_is_around() -> None:
    """On a keyword the module around it is meant; the top has no parents."""
    fixture = at("module top;", "module top; <|>")
    found = item(fixture)
    assert found.name == "top"
    assert incoming(fixture.snapshot(), found) == ()


def test_callers_and_callees_of_a_function() -> None:
    """Calls are found by what they mean; end labels and declarations are none."""
    fixture = at("int twice(int", "int twi<|>ce(int")
    links = incoming(fixture.snapshot(), item(fixture))
    (line,) = told(fixture, links)
    assert line.startswith("more (/leaf.sv): return twice(twice(x)) + helper_pkg::one(x); | return")
    fixture = at("int more(int", "int mo<|>re(int")
    links = outgoing(fixture.snapshot(), item(fixture))
    assert [link.item.name for link in links] == ["twice", "one"]
    assert [link.item.name for link in incoming(fixture.snapshot(), item(fixture))] == ["leaf"]


def test_broken_files_have_a_hierarchy_too() -> None:
    """A module that is being typed still tells its instances, and asks nothing of what is not there."""
    fixture = parse_fixture(
        """
        //- /a.sv
        module a(
          leaf u (.x(
        //- /leaf.sv
        module le<|>af(input x); a u_loop (); endmodule
        """
    )
    found = item(fixture)
    assert incoming(fixture.snapshot(), found) is not None
    assert [link.item.name for link in outgoing(fixture.snapshot(), found)] == ["a"]
    empty = parse_fixture("<|>\n")
    assert prepare(empty.snapshot(), empty.file, empty.offset) is None
