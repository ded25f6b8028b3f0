/* Trap frames of the user-mode image's tiny kernel: the C and the assembler view of the same thing. */
#ifndef FRAME_H
#define FRAME_H

#ifndef __ASSEMBLER__
#include "bench.h"

struct frame {
    u32 reg[32]; /* r0, k0 and k1 are never stored */
    u32 hi, lo, status, cause, epc;
};
enum { V0 = 2, A0 = 4, A1 = 5, A2 = 6, SP = 29 };

#else
#define F_HI     128
#define F_LO     132
#define F_STATUS 136
#define F_CAUSE  140
#define F_EPC    144

/* Everything of the interrupted program into the frame at k0. */
        .macro  save_frame
        .irp    r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        sw      $\r, 4 * \r($k0)
        .endr
        .irp    r, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 29, 30, 31
        sw      $\r, 4 * \r($k0)
        .endr
        mfhi    $t0
        mflo    $t1
        mfc0    $t2, $12
        mfc0    $t3, $13
        mfc0    $t4, $14
        sw      $t0, F_HI($k0)
        sw      $t1, F_LO($k0)
        sw      $t2, F_STATUS($k0)
        sw      $t3, F_CAUSE($k0)
        sw      $t4, F_EPC($k0)
        .endm

/* The frame at k0 into the processor, but for EPC; STATUS still says kernel mode. */
        .macro  load_frame
        lw      $t0, F_HI($k0)
        lw      $t1, F_LO($k0)
        lw      $t2, F_STATUS($k0)
        mthi    $t0
        mtlo    $t1
        mtc0    $t2, $12
        .irp    r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        lw      $\r, 4 * \r($k0)
        .endr
        .irp    r, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 29, 30, 31
        lw      $\r, 4 * \r($k0)
        .endr
        .endm
#endif

#endif
