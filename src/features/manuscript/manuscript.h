/* features/manuscript/manuscript.h - stories: filed, released by a second person, versioned, withdrawn. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_H

#include "base/ctx.h"
#include "base/json.h"
#include "http/route.h"
#include "queue/work.h"

enum {
    TITLE_CHARS_MAX = 120,
    SUMMARY_CHARS_MAX = 300,
    REASON_CHARS_MAX = 1000,
    TAGS_MAX = 8,
    PICTURES_MAX = 20,
    SOURCES_MAX = 20,
    VERSIONS_MAX = 200,      /* of one story; all are listed on one page */
    PLANS_MAX = 100,         /* in one list */
    PLAN_OVERDUE_MS = 60000, /* a plan that waits longer than this after its time is overdue */
    PLAN_GRACE_MS = 300000   /* what goes out later than this was missed */
};

/*
 * States (a table in manuscript_states.c): draft, submitted, returned, reserved (待用), rejected (退稿), published,
 * revising (published, a newer version is being written), revision_submitted, withdrawn; planned and
 * revision_planned (released for a later time), held and revision_held (the time came, and a person must decide). The
 * version that readers see is published_n; the one being worked on is working_n >= published_n.
 */
typedef struct Manuscript {
    int64_t id;
    Str number; /* 统一编号: {outlet no}-{year}-{4 digits} */
    int64_t outlet_id;
    Str kind; /* 消息 通讯 评论 图片 视频 解释 快讯 */
    Str state;
    Str profile; /* how what is shown was checked: two-person 两人制, three-review 三审三校, flash 快审,
                    imported 补录 */
    Str lang; /* zh or en */
    int64_t author_id;
    int64_t published_n, working_n; /* 0: none */
    int64_t created_ms, changed_ms;
    int64_t published_ms;   /* first publication; an imported story's own date */
    int64_t republished_ms; /* of the version shown */
    int64_t released_by;    /* person of the latest release */
    int64_t imported_ms;    /* 补录: the day of import; 0 otherwise */
    Str original_url;       /* 补录 */
    int64_t withdrawn_ms;
    Str withdrawn_reason;
    int64_t corrections; /* how many */
    int64_t cover_id;   /* media id of the lead picture of the version shown (or worked on), or 0 */
    int64_t version;    /* row version for If-Match */
    int64_t changed_by; /* person of the latest act; 0: no person */
    int64_t corrected_ms; /* of the latest correction; 0: none */
    Str returned_reason;  /* why it came back to its author; empty once a version is released */
    int64_t returned_by, returned_ms;
    int64_t planned_ms; /* for when the version shown was planned; 0: it was released at once */
    Str step; /* what it waits for under 三审三校 (manuscript_review.h); empty: for none */
    /* of the version asked for */
    Str title, summary;
    Str byline; /* 补录: who wrote it, as the old story says; empty otherwise */
} Manuscript;
typedef struct ManuscriptList {
    Manuscript *items;
    size_t len;
} ManuscriptList;

/* The kinds of story there are, in the order of lists. */
typedef struct StoryKind {
    Str kind;
    const char *title; /* N_(), what people call it */
} StoryKind;
enum { STORY_KINDS = 7 };
extern const StoryKind manuscript_kinds[STORY_KINDS];

typedef struct Picture {
    int64_t media_id;
    Str alt;    /* demanded */
    Str credit; /* who made it and under what terms */
} Picture;

typedef struct ManuscriptVersion {
    int64_t manuscript_id;
    int64_t n; /* from 1 */
    Str title, summary;
    Str source; /* Markdown as filed, or HTML where format is "html" */
    Str format; /* markdown html */
    Str html;   /* cleaned: the only form that is shown */
    Str text;   /* plain text of html, one block per line */
    Str hash;   /* sha256 of the RFC 8785 form {title, summary, html, pictures, sources}, hex */
    int64_t made_by; /* person */
    int64_t made_ms;
    int64_t released_by, released_ms; /* 0 while not released */
    Str note;                         /* what changed, said by who changed it */
    StrList sources, tags;
    Picture *pictures;
    size_t picture_count;
    Str kind, lang;
} ManuscriptVersion;

