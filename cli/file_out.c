#include "cli/file_out.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"

hf_err hf_file_out(hf_cli *cli, const char *path, const hf_buf *text)
{
    const char *slash = strrchr(path, '/');
    char folder[4096] = ".";
    if (slash) {
        size_t n = slash == path ? 1 : (size_t)(slash - path);
        if (n >= sizeof folder) return HF_E_IO;
        memcpy(folder, path, n);
        folder[n] = '\0';
    }
    errno = 0;
    hf_err err = hf_file_write(folder, slash ? slash + 1 : path, text->text, text->length);
    if (err == HF_OK) return HF_OK;
    hf_cli_message(cli, "%s cannot be written: %s", path, errno ? strerror(errno) : hf_err_text(err));
    cli->told = true;
    return err;
}

hf_err hf_file_out_all(hf_cli *cli, const char *path)
{
    hf_buf all = cli->out;
    cli->out = (hf_buf){0};
    hf_err err = hf_file_out(cli, path, &all);
    hf_buf_done(&all);
    return err;
}
