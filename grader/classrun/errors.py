"""Why work cannot be handed out at all; a single submission that fails is no such error."""


class ExecutorError(Exception):
    """No worker can be had, or one is not fit for the work; the message says what to do."""
