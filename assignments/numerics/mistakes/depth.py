"""Wrong depths of the floating ball."""

from grader.bank import mistake


@mistake("depth")
class depth_of_what_looks_out:
    """This is how far the ball looks out of the water, and not how deep it is immersed."""

    depth = 0.865862148


@mistake("depth")
class depth_of_ball_of_volume_pi:
    """The ball's volume is taken for pi; a third of it is missing, and so the ball is too light."""

    depth = 0.933234134
