"""Hand in a tar archive with a device."""

PACK = "tar_device"
FLAGGED = "left_out"
