"""Unpack a tar archive through a link of its own."""

PACK = "tar_through_link"
