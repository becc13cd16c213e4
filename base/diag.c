#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"

enum { KEEP_PER_SEVERITY = 1000, TEXT_BYTES = 1024 };

struct hf_diag {
    hf_arena arena;
    hf_finding *findings;
    size_t kept, capacity;
    size_t count[3];
    const char *last_file; /* the arena copy of the file named last: most findings come in runs from one file */
};

hf_err hf_diag_new(hf_diag **ret_diag)
{
    hf_diag *diag = hf_calloc(1, sizeof *diag);
    if (!diag) return HF_E_NOMEM;
    hf_arena_init(&diag->arena);
    *ret_diag = diag;
    return HF_OK;
}

void hf_diag_free(hf_diag *diag)
{
    if (!diag) return;
    hf_arena_done(&diag->arena);
    hf_free(diag->findings);
    hf_free(diag);
}

static const char *file_copy(hf_diag *diag, const char *file)
{
    if (!file) return NULL;
    if (!diag->last_file || strcmp(diag->last_file, file) != 0) {
        const char *copy = hf_arena_strndup(&diag->arena, file, strlen(file));
        if (!copy) return NULL;
        diag->last_file = copy;
    }
    return diag->last_file;
}

/* Cuts an overlong text at a character boundary and marks the cut. */
static void text_cut(char *text)
{
    size_t end = TEXT_BYTES - 5;
    while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80) end--;
    strcpy(text + end, "...");
}

void hf_diag_add(hf_diag *diag, hf_severity severity, hf_err code, const char *file, int line, int column, const char *format, ...)
{
    if (!diag) return;
    if (diag->count[severity]++ >= KEEP_PER_SEVERITY) return;
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length >= (int)sizeof text) text_cut(text);
    const char *copy = hf_arena_strndup(&diag->arena, text, strlen(text));
    if (!copy) return;
    if (hf_grow((void **)&diag->findings, &diag->capacity, diag->kept + 1, sizeof *diag->findings) != HF_OK) return;
    diag->findings[diag->kept++] = (hf_finding){severity, code, file_copy(diag, file), line, column, copy};
}

size_t hf_diag_kept(const hf_diag *diag)
{
    return diag->kept;
}

const hf_finding *hf_diag_get(const hf_diag *diag, size_t index)
{
    return &diag->findings[index];
}

void hf_diag_set_column(hf_diag *diag, size_t index, int column)
{
    diag->findings[index].column = column;
}

size_t hf_diag_count(const hf_diag *diag, hf_severity severity)
{
    return diag->count[severity];
}
