/* db/listen.c - hears what postgres.c tells with each commit. */
#include "db/listen.h"

#include <poll.h>

#include "db/postgres_conn.h"

struct DbListener {
    Arena *arena;
    DbStore *store;
    PgConn *conn;
    bool is_listening; /* false: since it was lost, anything may have been told */
};

static bool begin_listening(DbListener *listener) {
    listener->is_listening = pg_control_quiet(listener->conn, "LISTEN " PG_CHANNEL);
    return listener->is_listening;
}

Err db_listen(DbStore *store, DbListener **ret) {
    *ret = NULL;
    if (store->kind != DB_POSTGRES)
        return OK;
    Arena *arena = arena_new(0);
    DbListener *listener = arena_alloc(arena, sizeof *listener);
    *listener = (DbListener){ .arena = arena, .store = store };
    Err err = pg_open(arena, &store->how, &listener->conn);
    if (err.code == ERR_OK && !begin_listening(listener)) {
        pg_close(listener->conn);
        err = FAIL(ERR_IO, NULL, N_("The database server does not accept our settings."));
    }
    if (err.code != ERR_OK) {
        arena_free(arena);
        return err;
    }
    *ret = listener;
    return OK;
}

void db_listen_end(DbListener *listener) {
    if (!listener)
        return;
    pg_close(listener->conn);
    arena_free(listener->arena);
}

/* "9f3a... article:7 home": who told it, then the tags; "*" stands for all. */
static DbHeard read_notice(const DbListener *listener, Arena *arena, Str text, StrList *ret) {
    Str word;

    if (!str_cut(&text, ' ', &word) || str_eq(word, pg_node(arena, listener->store)))
        return HEARD_NOTHING;
    *ret = str_split(arena, text, ' ');
    return ret->len == 1 && str_eq(ret->items[0], S("*")) ? HEARD_GAP : HEARD_TAGS;
}

static DbHeard next_notice(DbListener *listener, Arena *arena, StrList *ret) {
    PGconn *handle = listener->conn->handle;
    DbHeard heard = HEARD_NOTHING;
    PGnotify *notice;

    while (heard == HEARD_NOTHING && (notice = PQnotifies(handle))) {
        heard = read_notice(listener, arena, str_dup(arena, str_from_c(notice->extra)), ret);
        PQfreemem(notice);
    }
    return heard;
}

static void wait_for(int descriptor, int wait_ms) {
    struct pollfd waiting = { .fd = descriptor, .events = POLLIN };

    (void)poll(&waiting, descriptor >= 0 ? 1 : 0, wait_ms);
}

/* Nothing was heard since the connection broke, so all may have changed: once now, once when it is back. */
static DbHeard come_back(DbListener *listener, int wait_ms) {
    bool was_listening = listener->is_listening;

    listener->is_listening = false;
    if (pg_reconnect(listener->conn).code == ERR_OK && begin_listening(listener))
        return HEARD_GAP;
    if (!was_listening)
        wait_for(-1, wait_ms);
    return HEARD_GAP;
}

DbHeard db_listen_next(DbListener *listener, Arena *arena, int wait_ms, StrList *ret) {
    PGconn *handle = listener->conn->handle;

    if (!listener->is_listening || pg_is_broken(listener->conn))
        return come_back(listener, wait_ms);
    DbHeard heard = next_notice(listener, arena, ret);
    if (heard != HEARD_NOTHING)
        return heard;
    wait_for(PQsocket(handle), wait_ms);
    if (!PQconsumeInput(handle))
        return come_back(listener, wait_ms);
    return next_notice(listener, arena, ret);
}
