"""Pure functions from numbers to evidence: comparison, gradient checks and timing.

===============  ==================================================================================================
``arrays``       whatever a function returned as a plain array, and how far it is from the expected one
``tolerances``   how far it may be
``compare``      right, near or wrong, and the sentence that says so
``patterns``     the one pattern that explains an error
``gradient``     whether a gradient fits the function it belongs to
``search``       random directions and the best steps along them, for a disagreement
``probe``        the slope of a function along a direction, with its noise and its kinks
``locate``       one wrong entry of a gradient
``timing``       fast or slow, from paired readings of CPU time
``effort``       whether a gradient was derived or found by trying every entry, from how its cost grows
===============  ==================================================================================================
"""
