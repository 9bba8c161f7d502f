"""What NumPy called otherwise when students wrote their answers: the kit allows an older one than grades."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

FORMER: Final = {
    "NINF": "-np.inf",
    **dict.fromkeys(("Inf", "Infinity", "infty", "PINF"), "np.inf"),
    **dict.fromkeys(("complex_", "cfloat"), "np.complex128"),
    **dict.fromkeys(("longcomplex", "clongfloat"), "np.clongdouble"),
    **{
        "NaN": "np.nan",
        "float_": "np.float64",
        "longfloat": "np.longdouble",
        "singlecomplex": "np.complex64",
    },
    **{"unicode_": "np.str_", "string_": "np.bytes_", "mat": "np.asmatrix", "msort": "np.sort"},
    **{"product": "np.prod", "cumproduct": "np.cumprod", "sometrue": "np.any", "alltrue": "np.all"},
    **{"round_": "np.round", "trapz": "np.trapezoid", "in1d": "np.isin", "row_stack": "np.vstack"},
    "asfarray": "np.asarray",
}
"""What NumPy 1.26 had and the version here may lack: what stands for it today."""

FORMER_NOTE: Final = "knew NumPy's {name} under its name of today"

_NOT_JUST_RENAMED: Final[dict[str, Any]] = {
    "NINF": -np.inf,
    "msort": lambda a: np.sort(a, axis=0),
    "in1d": lambda *arguments, **named: np.isin(*arguments, **named).ravel(),
    "asfarray": lambda a, dtype=np.float64: np.asarray(a, dtype),
}


class FormerNames:
    """Gives what NumPy has under other names now to a submission that was written with an older one.

    Attributes
    ----------
    notes
        One sentence for each name that was asked for.
    """

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._newer = np.__getattr__

    def install(self) -> None:
        """Be asked for names that NumPy lacks, before it says that it does."""
        np.__dict__["__getattr__"] = self.get

    def get(self, name: str) -> Any:
        """Return what NumPy called `name` once; else what it says of it now."""
        if name not in FORMER:
            return self._newer(name)
        note = FORMER_NOTE.format(name=name)
        if note not in self.notes:
            self.notes.append(note)
        return (
            _NOT_JUST_RENAMED[name]
            if name in _NOT_JUST_RENAMED
            else getattr(np, FORMER[name].removeprefix("np."))
        )
