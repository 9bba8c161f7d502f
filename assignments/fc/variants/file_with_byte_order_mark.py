"""The files begin with a byte order mark."""

FORM = "byte_order_mark"
