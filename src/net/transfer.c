/* net/transfer.c - one hop in libcurl's hands: how it is asked, and what it may send back. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/task.h"

enum {
    BUFFER_BYTES = 16 << 10, /* libcurl reads at most so much at once */
    HEADERS_MAX = 200,       /* lines of a head that are kept */
    SAFETY_MS = 5000,        /* libcurl's own time-out comes after ours */
    PINNED_SECONDS = 2       /* it counts whole ones */
};

/* ---- what libcurl calls ---- */

/* ---- connections ---- */

/*
 * Whoever may have one connection to an address has no other to it, not even a kept one of another name or port. libcurl
 * finds it dead when it looks at it next.
 */
static void end_kept(Net *net, const NetAddress *address) {
    for (Socket *kept = net->sockets; kept; kept = kept->next) {
        struct sockaddr_storage room = { 0 };
        socklen_t len = sizeof room;
        NetAddress peer;
        if (memcmp(&kept->address, address, sizeof *address) == 0 &&
            getpeername(kept->fd, (struct sockaddr *)&room, &len) == 0 &&
            net_address_of_socket((struct sockaddr *)&room, &peer) &&
            memcmp(&peer, address, sizeof peer) == 0)
            (void)shutdown(kept->fd, SHUT_RDWR);
    }
}

static void forget_socket(Net *net, int fd) {
    for (Socket **link = &net->sockets; *link;) {
        Socket *known = *link;
        if (known->fd != fd) {
            link = &known->next;
            continue;
        }
        *link = known->next;
        known->next = net->spare_sockets;
        net->spare_sockets = known;
    }
}

static int know_socket(Net *net, int fd, const NetAddress *address) {
    Socket *known;

    if (fd < 0)
        return fd;
    forget_socket(net, fd);
    known = net->spare_sockets;
    if (known)
        net->spare_sockets = known->next;
    else
        known = arena_alloc(net->arena, sizeof *known);
    *known = (Socket){ .fd = fd, .address = *address, .next = net->sockets };
    net->sockets = known;
    return fd;
}

static int close_socket(void *user, curl_socket_t fd) {
    forget_socket(user, fd);
    return close(fd);
}

/* The one place where a connection outwards begins: nothing else opens a client's socket. */
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address) {
    Task *task = user;
    const struct sockaddr *to = &address->addr;
    NetAddress target;
    Net *net = task->queue->net;

    bool is_known = purpose == CURLSOCKTYPE_IPCXN && address->socktype == SOCK_STREAM &&
                    net_address_of_socket(to, &target);
    if (!is_known || !net_address_is_allowed(&target, net->opened)) {
        task->is_refused = true;
        return CURL_SOCKET_BAD;
    }
    size_t sites = task->site_count;
    if (!hosts_try_at(&net->hosts, task, &target))
        return CURL_SOCKET_BAD; /* others are there: it goes on to the next address, or comes another time */
    if (task->site_count > sites) /* libcurl would use it again without asking where it leads */
        net->lib->curl_easy_setopt(task->easy, CURLOPT_FORBID_REUSE, 1L);
    if (task->limits.host_connections == 1 && hosts_is_alone_at(&net->hosts, &target))
        end_kept(net, &target);
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    return know_socket(net, fd, &target);
}

static const Libcurl *lib_of(const Task *task) {
    return task->queue->net->lib;
}

static long info_long(const Task *task, CURLINFO what) {
    long number = 0;

    (void)lib_of(task)->curl_easy_getinfo(task->easy, what, &number);
    return number;
}

static int64_t info_size(const Task *task, CURLINFO what) {
    curl_off_t number = 0;

    (void)lib_of(task)->curl_easy_getinfo(task->easy, what, &number);
    return number;
}

static size_t stop(Task *task, NetOutcome outcome) {
    task->verdict = outcome;
    return 0; /* less than was given: libcurl ends the transfer */
}

/* One content coding at most (a body coded twice is a bomb's shape). */
static bool has_codings(const Task *task) {
    int count = 0;

    for (size_t i = 0; i < task->got.len; i++) {
        if (!str_eq(task->got.items[i].name, S("content-encoding")))
            continue;
        count += str_contains(task->got.items[i].value, S(",")) ? 2 : 1;
    }
    return count > 1;
}

