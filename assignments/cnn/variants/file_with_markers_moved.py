"""The banners stand together in front of each answer, which lies outside them."""

FORM = "markers_moved"
