"""Builds the fast layers: ``python setup.py build_ext --inplace`` in this folder."""

from Cython.Build import cythonize
from setuptools import Extension, setup

setup(
    name="fast-layers",
    ext_modules=cythonize(
        Extension("im2col_cython", ["im2col_cython.pyx", "kernels.c"], extra_compile_args=["-O3"], depends=["kernels.h", "kernel_of_set.h", "kernel_body.h"])
    ),
)
