/* A light mail sink: one thread, epoll, counts messages and forgets them. So that what is measured is the client.
 *
 *   lightsink PORT [certificate.pem]     with a certificate (chain and key in one file) it offers STARTTLS
 *
 * SIGUSR1 prints "messages bytes" on a line and starts counting anew. Offers PIPELINING, CHUNKING and SIZE.
 * Build: cc -O2 lightsink.c [-DTLS -lssl -lcrypto]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef TLS
#include <openssl/err.h>
#include <openssl/ssl.h>
static SSL_CTX *context;
#endif

#define ROOM (256 * 1024)

struct peer {
    int fd, in_data, wants_tls, out_len;
    size_t len, chunk;
    char in[ROOM], out[8192];
#ifdef TLS
    SSL *ssl;
    int shaking;
#endif
};

static volatile sig_atomic_t asked;
static unsigned long messages, bytes;

static void ask(int signal_number) { (void)signal_number; asked = 1; }

static void say(struct peer *p, const char *words) {
    size_t n = strlen(words);
    if (p->out_len + n < sizeof p->out) { memcpy(p->out + p->out_len, words, n); p->out_len += n; }
}

static void command(struct peer *p, const char *line, int offers_tls) {
    if (!strncasecmp(line, "EHLO", 4) || !strncasecmp(line, "HELO", 4))
        say(p, offers_tls ? "250-light\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-STARTTLS\r\n250 SIZE 100000000\r\n"
                          : "250-light\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 SIZE 100000000\r\n");
    else if (!strncasecmp(line, "DATA", 4)) { say(p, "354 go on\r\n"); p->in_data = 1; }
    else if (!strncasecmp(line, "BDAT", 4)) {
        p->chunk = strtoul(line + 5, NULL, 10);
        if (!p->chunk) say(p, "250 kept\r\n");
    }
    else if (!strncasecmp(line, "STARTTLS", 8)) { say(p, "220 go on\r\n"); p->wants_tls = 1; }
    else if (!strncasecmp(line, "QUIT", 4)) say(p, "221 bye\r\n");
    else say(p, "250 ok\r\n");
}

/* Consume what is complete; in a message everything up to the last bytes that may begin its end. */
static void consume(struct peer *p, int offers_tls) {
    size_t at = 0;
    while (at < p->len && !p->wants_tls) {
        char *start = p->in + at, *end;
        size_t left = p->len - at;
        if (p->chunk) {
            size_t take = left < p->chunk ? left : p->chunk;
            bytes += take;
            at += take;
            if (p->chunk -= take) break;
            messages++;
            say(p, "250 kept\r\n");
        } else if (p->in_data) {
            end = memmem(start, left, "\r\n.\r\n", 5);
            if (!end) {
                size_t keep = left < 4 ? left : 4;
                bytes += left - keep;
                at += left - keep;
                break;
            }
            bytes += end - start;
            at += end - start + 5;
            messages++;
            p->in_data = 0;
            say(p, "250 kept\r\n");
        } else {
            end = memchr(start, '\n', left);
            if (!end) break;
            *end = 0;
            command(p, start, offers_tls);
            at += end - start + 1;
        }
    }
    memmove(p->in, p->in + at, p->len - at);
    p->len -= at;
}

static long receive(struct peer *p) {
#ifdef TLS
    if (p->ssl) {
        int n = SSL_read(p->ssl, p->in + p->len, ROOM - p->len);
        if (n > 0) return n;
        int why = SSL_get_error(p->ssl, n);
        if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) { errno = EAGAIN; return -1; }
        return 0;
    }
#endif
    return read(p->fd, p->in + p->len, ROOM - p->len);
}

static void answer(struct peer *p) {
    if (!p->out_len) return;
#ifdef TLS
    if (p->ssl) { (void)!SSL_write(p->ssl, p->out, p->out_len); p->out_len = 0; return; }
#endif
    (void)!write(p->fd, p->out, p->out_len);
    p->out_len = 0;
}

/* 0 when the connection is over. */
static int attend(struct peer *p, int offers_tls) {
#ifdef TLS
    if (p->shaking) {
        int n = SSL_accept(p->ssl);
        if (n == 1) { p->shaking = 0; return 1; }
        int why = SSL_get_error(p->ssl, n);
        return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
    }
#endif
    for (;;) {
        long n = receive(p);
        if (n == 0) return 0;
        if (n < 0) return errno == EAGAIN;
        p->len += n;
        consume(p, offers_tls);
        answer(p);
#ifdef TLS
        if (p->wants_tls) {
            p->wants_tls = 0;
            p->len = 0;
            p->ssl = SSL_new(context);
            SSL_set_fd(p->ssl, p->fd);
            p->shaking = 1;
            return 1;
        }
        if (p->ssl) continue;
#endif
        return 1;
    }
}

int main(int argc, char **argv) {
    int port = atoi(argv[1]), offers_tls = argc > 2, one = 1;
#ifdef TLS
    if (offers_tls) {
        context = SSL_CTX_new(TLS_server_method());
        if (SSL_CTX_use_certificate_chain_file(context, argv[2]) != 1 ||
            SSL_CTX_use_PrivateKey_file(context, argv[2], SSL_FILETYPE_PEM) != 1)
            return 3;
    }
#else
    if (offers_tls) return 3;
#endif
    signal(SIGPIPE, SIG_IGN);
    struct sigaction act = {.sa_handler = ask};
    sigaction(SIGUSR1, &act, NULL);
    int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(door, (void *)&here, sizeof here) || listen(door, 200)) return 2;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[64];
    epoll_ctl(poll, EPOLL_CTL_ADD, door, &event);
    for (;;) {
        int n = epoll_wait(poll, events, 64, 100);
        if (asked) { asked = 0; printf("%lu %lu\n", messages, bytes); fflush(stdout); messages = bytes = 0; }
        for (int i = 0; i < n; i++) {
            struct peer *p = events[i].data.ptr;
            if (!p) {
                int fd = accept4(door, NULL, NULL, SOCK_NONBLOCK);
                if (fd < 0) continue;
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                p = calloc(1, sizeof *p);
                p->fd = fd;
                event.data.ptr = p;
                event.events = EPOLLIN;
                epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
                say(p, "220 light ESMTP\r\n");
                answer(p);
            } else if (!attend(p, offers_tls)) {
#ifdef TLS
                if (p->ssl) SSL_free(p->ssl);
#endif
                close(p->fd);
                free(p);
            }
        }
    }
}
