/* features/feed/feed_routes.c - the addresses of the feeds. */
#include "features/feed/feed.h"

#include "features/feed/feed_model.h"

typedef Err (*FeedWriter)(Ctx *ctx, const Feed *feed, Buf *out);

static Err answer(Ctx *ctx, const Request *req, Response *res, FeedWriter write, const char *type) {
    Outlet outlet, *of = NULL;
    Feed feed;
    Buf out = buf_new(ctx->arena, 0);

    if (req_has(req, "no")) {
        TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
        of = &outlet;
    }
    TRY(feed_read(ctx, of, req_origin(req), req_path(req), &feed));
    TRY(write(ctx, &feed, &out));
    res_tag(res, S("feed"));
    res_tag(res, S("site"));
    if (of)
        res_tag(res, str_format(ctx->arena, "outlet:%lld", (long long)of->id));
    return res_bytes(res, 200, type, buf_str(&out));
}

static Err atom(Ctx *ctx, const Request *req, Response *res) {
    return answer(ctx, req, res, feed_write_atom, "application/atom+xml; charset=utf-8");
}

static Err rss(Ctx *ctx, const Request *req, Response *res) {
    return answer(ctx, req, res, feed_write_rss, "application/rss+xml; charset=utf-8");
}

static Err json(Ctx *ctx, const Request *req, Response *res) {
    return answer(ctx, req, res, feed_write_json, "application/feed+json; charset=utf-8");
}

static const Field outlet_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    { 0 },
};

enum { FLAGS = ROUTE_RAW | ROUTE_CACHED };

const Route feed_routes[] = {
    { "GET", "/feed.atom", CAP_READ, NULL, atom, NULL, FLAGS,
      .summary = N_("The alliance's stories, Atom.") },
    { "GET", "/feed.rss", CAP_READ, NULL, rss, NULL, FLAGS,
      .summary = N_("The alliance's stories, RSS.") },
    { "GET", "/feed.json", CAP_READ, NULL, json, NULL, FLAGS,
      .summary = N_("The alliance's stories, JSON Feed.") },
    { "GET", "/outlets/{no}/feed.atom", CAP_READ, outlet_fields, atom, NULL, FLAGS,
      .summary = N_("An outlet's stories, Atom.") },
    { "GET", "/outlets/{no}/feed.rss", CAP_READ, outlet_fields, rss, NULL, FLAGS,
      .summary = N_("An outlet's stories, RSS.") },
    { "GET", "/outlets/{no}/feed.json", CAP_READ, outlet_fields, json, NULL, FLAGS,
      .summary = N_("An outlet's stories, JSON Feed.") },
    { 0 },
};
