/* The loops of one instruction set, for float and for double. */

#define REAL float
#include "kernel_body.h"
#undef REAL

#define REAL double
#include "kernel_body.h"
#undef REAL

#undef SET
#undef TARGET
#undef BYTES
#undef WIDE
#undef STEPS
