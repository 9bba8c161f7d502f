"""Give a right solution's file another outward form: pure functions from bytes to bytes.

None of them changes what the code does; each is something that students' editors and habits really produce.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_BANNER = re.compile(rb"^[ ]*# =+ #\n(?:[ ]*#(?! =).*\n)+[ ]*# =+ #\n", re.MULTILINE)
_ANSWER = re.compile(
    rb"^(?P<opening>[ ]*# =+ #\n[ ]*# YOUR CODE HERE:\n(?:[ ]*#(?! =).*\n)*[ ]*# =+ #\n)"
    rb"(?P<answer>(?:.*\n)*?)"
    rb"(?P<closing>[ ]*# =+ #\n[ ]*# END YOUR CODE HERE\n[ ]*# =+ #\n)",
    re.MULTILINE,
)
_INDENT = re.compile(rb"^ +", re.MULTILINE)


def with_tabs(text: bytes) -> bytes:
    """Indent with one tab for each four spaces."""
    return _INDENT.sub(lambda found: b"\t" * (len(found[0]) // 4) + b" " * (len(found[0]) % 4), text)


def with_two_spaces(text: bytes) -> bytes:
    """Indent with two spaces for each four."""
    return _INDENT.sub(lambda found: b" " * (len(found[0]) // 4 * 2 + len(found[0]) % 4), text)


def with_crlf(text: bytes) -> bytes:
    """End lines as Windows does."""
    return text.replace(b"\n", b"\r\n")


def with_byte_order_mark(text: bytes) -> bytes:
    """Begin with the mark that some editors put before UTF-8."""
    return BYTE_ORDER_MARK + text


def in_latin1(text: bytes) -> bytes:
    """Declare Latin-1 and hold a comment that is no UTF-8."""
    return "# -*- coding: latin-1 -*-\n# größe, écart, coeficiência\n".encode("latin-1") + text


def with_foreign_comments(text: bytes) -> bytes:
    """Hold comments outside ASCII, in UTF-8: formulas, names, other scripts."""
    return text + "\n# ∂L/∂x = Σ w · ∂L/∂y, für jede größere Schrittweite; 卷积层 🙂\n".encode()


def without_final_newline(text: bytes) -> bytes:
    """End without a line end."""
    return text.rstrip(b"\n")


def without_markers(text: bytes) -> bytes:
    """Remove every banner around an answer."""
    return _BANNER.sub(b"", text)


def with_markers_moved(text: bytes) -> bytes:
    """Move both banners of each answer in front of it, so that the answer stands outside them."""
    return _ANSWER.sub(rb"\g<opening>\g<closing>\g<answer>", text)


def without_comments(text: bytes) -> bytes:
    """Write the code anew from its syntax tree: no comments, no blank lines, other quotes."""
    return ast.unparse(ast.parse(text)).encode() + b"\n"


FORMS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {
        "tabs": with_tabs,
        "two_spaces": with_two_spaces,
        "crlf": with_crlf,
        "byte_order_mark": with_byte_order_mark,
        "latin1": in_latin1,
        "foreign_comments": with_foreign_comments,
        "no_final_newline": without_final_newline,
        "markers_removed": without_markers,
        "markers_moved": with_markers_moved,
        "comments_removed": without_comments,
    }
)
"""What a variant's ``form`` may be."""
