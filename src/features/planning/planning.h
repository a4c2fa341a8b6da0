/* features/planning/planning.h - what a newsroom means to do: pitches (选题), proposed by people, decided by editors. */
#ifndef FEATURES_PLANNING_PLANNING_H
#define FEATURES_PLANNING_PLANNING_H

#include "base/ctx.h"
#include "features/manuscript/manuscript.h"

enum {
    PITCH_TITLE_CHARS_MAX = 120,
    PITCH_WHY_CHARS_MAX = 2000,
    PITCH_REASON_CHARS_MAX = 1000,
    PITCH_NOTE_CHARS_MAX = 2000,
    PITCH_STEPS_MAX = 200, /* of one pitch; all are shown on one page */
    PITCH_LIST_MAX = 50,
    ASSIGNMENT_PEOPLE_MAX = 10,
    ASSIGNMENTS_OF_PITCH_MAX = 20,
    ASSIGNMENT_LIST_MAX = 100
};

/* States (a table in planning_states.c): proposed, accepted, assigned, declined, withdrawn (by who proposed it). */
typedef struct Pitch {
    int64_t id;
    int64_t outlet_id;
    Str title;     /* plain text, 1..PITCH_TITLE_CHARS_MAX characters */
    Str why;       /* plain text, 1..PITCH_WHY_CHARS_MAX characters, may have several lines */
    Str kind;      /* 消息 通讯 评论 图片 视频 解释 快讯; empty: open */
    Str wished_on; /* YYYY-MM-DD by the alliance's clock; empty: any day */
    Str state;
    int64_t proposed_by; /* person */
    int64_t proposed_ms, changed_ms;
    int64_t version; /* row version for If-Match */
} Pitch;
typedef struct PitchList {
    Pitch *items;
    size_t len;
} PitchList;

typedef struct PitchStep {
    int64_t id;
    int64_t pitch_id;
    Str act; /* propose accept decline withdraw note assign begin drop move */
    int64_t person_id;
    int64_t made_ms;
    Str text; /* the reason or the note; may be empty */
} PitchStep;
typedef struct PitchSteps {
    PitchStep *items;
    size_t len;
} PitchSteps;

/* What a person proposes. Borrowed for the call. */
typedef struct PitchWords {
    Str title, why, kind, wished_on;
} PitchWords;

/*
 * ---- acts; each one transaction with its step, its log entry (subject: the pitch) and the event of the same name
 * { pitch_id, outlet_id }. The actor is a person of ctx (else ERR_FORBIDDEN), ctx->outlet_id the outlet; a pitch of
 * another outlet is ERR_NOT_FOUND. ERR_CONFLICT, field "version", when `version` is not the current row version,
 * field "state" when the table has no such act there; ERR_LIMIT at PITCH_STEPS_MAX; ERR_INVALID and ERR_LIMIT
 * with the field; ERR_BUSY with retry, ERR_IO. ----
 */

/* "pitch.proposed". The wished day is not in the past. Not idempotent. */
CHECKED Err pitch_propose(Ctx *ctx, const PitchWords *words, Pitch *ret);
/*
 * "pitch.accepted" (payload also: alone). ERR_FORBIDDEN by who proposed it, unless nobody else at the outlet may
 * decide: then the entry has alone true. reason 0..PITCH_REASON_CHARS_MAX characters.
 */
CHECKED Err pitch_accept(Ctx *ctx, int64_t id, int64_t version, Str reason, Pitch *ret);
/* "pitch.declined" with the reason, 1..PITCH_REASON_CHARS_MAX characters. ERR_FORBIDDEN by who proposed it. */
CHECKED Err pitch_decline(Ctx *ctx, int64_t id, int64_t version, Str reason, Pitch *ret);
/* "pitch.withdrawn", by who proposed it only (else ERR_FORBIDDEN). */
CHECKED Err pitch_withdraw(Ctx *ctx, int64_t id, int64_t version, Pitch *ret);
/* "pitch.noted": a word of a named person, in any state; the state and its version stay. */
CHECKED Err pitch_note(Ctx *ctx, int64_t id, Str text, PitchStep *ret);

/* "pitch.moved": another wished day, or none (empty). ERR_CONFLICT field "state" once it is declined or withdrawn. */
CHECKED Err pitch_move(Ctx *ctx, int64_t id, int64_t version, Str wished_on, Pitch *ret);

