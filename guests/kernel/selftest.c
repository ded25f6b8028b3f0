/* The self-test's frame: one line for each check, and the verdict. */
#include "test.h"

struct probe seen;

static const char *check_name;
static char failure[100];
static u32 passed, failed, skipped;

void check_begin(const char *name) {
    check_name = name;
    failure[0] = 0;
}

static void note(const char *text, ...) {
    va_list args;

    if (failure[0] == 0) { /* later mismatches mostly follow from the first */
        va_start(args, text);
        format(failure, sizeof failure, text, args);
        va_end(args);
    }
}

void expect(const char *what, u32 got, u32 wanted) {
    if (got != wanted) {
        note("%s is 0x%x, not 0x%x", what, got, wanted);
    }
}

void check_end(void) {
    if (failure[0] == 0) {
        passed++;
        kprintf("  ok    %s\n", check_name);
    } else {
        failed++;
        kprintf("  FAIL  %s: %s\n", check_name, failure);
        verdict_fail("selftest: %s: %s", check_name, failure);
    }
}

void check_skip(const char *name, const char *why) {
    skipped++;
    kprintf("  -     %s: %s\n", name, why);
}

u32 attempt(u32 (*function)(u32, u32), u32 a, u32 b) {
    struct thread *self = current();
    u32 result;

    memset(&seen, 0, sizeof seen);
    self->probe = &seen;
    result = probe_call(&seen, function, a, b);
    self->probe = NULL;
    return result;
}

void expect_exception(const char *what, u32 code, void *at, bool in_delay_slot) {
    if (!seen.hit) {
        note("%s: no exception", what);
        return;
    }
    if (seen.code != code) {
        note("%s: %s instead of %s", what, exception_name(seen.code), exception_name(code));
    }
    if (at != NULL && seen.epc != (u32)at) {
        note("%s: EPC is 0x%08x, not 0x%08x", what, seen.epc, (u32)at);
    }
    if (at != NULL && in_delay_slot != ((seen.cause & CAUSE_BD) != 0)) {
        note("%s: BD is %u", what, !in_delay_slot);
    }
}

bool selftest(void) {
    passed = failed = skipped = 0;
    test_cpu();
    test_tlb();
    test_kernel();
    test_devices();
    test_fs();
    test_smp();
    kprintf("selftest: %u checks passed, %u failed, %u skipped\n", passed, failed, skipped);
    return failed == 0;
}
