/* Compiles the inner loops for each instruction set, and finds at run time which of them the processor has.
 *
 * So one build runs on every machine and is fast on each. The rest is compiled for the oldest processor of the family: there
 * memory is what one waits for.
 */

#include "kernels.h"

#include <string.h>

#ifndef __GNUC__
#error "The kernels are written in the vector types of gcc and clang; without them the layers run in NumPy."
#endif

/* UNROLL writes out a loop over a tile. TWICE does two rounds of a long loop in one, which spares counting and moves
 * between registers. IN_ORDER keeps clang from loading all that a round needs before it uses any of it, for which there
 * are too few registers.
 */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#define TWICE
#define IN_ORDER __asm__ volatile("" ::: "memory");
#else
#define UNROLL _Pragma("GCC unroll 8")
#define TWICE _Pragma("GCC unroll 2")
#define IN_ORDER
#endif

/* A tile has at most so many rows, and one with few of them is as many vectors wide on every processor. */
#define ROWS 6
#define LOW 3
#define WIDEST 4
#define JOIN_(first, second) first##_##second
#define JOIN(first, second) JOIN_(first, second)
#define NAME(word) JOIN(JOIN(word, SET), REAL)

/* Vectors of 16 bytes: every processor with 64 bits has them. */
#define SET baseline
#define TARGET
#define BYTES 16
#define WIDE 2
#define STEPS
#include "kernel_of_set.h"

#ifdef __x86_64__
/* 16 registers of 32 bytes hold 12 sums, 2 vectors of b and a number of a. */
#define SET avx2
#define TARGET __attribute__((target("avx2,fma")))
#define BYTES 32
#define WIDE 2
#define STEPS
#include "kernel_of_set.h"

/* 32 registers of 64 bytes hold 24 sums, 4 vectors of b and a number of a. */
#define SET avx512
#define TARGET __attribute__((target("avx512f,fma")))
#define BYTES 64
#define WIDE 4
#define STEPS TWICE
#include "kernel_of_set.h"
#endif

#define KERNEL(set, bytes) \
    {#set, bytes, multiply_##set##_float, multiply_##set##_double, winograd_##set##_float, winograd_##set##_double, \
     factors_##set##_float, factors_##set##_double, gradient_##set##_float, gradient_##set##_double, \
     pool_##set##_float, pool_##set##_double, pool_back_##set##_float, pool_back_##set##_double}

const kernel *find_kernel(int number)
{
    static const kernel baseline = KERNEL(baseline, 16);
#ifdef __x86_64__
    static const kernel avx2 = KERNEL(avx2, 32), avx512 = KERNEL(avx512, 64);
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && number-- == 0) return &avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && number-- == 0) return &avx2;
#endif
    return number == 0 ? &baseline : NULL;
}
