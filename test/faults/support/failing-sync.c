/* Makes syncs fail, as a disk that dies does, of files whose names end with FAILING_END, while the file named by FAILING_SYNC exists: those
   by the call FAILING_CALL, or by either where that is not set; with FAILING_NTH that one of them alone. Where the call is pwrite, it is what
   is written to the beginning of the file that fails. Each that fails adds a letter to another file, with ".met" at its end. With
   SLOW_SECONDS they take so long instead, and succeed. */
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
  int met = open(path, O_CREAT | O_WRONLY | O_APPEND, 0600);
  if (write(met, ".", 1) != 1) {
    abort();
  }
  close(met);
}

static int is_its_turn(void) {
  static int times = 0;
  const char *nth = getenv("FAILING_NTH");
  return nth == NULL || __sync_add_and_fetch(&times, 1) == atoi(nth);
}

static int call(const char *name, int fd) {
  const char *wanted = getenv("FAILING_CALL");
  if ((wanted == NULL || strcmp(wanted, name) == 0) && fails(fd) && is_its_turn()) {
    tell();
    const char *seconds = getenv("SLOW_SECONDS");
    if (seconds == NULL) {
      errno = EIO;
      return -1;
    }
    sleep(atoi(seconds));
  }
  return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
}

typedef ssize_t (*writing)(int, const void *, size_t, off_t);

static ssize_t write_at(const char *name, int fd, const void *bytes, size_t length, off_t offset) {
  const char *wanted = getenv("FAILING_CALL");
  if (offset == 0 && wanted != NULL && strcmp(wanted, "pwrite") == 0 && fails(fd) && is_its_turn()) {
    tell();
    errno = EIO;
    return -1;
  }
  return ((writing)dlsym(RTLD_NEXT, name))(fd, bytes, length, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return write_at("pwrite", fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  return write_at("pwrite64", fd, bytes, length, offset);
}

int fsync(int fd) { return call("fsync", fd); }
int fdatasync(int fd) { return call("fdatasync", fd); }
