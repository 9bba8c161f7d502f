"""Builds the fast layers: ``python setup.py build_ext --inplace`` in this folder.

Without a compiler that can build them (gcc or clang) the layers run in NumPy: a failed build is told, and is no error.
"""

import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

FAILED = (
    "\nThe fast layers could not be compiled: {error}\n"
    "Everything works without them, slower: NumPy stands in. To build them install gcc or clang and the packages\n"
    "cython and setuptools, and run this again.\n"
)


class OptionalBuild(build_ext):
    """The usual build, but a failure leaves a message in place of a traceback."""

    def run(self):
        """Build, or say why not."""
        try:
            super().run()
        except Exception as error:  # compilers and their absence fail in many ways
            print(FAILED.format(error=error), file=sys.stderr)


def extensions():
    """Return what there is to build: nothing where Cython is missing."""
    sources = ["kernels_cython.pyx", "kernels.c"]
    headers = [
        "kernels.h",
        "kernel_of_set.h",
        "kernel_body.h",
        "pool_body.h",
        "winograd_body.h",
        "winograd_gradient_body.h",
        "winograd_matrices.h",
    ]
    try:
        from Cython.Build import cythonize  # noqa: PLC0415  # its absence is no error either
    except ImportError as error:
        print(FAILED.format(error=error), file=sys.stderr)
        return []
    readable = Extension("im2col_cython", ["im2col_cython.pyx"])
    return cythonize(
        [Extension("kernels_cython", sources, extra_compile_args=["-O3"], depends=headers), readable]
    )


if __name__ == "__main__":
    setup(name="fast-layers", ext_modules=extensions(), cmdclass={"build_ext": OptionalBuild})
