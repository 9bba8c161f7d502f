"""All comments, banners and blank lines are gone, and the layout is a formatter's own."""

FORM = "comments_removed"
