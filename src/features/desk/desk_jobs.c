/* features/desk/desk_jobs.c - what is owed and why it waits; a safe way to move it. */
#include "features/desk/desk_pages.h"
#include "features/manuscript/manuscript.h"
#include "features/site/site.h"
#include "queue/job.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { JOBS_PER_PAGE = 100 };

static Str why(Ctx *ctx, const JobRow *row) {
    if (!row->last_error.len)
        return STR_EMPTY;
    return catalogue_format(ctx->arena, catalogue_of(ctx->lang),
                            str_to_c(ctx->arena, row->last_error), row->last_args);
}

static Err job_model(Ctx *ctx, const Site *site, const JobRow *row, Json **ret) {
    Json *job = json_obj(ctx->arena);
    Str due;

    TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_SHORT, row->due_ms, &due));
    json_set(job, "id", json_id(ctx->arena, row->id));
    json_set(job, "lane", json_str(ctx->arena, row->lane));
    json_set(job, "kind", json_str(ctx->arena, row->kind));
    json_set(job, "dest", json_str(ctx->arena, row->dest));
    json_set(job, "state", json_str(ctx->arena, row->state));
    json_set(job, "is_overdue", json_bool(ctx->arena, row->is_overdue));
    json_set(job, "due", json_str(ctx->arena, due));
    json_set(job, "attempts", json_int(ctx->arena, row->attempts));
    json_set(job, "last_error", json_str(ctx->arena, why(ctx, row)));
    json_set(
        job, "may_hold",
        json_bool(ctx->arena, str_eq(row->state, S("ready")) || str_eq(row->state, S("waiting"))));
    json_set(job, "may_retry",
             json_bool(ctx->arena, str_eq(row->state, S("dead")) || str_eq(row->state, S("held")) ||
                                       str_eq(row->state, S("waiting"))));
    json_set(job, "may_settle", json_bool(ctx->arena, str_eq(row->state, S("unsure"))));
    *ret = job;
    return OK;
}

static Json *counts_model(Ctx *ctx, const JobCounts *counts) {
    Json *out = json_obj(ctx->arena);

    json_set(out, "ready", json_int(ctx->arena, counts->ready));
    json_set(out, "waiting", json_int(ctx->arena, counts->waiting));
    json_set(out, "leased", json_int(ctx->arena, counts->leased));
    json_set(out, "held", json_int(ctx->arena, counts->held));
    json_set(out, "unsure", json_int(ctx->arena, counts->unsure));
    json_set(out, "dead", json_int(ctx->arena, counts->dead));
    json_set(out, "overdue", json_int(ctx->arena, counts->overdue));
    return out;
}

Err desk_jobs(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    JobList list;
    JobCounts counts;
    int64_t plans_overdue;
    Json *model = json_obj(ctx->arena), *jobs = json_arr(ctx->arena), *job, *next;
    int64_t after, unused;

    req_cursor(req, "after", &after, &unused);
    TRY(site_get(ctx, &site));
    TRY(job_counts(ctx, &counts));
    TRY(manuscript_plans_overdue(ctx, &plans_overdue));
    TRY(job_list(ctx, req_text(req, "state"), after, JOBS_PER_PAGE, &list));
    for (size_t i = 0; i < list.len; i++) {
        TRY(job_model(ctx, &site, &list.items[i], &job));
        json_push(jobs, job);
    }
    next = json_null(ctx->arena);
    if (list.len == JOBS_PER_PAGE) {
        Str cursor = list_cursor(ctx->arena, list.items[list.len - 1].id, 1);
        res_next(ctx, req, res, cursor);
        next = json_str(ctx->arena, cursor);
    }
    json_set(model, "title",
             json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(N_("Jobs")))));
    json_set(model, "counts", counts_model(ctx, &counts));
    json_set(model, "plans_overdue", json_int(ctx->arena, plans_overdue));
    json_set(model, "jobs", jobs);
    json_set(model, "state", json_str(ctx->arena, req_text(req, "state")));
    json_set(model, "next", next);
    return res_view(ctx, req, res, model);
}

Err desk_job_act(Ctx *ctx, const Request *req, Response *res) {
    Str act = req_text(req, "act");
    int64_t id = req_id(req, "id");
    Json *model = json_obj(ctx->arena);

    if (str_eq(act, S("retry")))
        TRY(job_retry(ctx, id));
    else if (str_eq(act, S("hold")))
        TRY(job_hold(ctx, id));
    else
        TRY(job_settle(ctx, id, str_eq(act, S("there"))));
    json_set(model, "id", json_id(ctx->arena, id));
    json_set(model, "act", json_str(ctx->arena, act));
    return res_done(ctx, req, res, S("/admin/jobs"), model);
}
