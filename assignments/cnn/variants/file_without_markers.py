"""The banners around the answers have been removed."""

FORM = "markers_removed"
