"""How good ghost text is: real code taken out by grammar rule, asked for as an editor asks, and compared."""
