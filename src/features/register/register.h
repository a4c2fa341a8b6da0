/* features/register/register.h - the alliance's register of outlets (备案, product.md 3). */
#ifndef FEATURES_REGISTER_REGISTER_H
#define FEATURES_REGISTER_REGISTER_H

#include "base/ctx.h"
#include "base/json.h"
#include "http/route.h"

enum {
    OUTLET_NO_CHARS_MAX = 20,
    OUTLET_REASON_CHARS_MAX = 500,
    OUTLET_LIST_MAX = 200,
    OUTLET_SILENT_DAYS = 30
};

/* States: applied 申请, pending 待审, filed 备案, active 在用, change_pending 变更待审, in_review 年审中,
 * passed 通过, rectify 限期整改, suspended 暂停, struck 注销. Publishing: filed, active, change_pending,
 * in_review, passed, rectify. The machine is a table in register_states.c. */
typedef struct Outlet {
    int64_t id;
    Str no; /* 备案号: unique, ASCII letters, digits (one at least) and '-', 1..20; empty before filing */
    Str name;
    Str platform;
    Str platform_account;
    Str url;
    Str tier; /* 校级 二级 三级 */
    int64_t unit_id;
    Str unit_name;
    Str unit_kind; /* only taken in, for a unit that is new: 学院 部门 社团 外部; empty: 部门 */
    Str supervisor;  /* 主管单位 */
    Str verified_as; /* 认证主体 */
    Str purpose;
    Str opened_on; /* YYYY-MM-DD or empty */
    Str first_responsible, direct_lead;
    Str teacher;              /* 指导教师's name; public */
    Str teacher_contact;      /* private: staff of the register only */
    Str operators, reviewers; /* names separated by 、 */
    Str emergency_contact;    /* private */
    int64_t promised_per_week;
    int64_t followers;
    Str followers_as_of;
    Str feed_url;
    Str state;
    Str state_reason; /* of the last move that needed one; public */
    int64_t state_ms; /* when it came into this state */
    Str review_state; /* annual review: in_review | passed | rectify; "": none, or it suspended */
    int64_t review_year; /* the year that the newest review is about; 0: none */
    Str struck_reason;
    int64_t struck_ms, filed_ms, changed_ms; /* filed_ms: 0 while it is an application, and
                                                when that was turned down: struck, never filed */
    int64_t last_published_ms;               /* from events; 0 never */
    int64_t version;
} Outlet;
typedef struct OutletList {
    Outlet *items;
    size_t len;
} OutletList;

typedef struct OutletFilter {
    Str tier, state, platform, q; /* empty: any; q is part of the name, number or unit */
    Str missing;                  /* outlets whose unit has none on this platform; empty: any */
    bool has_applications;        /* also those that were never filed: for staff only */
} OutletFilter;

/* All fail with ERR_IO, ERR_BUSY. Of any state, applications too; ERR_NOT_FOUND. */
CHECKED Err outlet_get(Ctx *ctx, int64_t id, Outlet *ret);
/* Of those that were filed, struck ones too; ERR_NOT_FOUND. */
CHECKED Err outlet_by_no(Ctx *ctx, Str no, Outlet *ret);
/* A Route's outlet_of for addresses that name it as {no}. */
CHECKED Err register_outlet_of_no(Ctx *ctx, const Request *req, int64_t *ret);
/* For staff: by its number, or by the id in digits while it has none; ERR_NOT_FOUND. */
CHECKED Err outlet_by_ref(Ctx *ctx, Str ref, Outlet *ret);
/* Several at once in the order of ids, one statement for each 60 of them; unknown ids give id 0. */
CHECKED Err outlet_get_many(Ctx *ctx, const int64_t *ids, size_t count, Outlet *ret);
/*
 * By number (2026-9 before 2026-10), after the outlet with that id (0 at first); limit 1..OUTLET_LIST_MAX.
 * *ret_total counts all that match, on all pages.
 */
CHECKED Err outlet_list(Ctx *ctx, const OutletFilter *filter, int64_t after_id, int limit,
                        OutletList *ret, int64_t *ret_total);
/* Of a unit, filed and not struck, by number; limit 1..OUTLET_LIST_MAX. One statement. */
CHECKED Err outlet_of_unit(Ctx *ctx, int64_t unit_id, int limit, OutletList *ret);
/* The platforms that filed outlets are on, each once, sorted; at most 200. */
CHECKED Err outlet_platforms(Ctx *ctx, StrList *ret);
/* *ret_all: filed at any time, struck ones too; *ret_in_service: those that may publish by their state. */
CHECKED Err outlet_counts(Ctx *ctx, int64_t *ret_all, int64_t *ret_in_service);
/* May this outlet publish now? ERR_REFUSED-like ERR_FORBIDDEN with the sentence why: no in-service 指导教师
 * (a dated grant), suspended, struck, not filed yet. ERR_NOT_FOUND. */
CHECKED Err outlet_require_publishing(Ctx *ctx, int64_t outlet_id);

/* What the program sees by itself, computed when read and never stored: nobody sets it or takes it away. */
typedef struct OutletFlags {
    bool is_silent;      /* may publish, and nothing went out for OUTLET_SILENT_DAYS days */
    bool has_no_teacher; /* not struck, and nobody in service holds 指导教师 (a dated grant) */
    bool
        has_left; /* the card names a teacher, operator or reviewer whose roles here have all ended */
} OutletFlags;
/* In the order of outlets; one statement for each 60. */
CHECKED Err outlet_flags(Ctx *ctx, const Outlet *outlets, size_t count, OutletFlags *ret);
/* [{name text look}] of those that are up, for pages. */
Json *outlet_flags_model(Ctx *ctx, const OutletFlags *flags);

