/* features/intake/intake_opml.c - lists of feeds in, all or nothing, and out. */
#include "features/intake/intake_opml.h"

#include "base/vec.h"
#include "db/db.h"
#include "features/intake/intake_feed_service.h"
#include "features/intake/intake_feed_store.h"
#include "text/opml.h"
#include "view/catalogue.h"

static Str sentence(Ctx *ctx, Err err) {
    return catalogue_err(ctx->arena, catalogue_of(ctx->lang), err);
}

static Err judge(Ctx *ctx, FeedImportRow *row) {
    IntakeFeed other;
    Err err = intake_feed_check_url(ctx, row->url, &row->url);

    if (err.code == ERR_OK) {
        TRY(intake_feed_store_by_url(ctx, row->url, &other));
        if (other.id && other.outlet_id == ctx->outlet_id) {
            row->outcome = S("same");
            return OK;
        }
        if (other.id)
            err = FAIL(ERR_CONFLICT, "url", N_("This feed is already read for another outlet."));
    } else if (err.code != ERR_INVALID && err.code != ERR_LIMIT) {
        return err;
    }
    row->outcome = err.code == ERR_OK ? S("new") : S("refused");
    row->reason = err.code == ERR_OK ? STR_EMPTY : sentence(ctx, err);
    return OK;
}

/* The same address twice in one list is one feed. */
static bool is_repeated(const FeedImportRow *rows, size_t i) {
    for (size_t k = 0; k < i; k++)
        if (str_eq(rows[k].url, rows[i].url) && str_eq(rows[k].outcome, S("new")))
            return true;
    return false;
}

static Err judge_all(Ctx *ctx, const Opml *opml, FeedImportReport *report) {
    report->rows = arena_array(ctx->arena, opml->len + 1, sizeof *report->rows);
    for (size_t i = 0; i < opml->len; i++) {
        FeedImportRow *row = &report->rows[report->len++];
        *row = (FeedImportRow){ .line = opml->items[i].line,
                                .title = opml->items[i].text,
                                .url = opml->items[i].xml_url };
        TRY(judge(ctx, row));
        if (str_eq(row->outcome, S("new")) && is_repeated(report->rows, i))
            row->outcome = S("same");
        report->new_count += str_eq(row->outcome, S("new"));
        report->same_count += str_eq(row->outcome, S("same"));
        report->refused_count += str_eq(row->outcome, S("refused"));
    }
    if (opml->is_repaired) {
        FeedImportRow *row = &report->rows[report->len++];
        row->outcome = S("refused");
        row->reason = catalogue_text(
            catalogue_of(ctx->lang),
            str_from_c(N_(
                "The file is not well-formed XML: there may be more in it than is listed here.")));
        report->refused_count++;
    }
    return OK;
}

static Err write_all(Ctx *ctx, FeedImportReport *report) {
    IntakeFeed feed;

    for (size_t i = 0; i < report->len; i++)
        if (str_eq(report->rows[i].outcome, S("new")))
            TRY(intake_feed_add(ctx, report->rows[i].url, &feed));
    report->is_written = report->new_count > 0;
    return OK;
}

Err intake_opml_import(Ctx *ctx, Str bytes, bool is_dry_run, FeedImportReport *ret) {
    FeedImportReport report = { 0 };
    Opml opml;
    DB_TX(tx);

    Err err = opml_parse(ctx->arena, bytes, &opml);
    if (err.code == ERR_INVALID || err.code == ERR_LIMIT)
        err.field = "file";
    TRY(err);
    if (opml.len == 0)
        return FAIL(ERR_INVALID, "file", N_("There is no feed in this list."));
    TRY(db_begin_alone(ctx, &tx));
    TRY(judge_all(ctx, &opml, &report));
    if (!is_dry_run && report.refused_count == 0)
        TRY(write_all(ctx, &report));
    TRY(db_commit(&tx));
    *ret = report;
    return OK;
}

Err intake_opml_export(Ctx *ctx, Str title, const int64_t *outlet_ids, size_t count, Str *ret) {
    VEC(OpmlOutline) items = { 0 };
    Buf out = buf_new(ctx->arena, 0);
    int64_t after = 0;
    IntakeFeeds list;

    do {
        TRY(intake_feed_list(ctx, outlet_ids, count, after, FEED_LIST_MAX, &list));
        for (size_t i = 0; i < list.len; i++) {
            const IntakeFeed *feed = &list.items[i];
            after = feed->id;
            if (!str_eq(feed->state, S("ended")))
                *VEC_PUSH(ctx->arena, &items) =
                    (OpmlOutline){ .text = feed->title.len > 0 ? feed->title : feed->url,
                                   .xml_url = feed->url };
        }
    } while (list.len == FEED_LIST_MAX);
    TRY(opml_write(&out, title, items.items, items.len));
    *ret = buf_str(&out);
    return OK;
}
