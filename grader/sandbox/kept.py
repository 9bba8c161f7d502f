"""Keep one box for many submissions, one after the other: starting it costs more than most submissions do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.course.limits import Limits
from grader.sandbox.host import Box
from grader.sandbox.isolation import Isolation
from grader.sandbox.scratch import temporary_folder
from grader.sandbox.spec import BoxSpec


class KeptBox:
    """A box that is opened when first needed, shown one submission at a time, and opened anew after a fault.

    The fork server never runs student code, and the workers of a submission are gone before the next is shown, so
    two submissions share nothing but the memory of NumPy. Use it from one thread.

    Attributes
    ----------
    stages
        Where submissions must be staged; the box sees nothing else of them. Whoever stages one removes it. Boxes
        that show the same submissions share them.
    """

    def __init__(
        self,
        isolation: Isolation,
        limits: Limits,
        spec: BoxSpec | None = None,
        stages: Path | None = None,
    ) -> None:
        self._isolation = isolation
        self._limits = limits
        self._home = None if stages else temporary_folder("stages-")
        self.stages = stages or Path(self._home.name if self._home else "")
        self.stages.chmod(0o755)  # the box runs as another user and must be able to enter
        self._spec = replace(spec or BoxSpec(), stages=self.stages)
        self._box: Box | None = None

    @property
    def pid(self) -> int:
        """Process number of the present box, 0 when there is none."""
        return 0 if self._box is None else self._box.pid

    @contextmanager
    def showing(self, roots: Mapping[str, Path]) -> Iterator[Box]:
        """Yield the box with `roots` to fork workers in; end them afterwards.

        Raises
        ------
        BoxFailed
            The box does not start or does not do its work. The next submission gets a new one.
        """
        box = self._box or Box.open(self._spec, self._isolation, self._limits)
        self._box = box
        try:
            box.show(roots)
            yield box
            box.show({})
        except BaseException:
            self._drop()
            raise

    def close(self) -> None:
        """End the box, and remove the stages unless they are another's."""
        self._drop()
        if self._home is not None:
            self._home.cleanup()

    def _drop(self) -> None:
        if self._box is not None:
            self._box.close()
            self._box = None
