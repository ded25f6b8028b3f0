/* Programs: those that came with the kernel, and those in files. ELF, either way. */
#include "kernel.h"

struct elf_header {
    u8 ident[16];
    u16 type, machine;
    u32 version, entry, phoff, shoff, flags;
    u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
    u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

enum { PT_LOAD = 1, PF_WRITE = 2, ET_EXEC = 2, EM_MIPS = 8 };

/* ---- programs that came with the kernel */

/* Describes a program's segments; nothing is read before it is touched. The programs come with the
   kernel, so their headers need no suspicion. */
bool program_load(struct space *space, const struct program *program, u32 *entry) {
    const struct elf_header *header = (const struct elf_header *)program->start;
    const struct elf_segment *segment =
        (const struct elf_segment *)(program->start + header->phoff);
    u32 i;

    for (i = 0; i < header->phnum; i++, segment++) {
        struct region region = {segment->vaddr, segment->vaddr + segment->memsz,
                                (segment->flags & PF_WRITE) != 0,
                                program->start + segment->offset, segment->filesz};

        if (segment->type == PT_LOAD && segment->memsz != 0 &&
            !space_add_region(space, &region)) {
            return false;
        }
    }
    *entry = header->entry;
    return true;
}

const struct program *program_find(const char *name) {
    const struct program *program;

    for (program = programs; program->name != NULL; program++) {
        if (strcmp(program->name, name) == 0) {
            return program;
        }
    }
    return NULL;
}

/* ---- programs in files: read at once, and nothing in them is taken on trust */

static bool read_at(struct file *file, u32 offset, void *to, u32 length) {
    return file_seek(file, offset) == 0 && file_read(file, to, length) == (s32)length;
}

/* Fills a segment's pages from the file, through a page of the kernel. */
static bool read_segment(struct space *space, struct file *file, const struct elf_segment *segment,
                         u8 *buffer) {
    u32 done, bytes;

    for (done = 0; done < segment->filesz; done += bytes) {
        bytes = segment->filesz - done < PAGE_SIZE ? segment->filesz - done : PAGE_SIZE;
        if (!read_at(file, segment->offset + done, buffer, bytes) ||
            !copy_out(space, segment->vaddr + done, buffer, bytes)) {
            return false;
        }
    }
    return true;
}

static s32 load_segments(struct space *space, struct file *file, u8 *buffer, u32 *entry) {
    static const u8 wanted[6] = {0x7f, 'E', 'L', 'F', 1, 2}; /* 32 bits, big-endian */
    struct elf_header header;
    struct elf_segment segment;
    u32 i;

    if (!read_at(file, 0, &header, sizeof header) ||
        memcmp(header.ident, wanted, sizeof wanted) != 0 || header.type != ET_EXEC ||
        header.machine != EM_MIPS) {
        return -E_NOEXEC;
    }
    for (i = 0; i < header.phnum; i++) {
        struct region region = {0, 0, true, NULL, 0};
        bool ok = read_at(file, header.phoff + i * sizeof segment, &segment, sizeof segment);

        if (ok && segment.type == PT_LOAD && segment.memsz != 0) {
            region.start = segment.vaddr;
            region.end = segment.vaddr + segment.memsz;
            ok = segment.filesz <= segment.memsz && space_add_region(space, &region) &&
                 read_segment(space, file, &segment, buffer);
            if (ok && !(segment.flags & PF_WRITE)) {
                space_seal(space, space->region_count - 1);
            }
        }
        if (!ok) {
            return -E_NOEXEC;
        }
    }
    *entry = header.entry;
    return 0;
}

s32 program_load_file(struct space *space, const char *path, u32 *entry) {
    struct file *file;
    u8 *buffer;
    s32 error = file_open(path, OPEN_READ, &file);

    if (error != 0) {
        return error == -E_NODEV ? -E_NOENT : error; /* no file system: no such program */
    }
    buffer = page_take();
    error = buffer != NULL ? load_segments(space, file, buffer, entry) : -E_NOMEM;
    if (buffer != NULL) {
        page_free(buffer);
    }
    file_close(file);
    return error;
}
