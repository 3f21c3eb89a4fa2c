/* Brings requests to one warm Hearth on a host that lets you run no service: as a CGI program, and as what
 * mod_fcgid starts. Starts Hearth where none runs. Build it into the folder that the web server calls:
 *
 *   cc -O2 -DHEARTH_COMMAND='"/home/you/hearth/bin/hearth"' -DHEARTH_DATA='"/home/you/hearth/data"' \
 *      -o hearth.cgi relay.c
 *
 * The variables HEARTH_COMMAND, HEARTH_DATA and HEARTH_IDLE_EXIT of its environment come before what was built in.
 * Called by the name *.fcgi or *.cgi: what file descriptor 0 is tells which of the two it is (FastCGI 1.0, 2.2).
 * Called by a person, `hearth.cgi --stop` ends the Hearth that runs, and returns when it has ended. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef HEARTH_COMMAND
#define HEARTH_COMMAND "/opt/hearth/bin/hearth"
#endif
#ifndef HEARTH_DATA
#define HEARTH_DATA "/var/lib/hearth"
#endif
#ifndef HEARTH_IDLE_EXIT
#define HEARTH_IDLE_EXIT "10m"
#endif

enum { BEGIN_REQUEST = 1, END_REQUEST = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, STDERR = 7, GET_VALUES = 9 };
enum { HEADER = 8, LONGEST = 65528 };
enum { WORKERS_LOCK = 3 }; /* its file descriptor in Hearth's process */
enum { LONGEST_END = 120 }; /* seconds that a process may take to finish what it has begun */

extern char **environ;

static const char *setting(const char *name, const char *built_in) {
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : built_in;
}

static void fail(const char *what) {
    fprintf(stderr, "hearth relay: %s: %s\n", what, strerror(errno));
}

static void write_all(int to, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t count = write(to, bytes, length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) exit(1); /* the web server has gone */
        bytes += count;
        length -= (size_t) count;
    }
}

/* ---- Hearth itself ------------------------------------------------------------------------------------------ */

static struct sockaddr_un address(void) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int length = snprintf(at.sun_path, sizeof at.sun_path, "%s/relay.sock", setting("HEARTH_DATA", HEARTH_DATA));
    if (length >= (int) sizeof at.sun_path) {
        fprintf(stderr, "hearth relay: the path of the data folder is too long for a socket in it\n");
        exit(1);
    }
    return at;
}

static int try_connect(void) {
    struct sockaddr_un at = address();
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *) &at, sizeof at) == 0) return fd;
    close(fd);
    return -1;
}

