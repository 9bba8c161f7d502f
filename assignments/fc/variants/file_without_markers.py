"""The banners around the answers are gone."""

FORM = "markers_removed"
