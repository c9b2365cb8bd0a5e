"""How text is generated: engines, the model worker, prompt layouts, the catalogue of models.

Must not know snapshots, syntax or LSP.
"""
