"""Renaming a name everywhere, or nowhere and saying why: prepare_rename() and rename().

Must not hold code of its own.
"""

from hdl_lsp.features.rename.prepare import Prepared, Refused, prepare_rename
from hdl_lsp.features.rename.rename import Renamed, rename

__all__ = ["Prepared", "Refused", "Renamed", "prepare_rename", "rename"]