/* A time that somebody named by a clock of some place: as it was given, and what it means. */
typedef struct WallTime {
    Str local;     /* "2026-12-01T08:00", with seconds where there are any */
    Str zone;      /* IANA */
    int64_t at_ms; /* by the rules below */
    Str fit; /* exact; gap: never shown there, the first moment after; repeated: the first of two */
    Str rules; /* zone_rules() when at_ms was computed */
} WallTime;

/* A release for a later time. */
typedef struct Plan {
    int64_t manuscript_id, outlet_id;
    int64_t id; /* rises: of those planned for one instant, who was planned first leaves first */
    WallTime when;
    Str state; /* waiting held; edited returned cancelled: it came to nothing */
    int64_t n; /* the version that was released, and its hash */
    Str hash;
    int64_t by_id; /* person who released, in that role */
    Str by_role;
    int64_t set_ms;
    int64_t ended_by, ended_ms; /* who and when, of a state that is not waiting; 0: no person */
    Str why;                    /* held: the English sentence */
} Plan;
typedef struct PlanList {
    Plan *items;
    size_t len;
} PlanList;

/* "Not before": until then nobody releases or plans the story for an earlier time. */
typedef struct Embargo {
    int64_t manuscript_id, outlet_id;
    WallTime when;
} Embargo;

/* What a person files. Borrowed for the call. */
typedef struct Filing {
    Str kind, lang, title, summary, source, format, note;
    StrList sources, tags;
    const Picture *pictures;
    size_t picture_count;
    bool
        may_lack_words; /* pictures in the text may have none yet: asked for before it is submitted */
    bool has_embargo;   /* false: what is set stays */
    Str embargo_at;     /* local time; empty: none */
    Str embargo_zone;   /* empty: the alliance's */
} Filing;

/*
 * ---- acts; each one transaction with its log entry and event. The actor is a person of ctx (else
 * ERR_FORBIDDEN), ctx->outlet_id the outlet (0: refused, R1); a story of another outlet is ERR_NOT_FOUND.
 * ERR_CONFLICT, field "version", when `version` is not the current row version (the sentence names who came
 * first), field "state" when the table has no such act there. ERR_BUSY with retry, ERR_IO. ----
 */

/*
 * "manuscript.filed": a new draft. ERR_INVALID or ERR_LIMIT with the field for a bad filing; pictures, also those in
 * the text, are of the outlet's own library and have words for who does not see them. The embargo's faults have the
 * fields "embargo_at" and "embargo_zone". Not idempotent.
 */
CHECKED Err manuscript_file(Ctx *ctx, const Filing *filing, Manuscript *ret);
/*
 * "manuscript.changed": a draft's text in place, or a new version of a published story (revising). What waited for
 * a second person waits no more, and what was planned no more ("manuscript.unplanned", why "edited"). ERR_LIMIT at
 * VERSIONS_MAX.
 */
CHECKED Err manuscript_change(Ctx *ctx, int64_t id, int64_t version, const Filing *filing,
                              Manuscript *ret);
/*
 * "manuscript.submitted": the text is now before a second person. ERR_INVALID, field "alts": a picture in the text has no
 * words for who does not see it.
 */
CHECKED Err manuscript_submit(Ctx *ctx, int64_t id, int64_t version, Manuscript *ret);
/*
 * A draft from a Word file (text/docx.h): its text as HTML, its pictures in the outlet's library, what was lost kept beside it
 * (manuscript_word). Log entries "media.added" for each new picture and "manuscript.filed", in one transaction: all or
 * nothing. A picture that the image child refuses is lost and named; pictures without words are taken, and the draft
 * cannot be submitted until they have some. ERR_INVALID and ERR_LIMIT with field "file" for a file that cannot be read
 * or is too large, "kind" and "lang" as manuscript_file. Unpacks into ctx->arena: for the budget of an import. Not
 * idempotent.
 */
