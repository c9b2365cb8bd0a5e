"""What slang knows. pyslang lives in this package only; its objects never leave it."""
