// Workers for what comes from outside: how they are started and ended, and how they give up what they do not need:
// CPU, memory, files, network, other programs.
// C, because prctl is variadic and the filter is an array of macros.
#ifndef BATON_CCONFINEMENT_SHIM_H
#define BATON_CCONFINEMENT_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// Sets the limits that no code of this process can raise again; 0 when all of them hold.
static inline int baton_limit_resources(unsigned long cpu_seconds, unsigned long memory_bytes) {
    // One second between the soft and the hard limit, so that the death shows as SIGXCPU.
    struct rlimit cpu = {cpu_seconds, cpu_seconds + 1}, memory = {memory_bytes, memory_bytes};
    struct rlimit none = {0, 0}, files = {64, 64};
    signal(SIGXFSZ, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_DUMPABLE, 0);
    return setrlimit(RLIMIT_CPU, &cpu) | setrlimit(RLIMIT_AS, &memory) | setrlimit(RLIMIT_FSIZE, &none) | setrlimit(RLIMIT_CORE, &none)
        | setrlimit(RLIMIT_NOFILE, &files);
}

// Declared here because <spawn.h> shows it only to sources that ask for GNU's additions.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

/// Starts a program whose input and output are one socket; its process id, or -1.
///
/// It gets no other open file of this process, no signal mask, and only the environment that is given.
static inline int baton_start_worker(const char *executable, char *const arguments[], char *const environment[], int socket) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t process = -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigemptyset(&none);
    int failed = posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO)
        | posix_spawn_file_actions_adddup2(&actions, socket, STDOUT_FILENO)
        | posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        | posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
        | posix_spawnattr_setsigmask(&attributes, &none) | posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    if (!failed) failed = posix_spawn(&process, executable, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failed ? -1 : process;
}

/// How a worker ended: its exit code or the signal, -1 for what does not apply, and the most memory that was resident, 0 when unknown.
struct baton_worker_exit {
    int code, signal;
    long most_resident_bytes;
};

/// Waits until a worker is dead, so that no zombie stays; it is killed when it takes longer than the patience.
static inline struct baton_worker_exit baton_await_worker(int process, int patience_milliseconds) {
    struct baton_worker_exit unknown = {-1, -1, 0}, known;
    struct rusage usage = {0}, own = {0};
    int status = 0;
    for (int waited = 0;; waited++) {
        int is_over = waited >= patience_milliseconds;
        if (is_over) kill(process, SIGKILL);
        pid_t ended = wait4(process, &status, is_over ? 0 : WNOHANG, &usage);
        if (ended == process) break;
        // Somebody else took the child away (SIGCHLD ignored): nothing more can be known.
        if (ended < 0 && errno != EINTR) return unknown;
        usleep(1000);
    }
    known.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    known.signal = WIFSIGNALED(status) ? WTERMSIG(status) : -1;
    // A child begins with its parent's high-water mark: what does not lie above it says nothing of the child.
    getrusage(RUSAGE_SELF, &own);
    known.most_resident_bytes = usage.ru_maxrss > own.ru_maxrss ? usage.ru_maxrss << 10 : 0;
    return known;
}

/// The CPU time that a process has used, in microseconds; -1 when it is gone.
static inline long baton_cpu_microseconds(int process) {
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &used) != 0) return -1;
    return used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

/// Pages of memory of a process: all, resident, of data; 0 when they could be read.
static inline int baton_memory_pages(int process, unsigned long *resident, unsigned long *data) {
    char path[48];
    unsigned long size, shared, text, library;
    if (process > 0) snprintf(path, sizeof path, "/proc/%d/statm", process);
    else snprintf(path, sizeof path, "/proc/self/statm");
    FILE *file = fopen(path, "re");
    if (!file) return -1;
    int found = fscanf(file, "%lu %lu %lu %lu %lu %lu", &size, resident, &shared, &text, &library, data);
    fclose(file);
    return found == 6 ? 0 : -1;
}

/// The memory of a process that is resident, in bytes; -1 when it cannot be read.
static inline long baton_resident_bytes(int process) {
    unsigned long resident = 0, data = 0;
    return baton_memory_pages(process, &resident, &data) == 0 ? (long)(resident * (unsigned long)sysconf(_SC_PAGESIZE)) : -1;
}

/// Lets this process take so many more bytes of data than it has already, reserved ones included; 0 when the limit holds.
static inline int baton_limit_growth(unsigned long bytes) {
    unsigned long resident = 0, data = 0;
    if (baton_memory_pages(0, &resident, &data) != 0) return -1;
    unsigned long most = data * (unsigned long)sysconf(_SC_PAGESIZE) + bytes;
    struct rlimit limit = {most, most};
    return setrlimit(RLIMIT_DATA, &limit);
}

