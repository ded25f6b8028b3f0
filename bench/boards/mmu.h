/*
 * What the tiny kernel must know of its processor. Physical memory: kernel from 0 or 1 MB, two sparse
 * linear page tables, then the frames of two processes, 2 MB each.
 */
#ifndef MMU_H
#define MMU_H

#include "bench.h"

#define KSEG0 0x80000000u
#define PAGE 4096u

#ifdef MALTA
/* Two pages, 16 bytes, a pair; 4 MB a table, at multiples of 8 MB. */
#define TABLE(process) (KSEG0 + 0x00800000u + (process) * 0x00800000u)
#define TABLE_ENTRY(page) (((page) >> 1) * 16 + ((page) & 1) * 4)
#define FRAMES 0x01800000u
/* EntryLo: frame number from bit 6, cached, dirty (writable), valid */
#define ENTRY(paddr) ((paddr) >> 12 << 6 | 3 << 3 | 4 | 2)
/* Status: user mode below the exception level */
#define USER_STATUS 0x12u
#define TIMER_ENABLE 0u
#else
/* 4 bytes a page; 2 MB a table. */
#define TABLE(process) (KSEG0 + 0x00200000u + (process) * 0x00200000u)
#define TABLE_ENTRY(page) ((page) * 4)
#define FRAMES 0x00600000u
/* ENTRYLO: frame number, writable, valid */
#define ENTRY(paddr) ((paddr) | 0x400u | 0x200u)
/* STATUS: previous mode user, interrupts on */
#define USER_STATUS 0xcu
#define TIMER_ENABLE 0x8000u
#endif

void mmu_use(u32 process, u32 asid);
void mmu_flush(void);

static inline void mmu_map(u32 process, u32 page, u32 paddr)
{
    *(u32 *)(TABLE(process) + TABLE_ENTRY(page)) = ENTRY(paddr);
}

#endif
