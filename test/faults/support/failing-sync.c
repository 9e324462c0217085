/* Makes a sync of files fail whose names end with FAILING_END, as a disk that dies does, while the file named by FAILING_SYNC exists. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
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

static int call(const char *name, int fd) {
  if (fails(fd)) {
    errno = EIO;
    return -1;
  }
  return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
}

int fsync(int fd) { return call("fsync", fd); }
int fdatasync(int fd) { return call("fdatasync", fd); }
