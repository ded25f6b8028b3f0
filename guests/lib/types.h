/* The few types everything here shares: kernel and user programs alike. */
#ifndef TYPES_H
#define TYPES_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef signed int s32;
typedef unsigned long size_t;

typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
