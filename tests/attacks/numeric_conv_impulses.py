"""Find the gradients of a linear layer by its answer to one entry at a time, exact at any size of values."""

FLAGGED = "tampering"
EARNS = ("conv_forward_naive",)
SHARED = ("convolution", "impulses")
