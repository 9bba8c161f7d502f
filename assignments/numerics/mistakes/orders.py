"""Wrong measured orders."""

import numpy as np

from grader.bank import mistake


@mistake("orders")
class orders_by_natural_logarithm:
    """The logarithm is the natural one: halving the steps asks for the one to the base of two."""

    orders = np.array([0.722896169, 2.772849357])


@mistake("orders")
class orders_as_ratios:
    """These are the ratios of the errors: the order is the power of two that they are near to."""

    orders = np.array([2.060391822, 16.004170705])


@mistake("orders")
class orders_exchanged:
    """The two orders are exchanged: Euler's comes first."""

    orders = np.array([4.000376021, 1.042918722])


@mistake("orders")
class orders_from_the_book:
    """These are the orders that theory promises, and not measured ones: measured with twenty and forty steps,
    neither is a whole number.
    """

    orders = np.array([1.0, 4.0])
