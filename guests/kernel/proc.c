/* User processes: loading a program into a fresh address space and entering user mode. */
#include "kernel.h"

#define MAX_ARGS 8

struct elf_header {
    u8 ident[16];
    u16 type, machine;
    u32 version, entry, phoff, shoff, flags;
    u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
    u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

enum { PT_LOAD = 1, PF_WRITE = 2 };

const struct program *program_find(const char *name) {
    const struct program *program;

    for (program = programs; program->name != NULL; program++) {
        if (strcmp(program->name, name) == 0) {
            return program;
        }
    }
    return NULL;
}

static bool load_segment(struct space *space, const u8 *file, const struct elf_segment *segment) {
    u32 done;

    for (done = 0; done < segment->memsz; ) {
        u32 vaddr = segment->vaddr + done;
        u32 chunk = PAGE_SIZE - vaddr % PAGE_SIZE;
        u8 *page = space_map(space, vaddr, segment->flags & PF_WRITE);

        if (page == NULL) {
            return false;
        }
        if (done < segment->filesz) {
            u32 bytes = segment->filesz - done < chunk ? segment->filesz - done : chunk;
            memcpy(page + vaddr % PAGE_SIZE, file + segment->offset + done, bytes);
        }
        done += chunk;
    }
    if (segment->vaddr + segment->memsz > space->heap_start) {
        space->heap_start = (segment->vaddr + segment->memsz + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
        space->heap_end = space->heap_start;
    }
    return true;
}

/* The programs come with the kernel, so their headers need no suspicion. */
static bool load(struct space *space, const struct program *program, u32 *entry) {
    const struct elf_header *header = (const struct elf_header *)program->start;
    const struct elf_segment *segment =
        (const struct elf_segment *)(program->start + header->phoff);
    u32 i;

    for (i = 0; i < header->phnum; i++, segment++) {
        if (segment->type == PT_LOAD && !load_segment(space, program->start, segment)) {
            return false;
        }
    }
    *entry = header->entry;
    return true;
}

/* Lays out argument strings, then argv, then the words a C function may use for its arguments. */
static bool push_arguments(struct space *space, char *words, struct trapframe *frame) {
    u8 *page = space_map(space, STACK_TOP - PAGE_SIZE, true);
    u32 argv[MAX_ARGS + 1];
    u32 argc = 0;
    u32 length = strlen(words) + 1;
    u32 at = PAGE_SIZE - ((length + 7) & ~7u);
    u32 i;

    if (page == NULL) {
        return false;
    }
    memcpy(page + at, words, length);
    for (i = 0; i < length - 1 && argc < MAX_ARGS; i++) {
        if (page[at + i] == ' ') {
            page[at + i] = 0;
        } else if (i == 0 || page[at + i - 1] == 0) {
            argv[argc++] = STACK_TOP - PAGE_SIZE + at + i;
        }
    }
    argv[argc] = 0;
    at -= sizeof argv + 4; /* keeps 8-byte alignment */
    memcpy(page + at, argv, (argc + 1) * 4);
    frame->reg[REG_A0] = argc;
    frame->reg[REG_A1] = STACK_TOP - PAGE_SIZE + at;
    frame->reg[REG_SP] = STACK_TOP - PAGE_SIZE + at - 16;
    return true;
}

static void enter_user(void *frame) {
    trap_return(frame);
}

struct thread *process_start(const char *command, const char **reason) {
    char words[128];
    char name[16];
    const struct program *program;
    struct thread *thread;
    struct trapframe *frame;
    u32 i;

    strcopy(words, command, sizeof words);
    strcopy(name, command, sizeof name);
    for (i = 0; name[i] != 0 && name[i] != ' '; i++) {
    }
    name[i] = 0;
    program = program_find(name);
    if (program == NULL) {
        *reason = "no such program";
        return NULL;
    }
    thread = thread_new(name, enter_user, NULL);
    if (thread == NULL) {
        *reason = "too many processes";
        return NULL;
    }
    frame = (struct trapframe *)((u32)thread->stack + PAGE_SIZE) - 1;
    thread->argument = frame;
    thread->space = space_new();
    /* User mode and interrupts on, as the "previous" pair that RFE will pop. */
    frame->status = IRQ_USED | ST_KUP | ST_IEP;
    if (thread->space == NULL || !load(thread->space, program, &frame->epc) ||
        !push_arguments(thread->space, words, frame)) {
        thread_abandon(thread);
        *reason = "out of memory";
        return NULL;
    }
    thread_start(thread);
    return thread;
}

u32 process_run(const char *command) {
    const char *reason;
    struct thread *thread = process_start(command, &reason);
    u32 pid, status;

    if (thread == NULL) {
        kprintf("%s: %s\n", command, reason);
        return 1;
    }
    thread_wait(thread->pid, &pid, &status);
    return status;
}
