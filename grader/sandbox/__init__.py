"""Run submissions where they can do no harm, and learn from them by values alone.

Theory of operation
-------------------
::

    grader process                          box (one per grading process; another where notebooks run)
    hidden inputs, expected values,         +-------------------------------------------+
    reference, verdicts                     |  fork server      started by exec, holds  |
                                            |     |             NumPy and box/, never   |
    Box  ---------- control socket -------------->|             runs student code       |
                                            |     | fork                                |
    Worker -------- one socket each ------------->worker        locked down, then       |
           <------- one pipe each ---------------   imports     the submission of one   |
                                            |       root        root                    |
                                            +-------------------------------------------+

1.  **Nothing to steal.** The fork server starts by exec with a fixed environment and no descriptor but its control
    socket, so no hidden input, expected value or reference was ever in its memory or in that of a worker.
2.  **Lock first, import later.** A worker is forked after NumPy was imported and locks itself down before the first
    byte of the submission is read: rlimits, no_new_privs, Landlock, a list of allowed system calls. By then it
    needs no program, process, socket or writable file any more, so it can give all of them up. That alone is tier
    B. Tier A puts bubblewrap's namespaces around it, where the rest of the machine does not even have names.
3.  **Values, not objects.** Requests and replies are frames of JSON and raw arrays (`box/codec.py`). Nothing is
    ever unpickled or evaluated. Whatever a worker sends is held to size, count and depth limits before memory is
    allocated for it, under one deadline for the whole exchange, and to the size of the arrays that NumPy would make
    of its lists. What is not plain data stays in the box behind a handle.
4.  **Judged from outside.** CPU time is the kernel's, by a process number the kernel vouches for. Death, time-outs
    and violations are seen, not told. No message of a worker can claim a fault of the grader, which would be
    excused; see `errors`.
5.  **Cheap to throw away.** A worker costs milliseconds. Each family of parts gets a fresh one, so one cannot poison
    the next, and a worker that misbehaves in any way is killed rather than reasoned with.
6.  **One submission at a time.** A box is kept for many submissions, because starting it costs more than most of
    them. The fork server runs no student code, all workers of one submission are gone before the next is shown,
    and each submission's stage is removed before the next is written: there is no time at which two could meet.
7.  **Notebook cells** run in IPython's shell in a worker, not in a kernel: that needs neither sockets nor processes.
    Only a box that is opened for notebooks has the shell. It is made in the fork server before any student code ran.

8.  **Libraries** that an assignment declares are loaded in the fork server, before any student code ran, and their
    modules are inherited by the workers. They are as trusted as the grader: what they start, write or map happens
    before the lockdown, in the box's namespaces. What they do later is a submission's doing and held to the same list
    of calls: threads they may have, programs, processes and files they may not. The space that they map is not
    counted against a worker's limit. A hole in a library lets a submission do no more than it may do anyway.

Which tier works is found out by letting a canary try to get out (`probe`), never from version numbers.

What is not protected
---------------------
* **The kernel.** A hole in it that is reachable through the allowed calls lets a submission out of both tiers.
* **What a submission may know.** It sees the inputs it is called with, and its own time. So its texts and what it
  prints can carry hidden inputs and must not be shown to students.
* **Honest computation.** A worker can return whatever it likes by whatever means it likes: a numeric derivative in
  place of an analytic one, memory of earlier calls in the same worker. Checks must see to that, with fresh workers
  and fresh inputs, also where they ask for the same a second time. A submission can tell by shapes and order what
  it is called for, so nothing may be excused in one check because of what was answered in another that costs less.
  A part that is graded alone lacks the others that hold it in check.
  A linear layer's answers to all unit inputs at once are its derivative; who asks for them in one batch is not told
  from who derives them, and neither is who moves entries together that never meet. What reads like it is flagged
  (`grader.intake.numeric`), which takes no points; who hides it in the text is not seen.
* **The neighbour's clock.** A worker that goes on computing after its answer can slow the reference down, which is
  timed meanwhile, by what two busy cores take from each other; limits on ratios must leave room for that.
* **Flags, type names and texts** come from the worker and can lie. They inform staff and decide nothing.
* **Tests that are judged inside** share the process of the answer (`grader.notebooks.inside`). What they judge with is
  compared with a note taken before the notebook ran; that note and the answer are the worker's, so code that knows
  how can forge both. Every such result says "inside".
* **Names outside, in tier B.** Landlock does not hide that a path exists, nor a file's size and dates. It does not
  restrict them in tier A either, but there the paths are not there.
* **Total memory.** RLIMIT_AS bounds each worker, not all of them together: run no more boxes at once than memory
  allows. Where the grader may say so, workers are first in line when the kernel runs out of memory.
* **Load.** A worker may use one core fully, and for a moment the memory bandwidth of all. It may keep the grader
  waiting without computing for as long as the strikes of a submission may take together.
* **Root.** Started as root, the box becomes an unprivileged user. When that user cannot read what the box needs (an
  interpreter under /root, a staging folder of mode 0700), it keeps the one capability to read past file modes.
  Landlock still decides which files, but a hole in Landlock would then show every file; `Box.notes` says so. All
  boxes of a root grader are the same user, so their thread limits (RLIMIT_NPROC) add up.
* **Tier NONE** protects nothing beyond rlimits and a separate process. It exists for machines that cannot do better
  and for submissions as trusted as one's own code, and every result must be stamped with it.
* **What happens before the box.** Unpacking, parsing and staging submissions is `grader.intake`'s, in a child with
  limits of time and memory (`reader`). Where the kernel knows Landlock the child can only read files and answer; it
  reads with the grader's rights, so a hole in Python's own parsers and unpackers would show what the grader may see
  to whoever reads the answer. A stage must be a fresh copy that nobody else can write to.

Where to find what
------------------
===============  =======================================================================
``host``         `Box` and `ReusableBox`: open a box, fork workers, show one submission
``launch``       the tiers (`Isolation`), and starting a fork server in one of them
``libraries``    what a box may import, for checks and for notebooks
``worker``       `Worker`: one process of a box, asked, timed and killed from outside
``wire``         frames to and from a worker under one deadline; its texts cleaned
``errors``       what can go wrong, and whose fault it is
``error_hints``  what usually causes an exception, in words for students
``process``      a process beside this one: started, timed and ended from outside
``probe``        which tiers work here; ``canary`` is the submission that tries
``reader``       `LimitedChild`: parsers of strangers' bytes in a child with limits
``scratch``      temporary folders that do not outlive the process for long
``box``          what runs inside; ``box.codec`` defines the frames
===============  =======================================================================

Other rooms use what this module exports, and by their modules `LimitedChild`, `Child`, `temporary_folder`, `hint`,
`clean`, the constants of ``libraries``, and ``box.codec`` for frames of their own.

Tested on x86-64 with Linux 6.18. The call table for aarch64 is checked against the kernel's headers and has not run.
Architectures without a table refuse to start a sealed worker.
"""

from __future__ import annotations

from grader.sandbox.errors import (
    BoxFailed,
    IsolationUnavailable,
    NotTransportable,
    ProtocolViolation,
    SandboxError,
    StudentError,
    StudentImportError,
    SubmissionError,
    WorkerDied,
    WorkerOutOfMemory,
    WorkerTimeout,
)
from grader.sandbox.host import Box, BoxSpec, ReusableBox
from grader.sandbox.launch import Isolation
from grader.sandbox.probe import ProbeReport, choose_isolation, diagnose_isolation
from grader.sandbox.worker import Handle, Worker, frame_into_box

# fmt: off
__all__ = [  # noqa: RUF022  # by what they are
    # Opening a box, and using it.
    "Box", "BoxSpec", "ReusableBox", "Worker", "Handle", "frame_into_box",
    # How much stands between a submission and this machine.
    "Isolation", "ProbeReport", "choose_isolation", "diagnose_isolation",
    # What can go wrong on this side, and on the submission's.
    "SandboxError", "BoxFailed", "IsolationUnavailable",
    "SubmissionError", "NotTransportable", "ProtocolViolation", "StudentError", "StudentImportError", "WorkerDied",
    "WorkerOutOfMemory", "WorkerTimeout",
]
# fmt: on
