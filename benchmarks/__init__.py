"""Every claim about speed, measured: `invoke bench layers`, `invoke bench train`, `invoke bench grade`."""