/*
 * ---- assignments: who writes an accepted pitch, for which outlet, until when. States: assigned, begun (there is a
 * story), dropped. Overdue is computed when read, never stored: it is assigned and due is past. ----
 */
typedef struct Assignment {
    int64_t id;
    int64_t pitch_id;
    int64_t outlet_id; /* whose story it becomes */
    Str title;         /* of the pitch */
    Str kind;          /* of the story */
    WallTime due;
    Str state;
    int64_t assigned_by, assigned_ms;
    int64_t story_id; /* 0: none yet */
    int64_t begun_by;
    Str reason; /* dropped: why */
    int64_t changed_ms;
    int64_t version; /* row version for If-Match */
} Assignment;
typedef struct AssignmentList {
    Assignment *items;
    size_t len;
} AssignmentList;

/* What an editor assigns. Borrowed for the call. */
typedef struct AssignWords {
    int64_t outlet_id;     /* 0: the pitch's */
    const int64_t *people; /* 1..ASSIGNMENT_PEOPLE_MAX, each once */
    size_t people_count;
    Str kind;             /* one of the seven */
    Str due_at, due_zone; /* local time, IANA zone; no zone: the alliance's */
} AssignWords;

typedef struct AssignmentPerson {
    int64_t assignment_id, person_id;
} AssignmentPerson;
typedef struct AssignmentPeople {
    AssignmentPerson *items;
    size_t len;
} AssignmentPeople;

/*
 * "assignment.made" { assignment_id, pitch_id, outlet_id }; the pitch, accepted or assigned already, becomes assigned and
 * version is the pitch's. Each person may file at the outlet (else ERR_INVALID "person"), where the actor must hold
 * CAP_RELEASE too (else ERR_INVALID "outlet"). Fields "due_at", "due_zone", "kind"; due is not past. Not idempotent.
 */
CHECKED Err pitch_assign(Ctx *ctx, int64_t pitch_id, int64_t version, const AssignWords *words,
                         Assignment *ret);
/*
 * "assignment.begun" { .., story_id }: a draft of the pitch's title and kind, written by the actor, who is one of those
 * assigned (else ERR_FORBIDDEN); its text begins with why it is to be told. Log entry "manuscript.filed" with it.
 */
CHECKED Err assignment_begin(Ctx *ctx, int64_t id, int64_t version, Assignment *ret);
/* "assignment.dropped" with the reason, 1..PITCH_REASON_CHARS_MAX characters; while there is no story. */
CHECKED Err assignment_drop(Ctx *ctx, int64_t id, int64_t version, Str reason, Assignment *ret);
/* "assignment.moved": due at another time, not past; assigned or begun. */
CHECKED Err assignment_move(Ctx *ctx, int64_t id, int64_t version, Str due_at, Str due_zone,
                            Assignment *ret);

/* ERR_NOT_FOUND. */
CHECKED Err assignment_get(Ctx *ctx, int64_t id, Assignment *ret);
/* All of a pitch, oldest first; and who is assigned to each of them. */
CHECKED Err assignment_list_of_pitch(Ctx *ctx, int64_t pitch_id, AssignmentList *ret);
CHECKED Err assignment_people_of_pitch(Ctx *ctx, int64_t pitch_id, AssignmentPeople *ret);
/* For the to-do page: assigned to the actor and not begun, the earliest first; limit 1..ASSIGNMENT_LIST_MAX. */
CHECKED Err assignment_list_mine(Ctx *ctx, int limit, AssignmentList *ret);
/* ... what the actor assigned to others, not begun and overdue. */
CHECKED Err assignment_list_overdue(Ctx *ctx, int limit, AssignmentList *ret);
enum { ASSIGNMENT_STORIES_MAX = 50 };
/* ... of those stories, 0..ASSIGNMENT_STORIES_MAX ids, that were assigned. */
CHECKED Err assignment_list_of_stories(Ctx *ctx, const int64_t *ids, size_t count,
                                       AssignmentList *ret);
/* Assigned or begun, of an outlet, due from..until (ms, the end excluded), the earliest first. */
CHECKED Err assignment_list_between(Ctx *ctx, int64_t outlet_id, int64_t from_ms, int64_t until_ms,
                                    int limit, AssignmentList *ret);