typedef struct WordFile {
    Str bytes, file_name; /* borrowed */
    Str kind, lang;
} WordFile;
CHECKED Err manuscript_file_word(Ctx *ctx, const WordFile *file, Manuscript *ret);
/* {file_name, lost{what: count}} in the order of DocxLost; JSON null when the story came from no Word file. */
CHECKED Err manuscript_word(Ctx *ctx, int64_t id, Json **ret);
/*
 * "manuscript.changed": words for the pictures in the text that have none, in their order. ERR_INVALID, field "alts": not
 * one for each, or an empty one; ERR_LIMIT beyond ALT_CHARS_MAX.
 */
CHECKED Err manuscript_describe(Ctx *ctx, int64_t id, int64_t version, StrList alts,
                                Manuscript *ret);
/* "manuscript.returned" with the reason (1..REASON_CHARS_MAX characters), to its author; by a second person only. */
CHECKED Err manuscript_return(Ctx *ctx, int64_t id, int64_t version, Str reason, Manuscript *ret);
/*
 * "manuscript.released" (payload: version n, hash, title) and event "manuscript.published"
 * {manuscript_id, outlet_id, n, is_first}, tags article:{id}, outlet:{outlet}, home, feed. By a second person
 * only (never author or maker of this version), from an outlet that may publish, with a fresh password where
 * the route demands it. Repeating the same release by the same person: ERR_CONFLICT, nothing twice. ERR_INVALID
 * field "embargo_at" before the embargo. A plan that there was is done with.
 */
CHECKED Err manuscript_release(Ctx *ctx, int64_t id, int64_t version, Manuscript *ret);
/*
 * "manuscript.withdrawn", event of the same name {manuscript_id, outlet_id}: a tombstone at the same address; its
 * pictures are no more public than they were before it.
 */
CHECKED Err manuscript_withdraw(Ctx *ctx, int64_t id, int64_t version, Str reason, Manuscript *ret);

/*
 * "manuscript.planned" (payload: version n, hash, title, the plan): a release for a later local time, in a zone
 * (empty: the alliance's), by a second person as above; again, with another time, by any second person. Exactly one
 * publication comes of it, by the job "manuscript.publish". ERR_INVALID field "plan_at" (no such time, past, before
 * the embargo) or "plan_zone".
 */
CHECKED Err manuscript_plan(Ctx *ctx, int64_t id, int64_t version, Str local, Str zone,
                            Manuscript *ret);
/* "manuscript.unplanned", why "cancelled": it waits for a second person again. */
CHECKED Err manuscript_unplan(Ctx *ctx, int64_t id, int64_t version, Manuscript *ret);

/* ---- what is planned, when its time has come: for the job only (else ERR_FORBIDDEN) ---- */

/*
 * Publishes what is due, in the order of time and of planning, each in one transaction that looks at everything again
 * (may the outlet publish, may who planned it still release, has the embargo passed, is it the same text):
 * as manuscript_release, but "manuscript.released" has released_by {id, name, role}, planned {at, local, zone},
 * published and is_late. What may not go out now is held instead, with why ("manuscript.held"), and so is what was
 * missed by more than PLAN_GRACE_MS where the alliance says so. *ret counts both. Safe to repeat. An error of one
 * story does not stop the others and is returned at the end.
 */
CHECKED Err manuscript_publish_due(Ctx *ctx, int64_t *ret);
/*
 * Instants made with other rules of zones than those in use are computed anew; one that moves is an entry
 * "manuscript.rezoned" {what, local, zone, before, after, rules}. *ret counts the moved ones. Safe to repeat.
 */
