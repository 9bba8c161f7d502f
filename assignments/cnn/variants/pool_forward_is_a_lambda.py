"""The forward pass is one lambda."""

import numpy as np

# ruff: noqa: E731  # that is what is unusual here


max_pool_forward_naive = lambda x, pool_param: (
    np.stack(
        [
            np.stack(
                [
                    x[:, :, i : i + pool_param["pool_height"], j : j + pool_param["pool_width"]].max(
                        axis=(2, 3)
                    )
                    for j in range(0, x.shape[3] - pool_param["pool_width"] + 1, pool_param["stride"])
                ],
                axis=-1,
            )
            for i in range(0, x.shape[2] - pool_param["pool_height"] + 1, pool_param["stride"])
        ],
        axis=2,
    ),
    (x, pool_param),
)
