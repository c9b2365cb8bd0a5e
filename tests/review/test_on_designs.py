"""Our rules on real cores: every finding there was looked at by a person, and there are few."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.review.broken_series import broken_series
from hdl_lsp.review.unreset_register import unreset_registers
from hdl_lsp.syntax.parser import parse
from hdl_lsp.text.decode import decode
from hdl_lsp.text.source import SourceText
from tests.support import designs

pytestmark = pytest.mark.real


def found_in(root: Path) -> list[str]:
    """`file: message` of all findings below *root*."""
    found: list[str] = []
    for path in designs.sources(root):
        text = decode(path.read_bytes())
        findings = (*unreset_registers(parse(text), str(path)), *broken_series(text, str(path)))
        found += (f"{path.name}: {finding.message}" for finding in findings)
    return found


@pytest.mark.parametrize("root", [designs.ibex() / "rtl", designs.serv(), designs.picorv32()])
def test_clean_cores(root: Path) -> None:
    """Ibex resets what it should; SERV and PicoRV32 leave data registers out of synchronous resets on purpose."""
    assert found_in(root) == []


def test_cva6() -> None:
    """One register of the latch register file is left out of an asynchronous reset."""
    assert found_in(designs.cva6() / "core") == [
        (
            "ariane_regfile.sv: 'waddr_onehot_q' is not set in the reset branch of its block, "
            "so the reset 'rst_ni' enables it"
        )
    ]


def test_a_mistake_in_a_real_core_is_found() -> None:
    """A reset taken out of Ibex's load-store unit is reported where the register is loaded."""
    text = decode((designs.ibex() / "rtl" / "ibex_load_store_unit.sv").read_bytes()).text
    reset = "      data_we_q       <= 1'b0;\n"
    assert text.count(reset) == 1
    (found,) = unreset_registers(parse(SourceText.of(text.replace(reset, ""))), "/lsu.sv")
    assert found.line_text == "data_we_q       <= lsu_we_i;"
