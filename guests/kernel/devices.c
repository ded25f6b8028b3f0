/* Devices too simple for a driver of their own: the random generator and the trace control. */
#include "kernel.h"

bool random_present(void) {
    return bus_find(DEV_RANDOM, 0) != 0;
}

u32 random_value(void) {
    return read_register(bus_find(DEV_RANDOM, 0), RANDOM_VALUE);
}

bool trace_present(void) {
    return bus_find(DEV_TRACE, 0) != 0;
}

void trace_code(u32 code) {
    write_register(bus_find(DEV_TRACE, 0), TRACE_CODE, code);
}

void trace_dump(void) {
    write_register(bus_find(DEV_TRACE, 0), TRACE_DUMP, 0);
}

void trace_stop(void) {
    write_register(bus_find(DEV_TRACE, 0), TRACE_STOP, 0);
}