CHECKED Err manuscript_rezone(Ctx *ctx, int64_t *ret);
/* A job "manuscript.plans" for now, at the start of a program that runs jobs: both of the above, then each hour. */
CHECKED Err manuscript_plans_begin(Ctx *ctx);
extern const JobKind manuscript_job_kinds[];
extern const size_t manuscript_job_kind_count;

/* ---- reading ---- */

/* *ret_found false: there never was one, or it was published. Plans that came to nothing stay until the next. */
CHECKED Err manuscript_plan_get(Ctx *ctx, int64_t id, Plan *ret, bool *ret_found);
CHECKED Err manuscript_embargo_get(Ctx *ctx, int64_t id, Embargo *ret, bool *ret_found);
/* "2026-12-01 08:00 Asia/Shanghai" */
Str manuscript_wall_text(Ctx *ctx, const WallTime *when);
/* It waits and its time is past by more than PLAN_OVERDUE_MS. */
bool manuscript_plan_is_overdue(const Ctx *ctx, const Plan *plan);
/* It was planned and went out later than PLAN_GRACE_MS. */
bool manuscript_is_late(const Manuscript *m);
/* Of the plans of an outlet that wait or are held, the earliest first; limit 1..PLANS_MAX. */
CHECKED Err manuscript_plans_of_outlet(Ctx *ctx, int64_t outlet_id, int limit, PlanList *ret);
/*
 * For the to-do page: plans that I made or that are of my stories, which wait, came to nothing by an edit, or (of
 * mine) are held. ret_plans->items[i] is of ret->items[i]; the earliest first; limit 1..100.
 */
CHECKED Err manuscript_list_planned(Ctx *ctx, int limit, ManuscriptList *ret, PlanList *ret_plans);
/* How many plans of the alliance are overdue. */
CHECKED Err manuscript_plans_overdue(Ctx *ctx, int64_t *ret);

/* Of any state; drafts only for who may see them: callers check CAP_DRAFTS. ERR_NOT_FOUND. */
CHECKED Err manuscript_get(Ctx *ctx, int64_t id, Manuscript *ret);
/* Published or withdrawn only; ERR_NOT_FOUND for drafts. */
CHECKED Err manuscript_get_public(Ctx *ctx, int64_t id, Manuscript *ret);
CHECKED Err manuscript_version(Ctx *ctx, int64_t id, int64_t n, ManuscriptVersion *ret);
/* Released versions only, oldest first; without source, html and text. */
CHECKED Err manuscript_versions(Ctx *ctx, int64_t id, ManuscriptVersion **ret, size_t *ret_len);
/* Published, newest first by (published_ms, id); outlet_id 0: all outlets; kind empty: all. */
CHECKED Err manuscript_list_public(Ctx *ctx, int64_t outlet_id, Str kind, int64_t after_ms,
                                   int64_t after_id, int limit, ManuscriptList *ret);
/* Published ones by rising id, above after_id; limit 1..100. One statement. */
CHECKED Err manuscript_list_rising(Ctx *ctx, int64_t after_id, int limit, ManuscriptList *ret);
/* Many by id, in that order, published ones only; for search. One statement. */
CHECKED Err manuscript_get_many_public(Ctx *ctx, const int64_t *ids, size_t count,
                                       ManuscriptList *ret);
/* Of any state, in the order of ids; unknown ids give id 0. One statement per 30 ids. */
CHECKED Err manuscript_get_many(Ctx *ctx, const int64_t *ids, size_t count, Manuscript *ret);
/* The shown texts of published stories, in the order of ids; empty for any other. One statement per 30 ids. */
CHECKED Err manuscript_texts_public(Ctx *ctx, const int64_t *ids, size_t count, Str *ret_texts);
/* The same with their shown versions (html, pictures, tags), for feeds. One statement. */
CHECKED Err manuscript_feed(Ctx *ctx, int64_t outlet_id, int limit, ManuscriptList *ret,
                            ManuscriptVersion **ret_versions);
