"""Hand in modules whose code is endless though their text is short, and texts that take the parser the square."""

PACK = "hard_to_compile"
READABLE = True
