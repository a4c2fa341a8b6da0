/* net/permit.c - robots.txt of other sites: asked for, remembered, obeyed. */
#include "conf/conf.h"
#include "net/robots.h"
#include "net/task.h"

enum { REMEMBERED_BYTES = 4 << 20, UNREACHABLE_MS = 600000 };

static bool remembered(Net *net, Arena *arena, Str origin, Str *ret_rules) {
    Str rules = STR_EMPTY;

    pthread_mutex_lock(&net->robots_lock);
    if (!net->robots)
        net->robots = aged_new(REMEMBERED_BYTES);
    bool is_known = aged_get(net->robots, origin, clock_now_ms(net->how.clock), &rules);
    if (is_known)
        *ret_rules = str_dup(arena, rules);
    pthread_mutex_unlock(&net->robots_lock);
    return is_known;
}

static void remember(Net *net, Str origin, Str rules, int64_t keep_ms) {
    pthread_mutex_lock(&net->robots_lock);
    aged_put(net->robots, origin, rules, clock_now_ms(net->how.clock) + keep_ms);
    pthread_mutex_unlock(&net->robots_lock);
}

/* RFC 9309, 2.3.1: what an answer means. The rules live in arena. */
static Str ask(Net *net, Arena *arena, Str origin) {
    NetRequest request = { .url = str_concat(arena, origin, S("/robots.txt")),
                           .limits = { .body_bytes = ROBOTS_BYTES_MAX },
                           .may_cut = true };
    CLEANUP(net_response_close) NetResponse *response = net_fetch(net, &request);
    int64_t keep_ms = config_int(net->how.config, CONFIG_NET_ROBOTS_MS);
    Str rules = S("-/\n");

    if (response->outcome == NET_ANSWERED && response->status >= 200 && response->status < 300)
        rules = robots_rules(arena, response->body, S("Liandong"));
    else if ((response->outcome == NET_ANSWERED && response->status < 500) ||
             response->outcome == NET_REDIRECT_LOOP)
        rules = STR_EMPTY;
    else if (keep_ms > UNREACHABLE_MS)
        keep_ms = UNREACHABLE_MS;
    remember(net, origin, rules, keep_ms);
    return rules;
}

Err net_may_fetch(Net *net, Str url, bool *ret) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    NetUrl page;
    Str rules;

    TRY(net_url_read(arena, url, &page));
    Str origin = net_url_origin(arena, &page);
    if (!remembered(net, arena, origin, &rules))
        rules = ask(net, arena, origin);
    *ret = robots_may_read(arena, rules, page.target);
    return OK;
}
