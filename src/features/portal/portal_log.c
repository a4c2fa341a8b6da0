/* features/portal/portal_log.c - the public log: a page for people, tiles for programs (C2SP tlog-tiles). */
#include "features/portal/portal_cards.h"
#include "features/portal/portal_pages.h"
#include "ledger/ledger.h"
#include "view/catalogue.h"

enum { ENTRIES_PER_PAGE = 50, TILE_WIDTH = 256 };

static const char IMMUTABLE[] = "public, max-age=31536000, immutable";

static Err entries_model(Ctx *ctx, const Site *site, const LedgerEntries *list, Json **ret) {
    Json *out = json_arr(ctx->arena), *at;

    for (size_t i = 0; i < list->len; i++) {
        const LedgerEntryRow *row = &list->items[i];
        Json *item = json_obj(ctx->arena);
        bool is_story =
            str_starts(row->kind, S("manuscript.")) || str_starts(row->kind, S("correction."));
        TRY(time_model(ctx, site, row->at_ms, false, &at));
        json_set(item, "position", json_int(ctx->arena, row->index));
        json_set(item, "at", at);
        json_set(item, "kind", json_str(ctx->arena, row->kind));
        json_set(item, "kind_text", json_str(ctx->arena, site_entry_words(ctx, row->kind)));
        json_set(item, "subject", json_id(ctx->arena, row->subject_id));
        json_set(item, "outlet", json_str(ctx->arena, row->outlet_no));
        json_set(item, "url",
                 json_str(ctx->arena, is_story ? str_format(ctx->arena, "/articles/%lld",
                                                            (long long)row->subject_id)
                                               : STR_EMPTY));
        json_push(out, item);
    }
    *ret = out;
    return OK;
}

Err portal_log(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    LedgerHead head;
    LedgerEntries list;
    Json *model = json_obj(ctx->arena), *entries, *at, *next = json_null(ctx->arena);
    int64_t before, unused;

    req_cursor(req, "after", &before, &unused);
    TRY(site_get(ctx, &site));
    TRY(ledger_head(ctx, &head));
    TRY(ledger_newest(ctx, before > 0 ? before : INT64_MAX, ENTRIES_PER_PAGE, &list));
    TRY(entries_model(ctx, &site, &list, &entries));
    TRY(time_model(ctx, &site, head.at_ms, false, &at));
    if (list.len == ENTRIES_PER_PAGE && list.items[list.len - 1].index > 0) {
        Str cursor = list_cursor(ctx->arena, list.items[list.len - 1].index, 1);
        res_next(ctx, req, res, cursor);
        next = json_str(ctx->arena, cursor);
    }
    json_set(model, "title",
             json_str(ctx->arena,
                      catalogue_text(catalogue_of(ctx->lang), str_from_c(N_("Public log")))));
    json_set(model, "size", json_int(ctx->arena, head.size));
    json_set(model, "pending", json_int(ctx->arena, head.pending));
    json_set(model, "at", at);
    json_set(model, "checkpoint", json_str(ctx->arena, head.checkpoint));
    json_set(model, "vkey", json_str(ctx->arena, site.vkey));
    json_set(model, "entries", entries);
    json_set(model, "next", next);
    return res_view(ctx, req, res, model);
}

Err portal_log_key(Ctx *ctx, const Request *req, Response *res) {
    Site site;

    (void)req;
    TRY(site_get(ctx, &site));
    return res_bytes(res, 200, "text/plain; charset=utf-8",
                     str_concat(ctx->arena, site.vkey, S("\n")));
}

Err portal_log_checkpoint(Ctx *ctx, const Request *req, Response *res) {
    LedgerHead head;

    (void)req;
    TRY(ledger_head(ctx, &head));
    if (!head.checkpoint.len)
        return FAIL(ERR_NOT_FOUND, NULL, N_("The log has no checkpoint yet."));
    return res_bytes(res, 200, "text/plain; charset=utf-8", head.checkpoint);
}

/* "x001/x234/067" with an optional ".p/W": the tile's number and width. False for any other spelling. */
static bool read_tile_path(Str path, int64_t *ret_n, int *ret_width) {
    size_t dot = str_find(path, S(".p/"), 0);
    Str rest = dot == SIZE_MAX ? path : str_slice(path, 0, dot), part;
    int64_t n = 0, width = TILE_WIDTH;
    size_t parts = 0;

    if (dot != SIZE_MAX && (!str_parse_int(str_slice(path, dot + 3, path.len), &width) ||
                            width < 1 || width >= TILE_WIDTH || path.ptr[dot + 3] == '0'))
        return false;
    while (str_cut(&rest, '/', &part)) {
        bool has_more = rest.len > 0;
        int64_t digits;
        if (has_more != str_starts(part, S("x")) || ++parts > 5)
            return false;
        if (has_more)
            part = str_slice(part, 1, part.len);
        if (part.len != 3 || part.ptr[0] == '-' || !str_parse_int(part, &digits))
            return false;
        n = n * 1000 + digits;
    }
    *ret_n = n;
    *ret_width = (int)width;
    return parts > 0;
}

static Err no_tile(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("The log has no such tile; ask for one within its size."));
}

static Err send_tile(Response *res, Str bytes) {
    TRY(res_header(res, "Cache-Control", str_from_c(IMMUTABLE)));
    return res_bytes(res, 200, "application/octet-stream", bytes);
}

Err portal_log_tile(Ctx *ctx, const Request *req, Response *res) {
    int64_t n;
    int width;
    Str bytes;

    if (!read_tile_path(req_text(req, "n"), &n, &width))
        return no_tile();
    TRY(ledger_tile(ctx, (int)req_int(req, "level"), n, width, &bytes));
    return send_tile(res, bytes);
}

Err portal_log_entries(Ctx *ctx, const Request *req, Response *res) {
    int64_t n;
    int width;
    Str bytes;

    if (!read_tile_path(req_text(req, "n"), &n, &width))
        return no_tile();
    TRY(ledger_entry_tile(ctx, n, width, &bytes));
    return send_tile(res, bytes);
}
