"""Say in one line what came of an attempt."""

import ctypes
import errno


def trying(action):
    """Return what `action` reached, or the name of the error that stopped it."""
    try:
        result = action()
    except OSError as error:
        return "refused: " + errno.errorcode.get(error.errno, str(error.errno))
    except Exception as error:
        return "raised: " + type(error).__name__
    return f"reached: {result!r}"[:300]


def system_call(number, *arguments):
    """Make a raw system call, as native code of a submission could."""
    libc = ctypes.CDLL(None, use_errno=True)
    result = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        return "refused: " + errno.errorcode.get(ctypes.get_errno(), "?")
    return f"reached: {result}"