static size_t end_of_head(Task *task, size_t len) {
    if (info_long(task, CURLINFO_RESPONSE_CODE) <
        200) { /* 100, 103: the head proper is still to come */
        task->got.len = 0;
        return len;
    }
    if (has_codings(task)) {
        task->response.detail = S("more than one content coding");
        return stop(task, NET_PROTOCOL);
    }
    task->has_head = true;
    task->rate_from_ms = net_now_ms();
    task->rate_from_bytes = 0;
    return len;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *user) {
    Task *task = user;
    Arena *arena = task->response.arena;
    Str line = str_trim((Str){ bytes, size * count });
    size_t colon = str_find_char(line, ':', 0);

    task->head_bytes += (int64_t)(size * count);
    if (task->head_bytes > task->limits.header_bytes)
        return stop(task, NET_TOO_LARGE);
    if (task->has_head) /* trailers are read by nobody */
        return size * count;
    if (line.len == 0)
        return end_of_head(task, size * count);
    bool is_folded = bytes[0] == ' ' || bytes[0] == '\t'; /* RFC 9112, 5.2 */
    if (is_folded || colon == SIZE_MAX || colon == 0 || task->got.len >= HEADERS_MAX)
        return size * count;
    if (str_find_char(line, '\0', 0) != SIZE_MAX)
        return stop(task, NET_PROTOCOL);
    *VEC_PUSH(arena, &task->got) =
        (NetHeader){ .name = str_lower_ascii(arena, str_slice(line, 0, colon)),
                     .value = str_dup(arena, str_trim(str_slice(line, colon + 1, line.len))) };
    return size * count;
}

int64_t transfer_wire_bytes(const Task *task) {
    return info_size(task, CURLINFO_SIZE_DOWNLOAD_T);
}

int64_t transfer_sent_bytes(const Task *task) {
    return info_size(task, CURLINFO_SIZE_UPLOAD_T);
}

static size_t cut_or_stop(Task *task, Str piece, size_t room) {
    if (!task->may_cut)
        return stop(task, NET_TOO_LARGE);
    buf_add(&task->received, str_slice(piece, 0, room));
    task->response.is_cut = true;
    return 0;
}

/* Many large bodies at once are more than memory is for: the small ones go on, a large one comes another time. */
static bool hold(Task *task, int64_t len) {
    int64_t all = atomic_fetch_add(&task->queue->held_bytes, len) + len;

    task->held_bytes += len;
    return all <= HELD_BYTES || task->held_bytes <= HELD_SHARE_BYTES;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *user) {
    Task *task = user;
    Str piece = { bytes, size * count };
    int64_t wire = transfer_wire_bytes(task), len = (int64_t)piece.len;

    task->body_bytes += len;
    /* Of a chunked body libcurl counts what it has just read only after this. */
    if (task->body_bytes / task->queue->net->ratio > wire + BUFFER_BYTES)
        return stop(task, NET_BOMB);
    if (task->body_bytes > task->limits.body_bytes || wire > task->limits.wire_bytes)
        return cut_or_stop(task, piece,
                           task->body_bytes > task->limits.body_bytes
                               ? (size_t)(task->limits.body_bytes - (task->body_bytes - len))
                               : 0);
    if (redirect_is_followed(task, info_long(task, CURLINFO_RESPONSE_CODE)))
        return piece.len;
    if (!hold(task, len))
        return stop(task, NET_BUSY);
    buf_add(&task->received, piece);
    return piece.len;
}

/* ---- how it is asked ---- */

static bool add_line(const Libcurl *lib, struct curl_slist **list, const char *line) {
    struct curl_slist *longer = lib->curl_slist_append(*list, line);

    if (longer)
        *list = longer;
    return longer != NULL;
}

