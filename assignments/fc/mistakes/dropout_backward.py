"""Mistakes in the backward pass of dropout."""

from grader.bank import mistake


@mistake("dropout_backward", "FullyConnectedNet.dropout")
def dropout_gradient_passes_everywhere(dout, cache):
    """The gradient of dropout also passes where the element was dropped: there the output does not move."""
    return 1.0 * dout


@mistake("dropout_backward", "FullyConnectedNet.dropout")
def dropout_gradient_not_scaled(dout, cache):
    """The gradient of dropout lacks the factor that what is kept was multiplied by."""
    param, mask = cache
    return dout * (mask > 0) if param["mode"] == "train" else dout


@mistake("dropout_backward", scope="beyond")
def dropout_gradient_scaled_in_test_mode(dout, cache):
    """In test mode the gradient of dropout is scaled: test mode hands everything on as it is."""
    param, mask = cache
    return dout * mask if param["mode"] == "train" else dout * param["p"]
