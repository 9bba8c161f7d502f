/* Compiles the matrix product once for each instruction set, and finds at run time which of them the processor has.
 *
 * So one build runs on every machine and is fast on each: the rest of the extension keeps to what all processors of
 * the family can do, and gains nothing from more.
 */

#include "gemm.h"
#include <stddef.h>

#ifndef __GNUC__
#error "The kernel is written in the vector types of gcc and clang. The NumPy layers work with any compiler."
#endif

#define ROWS 6
#define JOIN_(a, b, c) a##_##b##_##c
#define JOIN(a, b, c) JOIN_(a, b, c)
#define NAME(word) JOIN(word, KERNEL, REAL)

/* Any processor: vectors of 16 bytes, which even the oldest 64-bit ones have. */
#define KERNEL baseline
#define TARGET
#define BYTES 16
#define WIDE 2
#define REAL float
#include "gemm_kernel.h"
#undef REAL
#define REAL double
#include "gemm_kernel.h"
#undef REAL
#undef KERNEL
#undef TARGET
#undef BYTES
#undef WIDE

#ifdef __x86_64__

/* 16 registers of 32 bytes: 12 sums, 2 vectors of b and a number of a. */
#define KERNEL avx2
#define TARGET __attribute__((target("avx2,fma")))
#define BYTES 32
#define WIDE 2
#define REAL float
#include "gemm_kernel.h"
#undef REAL
#define REAL double
#include "gemm_kernel.h"
#undef REAL
#undef KERNEL
#undef TARGET
#undef BYTES
#undef WIDE

/* 32 registers of 64 bytes: 24 sums, 4 vectors of b and a number of a. */
#define KERNEL avx512
#define TARGET __attribute__((target("avx512f,fma")))
#define BYTES 64
#define WIDE 4
#define REAL float
#include "gemm_kernel.h"
#undef REAL
#define REAL double
#include "gemm_kernel.h"
#undef REAL
#undef KERNEL
#undef TARGET
#undef BYTES
#undef WIDE

#endif

static const gemm_kernel baseline = {"baseline", multiply_baseline_float, multiply_baseline_double};
#ifdef __x86_64__
static const gemm_kernel avx2 = {"avx2", multiply_avx2_float, multiply_avx2_double};
static const gemm_kernel avx512 = {"avx512", multiply_avx512_float, multiply_avx512_double};
#endif

const gemm_kernel *gemm_find(int number)
{
#ifdef __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && number-- == 0) return &avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && number-- == 0) return &avx2;
#endif
    return number == 0 ? &baseline : NULL;
}