/* "Name: value"; libcurl takes a header without a value only as "Name;". */
static bool add_headers(Task *task) {
    Arena *arena = task->response.arena;
    bool has_type = false, is_good = add_line(lib_of(task), &task->sent, "Expect:");

    for (size_t i = 0; i < task->header_count && is_good; i++) {
        NetHeader header = task->headers[i];
        Str line = str_format(arena, header.value.len > 0 ? "%.*s: %.*s" : "%.*s;%.*s",
                              STR_ARG(header.name), STR_ARG(header.value));

        has_type = has_type || str_eq_nocase(header.name, S("content-type"));
        is_good = add_line(lib_of(task), &task->sent, str_to_c(arena, line));
    }
    if (task->method == NET_POST && !has_type && is_good)
        is_good =
            add_line(lib_of(task), &task->sent, "Content-Type:"); /* else libcurl claims a form */
    return is_good;
}

/* "+host:port:address,[address]": for this transfer; libcurl looks nothing up itself. */
static bool pin(Task *task, const NetAddresses *addresses) {
    Arena *arena = task->response.arena;
    Buf buf = buf_new(arena, 0);

    buf_add_char(&buf, '+');
    buf_add(&buf, task->url.host);
    buf_add_char(&buf, ':');
    buf_add_int(&buf, task->url.port);
    for (size_t i = 0; i < addresses->len; i++) {
        bool is_v4 = net_address_is_v4(&addresses->items[i]);

        buf_add_char(&buf, i == 0 ? ':' : ',');
        buf_add(&buf, is_v4 ? S("") : S("["));
        buf_add(&buf, net_address_text(arena, &addresses->items[i]));
        buf_add(&buf, is_v4 ? S("") : S("]"));
    }
    return add_line(lib_of(task), &task->pinned, str_to_c(arena, buf_str(&buf)));
}

static CURLcode set_long(const Task *task, CURLoption option, int64_t number) {
    return lib_of(task)->curl_easy_setopt(task->easy, option, (long)number);
}

static CURLcode set_size(const Task *task, CURLoption option, int64_t bytes) {
    return lib_of(task)->curl_easy_setopt(task->easy, option, (curl_off_t)bytes);
}

static CURLcode set_pointer(const Task *task, CURLoption option, const void *pointer) {
    return lib_of(task)->curl_easy_setopt(task->easy, option, pointer);
}

static void set_what(Task *task) {
    if (task->method == NET_HEAD)
        set_long(task, CURLOPT_NOBODY, 1);
    if (task->method == NET_POST) {
        set_long(task, CURLOPT_POST, 1);
        set_size(task, CURLOPT_POSTFIELDSIZE_LARGE, (int64_t)task->body.len);
        set_pointer(task, CURLOPT_POSTFIELDS, task->body.ptr ? task->body.ptr : "");
    }
    set_pointer(task, CURLOPT_HTTPHEADER, task->sent);
    lib_of(task)->curl_easy_setopt(task->easy, CURLOPT_WRITEFUNCTION, take_body);
    set_pointer(task, CURLOPT_WRITEDATA, task);
    lib_of(task)->curl_easy_setopt(task->easy, CURLOPT_HEADERFUNCTION, take_header);
    set_pointer(task, CURLOPT_HEADERDATA, task);
    set_pointer(task, CURLOPT_ERRORBUFFER, task->error_text);
    set_pointer(task, CURLOPT_PRIVATE, task);
}

