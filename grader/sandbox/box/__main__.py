"""Start the fork server: load this folder as ``_numgrade_box`` and serve the socket named on the command line."""

import importlib.util
import os
import sys

_NAME = "_numgrade_box"


def _start(descriptor: int, view: str) -> None:
    sys.path.append(view)
    folder = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location(
        _NAME, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None and spec.loader is not None  # noqa: S101  # a spec made from a file has both
    package = importlib.util.module_from_spec(spec)
    sys.modules[_NAME] = package
    spec.loader.exec_module(package)
    importlib.import_module(f"{_NAME}.server").main(descriptor)


_start(int(sys.argv[1]), sys.argv[2])
