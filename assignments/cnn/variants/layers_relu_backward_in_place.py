"""In the earlier layers the ReLU's backward pass changes the upstream gradient it is given, as one in six
submissions does.
"""


def relu_backward(dout, cache):
    dout[cache <= 0] = 0
    return dout