/*
 * Acts of the register, each one transaction with its log entry "outlet.filed|changed|state" (an application:
 * "outlet.applied") and event of the same name {outlet_id} ("outlet.state" also {from, to}), tags outlet:{id},
 * outlets, home. Log and events hold no private contact. Common failures: ERR_INVALID and ERR_LIMIT with the
 * field, ERR_REFUSED rule 6 (a private account), ERR_CONFLICT with the field ("no" or "platform_account" is
 * taken, "name" looks like another outlet's), ERR_NOT_FOUND, ERR_BUSY with retry, ERR_IO.
 */

/*
 * A new outlet. outlet->state is where it begins: "applied" (an application), "filed", or "active" (also when
 * empty). The unit is unit_id or, when that is 0, the one called unit_name, which is filed when it is new. A
 * missing number is given by the program ({year}-{001}) unless it is an application. Not idempotent.
 */
CHECKED Err outlet_file(Ctx *ctx, const Outlet *outlet, int64_t *ret_id);
/*
 * All fields but the state's, its times and reasons. .version must be the current one: ERR_CONFLICT "version".
 * A number that was given never changes, a struck outlet neither: ERR_CONFLICT. Without any difference
 * nothing is written.
 */
CHECKED Err outlet_change(Ctx *ctx, const Outlet *outlet);
/* The card as it would be kept: spelling, blanks, bounds; the first fault, as outlet_change would find it. No storage. */
CHECKED Err outlet_clean(const Ctx *ctx, Outlet *outlet);
/*
 * An application, which gets its number when it is approved (applied -> pending -> filed) and is in no public list
 * before. Whoever is signed in may apply. outlet->no is not asked for. Otherwise as outlet_file.
 */
CHECKED Err outlet_apply(Ctx *ctx, const Outlet *outlet, int64_t *ret_id);
/*
 * By the table of states; ERR_CONFLICT "to" for a move that is not in it or is the annual review's, ERR_INVALID
 * "reason" where one is needed. reason 0..OUTLET_REASON_CHARS_MAX characters. pending -> filed gives a missing number. An application
 * that is turned down gets none and frees its account and name for another.
 */
CHECKED Err outlet_move(Ctx *ctx, int64_t id, Str to_state, Str reason, int64_t version);
/*
 * The steps of the annual review, and the one way into in_review, passed and rectify; for the feature that keeps the
 * reviews, in its transaction. year is what the review is about. As outlet_move otherwise, of the current version.
 */
CHECKED Err outlet_review(Ctx *ctx, int64_t id, Str to_state, Str reason, int64_t year);
/*
 * Outlets whose review of that year may be opened and was not: active, passed, rectify or suspended. By
 * number; limit 1..1000. *ret_total counts all of them.
 */
CHECKED Err outlet_due(Ctx *ctx, int64_t year, int limit, OutletList *ret, int64_t *ret_total);
/* Is it one of those? */
bool outlet_is_due(const Outlet *outlet, int64_t year);
/* Called by publish when a story goes out; keeps the latest in last_published_ms. No log entry; safe to repeat. */
CHECKED Err outlet_published(Ctx *ctx, int64_t outlet_id, int64_t at_ms);

/* CSV in (cli.md, import outlets). The report has a row per data row. */
typedef struct ImportRow {
    int64_t line; /* of the file, from 1 */
    Str key;      /* 备案号, or platform/account */
    Str name;
    Str outcome;     /* new changed same refused */
    StrList reasons; /* refused: translated sentences, each naming its column */
    StrList notes;   /* translated: not refused, but to be mended (no 指导教师) */
    int rule;        /* refused by R4, R6: the number */
} ImportRow;
typedef struct ImportReport {
    ImportRow *rows;
    size_t len;
    int64_t new_count, changed_count, same_count, refused_count;
    bool is_written;
} ImportReport;
/*
 * One transaction, all or nothing; any refused row: nothing is written and OK is returned with the report. UTF-8
 * or GB18030, with or without a BOM; headings are those of demo/outlets.csv or the English field names. A
 * row is known by (platform, account), without an account by its number; a column that the file lacks keeps
 * what is stored. New outlets begin active. Repeating changes nothing, and neither does taking in what
 * outlet_export wrote: its columns of states must say what the register says. Columns that R2, R4 or R6 refuse
 * refuse every row with that number. ERR_INVALID, field "file": no roster at
 * all; ERR_LIMIT: beyond import.rows, import.bytes. The report lives in ctx->arena.
 */
CHECKED Err outlet_import(Ctx *ctx, Str csv_bytes, bool is_dry_run, ImportReport *ret);

/*
 * The public columns of all that match, and what the register keeps itself (state, its day and reason, day of
 * filing): UTF-8 with a BOM, formulas defused. Borrowed from ctx->arena.
 */
CHECKED Err outlet_export(Ctx *ctx, const OutletFilter *filter, Str *ret);

/*
 * The public part of an outlet for templates and JSON (no private contacts), its days those of the zone; its keys:
 * OUTLET_KEYS.
 */
Json *outlet_model(Ctx *ctx, Str zone, const Outlet *outlet);
#define OUTLET_KEYS                                                                                \
    "id no name platform platform_account url? tier unit unit_id supervisor verified_as purpose "  \
    "opened_on"                                                                                    \
    " first_responsible direct_lead teacher operators reviewers promised_per_week followers"       \
    " followers_as_of feed_url? state state_text state_class state_reason state_on is_publishing"  \
    " review_state review_text review_year? is_struck struck_on struck_reason filed_on changed_on" \
    " last_published_on"

extern const Route register_routes[];

#endif
