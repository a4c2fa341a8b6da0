/* app/wire.h - the composition root: every feature's routes, tables, templates and jobs in one place. */
#ifndef APP_WIRE_H
#define APP_WIRE_H

#include "app/folder.h"
#include "base/id.h"
#include "http/server.h"
#include "ledger/ledger.h"
#include "net/net.h"
#include "queue/job.h"

/* All that a running process holds of one alliance. */
typedef struct App {
    Arena *arena;
    Folder folder;
    DbStore *store;
    Ids *ids;
    ViewSet *views;
    LedgerKey key;
    Net *net; /* starts nothing before its first request */
    HttpApp http;
    Db *db;  /* of the command's own thread */
    Ctx ctx; /* acts as operator */
} App;

/*
 * Opens storage, checks or applies migrations (SQLite only, after a copy to backup/), reads the log key and the
 * templates. is_writer takes the folder's lock first (SQLite). Owned by the caller, app_close.
 * ERR_IO names `liandong upgrade` where PostgreSQL's schema is older.
 */
CHECKED Err app_open(Cli *cli, Str path, const ConfigFlag *flags, size_t flag_count, bool is_writer,
                     App **ret);
void app_close(App *app);
/* For CLEANUP. */
void app_close_at(App **app);

/*
 * Parses all built-in templates and checks them against the keys of the route tables' models, without a
 * data folder, as a server does when it starts. ERR_INVALID or ERR_BUG names template and line.
 */
CHECKED Err app_check_templates(Cli *cli, size_t *ret_count);

/* Hands kinds and subscriptions to queue/; app_open calls it. */
void app_use_tables(void);

/* Puts waiting entries into the log, for a command that ends without a server. */
CHECKED Err app_sequence(App *app);

/* The same for init and upgrade, which migrate on any driver. */
CHECKED Err app_open_any(Cli *cli, Str path, const ConfigFlag *flags, size_t flag_count, App **ret);

/* What a new alliance is made of. */
typedef struct InitAs {
    Str name, tagline, zone, origin;
    bool is_demo;
    const ConfigFlag *flags;
    size_t flag_count;
} InitAs;
/* Folder, key, tables and settings of a new alliance; *ret is open as by app_open. */
CHECKED Err init_alliance(Cli *cli, Str path, const InitAs *as, App **ret);

/* The route tables, ending with NULL; templates; kinds and subscriptions were given to queue/. */
extern const Route *const app_tables[];

#endif