/// Hides every file but those below `roots`, which may only be read; 0 when the kernel agreed (Linux 5.13 and later).
static inline int baton_hide_files(const char *const *roots, int count) {
    struct landlock_ruleset_attr handled = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE
            | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR
            | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO
            | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    int rules = (int)syscall(__NR_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0) return -1;
    for (int at = 0; at < count; at++) {
        struct landlock_path_beneath_attr rule = {
            .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
            .parent_fd = open(roots[at], O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (rule.parent_fd < 0) continue;  // no such folder on this machine
        (void)syscall(__NR_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
        close(rule.parent_fd);
    }
    int outcome = (int)syscall(__NR_landlock_restrict_self, rules, 0);
    close(rules);
    return outcome;
}

#if defined(__x86_64__)
#define BATON_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define BATON_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define BATON_REFUSE(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define BATON_ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
// The lower half of an argument of the call.
#define BATON_ARGUMENT(index) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * (index))

// Each of these lets other calls pass on to the next rule.
#define BATON_DENY(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BATON_REFUSE(EPERM)
// Denied when an argument has any of the bits.
#define BATON_DENY_BITS(number, index, bits) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4), BATON_ARGUMENT(index), \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, 1), BATON_REFUSE(EPERM), BATON_ALLOW
// Denied unless an argument has one of the bits.
#define BATON_NEED_BITS(number, index, bits) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4), BATON_ARGUMENT(index), \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 1, 0), BATON_REFUSE(EPERM), BATON_ALLOW
// Denied unless an argument has the value.
#define BATON_NEED_VALUE(number, index, value) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4), BATON_ARGUMENT(index), \
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 1, 0), BATON_REFUSE(EPERM), BATON_ALLOW

/// Forbids sockets, processes, signals to others and every change of the file system; 0 when the kernel agreed.
static inline int baton_forbid_system_calls(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
#ifdef BATON_ARCHITECTURE
    const unsigned writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, thread = 0x10000 /* CLONE_THREAD */;
    const unsigned self = (unsigned)getpid();
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BATON_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef __x86_64__
        // The x32 calls have numbers of their own from this bit on.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BATON_DENY(__NR_fork), BATON_DENY(__NR_vfork), BATON_DENY(__NR_creat), BATON_DENY(__NR_unlink),
        BATON_DENY(__NR_rename), BATON_DENY(__NR_mkdir), BATON_DENY(__NR_rmdir), BATON_DENY(__NR_link),
        BATON_DENY(__NR_symlink), BATON_DENY(__NR_chmod), BATON_DENY(__NR_chown), BATON_DENY_BITS(__NR_open, 1, writing),
#endif
        // glibc falls back from clone3, whose flags cannot be seen, to clone.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone3, 0, 1), BATON_REFUSE(ENOSYS),
        BATON_NEED_BITS(__NR_clone, 0, thread), BATON_DENY(__NR_execve), BATON_DENY(__NR_execveat),
        BATON_DENY(__NR_socket), BATON_DENY(__NR_socketpair), BATON_DENY(__NR_connect), BATON_DENY(__NR_bind),
        BATON_DENY(__NR_listen), BATON_DENY(__NR_accept), BATON_DENY(__NR_accept4), BATON_DENY(__NR_ptrace),
        BATON_DENY(__NR_process_vm_readv), BATON_DENY(__NR_process_vm_writev), BATON_DENY(__NR_pidfd_open),
        BATON_DENY(__NR_pidfd_send_signal), BATON_DENY(__NR_kill), BATON_DENY(__NR_tkill), BATON_DENY(__NR_rt_sigqueueinfo),
        BATON_DENY(__NR_rt_tgsigqueueinfo), BATON_NEED_VALUE(__NR_tgkill, 0, self), BATON_NEED_VALUE(__NR_prlimit64, 0, 0),
        BATON_DENY(__NR_setrlimit), BATON_DENY(__NR_unlinkat), BATON_DENY(__NR_renameat2), BATON_DENY(__NR_renameat),
        BATON_DENY(__NR_mkdirat), BATON_DENY(__NR_linkat), BATON_DENY(__NR_symlinkat), BATON_DENY(__NR_fchmodat),
        BATON_DENY(__NR_fchownat), BATON_DENY(__NR_truncate), BATON_DENY(__NR_mount), BATON_DENY(__NR_bpf),
        BATON_DENY(__NR_io_uring_setup), BATON_DENY(__NR_openat2), BATON_DENY_BITS(__NR_openat, 2, writing), BATON_ALLOW,
    };
    struct sock_fprog program = {sizeof(rules) / sizeof(rules[0]), rules};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
#else
    return -1;
#endif
}

/// Forbids to open anything at all, and memory that can be run; call it after `baton_forbid_system_calls`. 0 when the kernel agreed.
static inline int baton_forbid_files_and_code(void) {
#ifdef BATON_ARCHITECTURE
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef __x86_64__
        BATON_DENY(__NR_open),
#endif
        BATON_DENY(__NR_openat), BATON_DENY(__NR_openat2), BATON_DENY(__NR_memfd_create), BATON_DENY(__NR_name_to_handle_at),
        BATON_DENY(__NR_open_by_handle_at), BATON_DENY_BITS(__NR_mmap, 2, PROT_EXEC), BATON_DENY_BITS(__NR_mprotect, 2, PROT_EXEC),
        BATON_ALLOW,
    };
    struct sock_fprog program = {sizeof(rules) / sizeof(rules[0]), rules};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
#else
    return -1;
#endif
}
#endif
