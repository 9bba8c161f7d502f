"""Slow the grader down: its limits, its priority, its processors."""

import os
import resource


def conv_forward_naive(x, w, b, conv_param):
    ways = (
        lambda process: resource.prlimit(process, resource.RLIMIT_NOFILE, (3, 3)),
        lambda process: resource.prlimit(process, resource.RLIMIT_CPU),
        lambda process: os.sched_setaffinity(process, {0}),
        lambda process: os.setpriority(os.PRIO_PROCESS, process, 19),
    )
    for process in (int("@GRADER@"), os.getppid()):
        for number, way in enumerate(ways):
            try:
                way(process)
            except (OSError, ValueError):
                continue
            raise RuntimeError(f"BREACH: way {number} on {process}")
    try:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        return None, None
    raise RuntimeError("BREACH: raised its own limit")
