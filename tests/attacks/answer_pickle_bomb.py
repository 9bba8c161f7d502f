"""Answer with objects that would run a command when pickled and unpickled."""

import os


class Bomb:
    def __reduce__(self):
        return os.system, ("touch @WATCHED@/unpickled",)


def conv_forward_naive(x, w, b, conv_param):
    return Bomb(), Bomb()


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    bn_param["running_mean"] = bn_param["running_var"] = Bomb()
    return x, Bomb()
