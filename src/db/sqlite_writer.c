/* db/sqlite_writer.c - group commit: turns, savepoints, and one COMMIT that wakes all its members. */
#include "db/sqlite_writer.h"

#include <assert.h>

enum { JOB_EVERY = 16 }; /* while requests keep coming, a waiting job gets one turn in so many */

static int64_t monotonic_us(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void writer_init(Writer *writer, Conn *conn, const DbOpen *how) {
    pthread_mutex_init(&writer->lock, NULL);
    writer->conn = conn;
    writer->members_max = how->batch_members;
    writer->group_us_max = how->batch_us;
}

void writer_close(Writer *writer) {
    assert(!writer->is_taken && !writer->is_open);
    conn_close(writer->conn);
    pthread_mutex_destroy(&writer->lock);
}

void seat_init(Seat *seat) {
    pthread_cond_init(&seat->wake, NULL);
}

void seat_close(Seat *seat) {
    pthread_cond_destroy(&seat->wake);
}

/* ---- turns; all of this part with the lock held ---- */

static void queue_put(SeatQueue *queue, Seat *seat) {
    seat->next = NULL;
    if (queue->last)
        queue->last->next = seat;
    else
        queue->first = seat;
    queue->last = seat;
}

static Seat *queue_take(SeatQueue *queue) {
    Seat *seat = queue->first;

    queue->first = seat->next;
    if (!queue->first)
        queue->last = NULL;
    return seat;
}

/* Whose queue is next; NULL when nobody waits. */
static SeatQueue *next_queue(Writer *writer) {
    bool is_job_due = writer->jobs.first && writer->passed_jobs >= JOB_EVERY;

    if (writer->requests.first && !is_job_due)
        return &writer->requests;
    return writer->jobs.first ? &writer->jobs : NULL;
}

static void hand_on(Writer *writer) {
    SeatQueue *queue = next_queue(writer);

    writer->is_taken = queue != NULL;
    if (!queue)
        return;
    writer->passed_jobs =
        queue == &writer->jobs || !writer->jobs.first ? 0 : writer->passed_jobs + 1;
    Seat *seat = queue_take(queue);
    seat->has_turn = true;
    pthread_cond_signal(&seat->wake);
}

static void take_turn(Writer *writer, Seat *seat, bool is_job) {
    seat->has_turn = false;
    if (!writer->is_taken) {
        writer->is_taken = true;
        return;
    }
    queue_put(is_job ? &writer->jobs : &writer->requests, seat);
    while (!seat->has_turn)
        pthread_cond_wait(&seat->wake, &writer->lock);
}

/* Tells the sleeping members how their group ended; the next act opens a new one. */
static void end_group(Writer *writer, GroupEnd end) {
    for (Seat *seat = writer->asleep, *next; seat; seat = next) {
        next =
            seat->next; /* the seat is its owner's again once `end` is set and the lock is free */
        seat->end = end;
        pthread_cond_signal(&seat->wake);
    }
    if (end == GROUP_STORED) {
        writer->group_count++;
        writer->member_count += writer->members;
    }
    writer->asleep = NULL;
    writer->members = 0;
    writer->is_open = false;
}

static bool is_group_full(Writer *writer, const Seat *seat) {
    SeatQueue *queue = next_queue(writer);

    return !queue || seat->is_alone || queue->first->is_alone ||
           writer->members >= writer->members_max ||
           monotonic_us() - writer->first_us >= writer->group_us_max;
}

/* ---- acts; `conn` is used without the lock, by who has the turn ---- */

bool writer_is_broken(const Writer *writer) {
    return sqlite3_get_autocommit(writer->conn->handle) != 0;
}

void writer_lose(Writer *writer) {
    if (!writer_is_broken(writer))
        /* A ROLLBACK cannot fail in a way that leaves the transaction open. */
        (void)!conn_control(writer->conn, "ROLLBACK");
    pthread_mutex_lock(&writer->lock);
    end_group(writer, GROUP_LOST);
    hand_on(writer);
    pthread_mutex_unlock(&writer->lock);
}

Err writer_enter(Ctx *ctx, Writer *writer, Seat *seat, bool is_job, bool is_alone) {
    seat->is_alone = is_alone;
    seat->end = GROUP_OPEN;
    pthread_mutex_lock(&writer->lock);
    take_turn(writer, seat, is_job);
    bool is_first = !writer->is_open;
    pthread_mutex_unlock(&writer->lock);

    const char *sql = "BEGIN IMMEDIATE";
    int code = is_first ? conn_control(writer->conn, sql) : SQLITE_OK;
    if (code == SQLITE_OK) {
        sql = "SAVEPOINT act";
        code = conn_control(writer->conn, sql);
    }
    if (code != SQLITE_OK) {
        Err err = conn_err(ctx, writer->conn, code, sql);
        writer_lose(writer); /* nobody can stand on half an act */
        return err;
    }
    if (is_first) {
        pthread_mutex_lock(&writer->lock);
        writer->is_open = true;
        writer->first_us = monotonic_us();
        pthread_mutex_unlock(&writer->lock);
    }
    return OK;
}

/* A failed sync says nothing about what reached the disk. */
static Err commit_err(Ctx *ctx, const Writer *writer, int code) {
    Err err = conn_err(ctx, writer->conn, code, "COMMIT");

    if ((code & 0xff) == SQLITE_IOERR)
        err.msgid = N_("It is not known whether this was stored. Look before you send it again.");
    return err;
}

/* COMMIT by who has the turn: SQLite's code; the group is over in any case. */
static int commit_group(Ctx *ctx, Writer *writer, Err *own) {
    int code = conn_control(writer->conn, "COMMIT");

    if (code != SQLITE_OK) {
        if (own)
            *own = commit_err(ctx, writer, code);
        writer_lose(writer);
        return code;
    }
    pthread_mutex_lock(&writer->lock);
    end_group(writer, GROUP_STORED);
    hand_on(writer);
    pthread_mutex_unlock(&writer->lock);
    return SQLITE_OK;
}

/* The act is over, its savepoint gone: gives the turn on and sleeps, or commits for all. */
static GroupEnd leave(Ctx *ctx, Writer *writer, Seat *seat, Err *own) {
    pthread_mutex_lock(&writer->lock);
    writer->members++;
    bool is_only = writer->members == 1;
    if (!is_group_full(writer, seat)) {
        seat->next = writer->asleep;
        writer->asleep = seat;
        hand_on(writer);
        while (seat->end == GROUP_OPEN)
            pthread_cond_wait(&seat->wake, &writer->lock);
        pthread_mutex_unlock(&writer->lock);
        return seat->end;
    }
    pthread_mutex_unlock(&writer->lock);

    if (commit_group(ctx, writer, own) == SQLITE_OK)
        return GROUP_STORED;
    if (!is_only && own)
        *own = OK; /* no one member is at fault */
    return GROUP_LOST;
}

Err writer_commit(Ctx *ctx, Writer *writer, Seat *seat) {
    Err own = OK;
    int code = conn_control(writer->conn, "RELEASE act");

    if (code != SQLITE_OK) {
        own = conn_err(ctx, writer->conn, code, "RELEASE act");
        writer_lose(writer);
        return own;
    }
    if (leave(ctx, writer, seat, &own) == GROUP_STORED)
        return OK;
    return own.code != ERR_OK ? own : db_err_lost();
}

bool writer_rollback(Writer *writer, Seat *seat) {
    pthread_mutex_lock(&writer->lock);
    bool is_first = writer->members == 0;
    pthread_mutex_unlock(&writer->lock);

    if (is_first) { /* nothing of others was read, nothing is to be stored */
        writer_lose(writer);
        return true;
    }
    if (conn_control(writer->conn, "ROLLBACK TO act") != SQLITE_OK ||
        conn_control(writer->conn, "RELEASE act") != SQLITE_OK) {
        writer_lose(writer);
        return false;
    }
    return leave(NULL, writer, seat, NULL) == GROUP_STORED;
}
