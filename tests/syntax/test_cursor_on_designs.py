"""The cursor on a real core, whole and cut off: tokens must agree with the tree where the tree is right."""

from __future__ import annotations

import pytest

from hdl_lsp.syntax.cursor import CursorKind, cursor
from hdl_lsp.syntax.nodes import enclosing_module, instances
from hdl_lsp.syntax.parser import parse
from hdl_lsp.text.decode import decode
from hdl_lsp.text.source import SourceText
from tests.support.designs import ibex


@pytest.mark.real
def test_every_connection_of_a_core_is_recognised_while_it_is_typed() -> None:
    """At the second letter of every instance's last named port: kind, instance, module and other ports."""
    checked = 0
    for path in sorted((ibex() / "rtl").glob("*.sv")):
        text = decode(path.read_bytes())
        tree = parse(text)
        for instance in instances(tree):
            named = [port for port in instance.ports if port.name]
            if tree.error_bytes or not named or instance.definition.startswith("`"):
                continue
            offset = text.data.index(named[-1].name.encode(), named[-1].span.start) + 1
            half_typed = SourceText(text.data[:offset])
            whole, cut = cursor(tree, offset), cursor(parse(half_typed), offset)
            module = enclosing_module(tree, offset)
            assert module is not None
            assert whole.instance is not None
            assert cut.instance is not None
            assert (whole.kind, cut.kind) == (CursorKind.PORT_NAME, CursorKind.PORT_NAME)
            assert (whole.container, cut.container) == (module.name, module.name)
            others = {port.name for port in named[:-1]}
            for found in (whole.instance, cut.instance):
                assert (found.definition, found.name) == (instance.definition, instance.name)
                assert set(found.connected_ports) == others
            checked += 1
    assert checked > 70  # the loop did run: the core has 77 such instances
