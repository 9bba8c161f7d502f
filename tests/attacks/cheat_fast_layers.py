"""Call the given fast layers from the layers that must do without them."""

SHARED = ("naive_by_fast",)

from cs231n.fast_layers import (
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