/* False when a guard could not be set: then nothing is sent. */
static bool set_guards(const Net *net, Task *task) {
    CURLcode bad = CURLE_OK;

    bad |= set_pointer(task, CURLOPT_PROTOCOLS_STR, "http,https");
    bad |= lib_of(task)->curl_easy_setopt(task->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    bad |= set_pointer(task, CURLOPT_OPENSOCKETDATA, task);
    bad |= lib_of(task)->curl_easy_setopt(task->easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    bad |= set_pointer(task, CURLOPT_CLOSESOCKETDATA, net);
    bad |= set_long(task, CURLOPT_FOLLOWLOCATION, 0);
    bad |= set_pointer(task, CURLOPT_PROXY, "");
    bad |= set_pointer(task, CURLOPT_NOPROXY, "*");
    bad |= set_long(task, CURLOPT_NETRC, CURL_NETRC_IGNORED);
    bad |= set_long(task, CURLOPT_DISALLOW_USERNAME_IN_URL, 1);
    bad |= set_long(task, CURLOPT_SSL_VERIFYPEER, 1);
    bad |= set_long(task, CURLOPT_SSL_VERIFYHOST, 2);
    bad |= set_long(task, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (net->how.ca_file)
        bad |= set_pointer(task, CURLOPT_CAINFO, net->how.ca_file);
    if (task->pinned)
        bad |= set_pointer(task, CURLOPT_RESOLVE, task->pinned);
    bad |= set_pointer(task, CURLOPT_URL, str_to_c(task->response.arena, task->url.text));
    bad |= set_long(task, CURLOPT_NOSIGNAL, 1);
    return bad == CURLE_OK;
}

static void set_manner(const Net *net, Task *task) {
    set_pointer(task, CURLOPT_USERAGENT, net->agent);
    set_pointer(task, CURLOPT_ACCEPT_ENCODING, "gzip, deflate, br");
    set_long(task, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    set_long(task, CURLOPT_BUFFERSIZE, BUFFER_BYTES);
    set_long(task, CURLOPT_CONNECTTIMEOUT_MS, task->limits.connect_ms);
    set_long(task, CURLOPT_TIMEOUT_MS, task->limits.total_ms + SAFETY_MS);
    /* What is pinned is used at once; libcurl walks through all it keeps at every hop. */
    set_long(task, CURLOPT_DNS_CACHE_TIMEOUT, PINNED_SECONDS);
    if (!task->may_cut && task->method != NET_HEAD)
        set_size(task, CURLOPT_MAXFILESIZE_LARGE, task->limits.wire_bytes);
}

bool transfer_start(Net *net, Task *task) {
    Arena *arena = task->response.arena;

    task->verdict = NET_ANSWERED;
    task->is_refused = task->has_head = false;
    task->head_bytes = task->body_bytes = 0;
    task->received = buf_new(arena, 0);
    if (!task->error_text)
        task->error_text = arena_alloc(arena, CURL_ERROR_SIZE);
    task->error_text[0] = '\0';
    task->easy = lib_of(task)->curl_easy_init();
    if (!task->easy || !add_headers(task) ||
        (!task->url.is_address && !pin(task, &task->addresses)) || !set_guards(net, task)) {
        transfer_drop(net, task);
        return false;
    }
    set_what(task);
    set_manner(net, task);
    if (lib_of(task)->curl_multi_add_handle(net->multi, task->easy) == CURLM_OK)
        return true;
    transfer_drop(net, task);
    return false;
}

/* ---- how it ended ---- */

static int64_t milliseconds(const Task *task, CURLINFO what) {
    return info_size(task, what) / 1000;
}

NetOutcome transfer_end(Net *net, Task *task, CURLcode code) {
    NetResponse *response = &task->response;
    NetOutcome outcome = outcome_of(task, code);
    long status = info_long(task, CURLINFO_RESPONSE_CODE);

    if (outcome == NET_ANSWERED && (!task->has_head || status < 200 || status > 599))
        outcome = NET_PROTOCOL;
    response->status = task->has_head ? (int)status : 0;
    response->is_reused = task->has_head && info_long(task, CURLINFO_NUM_CONNECTS) == 0;
    response->wire_bytes += transfer_wire_bytes(task);
    response->connect_ms =
        milliseconds(task, str_eq(task->url.scheme, S("https")) ? CURLINFO_APPCONNECT_TIME_T
                                                                : CURLINFO_CONNECT_TIME_T);
    response->head_ms = response->name_ms + milliseconds(task, CURLINFO_STARTTRANSFER_TIME_T);
    if (outcome != NET_ANSWERED && response->detail.len == 0)
        response->detail = task->error_text[0] ? str_from_c(task->error_text)
                                               : str_from_c(lib_of(task)->curl_easy_strerror(code));
    if (outcome == NET_ANSWERED)
        response->body = buf_str(&task->received);
    transfer_drop(net, task);
    return outcome;
}

void transfer_drop(Net *net, Task *task) {
    if (task->easy) {
        (void)lib_of(task)->curl_multi_remove_handle(net->multi, task->easy);
        lib_of(task)->curl_easy_cleanup(task->easy);
    }
    lib_of(task)->curl_slist_free_all(task->sent);
    lib_of(task)->curl_slist_free_all(task->pinned);
    task->easy = NULL;
    task->sent = task->pinned = NULL;
}