/* What Hearth may know of the environment of a request: nothing that a client has sent. */
static char **clean_environment(void) {
    static const char *const kept[] = {"HEARTH_", "HOME=", "JAVA_HOME=", "LANG=", "PATH=", "TZ=", "USER="};
    size_t count = 0;
    while (environ[count] != NULL) count++;
    char **clean = calloc(count + 2, sizeof *clean);
    if (clean == NULL) _exit(1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
            if (strncmp(environ[i], kept[k], strlen(kept[k])) == 0 && strncmp(environ[i], "HEARTH_COMMAND=", 15) != 0
                && strncmp(environ[i], "HEARTH_IDLE_EXIT=", 17) != 0)
                clean[n++] = environ[i];
    if (getenv("PATH") == NULL) clean[n++] = "PATH=/usr/local/bin:/usr/bin:/bin";
    return clean;
}

/* A file in the data folder. */
static const char *in_data(const char *name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", setting("HEARTH_DATA", HEARTH_DATA), name);
    return path;
}

/* ---- Which process it is ------------------------------------------------------------------------------------ */

/* The number of the process that serves, in a file which that process keeps locked for as long as it lives: the number
 * of one that is gone is never taken for another's. */
static int open_pid_file(void) {
    int file = open(in_data("relay.pid"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) fail(in_data("relay.pid"));
    return file;
}

/* One looks, starts or ends at a time. */
static int take_turn(int create) {
    int locked = open(in_data("relay.lock"), O_RDWR | create | O_CLOEXEC, 0600);
    if (locked >= 0 && flock(locked, LOCK_EX) == 0) return locked;
    if (create != 0 || errno != ENOENT) fail(in_data("relay.lock"));
    if (locked >= 0) close(locked);
    return -1;
}

static int is_free(int pid_file) {
    return flock(pid_file, LOCK_EX | LOCK_NB) == 0;
}

static pid_t read_pid(int pid_file) {
    char digits[24] = "";
    return pread(pid_file, digits, sizeof digits - 1, 0) > 0 ? (pid_t) atol(digits) : 0;
}

/* Waits until the process that keeps the file has ended. */
static int await_end(int pid_file, int seconds) {
    for (int tries = 0; tries < 100 * seconds; tries++) {
        if (is_free(pid_file)) return 1;
        poll(NULL, 0, 10);
    }
    return is_free(pid_file);
}

/* One sentence for the operator, where also Hearth writes. */
static void log_line(pid_t pid, const char *sentence) {
    char line[512];
    time_t now = time(NULL);
    size_t length = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    snprintf(line + length, sizeof line - length, " hearth relay: process %ld %s\n", (long) pid, sentence);
    int log = open(in_data("relay.log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0 || write(log, line, strlen(line)) < 0) fail(in_data("relay.log"));
    if (log >= 0) close(log);
}

/* Nobody can connect. Where a Hearth runs all the same, and for longer than an end takes, the file of its socket was
 * deleted or replaced: it would keep the database from the next one, so it ends first. */
static int end_unreachable(int pid_file) {
    if (await_end(pid_file, 1)) return 1;
    pid_t pid = read_pid(pid_file);
    log_line(pid, "has lost its socket, relay.sock was deleted or replaced: it is told to end, and another is started");
    if (pid > 1) kill(pid, SIGTERM);
    if (await_end(pid_file, LONGEST_END)) return 1;
    log_line(pid, "does not end, so no other can be started");
    return 0;
}

/* What `hearth.cgi --stop` does. Makes no file: the next request may be another user's. */
static int stop_hearth(void) {
    int turn = take_turn(0);
    if (turn < 0 && errno != ENOENT) return 1;
    int pid_file = open(in_data("relay.pid"), O_RDWR | O_CLOEXEC);
    if (pid_file < 0 && errno != ENOENT) {
        fail(in_data("relay.pid"));
        return 1;
    }
    if (pid_file < 0 || is_free(pid_file)) {
        printf("no Hearth runs that the relay has started for %s\n", setting("HEARTH_DATA", HEARTH_DATA));
        return 0;
    }
    pid_t pid = read_pid(pid_file);
    if (pid <= 1 || kill(pid, SIGTERM) != 0) {
        fail("the process cannot be told to end");
        return 1;
    }
    int ended = await_end(pid_file, LONGEST_END);
    printf(ended ? "process %ld has ended\n" : "process %ld still finishes what it has begun\n", (long) pid);
    return !ended;
}

/* ---- Its start ---------------------------------------------------------------------------------------------- */

static void become_hearth(int listening, int pid_file) {
    const char *data = setting("HEARTH_DATA", HEARTH_DATA);
    const char *command = setting("HEARTH_COMMAND", HEARTH_COMMAND);
    int out = open(in_data("relay.log"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (out < 0) out = open("/dev/null", O_WRONLY);
    dup2(listening, 0);
    dup2(out, 1);
    dup2(out, 2);
    if (chdir(data) != 0) fail(data); /* hearth.toml may lie there */
    dup2(pid_file, WORKERS_LOCK);
    fcntl(WORKERS_LOCK, F_SETFD, 0);
    for (int fd = WORKERS_LOCK + 1; fd < 1024; fd++) close(fd); /* the web server's logs and pipes */
    signal(SIGPIPE, SIG_DFL);
    char *const words[] = {(char *) command, "serve", "--listen", "fd:0", "--http", "off", "--data", (char *) data,
        "--idle-exit", (char *) setting("HEARTH_IDLE_EXIT", HEARTH_IDLE_EXIT), NULL};
    execve(command, words, clean_environment());
    fail(command);
    _exit(127);
}

static int listen_anew(void) {
    struct sockaddr_un at = address();
    unlink(at.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t before = umask(077);
    int bound = fd < 0 ? -1 : bind(fd, (struct sockaddr *) &at, sizeof at);
    umask(before);
    if (bound != 0 || listen(fd, 1024) != 0) {
        fail(at.sun_path);
        exit(1);
    }
    return fd;
}

/* Starts Hearth, which keeps the lock on the file with its number. Gives a connection to it. */
static int start(int pid_file) {
    int listening = listen_anew();
    pid_t child = fork();
    if (child == 0) {
        setsid(); /* outlives the request, and what the web server does to the processes of one */
        pid_t hearth = fork();
        if (hearth == 0) become_hearth(listening, pid_file);
        if (ftruncate(pid_file, 0) != 0 || dprintf(pid_file, "%ld\n", (long) hearth) < 0) fail("relay.pid");
        _exit(0);
    }
    waitpid(child, NULL, 0);
    int fd = try_connect();
    close(listening);
    return fd;
}

/* A connection to the socket. Where none listens, Hearth is started: the lock makes it one, also when many requests
 * come at once, and since the socket is there before the JVM, each of them simply waits in its queue. */
static int connect_or_start(int *started) {
    int fd = try_connect();
    if (fd >= 0) return fd;
    mkdir(setting("HEARTH_DATA", HEARTH_DATA), 0711);
    int turn = take_turn(O_CREAT);
    if (turn < 0) return -1;
    fd = try_connect();
    if (fd < 0) {
        int pid_file = open_pid_file();
        if (pid_file >= 0 && end_unreachable(pid_file)) {
            fd = start(pid_file);
            *started = 1;
        }
        if (pid_file >= 0) close(pid_file);
    }
    close(turn);
    return fd;
}

/* Whether a process takes this connection: asks for no values, which is answered at once by none (FastCGI 1.0, 4.1).
 * The socket of one that ends takes connections to its last moment, and nobody reads them. */
static int is_taken(int hearth) {
    static const char question[HEADER] = {1, GET_VALUES};
    char answer[HEADER];
    if (send(hearth, question, HEADER, MSG_NOSIGNAL) != HEADER) return 0;
    for (size_t come = 0; come < HEADER;) {
        ssize_t count = read(hearth, answer + come, HEADER - come);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 0;
        come += (size_t) count;
    }
    return 1;
}

/* The process that made the socket at the other end, which tells one Hearth's from the next one's. */
static pid_t maker(int hearth) {
    struct ucred peer = {0};
    socklen_t length = sizeof peer;
    return getsockopt(hearth, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 ? peer.pid : 0;
}

/* A connection that Hearth has taken: one that ends is waited for, and the next one started. */
static int reach_hearth(void) {
    pid_t ending = -1;
    for (int tries = 0; tries < 500; tries++) {
        int started = 0, fd = connect_or_start(&started);
        if (fd < 0) return -1;
        pid_t by = maker(fd);
        if (is_taken(fd)) return fd;
        close(fd);
        if (started || (ending != -1 && by != ending)) return -1; /* it cannot start: relay.log says why */
        ending = by;
        poll(NULL, 0, 10);
    }
    return -1;
}

/* ---- mod_fcgid: bytes to and fro ---------------------------------------------------------------------------- */

/* One way of a connection: false when it has ended. */
static int pass_on(int from, int to) {
    static char bytes[65536];
    ssize_t count = read(from, bytes, sizeof bytes);
    if (count <= 0) return 0;
    for (ssize_t done = 0; done < count;) {
        ssize_t written = send(to, bytes + done, (size_t) (count - done), MSG_NOSIGNAL);
        if (written < 0) return 0;
        done += written;
    }
    return 1;
}

/* mod_fcgid gives a process one request at a time: this one is small, there may be many, and one JVM serves all. */
static int relay_connections(void) {
    for (;;) {
        int web = accept4(0, NULL, NULL, SOCK_CLOEXEC);
        if (web < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
        if (web < 0) return 1;
        int hearth = reach_hearth();
        struct pollfd both[2] = {{.fd = web, .events = POLLIN}, {.fd = hearth, .events = POLLIN}};
        while (hearth >= 0 && (poll(both, 2, -1) > 0 || errno == EINTR)) {
            if (both[1].revents != 0 && !pass_on(hearth, web)) break;
            if (both[0].revents != 0 && !pass_on(web, hearth)) break;
        }
        if (hearth >= 0) close(hearth);
        close(web);
    }
}

/* ---- CGI: one request, as records --------------------------------------------------------------------------- */

struct buffer {
    char *bytes;
    size_t length, room;
};

static char *more(struct buffer *to, size_t length) {
    if (to->length + length > to->room) {
        to->room = 2 * (to->length + length);
        to->bytes = realloc(to->bytes, to->room);
        if (to->bytes == NULL) exit(1);
    }
    to->length += length;
    return to->bytes + to->length - length;
}

static void add_record(struct buffer *to, int type, const char *content, size_t length) {
    char *at = more(to, HEADER + length);
    char header[HEADER] = {1, (char) type, 0, 1, (char) (length >> 8), (char) length, 0, 0};
    memcpy(at, header, HEADER);
    if (length > 0) memcpy(at + HEADER, content, length);
}

static void add_length(struct buffer *to, size_t length) {
    if (length < 128) {
        *more(to, 1) = (char) length;
    } else {
        char *at = more(to, 4);
        at[0] = (char) (length >> 24 | 0x80);
        at[1] = (char) (length >> 16);
        at[2] = (char) (length >> 8);
        at[3] = (char) length;
    }
}

static void add_variables(struct buffer *to) {
    struct buffer pairs = {0};
    for (char **each = environ; *each != NULL; each++) {
        char *equals = strchr(*each, '=');
        if (equals == NULL || strncmp(*each, "HEARTH_", 7) == 0) continue;
        size_t name = (size_t) (equals - *each), value = strlen(equals + 1);
        add_length(&pairs, name);
        add_length(&pairs, value);
        memcpy(more(&pairs, name), *each, name);
        memcpy(more(&pairs, value), equals + 1, value);
    }
    for (size_t done = 0; done < pairs.length;) {
        size_t part = pairs.length - done < LONGEST ? pairs.length - done : LONGEST;
        add_record(to, PARAMS, pairs.bytes + done, part);
        done += part;
    }
    add_record(to, PARAMS, NULL, 0);
    free(pairs.bytes);
}

static int sent_a_byte; /* of the answer */
static int took_body;   /* from standard input, and cannot take it again */

/* How much of standard input is the body: to its end where the web server does not say, but says that there is one. */
static long long body_length(void) {
    const char *announced = setting("CONTENT_LENGTH", "");
    if (*announced != '\0') return atoll(announced) > 0 ? atoll(announced) : 0;
    return *setting("HTTP_TRANSFER_ENCODING", "") != '\0' ? -1 : 0;
}

/* Sends what waits, as far as it goes: false where Hearth takes no more. */
static int send_some(int hearth, struct buffer *waiting, size_t *done) {
    ssize_t count = send(hearth, waiting->bytes + *done, waiting->length - *done, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno != EAGAIN && errno != EINTR) return 0;
    if (count > 0) *done += (size_t) count;
    if (*done == waiting->length) *done = waiting->length = 0;
    return 1;
}

/* Takes the next part of the body. */
static void read_some(struct buffer *waiting, long long *left) {
    static char body[LONGEST];
    size_t wanted = *left < 0 || *left > LONGEST ? LONGEST : (size_t) *left;
    ssize_t count = read(0, body, wanted);
    if (count < 0 && errno == EINTR) return;
    took_body = 1;
    if (count <= 0) {
        *left = 0; /* shorter than announced: Hearth sees it, and refuses */
        add_record(waiting, STDIN, NULL, 0);
        return;
    }
    add_record(waiting, STDIN, body, (size_t) count);
    if (*left > 0) *left -= count;
    if (*left == 0) add_record(waiting, STDIN, NULL, 0);
}

/* Takes whole records out of what has come: the exit code where the request has ended, -1 where it goes on. */
static int take_records(struct buffer *come) {
    size_t at = 0;
    while (come->length - at >= HEADER) {
        unsigned char *header = (unsigned char *) come->bytes + at;
        size_t content = (size_t) header[4] << 8 | header[5], whole = HEADER + content + header[6];
        if (come->length - at < whole) break;
        char *bytes = come->bytes + at + HEADER;
        if (header[1] == STDOUT && content > 0) {
            sent_a_byte = 1;
            write_all(1, bytes, content);
        } else if (header[1] == STDERR && content > 0) {
            write_all(2, bytes, content);
        } else if (header[1] == END_REQUEST) {
            return bytes[3] == 0 ? 0 : 1;
        }
        at += whole;
    }
    memmove(come->bytes, come->bytes + at, come->length - at);
    come->length -= at;
    return -1;
}

/* One try: the exit code, or -1 where Hearth went away before it answered. */
static int ask(int hearth) {
    struct buffer waiting = {0}, come = {0};
    size_t done = 0;
    long long left = body_length();
    static const char responder[8] = {0, 1};
    add_record(&waiting, BEGIN_REQUEST, responder, sizeof responder);
    add_variables(&waiting);
    if (left == 0) add_record(&waiting, STDIN, NULL, 0);
    int takes = 1;
    for (;;) {
        int writes = takes && waiting.length > 0;
        int reads = takes && waiting.length == 0 && left != 0;
        struct pollfd both[2] = {
            {.fd = hearth, .events = (short) (POLLIN | (writes ? POLLOUT : 0))},
            {.fd = reads ? 0 : -1, .events = POLLIN}};
        if (poll(both, 2, -1) < 0 && errno != EINTR) return -1;
        if (writes && (both[0].revents & POLLOUT)) takes = send_some(hearth, &waiting, &done);
        if (reads && both[1].revents != 0) read_some(&waiting, &left);
        if (both[0].revents & (POLLIN | POLLHUP | POLLERR)) {
            ssize_t count = read(hearth, more(&come, 65536), 65536);
            come.length -= 65536 - (size_t) (count > 0 ? count : 0);
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) return -1;
            int code = take_records(&come);
            if (code >= 0) return code;
        }
    }
}

static int relay_request(void) {
    const char *method = setting("REQUEST_METHOD", "");
    int safe = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    for (int tries = 0; tries < 2; tries++) {
        int hearth = reach_hearth();
        if (hearth < 0) break;
        int code = ask(hearth);
        close(hearth);
        if (code >= 0) return code;
        /* What may have changed something is not asked again. */
        if (sent_a_byte || took_body || !safe) break;
    }
    if (!sent_a_byte)
        printf("Status: 503 Service Unavailable\r\nContent-Type: text/plain\r\nRetry-After: 5\r\n\r\n"
               "Hearth cannot be reached, or ended before it had answered.\n");
    return 1;
}

/* A web server may start its programs with some of these closed: the connection to Hearth would take their place, and
 * be read as the body or have a message written into it. */
static void open_standard_streams(void) {
    int fd;
    do fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd < 3);
    close(fd);
}

/* What stands behind the question mark of a URL becomes words of a CGI program (RFC 3875, 4.4): those are a client's. */
static int is_called_by_person(int listens) {
    return !listens && getenv("GATEWAY_INTERFACE") == NULL && getenv("REQUEST_METHOD") == NULL;
}

int main(int count, char **words) {
    struct sockaddr_un peer;
    socklen_t length = sizeof peer;
    signal(SIGPIPE, SIG_IGN);
    open_standard_streams();
    int listens = getpeername(0, (struct sockaddr *) &peer, &length) != 0 && errno == ENOTCONN;
    if (is_called_by_person(listens) && count == 2 && strcmp(words[1], "--stop") == 0) return stop_hearth();
    if (listens) return relay_connections();
    return relay_request();
}
