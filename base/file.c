#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

/* A rename lasts once its folder is on disk. */
static bool folder_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    bool done = fsync(fd) == 0;
    close(fd);
    return done;
}

hf_err hf_file_write(const char *folder, const char *name, const char *bytes, size_t length)
{
    char path[PATH_MAX], beside[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path) return HF_E_IO;
    if ((size_t)snprintf(beside, sizeof beside, "%s/.%s.XXXXXX", folder, name) >= sizeof beside) return HF_E_IO;
    int fd = mkstemp(beside);
    if (fd < 0) return HF_E_IO;
    mode_t mask = umask(0);
    umask(mask);
    bool done = fchmod(fd, 0666 & ~mask) == 0 && write_all(fd, bytes, length) && fsync(fd) == 0;
    done = close(fd) == 0 && done;
    if (done && rename(beside, path) == 0) return folder_sync(folder) ? HF_OK : HF_E_IO;
    unlink(beside);
    return HF_E_IO;
}
