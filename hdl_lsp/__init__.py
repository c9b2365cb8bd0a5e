"""hdl-lsp: a language server for SystemVerilog and Verilog with a local model inside."""

__version__ = "0.1.0"
