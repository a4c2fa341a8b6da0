/* app/wire.h - the composition root: every feature's routes, tables, templates and jobs in one place. */
#ifndef APP_WIRE_H
#define APP_WIRE_H

#include "app/folder.h"
#include "base/id.h"
#include "http/server.h"
#include "ledger/ledger.h"
#include "net/net.h"
#include "queue/job.h"
#include "sec/box.h"

/* All that a running process holds of one alliance. */
typedef struct App {
    Arena *arena;
    Folder folder;
    DbStore *store;
    Ids *ids;
    ViewSet *views;
    LedgerKey key;
    BoxKey box; /* number 0 while keys/box.key is lost */
    Net *net;   /* starts nothing before its first request */
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
 * Parses all templates and checks them against the keys of the route tables' models, without a data folder, as a server
 * does when it starts: the built-in ones, and over them those of the folder look where that is not empty. ERR_INVALID or
 * ERR_BUG names template and line; of a look the first file that a server would leave out. *ret_count counts the
 * built-in templates, *ret_used the look's files.
 */
CHECKED Err app_check_templates(Cli *cli, Str look, size_t *ret_count, size_t *ret_used);

/*
 * Makes app->http of the built-in templates, the route tables and what stands in arena, folder, store and ids; app_open
 * calls it. app->views is freed by app_close. ERR_INVALID names template and line.
 */
CHECKED Err app_make_http(App *app);

/* Hands kinds and subscriptions to queue/; app_open calls it. */
void app_use_tables(void);

/* Before jobs are run: what a stopped program left to do is owed now. */
CHECKED Err app_begin_jobs(App *app);

/*
 * Puts waiting entries into the log, for a command that ends without a server. Where another process does so at the moment, it
 * places them.
 */
CHECKED Err app_sequence(App *app);
/* A LedgerTag: entries that were placed change the pages of their subjects, "being entered" becomes a position. */
void app_tag_placed(Ctx *ctx, const int64_t *subject_ids, size_t count);

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
