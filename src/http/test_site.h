/* http/test_site.h - a small site for the tests of this room: notes in a table, two people, three templates. */
#ifndef HTTP_TEST_SITE_H
#define HTTP_TEST_SITE_H

#include "http/run.h"
#include "testing/world.h"

enum { CAP_EDIT_NOTES = CAP_FIRST_OWN, CAP_DESK, SITE_SETTINGS_MAX = 12 };

typedef struct Site {
    World world;
    Arena *arena;
    HttpApp *app;   /* in the arena: the core keeps its address */
    HttpCore *core; /* for site_send; NULL before site_start */
} Site;

/* settings: "name=value" words; the list ends with NULL. */
Site site_new(const char *const *settings);
void site_free(Site *site);

/* One request by a browser on loopback, without a socket: "POST /notes HTTP/1.1\r\nhost: localhost\r\n...". */
Outgoing site_send(Site *site, const char *message);
/* The value of a header of the answer as a NUL-terminated text in the site's arena. */
const char *site_header(Site *site, const Outgoing *out, const char *name);
bool site_has(const Outgoing *out, const char *text);

/* Set by tests: what the next handlers do. */
typedef struct SiteSwitches {
    _Atomic(bool) is_held;  /* GET /slow does not begin to answer */
    _Atomic(int) pause_ms;  /* GET /slow sleeps so long */
    _Atomic(int) slow_runs; /* times that GET /slow ran */
    HttpServer *server;     /* whose cache POST /notes drops; NULL for none */
} SiteSwitches;
extern SiteSwitches site_switches;

#endif
