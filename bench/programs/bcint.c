/* An interpreter for a small stack machine: one switch in a loop, indirect jumps. */
#include "bench.h"

const char bench_name[] = "bcint";

enum { PUSH, LOAD, STORE, ADD, SUB, MUL, AND, SHR, DUP, DROP, JUMP, JZERO, LESS, PEEK, POKE, HALT };

/*
 * Sum of the lengths of the Collatz sequences from n = 1 up to LIMIT - 1, memory[n & 63] counting
 * them.  Locals: 0 n, 1 x, 2 steps, 3 total.
 */
#define LIMIT 420
static const u16 code[] = {
    /*  0 */ PUSH, 1, STORE, 0, PUSH, 0, STORE, 3,
    /*  8 */ LOAD, 0, PUSH, LIMIT, LESS, JZERO, 76,
    /* 15 */ LOAD, 0, STORE, 1, PUSH, 0, STORE, 2,
    /* 23 */ PUSH, 1, LOAD, 1, LESS, JZERO, 55,
    /* 30 */ LOAD, 2, PUSH, 1, ADD, STORE, 2,
    /* 37 */ LOAD, 1, DUP, PUSH, 1, AND, JZERO, 50,
    /* 45 */ PUSH, 3, MUL, JUMP, 80,
    /* 50 */ PUSH, 1, SHR, JUMP, 83,
    /* 55 */ LOAD, 0, PUSH, 63, AND, DUP, PEEK, LOAD, 2, ADD, POKE,
    /* 66 */ LOAD, 3, LOAD, 2, ADD, STORE, 3, JUMP, 87, HALT,
    /* 76 */ LOAD, 3, HALT, HALT,
    /* 80 */ PUSH, 1, ADD,
    /* 83 */ STORE, 1, JUMP, 23,
    /* 87 */ LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, 8,
};

static u32 memory[64];
static u32 executed;

static NOINLINE u32 interpret(const u16 *program)
{
    u32 stack[16], local[4] = {0, 0, 0, 0};
    u32 *sp = stack; /* points above the top */
    const u16 *pc = program;
    u32 n = 0;
    for (;;) {
        n++;
        switch (*pc++) {
        case PUSH: *sp++ = *pc++; break;
        case LOAD: *sp++ = local[*pc++]; break;
        case STORE: local[*pc++] = *--sp; break;
        case ADD: sp--; sp[-1] += *sp; break;
        case SUB: sp--; sp[-1] -= *sp; break;
        case MUL: sp--; sp[-1] *= *sp; break;
        case AND: sp--; sp[-1] &= *sp; break;
        case SHR: sp--; sp[-1] >>= *sp; break;
        case DUP: *sp = sp[-1]; sp++; break;
        case DROP: sp--; break;
        case JUMP: pc = program + *pc; break;
        case JZERO: pc = *--sp ? pc + 1 : program + *pc; break;
        case LESS: sp--; sp[-1] = sp[-1] < *sp; break;
        case PEEK: sp[-1] = memory[sp[-1]]; break;
        case POKE: sp -= 2; memory[sp[0]] = sp[1]; break;
        default: executed = n; return sp[-1];
        }
    }
}

void bench_setup(void) {}

u32 bench_lap(void)
{
    u32 hash = HASH_START;
    for (u32 i = 0; i < 64; i++)
        memory[i] = 0;
    hash = mix(hash, interpret(code));
    hash = mix(hash, executed);
    for (u32 i = 0; i < 64; i++)
        hash = mix(hash, memory[i]);
    return hash;
}
