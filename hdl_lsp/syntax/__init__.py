"""Text at the cursor, on broken code too: tree-sitter lives here, and its objects never leave."""
