/* features/manuscript/manuscript_import_routes.c - stories from before: a file in, a report of every row out. */
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_pages.h"

static const Field import_fields[] = {
    { "outlet", FIELD_WORD, IN_BODY, .is_required = true, .label = N_("Outlet") },
    { "file", FIELD_FILE, IN_BODY, .is_required = true, .max = 64 << 20, .label = N_("File") },
    { "dry_run", FIELD_BOOL, IN_BODY, .label = N_("Only check, write nothing") },
    { 0 },
};

static const Model report_model = {
    NULL, KEYS(rows[line title outcome reasons[]] new_count same_count refused_count is_written)
};

static Err import(Ctx *ctx, const Request *req, Response *res) {
    Upload file;
    StoryImportReport report;
    Json *model = json_obj(ctx->arena), *rows = json_arr(ctx->arena);

    if (!req_file(req, "file", &file))
        return FAIL(ERR_INVALID, "file", N_("Choose a file."));
    TRY(manuscript_import(ctx, ctx->outlet_id, file.bytes, req_bool(req, "dry_run"), &report));
    for (size_t i = 0; i < report.len; i++) {
        const StoryImportRow *row = &report.rows[i];
        Json *item = json_obj(ctx->arena), *reasons = json_arr(ctx->arena);
        for (size_t r = 0; r < row->reasons.len; r++)
            json_push(reasons, json_str(ctx->arena, row->reasons.items[r]));
        json_set(item, "line", json_int(ctx->arena, row->line));
        json_set(item, "title", json_str(ctx->arena, row->title));
        json_set(item, "outcome", json_str(ctx->arena, row->outcome));
        json_set(item, "reasons", reasons);
        json_push(rows, item);
    }
    json_set(model, "rows", rows);
    json_set(model, "new_count", json_int(ctx->arena, report.new_count));
    json_set(model, "same_count", json_int(ctx->arena, report.same_count));
    json_set(model, "refused_count", json_int(ctx->arena, report.refused_count));
    json_set(model, "is_written", json_bool(ctx->arena, report.is_written));
    if (report.refused_count)
        return res_view_as(ctx, req, res, 422, &report_model, model);
    return res_done(ctx, req, res, S("/desk/articles"), model);
}

const Route manuscript_import_routes[] = {
    { "POST", "/import/stories", OUTLET(CAP_IMPORT_STORIES), import_fields, import, &report_model,
      ROUTE_UPLOAD | ROUTE_LONG, .outlet_of = manuscript_outlet_of_no,
      .summary = N_("Takes an outlet's old stories in.") },
    { 0 },
};
