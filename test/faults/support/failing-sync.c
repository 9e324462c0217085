/* Makes syncs fail, as a disk that dies does, of files whose names end with FAILING_END, while the file named by FAILING_SYNC exists: those
   by the call FAILING_CALL, or by either where that is not set. The first that fails makes another file, with ".met" at its end. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(int fd) {
  const char *trigger = getenv("FAILING_SYNC"), *end = getenv("FAILING_END");
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (trigger == NULL || end == NULL || length < (ssize_t)strlen(end) || access(trigger, F_OK) != 0) {
    return 0;
  }
  path[length] = '\0';
  return strcmp(path + length - strlen(end), end) == 0;
}

static void tell(void) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s.met", getenv("FAILING_SYNC"));
  close(open(path, O_CREAT | O_WRONLY, 0600));
}

static int call(const char *name, int fd) {
  const char *wanted = getenv("FAILING_CALL");
  if ((wanted == NULL || strcmp(wanted, name) == 0) && fails(fd)) {
    tell();
    errno = EIO;
    return -1;
  }
  return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
}

int fsync(int fd) { return call("fsync", fd); }
int fdatasync(int fd) { return call("fdatasync", fd); }
