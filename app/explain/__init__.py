"""A step in words and symbols: pure functions of a definition and its structure, so everything here is cached by structure."""
