/* What the parts of the self-test share. */
#ifndef TEST_H
#define TEST_H

#include "kernel.h"

/* A check is one line of output: begin, any number of expectations, end. */
void check_begin(const char *name);
void expect(const char *what, u32 got, u32 wanted);
void check_end(void);
void check_skip(const char *name, const char *why);

/* Calls function(a, b), which may raise one exception; what the CPU said is then in *seen*. */
u32 attempt(u32 (*function)(u32, u32), u32 a, u32 b);
extern struct probe seen;
/* Expects that the last attempt raised this exception, at this instruction. */
void expect_exception(const char *what, u32 code, void *at, bool in_delay_slot);

void test_cpu(void);
void test_tlb(void);
void test_kernel(void);
void test_devices(void);
void test_fs(void);
void test_smp(void);

/* Instructions under test, in test_ops.S. Arguments are a0, a1; the result is v0. */
typedef u32 op(u32 a, u32 b);

op op_add, op_addi_1, op_addu, op_sub, op_subu, op_and, op_or, op_xor, op_nor, op_slt, op_sltu,
    op_sllv, op_srlv, op_srav, op_sll_31, op_srl_31, op_sra_31, op_addiu_min, op_slti_min,
    op_sltiu_max, op_andi_max, op_ori_max, op_xori_max, op_lui;
op op_mult_hi, op_mult_lo, op_multu_hi, op_multu_lo, op_div_hi, op_div_lo, op_divu_hi, op_divu_lo;
op op_lw, op_lh, op_lhu, op_lb, op_lbu, op_sw, op_sh, op_sb, op_lwl, op_lwr, op_swl, op_swr;
op op_syscall, op_reserved_special, op_reserved_opcode, op_cop1, op_cop2, op_cop3, op_jump;
op slot_taken, slot_not_taken, slot_reads_old, slot_link, slot_link_not_taken, slot_jr_register;
op fault_taken, fault_not_taken, fault_jr, fault_jal, fault_loop;
op llsc_plain, llsc_interrupted, sc_alone, soft_interrupt, count_nine;

/* The exact instruction that is expected to fault, where it is not the first one. */
extern u32 slot_link_after[], slot_link_not_taken_after[], fault_not_taken_slot[], fault_jr_at[],
    fault_jal_at[], fault_loop_at[];

#endif
