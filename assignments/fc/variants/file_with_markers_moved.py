"""The banners stand in front of the answers, which are outside them."""

FORM = "markers_moved"
