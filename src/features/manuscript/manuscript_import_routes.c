/* features/manuscript/manuscript_import_routes.c - stories from before: a file in, a report of every row out. */
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_pages.h"
#include "features/register/register.h"

enum { FAULTS_SHOWN_MAX = 200 }; /* on a page; programs get every row */

static const Field import_fields[] = {
    { "outlet", FIELD_WORD, IN_BODY, .is_required = true, .label = N_("Outlet") },
    { "file", FIELD_FILE, IN_BODY, .is_required = true, .max = 64 << 20, .label = N_("The file") },
    { "dry_run", FIELD_BOOL, IN_BODY, .label = N_("Only check, write nothing") },
    { 0 },
};
static const Field page_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number of the outlet") },
    { 0 },
};
static const Field form_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number of the outlet") },
    { "file", FIELD_FILE, IN_BODY, .is_required = true, .max = 64 << 20, .label = N_("The file") },
    { "dry_run", FIELD_BOOL, IN_BODY, .label = N_("Only check, write nothing") },
    { 0 },
};

#define REPORT_KEYS                                                                                \
    "rows[line title outcome reasons[]] new_count same_count refused_count is_written work?{id "   \
    "url}"

static const Model report_model = { NULL, REPORT_KEYS };
static const Model page_report_model = { "manuscript/import_report",
                                         "title outlet{no name} unshown_count " REPORT_KEYS };
static const Model page_model = { "manuscript/import", "title outlet{no name}" };

static Err outlet_of_path(Ctx *ctx, const Request *req, int64_t *ret) {
    Outlet outlet;

    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    *ret = outlet.id;
    return OK;
}

static Json *row_model(Ctx *ctx, const StoryImportRow *row) {
    Json *item = json_obj(ctx->arena), *reasons = json_arr(ctx->arena);

    for (size_t i = 0; i < row->reasons.len; i++)
        json_push(reasons, json_str(ctx->arena, row->reasons.items[i]));
    json_set(item, "line", json_int(ctx->arena, row->line));
    json_set(item, "title", json_str(ctx->arena, row->title));
    json_set(item, "outcome", json_str(ctx->arena, row->outcome));
    json_set(item, "reasons", reasons);
    return item;
}

/* Where the work is followed: the operator and who sees all of it have a page of their own. */
static Json *work_model(Ctx *ctx, int64_t id) {
    const char *where = ctx->actor == ACTOR_PERSON ? "/long-work" : "/admin/long-work";
    Json *work = json_obj(ctx->arena);

    if (!id)
        return json_null(ctx->arena);
    json_set(work, "id", json_id(ctx->arena, id));
    json_set(work, "url",
             json_str(ctx->arena, str_format(ctx->arena, "%s/%lld", where, (long long)id)));
    return work;
}

/* A page shows what must be mended, programs are told every row. */
static Json *make_model(Ctx *ctx, const StoryImportReport *report, bool is_page) {
    Json *model = json_obj(ctx->arena), *rows = json_arr(ctx->arena);
    int64_t unshown = 0;

    for (size_t i = 0; i < report->len; i++) {
        const StoryImportRow *row = &report->rows[i];
        if (is_page && !str_eq(row->outcome, S("refused")))
            continue;
        if (is_page && rows->array.len == FAULTS_SHOWN_MAX)
            unshown++;
        else
            json_push(rows, row_model(ctx, row));
    }
    json_set(model, "rows", rows);
    json_set(model, "new_count", json_int(ctx->arena, report->new_count));
    json_set(model, "same_count", json_int(ctx->arena, report->same_count));
    json_set(model, "refused_count", json_int(ctx->arena, report->refused_count));
    json_set(model, "is_written", json_bool(ctx->arena, report->is_written));
    json_set(model, "work", work_model(ctx, report->work_id));
    if (is_page)
        json_set(model, "unshown_count", json_int(ctx->arena, unshown));
    return model;
}

static Err take_in(Ctx *ctx, const Request *req, StoryImportReport *ret) {
    Upload file;

    if (!req_file(req, "file", &file))
        return FAIL(ERR_INVALID, "file", N_("Choose a file."));
    return manuscript_import(ctx, ctx->outlet_id, file.bytes, req_bool(req, "dry_run"), ret);
}

static Err import(Ctx *ctx, const Request *req, Response *res) {
    StoryImportReport report;

    TRY(take_in(ctx, req, &report));
    Json *model = make_model(ctx, &report, false);
    if (report.refused_count)
        return res_view_as(ctx, req, res, 422, &report_model, model);
    if (report.work_id)
        return res_done(ctx, req, res, json_get_text(json_get(model, "work"), "url"), model);
    return res_done(ctx, req, res, S("/desk/articles"), model);
}

/* ---- for people ---- */

static Err put_outlet(Ctx *ctx, Json *model) {
    Json *about = json_obj(ctx->arena);
    Outlet outlet;

    TRY(outlet_get(ctx, ctx->outlet_id, &outlet));
    json_set(about, "no", json_str(ctx->arena, outlet.no));
    json_set(about, "name", json_str(ctx->arena, outlet.name));
    json_set(model, "outlet", about);
    json_set(model, "title", manuscript_words(ctx, N_("Take old stories in")));
    return OK;
}

static Err show_form(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);

    TRY(put_outlet(ctx, model));
    return res_view(ctx, req, res, model);
}

static Err import_form(Ctx *ctx, const Request *req, Response *res) {
    StoryImportReport report;

    TRY(take_in(ctx, req, &report));
    Json *model = make_model(ctx, &report, !req_wants_json(req));
    if (report.work_id)
        return res_done(ctx, req, res, json_get_text(json_get(model, "work"), "url"), model);
    if (report.is_written)
        return res_done(
            ctx, req, res,
            str_format(ctx->arena, "/desk/articles?outlet=%.*s", STR_ARG(ctx->outlet_no)), model);
    TRY(put_outlet(ctx, model));
    json_set(model, "title", manuscript_words(ctx, N_("What the file holds")));
    if (req_wants_json(req))
        json_set(model, "unshown_count", json_int(ctx->arena, 0));
    return res_view_as(ctx, req, res, report.refused_count ? 422 : 200, &page_report_model, model);
}

const Route manuscript_import_routes[] = {
    { "POST", "/import/stories", OUTLET(CAP_IMPORT_STORIES), import_fields, import, &report_model,
      ROUTE_UPLOAD | ROUTE_LONG, .outlet_of = manuscript_outlet_of_no,
      .summary = N_("Takes an outlet's old stories in; many of them step by step.") },
    { "GET", "/desk/outlets/{no}/import", OUTLET(CAP_IMPORT_STORIES), page_fields, show_form,
      &page_model, .outlet_of = outlet_of_path,
      .summary = N_("The form that takes old stories in.") },
    { "POST", "/desk/outlets/{no}/import", OUTLET(CAP_IMPORT_STORIES), form_fields, import_form,
      &page_report_model, ROUTE_UPLOAD | ROUTE_LONG, .outlet_of = outlet_of_path,
      .form_handler = show_form,
      .summary = N_("Takes the outlet's old stories in; many of them step by step.") },
    { 0 },
};
