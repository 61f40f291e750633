// A disk whose commits take time: fsync and fdatasync do their work and then sleep for BATON_COMMIT_US microseconds.
//
// Loaded by LD_PRELOAD into `baton serve` and `baton bench store` alike. A virtual disk may answer in microseconds what a
// disk that keeps its promise takes a millisecond or two for; on such a one grouping of commits is what counts.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int after(const char *name, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int result = real(file);
    const char *wanted = getenv("BATON_COMMIT_US");
    long microseconds = wanted ? atol(wanted) : 0;
    struct timespec pause = {microseconds / 1000000, microseconds % 1000000 * 1000};
    while (microseconds > 0 && nanosleep(&pause, &pause) != 0) {}
    return result;
}

int fsync(int file) { return after("fsync", file); }
int fdatasync(int file) { return after("fdatasync", file); }
