// The parts of Linux's socket interface that Swift's Glibc module does not show. Static inline functions only.
#pragma once
#include <errno.h>
#include <stdint.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/sockios.h>
#include <unistd.h>

// accept4 is a GNU extension, hidden from Swift's view of the headers.
extern int accept4(int, struct sockaddr *, socklen_t *, int);

static inline int sockets_poller(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int sockets_waker(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

// Edge-triggered, both directions, registered once for the life of a connection.
static inline int sockets_watch_edges(int poller, int fd, uint64_t id) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u64 = id}};
    return epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
}

// Level-triggered reading; an exclusive watcher is woken alone when several pollers share a listening socket.
static inline int sockets_watch_level(int poller, int fd, uint64_t id, int exclusive) {
    struct epoll_event event = {.events = EPOLLIN | (exclusive ? (uint32_t)EPOLLEXCLUSIVE : 0u), .data = {.u64 = id}};
    return epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
}

static inline int sockets_unwatch(int poller, int fd) {
    struct epoll_event event = {0};
    return epoll_ctl(poller, EPOLL_CTL_DEL, fd, &event);
}

static inline int sockets_accept(int listener, struct sockaddr_storage *address) {
    socklen_t length = sizeof *address;
    return accept4(listener, (struct sockaddr *)address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// Bytes handed to the kernel that the peer has not acknowledged; -1 when unknown.
static inline int sockets_unacknowledged(int fd) {
    int count = 0;
    return ioctl(fd, SIOCOUTQ, &count) == 0 ? count : -1;
}

static inline int sockets_set_option(int fd, int level, int name, int value) {
    return setsockopt(fd, level, name, &value, sizeof value);
}

static inline void sockets_send_at_once(int fd) { sockets_set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1); }