bool assignment_is_overdue(const Ctx *ctx, const Assignment *a);

/* ---- reading ---- */

/* ERR_NOT_FOUND. */
CHECKED Err pitch_get(Ctx *ctx, int64_t id, Pitch *ret);
/* The steps of a pitch, oldest first. */
CHECKED Err pitch_steps(Ctx *ctx, int64_t id, PitchSteps *ret);
/* Of an outlet, newest first, below that id (0 at first); state empty: any; limit 1..PITCH_LIST_MAX + 1. */
CHECKED Err pitch_list(Ctx *ctx, int64_t outlet_id, Str state, int64_t below_id, int limit,
                       PitchList *ret);
/* Would the actor of ctx, who holds CAP_RELEASE at that outlet, be heard when accepting it? */
CHECKED Err pitch_may_accept(Ctx *ctx, const Pitch *p, bool *ret);

/* Of an outlet, open (neither declined nor withdrawn), wished for from..until (YYYY-MM-DD, the end excluded). */
CHECKED Err pitch_list_between(Ctx *ctx, int64_t outlet_id, Str from_day, Str until_day, int limit,
                               PitchList *ret);

/* Assigned to the actor or begun, due from..until (ms, the end excluded), the earliest first. */
CHECKED Err assignment_list_of_person(Ctx *ctx, int64_t from_ms, int64_t until_ms, int limit,
                                      AssignmentList *ret);

/* ---- the calendar: wished days of pitches, due times of assignments, planned releases ---- */

enum { CALENDAR_ENTRIES_MAX = 2 * ASSIGNMENT_LIST_MAX + PLANS_MAX };
typedef enum CalendarWhat { CALENDAR_PITCH, CALENDAR_ASSIGNMENT, CALENDAR_RELEASE } CalendarWhat;
typedef struct CalendarEntry {
    CalendarWhat what;
    int64_t id; /* of the pitch, the assignment, the story */
    int64_t outlet_id;
    Str title;
    Str day;       /* YYYY-MM-DD by the alliance's clock */
    WallTime when; /* a pitch: at_ms only, when that day begins */
    int64_t changed_ms;
    int64_t version; /* of the pitch or assignment; 0 for a release */
    bool is_overdue;
} CalendarEntry;
typedef struct CalendarEntries {
    CalendarEntry *items;
    size_t len;
} CalendarEntries;
/*
 * Of an outlet, from..until (ms, the end excluded; both begin a day of the alliance's zone), by time. Of each of the three the
 * first ASSIGNMENT_LIST_MAX or PLANS_MAX.
 */
CHECKED Err calendar_of_outlet(Ctx *ctx, int64_t outlet_id, int64_t from_ms, int64_t until_ms,
                               CalendarEntries *ret);

/*
 * Secret addresses at which a calendar is read as iCalendar (RFC 5545) without signing in: one of each person
 * (outlet_id 0) and of each outlet. Only the hash is stored. It shows what who made it may see, as long as that person may.
 */
typedef struct CalendarAddress {
    int64_t id;                   /* 0: there is none */
    int64_t person_id, outlet_id; /* one of them is 0 */
    int64_t made_by, made_ms;
} CalendarAddress;
/* Log entry "calendar.made". The address that there was answers no more. *ret_token is shown once. */
CHECKED Err calendar_address_make(Ctx *ctx, int64_t outlet_id, Str *ret_token);
/* Log entry "calendar.ended". ERR_CONFLICT when there is none. */
CHECKED Err calendar_address_end(Ctx *ctx, int64_t outlet_id);
/* The actor's (outlet_id 0), or the outlet's. */
CHECKED Err calendar_address_of(Ctx *ctx, int64_t outlet_id, CalendarAddress *ret);
/*
 * The calendar at that address: a month back and 400 days on. The same state gives the same bytes. origin is the reader's
 * ("https://news.example"). ERR_NOT_FOUND for an unknown address, and where its maker may see nothing any more.
 */
CHECKED Err calendar_feed(Ctx *ctx, Str token, Str origin, Str *ret);

extern const Route pitch_routes[], assignment_routes[], calendar_routes[];

#endif
