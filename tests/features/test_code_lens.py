"""The line above a module that says how often it is instantiated."""

from __future__ import annotations

from collections.abc import Mapping

from hdl_lsp.features.code_lens import code_lens, instantiations, lens_title
from tests.support.fixture import parse_fixture

DESIGN = """
    //- /leaf.sv
    interface bus_if; endinterface
    module leaf(bus_if b); endmodule
    package p; endpackage
    //- /top.sv
    module top;
      bus_if b ();
      for (genvar i = 0; i < 4; i++) begin : g
        leaf u_leaf (.b);
      end
      leaf u_more (.b);
    endmodule
"""


def titles(counts: Mapping[str, int], *tops: str) -> dict[str, str]:
    """Titles of all lenses of the design."""
    fixture = parse_fixture(DESIGN)
    snapshot = fixture.snapshot()
    return {
        lens.definition: lens_title(snapshot, lens.definition, counts, frozenset(tops))
        for path in ("/leaf.sv", "/top.sv")
        for lens in code_lens(snapshot, fixture.file_of(path))
    }


def test_what_is_written_counts_before_elaboration() -> None:
    """Modules and interfaces have a lens, packages have none."""
    assert titles({}) == {"bus_if": "1 instance", "leaf": "2 instances", "top": "not instantiated"}


def test_elaborated_counts_are_told_with_the_places() -> None:
    """A generate loop makes more instances than there are places."""
    assert titles({"top": 1, "leaf": 5, "bus_if": 1}, "top") == {
        "bus_if": "1 instance",
        "leaf": "5 instances, written in 2 places",
        "top": "top",
    }


def test_places_are_in_order() -> None:
    """A click shows where the module is instantiated."""
    fixture = parse_fixture(DESIGN)
    assert [t.name for t in instantiations(fixture.snapshot(), "leaf")] == ["u_leaf", "u_more"]


def test_lens_can_be_switched_off() -> None:
    """With design.lens off there is none."""
    fixture = parse_fixture(
        "//- /hdl-lsp.toml\n[design]\nlens = false\n//- /a.sv\nmodule a; endmodule\n"
    )
    assert code_lens(fixture.snapshot(), fixture.file) == ()
