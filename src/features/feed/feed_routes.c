/* features/feed/feed_routes.c - the addresses of the feeds. */
#include "features/feed/feed.h"

#include "features/feed/feed_model.h"

typedef struct FeedFormat {
    Err (*write)(Ctx *ctx, const Feed *feed, Buf *out);
    const char *type;
} FeedFormat;

static const FeedFormat atom = { feed_write_atom, "application/atom+xml; charset=utf-8" };
static const FeedFormat rss = { feed_write_rss, "application/rss+xml; charset=utf-8" };
static const FeedFormat json = { feed_write_json, "application/feed+json; charset=utf-8" };

static Err answer(Ctx *ctx, const Request *req, Response *res, const FeedFormat *format,
                  const Outlet *outlet) {
    Feed feed;
    Buf out = buf_new(ctx->arena, 0);

    TRY(feed_read(ctx, outlet, req_origin(req), req_path(req), &feed));
    TRY(format->write(ctx, &feed, &out));
    return res_bytes(res, 200, format->type, buf_str(&out));
}

static Err of_alliance(Ctx *ctx, const Request *req, Response *res, const FeedFormat *format) {
    res_tag(res, S("feed"));
    res_tag(res, S("site"));
    res_tag(res, S("outlets")); /* their names */
    return answer(ctx, req, res, format, NULL);
}

/* What another outlet publishes leaves it as it is. */
static Err of_outlet(Ctx *ctx, const Request *req, Response *res, const FeedFormat *format) {
    Outlet outlet;

    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    res_tag(res, S("site"));
    res_tag(res, str_format(ctx->arena, "outlet:%lld", (long long)outlet.id));
    return answer(ctx, req, res, format, &outlet);
}

#define HANDLERS(format)                                                                           \
    static Err get_##format(Ctx *ctx, const Request *req, Response *res) {                         \
        return of_alliance(ctx, req, res, &format);                                                \
    }                                                                                              \
    static Err get_outlet_##format(Ctx *ctx, const Request *req, Response *res) {                  \
        return of_outlet(ctx, req, res, &format);                                                  \
    }
HANDLERS(atom)
HANDLERS(rss)
HANDLERS(json)

static const Field outlet_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    { 0 },
};

enum { FLAGS = ROUTE_RAW | ROUTE_CACHED };

const Route feed_routes[] = {
    { "GET", "/feed.atom", CAP_READ, NULL, get_atom, NULL, FLAGS,
      .summary = N_("The alliance's stories, Atom.") },
    { "GET", "/feed.rss", CAP_READ, NULL, get_rss, NULL, FLAGS,
      .summary = N_("The alliance's stories, RSS.") },
    { "GET", "/feed.json", CAP_READ, NULL, get_json, NULL, FLAGS,
      .summary = N_("The alliance's stories, JSON Feed.") },
    { "GET", "/outlets/{no}/feed.atom", CAP_READ, outlet_fields, get_outlet_atom, NULL, FLAGS,
      .summary = N_("An outlet's stories, Atom.") },
    { "GET", "/outlets/{no}/feed.rss", CAP_READ, outlet_fields, get_outlet_rss, NULL, FLAGS,
      .summary = N_("An outlet's stories, RSS.") },
    { "GET", "/outlets/{no}/feed.json", CAP_READ, outlet_fields, get_outlet_json, NULL, FLAGS,
      .summary = N_("An outlet's stories, JSON Feed.") },
    { 0 },
};
