"""The tests of the gradebook once more, on PostgreSQL: claims, keeping, migrations, several at once, judging."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType

from tests.gradebook import test_claims, test_database, test_keeping, test_together
from tests.review import test_judging

ON_A_SERVER = {"place", "book", "enter", "section", "key", "ada", "visit"}
"""The fixtures that lead to a gradebook."""


def again(*modules: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield every test that is given a gradebook or where one can be made, by its module's name and its own."""
    for module in modules:
        for name, value in vars(module).items():
            fixture = hasattr(value, "_fixture_function")
            wanted = name.startswith("test_") and ON_A_SERVER & {*inspect.signature(value).parameters}
            if wanted:
                yield f"test_{module.__name__.rpartition('_')[2]}_{name.removeprefix('test_')}", value
            elif fixture:
                yield name, value


globals().update(again(test_claims, test_database, test_keeping, test_together, test_judging))
