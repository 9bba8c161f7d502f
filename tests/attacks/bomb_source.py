"""Hand in a source text on which parsers and compilers break their teeth."""

PACK = "hard_to_parse"
