/* Mutexes: for whoever may have to wait long, because the holder may sleep, for a disk say. */
#include "kernel.h"

void mutex_lock(struct mutex *mutex) {
    u32 irqs = spin_lock(&mutex->lock);

    while (mutex->owner != NULL) {
        sleep_on(mutex, &mutex->lock, 0);
    }
    mutex->owner = cpus[cpu_number()].thread;
    spin_unlock(&mutex->lock, irqs);
}

void mutex_unlock(struct mutex *mutex) {
    u32 irqs = spin_lock(&mutex->lock);

    mutex->owner = NULL;
    wake_up(mutex);
    spin_unlock(&mutex->lock, irqs);
}