/*
 * For the to-do page: what I write; what waits at these outlets (0: at all) and neither is mine nor was last
 * written by me, the longest waiting first. limit 1..100.
 */
CHECKED Err manuscript_list_mine(Ctx *ctx, int limit, ManuscriptList *ret);
CHECKED Err manuscript_list_waiting(Ctx *ctx, const int64_t *outlet_ids, size_t count, int limit,
                                    ManuscriptList *ret);
/* All of one outlet for the desk, newest change first. */
CHECKED Err manuscript_list_desk(Ctx *ctx, int64_t outlet_id, Str state, int64_t after_ms,
                                 int64_t after_id, int limit, ManuscriptList *ret);
typedef struct ManuscriptCounts {
    int64_t published, withdrawn, corrections, since_week; /* since_week: last 7 days */
} ManuscriptCounts;
CHECKED Err manuscript_counts(Ctx *ctx, int64_t outlet_id, ManuscriptCounts *ret);

/*
 * Used by correction, in the caller's transaction: one more public notice of a story of ctx->outlet_id, whose row
 * version must be `version`. ERR_NOT_FOUND unless the table allows it there, ERR_CONFLICT field "version".
 */
CHECKED Err manuscript_count_correction(Ctx *ctx, int64_t id, int64_t version);

/* Sets "pictures": [{src srcset width height hash alt credit}] of a version. One statement. */
CHECKED Err manuscript_put_pictures(Ctx *ctx, const ManuscriptVersion *v, Json *model);

/* ---- stories from before (补录): JSON Lines or JSON Feed ---- */
typedef struct StoryImportRow {
    int64_t line;
    Str title;
    Str outcome; /* new same refused */
    StrList reasons;
} StoryImportRow;
typedef struct StoryImportReport {
    StoryImportRow *rows;
    size_t len;
    int64_t new_count, same_count, refused_count;
    bool is_written; /* all of it is here */
    int64_t
        work_id; /* ... or is taken in step by step by this piece of work (queue/work.h); 0: none */
} StoryImportReport;
/*
 * JSON Lines {title, text | content_html, date, url?, authors?, tags?, summary?, language?} or a JSON Feed. Every row
 * is looked at before one is written; any refused row: nothing is written and OK is returned with every row's faults.
 * A story is known again by its url, else by its id, else by title, date and text; known and different is refused,
 * for a story is changed by a new version only (R13). Each becomes a published story of profile "imported" with
 * its own date and the day of import, log entry "manuscript.imported", and one event of that name {ids, outlet_id}
 * per 200. It needs no 指导教师: nothing is reviewed or published here, an archive is taken in.
 *
 * Up to 200 new stories are written in one transaction before it returns. More become a piece of work of the kind
 * "stories.import", subject outlet and file, unit rows: 200 in a transaction, each story once, in the name of who
 * began it and as long as that person may. The same file while it has not ended: that piece goes on.
 * ERR_INVALID field "file" (not UTF-8, no story), ERR_LIMIT field "file" (import.bytes, import.rows).
 */
CHECKED Err manuscript_import(Ctx *ctx, int64_t outlet_id, Str bytes, bool is_dry_run,
                              StoryImportReport *ret);

extern const WorkKind manuscript_import_work; /* "stories.import" */

/* A Route's outlet_of for addresses that name a story as {id}. */
CHECKED Err manuscript_outlet_of_id(Ctx *ctx, const Request *req, int64_t *ret);

extern const Route manuscript_routes[];      /* versions and differences, for readers */
extern const Route manuscript_desk_routes[]; /* reading and deciding */
extern const Route manuscript_plan_routes[]; /* releasing for a later time */
extern const Route manuscript_write_routes[];
extern const Route manuscript_import_routes[], manuscript_word_routes[];

#include "features/manuscript/manuscript_review.h" /* the check in steps: of the same public face */

#endif
