"""Real designs for tests and measurements: the sources inside the installed packages pythondata-cpu-*.

Must not import those packages, nor copy or change a file of theirs.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def ibex() -> Path:
    """The Ibex core of lowRISC; holds rtl/, dv/ and vendor/lowrisc_ip/."""
    return _root("ibex", "system_verilog")


def cva6() -> Path:
    """OpenHW CVA6; holds core/ and corev_apu/."""
    return _root("cva6", "system_verilog")


def serv() -> Path:
    """SERV, the bit-serial core; holds rtl/ and servant/."""
    return _root("serv", "verilog")


def picorv32() -> Path:
    """PicoRV32; holds picorv32.v."""
    return _root("picorv32", "verilog")


def blackparrot() -> Path:
    """BlackParrot; holds bp_*/ and external/basejump_stl/."""
    return _root("blackparrot", "system_verilog")


def sources(root: Path) -> tuple[Path, ...]:
    """All .sv, .v, .svh and .vh files below *root*, sorted."""
    kinds = {".sv", ".v", ".svh", ".vh"}
    return tuple(sorted(p for p in root.rglob("*") if p.suffix in kinds and p.is_file()))


def _root(design: str, folder: str) -> Path:
    """The folder of the design's sources; raises FileNotFoundError when its package is missing."""
    spec = find_spec(f"pythondata_cpu_{design}")
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"package pythondata-cpu-{design} is not installed")
    return Path(spec.origin).parent / folder
