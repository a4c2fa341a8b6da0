/* features/register/register.h - the alliance's register of outlets (备案, product.md 3). */
#ifndef FEATURES_REGISTER_REGISTER_H
#define FEATURES_REGISTER_REGISTER_H

#include "base/ctx.h"
#include "base/json.h"
#include "http/route.h"

/* States: applied 申请, pending 待审, filed 备案, active 在用, change_pending 变更待审, in_review 年审中,
 * passed 通过, rectify 限期整改, suspended 暂停, struck 注销. Publishing: filed, active, change_pending,
 * in_review, passed, rectify. The machine is a table in register_states.c. */
typedef struct Outlet {
    int64_t id;
    Str     no; /* 备案号: unique, ASCII letters, digits and '-', 1..20 */
    Str     name;
    Str     platform;
    Str     platform_account;
    Str     url;
    Str     tier; /* 校级 二级 三级 */
    int64_t unit_id;
    Str     unit_name;
    Str     supervisor;  /* 主管单位 */
    Str     verified_as; /* 认证主体 */
    Str     purpose;
    Str     opened_on; /* YYYY-MM-DD or empty */
    Str     first_responsible, direct_lead;
    Str     teacher;         /* 指导教师's name; public */
    Str     teacher_contact; /* private: staff of the register only */
    Str     operators, reviewers; /* names separated by 、 */
    Str     emergency_contact;    /* private */
    int64_t promised_per_week;
    int64_t followers;
    Str     followers_as_of;
    Str     feed_url;
    Str     state;
    Str     review_state; /* annual review: "" | in_review | passed | rectify, with review_year */
    int64_t review_year;
    Str     struck_reason;
    int64_t struck_ms, filed_ms, changed_ms;
    int64_t last_published_ms; /* from events; 0 never */
    int64_t version;
} Outlet;
typedef struct OutletList {
    Outlet *items;
    size_t  len;
} OutletList;

typedef struct OutletFilter {
    Str tier, state, platform, q; /* empty: any; q is part of the name, number or unit */
} OutletFilter;

CHECKED Err outlet_get(Ctx *ctx, int64_t id, Outlet *ret);
CHECKED Err outlet_by_no(Ctx *ctx, Str no, Outlet *ret);
/* Several at once in one statement, in the order of ids; unknown ids give id 0. */
CHECKED Err outlet_get_many(Ctx *ctx, const int64_t *ids, size_t count, Outlet *ret);
/* By number, after the outlet with that id (0 at first). *ret_total counts all that match. */
CHECKED Err outlet_list(Ctx *ctx, const OutletFilter *filter, int64_t after_id, int limit, OutletList *ret,
                        int64_t *ret_total);
CHECKED Err outlet_counts(Ctx *ctx, int64_t *ret_all, int64_t *ret_in_service);
/* May this outlet publish now? ERR_REFUSED-like ERR_FORBIDDEN with the sentence why: no in-service 指导教师
 * (a dated grant), suspended, struck, not filed yet. */
CHECKED Err outlet_require_publishing(Ctx *ctx, int64_t outlet_id);
/* Acts of the register, each with its log entry "outlet.filed|changed|state" and event of the same name
 * {outlet_id}, tags outlet:{id}, outlets, home. */
CHECKED Err outlet_file(Ctx *ctx, const Outlet *outlet, int64_t *ret_id);
CHECKED Err outlet_change(Ctx *ctx, const Outlet *outlet); /* .version must be the current one: ERR_CONFLICT */
CHECKED Err outlet_move(Ctx *ctx, int64_t id, Str to_state, Str reason, int64_t version);
/* Called by publish when a story goes out; keeps last_published_ms. */
CHECKED Err outlet_published(Ctx *ctx, int64_t outlet_id, int64_t at_ms);

/* CSV in (cli.md, import outlets). The report has a row per data row. */
typedef struct ImportRow {
    int64_t line;    /* of the file, from 1 */
    Str     key;     /* 备案号, or platform/account */
    Str     name;
    Str     outcome; /* new changed same refused */
    StrList reasons; /* refused: translated sentences, each naming its column */
    int     rule;    /* refused by R4, R6: the number */
} ImportRow;
typedef struct ImportReport {
    ImportRow *rows;
    size_t     len;
    int64_t    new_count, changed_count, same_count, refused_count;
    bool       is_written;
} ImportReport;
/* One transaction, all or nothing; any refused row: nothing is written and OK is returned with the report. */
CHECKED Err outlet_import(Ctx *ctx, Str csv_bytes, bool is_dry_run, ImportReport *ret);

/* The public part of an outlet for templates and JSON (no private contacts). */
Json *outlet_model(Ctx *ctx, const Outlet *outlet);

extern const Route register_routes[];

#endif
