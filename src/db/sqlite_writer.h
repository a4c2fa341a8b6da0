/* db/sqlite_writer.h - group commit: one writing connection, many acts per COMMIT; private to this folder. */
#ifndef DB_SQLITE_WRITER_H
#define DB_SQLITE_WRITER_H

#include <pthread.h>

#include "db/sqlite_conn.h"

/* How the group an act stood in ended. */
typedef enum GroupEnd { GROUP_OPEN, GROUP_STORED, GROUP_LOST } GroupEnd;

/* One worker's seat at a writer: waiting for its turn, then for its group's COMMIT. */
typedef struct Seat Seat;
struct Seat {
    pthread_cond_t wake;
    Seat *next;    /* in the queue, later in the group */
    bool is_alone; /* wants a group of its own */
    bool has_turn;
    GroupEnd end;
};

typedef struct SeatQueue {
    Seat *first, *last;
} SeatQueue;

/*
 * `lock` guards all but `conn`, which belongs to whoever has the turn (is_taken); it is the only lock of
 * this folder, so there is no order of locks.
 */
typedef struct Writer {
    pthread_mutex_t lock;
    Conn *conn;
    int members_max;
    int64_t group_us_max;

    bool is_taken;      /* somebody has the turn */
    SeatQueue requests; /* first come, first served; jobs only every so often while requests wait */
    SeatQueue jobs;
    int passed_jobs;  /* turns given to requests while a job waited */
    bool is_open;     /* a group stands between BEGIN and COMMIT */
    int members;      /* of the open group that gave the turn on or are about to */
    Seat *asleep;     /* members of the open group that wait for its COMMIT */
    int64_t first_us; /* when the open group began, monotonic */

    int64_t group_count;  /* commits since the start */
    int64_t member_count; /* acts in them */
} Writer;

void writer_init(Writer *writer, Conn *conn, const DbOpen *how);
void writer_close(Writer *writer);
void seat_init(Seat *seat);
void seat_close(Seat *seat);

/* Waits for the turn and opens the act's savepoint. On failure the turn is given on. */
CHECKED Err writer_enter(Ctx *ctx, Writer *writer, Seat *seat, bool is_job, bool is_alone);
/* Ends the act and waits for its group. ERR_BUSY with retry for a lost group, or its own error. */
CHECKED Err writer_commit(Ctx *ctx, Writer *writer, Seat *seat);
/* Takes the act back and waits for the group. False when the group was lost. */
CHECKED bool writer_rollback(Writer *writer, Seat *seat);
/* The group is lost: rolls back what SQLite has left open, tells every member, gives the turn on. */
void writer_lose(Writer *writer);
/* After a failed statement: true when SQLite rolled the whole group back. */
bool writer_is_broken(const Writer *writer);

#endif
