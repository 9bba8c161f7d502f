"""What an author puts above an entry of the bank, by which it is found and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from grader.results import Scope

Definition = TypeVar("Definition", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class EntryMark:
    """What a decorator says of the function or class below it.

    Attributes
    ----------
    parts, scope
        Of a mistake: what must notice it, and whether that costs points.
    form
        Of a variant: a key of `grader.bank.forms.FORMS`, or empty.
    layout
        Of a variant: the layout whose names it uses; empty for those of the release.
    replaces
        The name in the solution that it stands for; empty for the one that its file is called after.
    """

    parts: tuple[str, ...] = ()
    scope: str = ""
    form: str = ""
    layout: str = ""
    replaces: str = ""

    def __call__(self, definition: Definition) -> Definition:
        """Leave the entry as it is: a bank is read, and none of its files is ever imported."""
        return definition


def mistake(*parts: str, scope: str = Scope.HOMEWORK, replaces: str = "") -> EntryMark:
    """Mark a function or class of ``mistakes/`` as a known wrong answer.

        from grader.bank import mistake
        from homework.layers import relu_backward as right_backward


        @mistake("relu_backward")
        def relu_gradient_times_input(dout, cache):
            \"\"\"The gradient of the ReLU is multiplied by the input: where it passes, its factor is one.

            A second paragraph, if there is one, tells authors why people write this.
            \"\"\"
            return right_backward(dout, cache) * cache

    In ``mistakes/relu_backward.py`` this stands for the solution's ``relu_backward``. Its own name is the mistake's,
    and the first paragraph of its docstring is the diagnosis that a student reads: symptom, place and idea, never the
    code.

    - A class with a base replaces a class in the same way.
    - What several functions make together is a class without a base, which holds each under the solution's name.
    - Imports, helpers and constants stand once in the file; each entry takes along those that it uses.

    Parameters
    ----------
    *parts
        Every part whose checks must notice it. ``*NAME`` unpacks a tuple that the file sets.
    scope
        ``"homework"``: it costs points in these parts; ``"beyond"``: it is right on the assignment's own shapes, and
        checks beyond the assignment notice it.
    replaces
        The name in the solution that it stands for, where that is not the name of the file.
    """
    return EntryMark(parts, scope=scope, replaces=replaces)


def variant(*, form: str = "", layout: str = "", replaces: str = "") -> EntryMark:
    """Mark a function or class of ``variants/`` as right but unusual: it must get full marks.

    It is written like a `mistake`. One that changes its files' form alone has no body but its docstring.

    Parameters
    ----------
    form
        What is unusual about the files as files, a key of `grader.bank.forms.FORMS` such as ``"tabs"``.
    layout
        The layout of assignment.toml whose names it uses. The gate hands it in with its files where that layout has
        them, and once all variants of one layout together.
    replaces
        The name in the solution that it stands for, where that is not the name of the file.
    """
    return EntryMark(form=form, layout=layout, replaces=replaces)
