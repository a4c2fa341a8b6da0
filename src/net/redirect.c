/* net/redirect.c - whether an answer sends on, where to, and what does not go along. */
#include "net/task.h"

/* What may be said to anybody: the rest speaks for us to one origin. */
static bool is_for_anybody(Str name) {
    static const Str names[] = { S_INIT("accept"), S_INIT("accept-language"),
                                 S_INIT("if-none-match"), S_INIT("if-modified-since") };

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_eq_nocase(name, names[i]))
            return true;
    }
    return false;
}

static bool has_credentials(const Task *task) {
    for (size_t i = 0; i < task->header_count; i++) {
        if (!is_for_anybody(task->headers[i].name))
            return true;
    }
    return false;
}

static void leave_credentials(Task *task) {
    NetHeader *kept = arena_array(task->response.arena, task->header_count, sizeof *kept);
    size_t count = 0;

    for (size_t i = 0; i < task->header_count; i++) {
        if (is_for_anybody(task->headers[i].name))
            kept[count++] = task->headers[i];
    }
    task->headers = kept;
    task->header_count = count;
}

bool redirect_is_followed(const Task *task, int64_t status) {
    return task->follow == NET_FOLLOW && task->method != NET_POST &&
           (status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
}

/* A Location of the answer at hand; the empty slice: none. */
static Str location_of(const Task *task) {
    for (size_t i = 0; i < task->got.len; i++) {
        if (str_eq(task->got.items[i].name, S("location")))
            return task->got.items[i].value;
    }
    return STR_EMPTY;
}

static bool was_there(const Task *task, Str url) {
    if (str_eq(task->asked, url))
        return true;
    for (size_t i = 0; i < task->hops.len; i++) {
        if (str_eq(task->hops.items[i].url, url))
            return true;
    }
    return false;
}

RedirectStep redirect_next(Task *task, NetOutcome *ret_outcome) {
    Arena *arena = task->response.arena;
    Str location = location_of(task);
    int status = task->response.status;
    NetUrl url;

    if (!redirect_is_followed(task, status) || location.len == 0)
        return REDIRECT_NONE;
    if ((int64_t)task->hops.len >= task->limits.redirects) {
        *ret_outcome = NET_REDIRECT_LOOP;
        return REDIRECT_FAIL;
    }
    Err err = net_url_follow(arena, &task->url, location, &url);
    bool is_down =
        err.code == ERR_OK && str_eq(task->url.scheme, S("https")) && str_eq(url.scheme, S("http"));
    if (err.code != ERR_OK || (is_down && has_credentials(task))) {
        task->response.detail =
            err.code != ERR_OK ? str_from_c(err.msgid) : S("from https to http with credentials");
        *ret_outcome = NET_REFUSED_REDIRECT;
        return REDIRECT_FAIL;
    }
    if (was_there(task, url.text)) {
        *ret_outcome = NET_REDIRECT_LOOP;
        return REDIRECT_FAIL;
    }
    if (!net_url_same_origin(&task->url, &url))
        leave_credentials(task);
    bool is_permanent = (status == 301 || status == 308) &&
                        (task->hops.len == 0 || task->response.moved_url.len > 0) &&
                        (task->hops.len == 0 || str_eq(task->response.moved_url, task->url.text));
    *VEC_PUSH(arena, &task->hops) = (NetHop){ status, url.text };
    if (is_permanent)
        task->response.moved_url = url.text;
    task->url = url;
    return REDIRECT_GO;
}
