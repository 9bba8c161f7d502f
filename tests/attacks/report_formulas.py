"""Raise texts that a spreadsheet would run, under a name that it would run as well."""

NAME = "=HYPERLINK(\"http://evil.example\";\"hostile\")"


def conv_forward_naive(x, w, b, conv_param):
    raise ValueError("=cmd|' /C calc'!A0")


def max_pool_forward_naive(x, pool_param):
    raise type("=1+1", (Exception,), {})("@SUM(1+1);-2+3")
