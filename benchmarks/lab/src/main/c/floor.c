/*
 * The floor: one thread, one epoll set, and fixed bytes for each request. It reads no more of a request than where its
 * head ends, its path's first letter and whether the connection is to be closed. What it costs, a server can not go below.
 *
 * Arguments: the port. It stops when its standard input ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_FD 65536
#define BUFFER 16384
#define BODY 1048576

static const char plaintext[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\n"
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: floor\r\n\r\nHello, World!";
static const char last[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\nConnection: close\r\n"
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: floor\r\n\r\nHello, World!";
static const char json[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 27\r\nContent-Type: application/json\r\n"
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: floor\r\n\r\n{\"message\":\"Hello, World!\"}";
static const char bytes_head[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\nContent-Type: application/octet-stream\r\n"
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: floor\r\n\r\n";

struct connection {
  char *out;     /* what the socket has not taken yet */
  size_t size, sent;
  char *partial; /* the beginning of a head whose rest has not come yet */
  size_t kept;
  int closing;
};

static struct connection *connections[MAX_FD];
static char input[BUFFER];
static char large[sizeof bytes_head - 1 + BODY];
static int set;

static void end(int fd) {
  free(connections[fd]->out);
  free(connections[fd]->partial);
  free(connections[fd]);
  connections[fd] = NULL;
  close(fd);
}

static void append(struct connection *c, const char *bytes, size_t count) {
  c->out = realloc(c->out, c->size + count);
  if (c->out == NULL) abort();
  memcpy(c->out + c->size, bytes, count);
  c->size += count;
}

/* Returns 0 when the connection is gone. */
static int drain(int fd) {
  struct connection *c = connections[fd];
  while (c->sent < c->size) {
    ssize_t n = send(fd, c->out + c->sent, c->size - c->sent, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN) {
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.fd = fd};
        epoll_ctl(set, EPOLL_CTL_MOD, fd, &event);
        return 1;
      }
      end(fd);
      return 0;
    }
    c->sent += (size_t)n;
  }
  if (c->closing) {
    end(fd);
    return 0;
  }
  c->size = c->sent = 0;
  return 1;
}

static void answer(struct connection *c, const char *head, size_t length) {
  char path = memchr(head, '/', length) == NULL ? 0 : ((const char *)memchr(head, '/', length))[1];
  if (memmem(head, length, "Connection: close", 17) != NULL) c->closing = 1;
  if (path == 'j') append(c, json, sizeof json - 1);
  else if (path == 'b') append(c, large, sizeof large);
  else if (c->closing) append(c, last, sizeof last - 1);
  else append(c, plaintext, sizeof plaintext - 1);
}

static void readable(int fd) {
  struct connection *c = connections[fd];
  ssize_t n = recv(fd, input + c->kept, BUFFER - c->kept, 0);
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) {
    end(fd);
    return;
  }
  if (c->kept > 0) {
    memcpy(input, c->partial, c->kept);
    free(c->partial);
    c->partial = NULL;
  }
  size_t have = c->kept + (size_t)n, from = 0;
  char *stop;
  while ((stop = memmem(input + from, have - from, "\r\n\r\n", 4)) != NULL) {
    size_t next = (size_t)(stop - input) + 4;
    answer(c, input + from, next - from);
    from = next;
  }
  c->kept = have - from;
  if (c->kept == BUFFER || (c->kept > 0 && (c->partial = malloc(c->kept)) == NULL)) {
    end(fd);
    return;
  }
  if (c->kept > 0) memcpy(c->partial, input + from, c->kept);
  drain(fd);
}

int main(int count, char **arguments) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  memcpy(large, bytes_head, sizeof bytes_head - 1);
  memset(large + sizeof bytes_head - 1, 'x', BODY);

  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)(count > 1 ? atoi(arguments[1]) : 0))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4096) != 0) {
    perror("floor");
    return 1;
  }
  set = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
  epoll_ctl(set, EPOLL_CTL_ADD, listener, &event);
  event.data.fd = 0;
  epoll_ctl(set, EPOLL_CTL_ADD, 0, &event);
  for (;;) {
    int ready = epoll_wait(set, events, 256, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == 0) {
        char line[256];
        if (read(0, line, sizeof line) <= 0) return 0;
      } else if (fd == listener) {
        int client;
        while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
          if (client >= MAX_FD || (connections[client] = calloc(1, sizeof(struct connection))) == NULL) {
            close(client);
            continue;
          }
          setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
          event.events = EPOLLIN;
          event.data.fd = client;
          epoll_ctl(set, EPOLL_CTL_ADD, client, &event);
        }
      } else if (connections[fd] != NULL) {
        if (connections[fd]->sent < connections[fd]->size) {
          if (!drain(fd)) continue;
          if (connections[fd]->size == 0) {
            event.events = EPOLLIN;
            event.data.fd = fd;
            epoll_ctl(set, EPOLL_CTL_MOD, fd, &event);
          }
        } else {
          readable(fd);
        }
      }
    }
  }
}
