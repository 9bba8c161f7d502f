/* The loops of one instruction set, for float and for double. */

#define REAL float
#define INTEGER int
#include "kernel_body.h"
#undef REAL
#undef INTEGER

#define REAL double
#define INTEGER long long
#include "kernel_body.h"
#undef REAL
#undef INTEGER

#undef SET
#undef TARGET
#undef BYTES
#undef WIDE
#undef STEPS
