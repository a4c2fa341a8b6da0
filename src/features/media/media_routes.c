/* features/media/media_routes.c - uploads, an outlet's pictures, and the files themselves. */
#include "base/id.h"
#include "conf/conf.h"
#include "features/identity/identity.h"
#include "features/media/media.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

static const Field add_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number of the outlet") },
    { "file", FIELD_FILE, IN_BODY, .is_required = true, .label = N_("Picture") },
    { 0 },
};
static const Field list_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number of the outlet") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field file_fields[] = {
    { "hash", FIELD_WORD, IN_PATH, .max_chars = 64, .label = N_("Hash of the file") },
    { 0 },
};

#define PICTURE_KEYS "id src srcset width height hash bytes person uploaded uploaded_iso"
static const Model one_model = { NULL, PICTURE_KEYS };
static const Model library_model = { "media/library",
                                     "title outlet{no name} accept pictures[" PICTURE_KEYS
                                     "] next" };

/* ---- models ---- */

static Err to_model(Ctx *ctx, const Site *site, const Media *media, Str person, Json **ret) {
    Json *model = media_model(ctx->arena, media);
    Str when, iso;

    TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_SHORT, media->uploaded_ms, &when));
    TRY(zone_rfc3339(ctx->arena, site->zone, media->uploaded_ms, &iso));
    json_set(model, "id", json_id(ctx->arena, media->id));
    json_set(model, "bytes", json_int(ctx->arena, media->bytes));
    json_set(model, "person", json_str(ctx->arena, person));
    json_set(model, "uploaded", json_str(ctx->arena, when));
    json_set(model, "uploaded_iso", json_str(ctx->arena, iso));
    *ret = model;
    return OK;
}

static Err pictures_model(Ctx *ctx, const Media *list, size_t count, Json **ret) {
    Json *pictures = json_arr(ctx->arena), *one;
    int64_t *person_ids = arena_array(ctx->arena, count, sizeof *person_ids);
    Str *names = arena_array(ctx->arena, count, sizeof *names);
    Site site;

    for (size_t i = 0; i < count; i++)
        person_ids[i] = list[i].person_id;
    TRY(site_get(ctx, &site));
    TRY(person_names(ctx, person_ids, count, names));
    for (size_t i = 0; i < count; i++) {
        TRY(to_model(ctx, &site, &list[i], names[i], &one));
        json_push(pictures, one);
    }
    *ret = pictures;
    return OK;
}

/* ---- handlers ---- */

static Err add(Ctx *ctx, const Request *req, Response *res) {
    Str library = str_format(ctx->arena, "/desk/outlets/%.*s/media", STR_ARG(req_text(req, "no")));
    Upload upload = { 0 };
    Json *pictures;
    Media media;

    (void)req_file(req, "file",
                   &upload); /* without one its bytes are empty, which the service refuses */
    TRY(media_add(ctx, ctx->outlet_id, upload.bytes, upload.file_name, &media));
    TRY(pictures_model(ctx, &media, 1, &pictures));
    return res_created(ctx, req, res, library, pictures->array.items[0]);
}

static Err show_library(Ctx *ctx, const Request *req, Response *res) {
    int limit = (int)config_int(ctx->config, CONFIG_LIST_PAGE_ITEMS);
    Json *model = json_obj(ctx->arena), *about = json_obj(ctx->arena), *pictures;
    int64_t after_id, unused;
    Outlet outlet;
    Media *list;
    size_t count;

    req_cursor(req, "after", &after_id, &unused);
    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    TRY(media_list(ctx, outlet.id, after_id, limit, &list, &count));
    TRY(pictures_model(ctx, list, count, &pictures));
    Str next = count == (size_t)limit ? list_cursor(ctx->arena, list[count - 1].id, 0) : STR_EMPTY;
    if (next.len > 0)
        res_next(ctx, req, res, next);
    json_set(about, "no", json_str(ctx->arena, outlet.no));
    json_set(about, "name", json_str(ctx->arena, outlet.name));
    json_set(model, "title",
             json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang),
                                                 str_from_c(N_("Pictures of the outlet")))));
    json_set(model, "outlet", about);
    json_set(model, "accept", json_str(ctx->arena, S("image/jpeg,image/png,image/webp,image/gif")));
    json_set(model, "pictures", pictures);
    json_set(model, "next", next.len > 0 ? json_str(ctx->arena, next) : json_null(ctx->arena));
    return res_view(ctx, req, res, model);
}

/*
 * What a released story shows is everybody's; until then, and after a withdrawal, its outlet's staff alone see the
 * picture (sec_47), and no cache keeps it. A file under its hash never changes. Should a browser open
 * one as a document after all, the sandbox leaves it powerless (sec_14).
 */
static Err show_file(Ctx *ctx, const Request *req, Response *res) {
    Str hash = req_text(req, "hash"), type, bytes;
    bool is_public;

    TRY(media_file(ctx, hash, &is_public, &type, &bytes));
    TRY(res_header(res, "Cache-Control",
                   is_public ? S("public, max-age=31536000, immutable") : S("private, no-store")));
    TRY(res_header(res, "ETag", str_format(ctx->arena, "\"%.*s\"", STR_ARG(hash))));
    TRY(res_header(res, "Vary", S("Accept-Encoding")));
    TRY(res_header(res, "X-Content-Type-Options", S("nosniff")));
    TRY(res_header(res, "Content-Security-Policy", S("default-src 'none'; sandbox")));
    /* Feed readers show what is public. */
    TRY(res_header(res, "Cross-Origin-Resource-Policy",
                   is_public ? S("cross-origin") : S("same-origin")));
    return res_bytes(res, 200, str_to_c(ctx->arena, type), bytes);
}

const Route media_routes[] = {
    { "POST", "/outlets/{no}/media", OUTLET(CAP_MEDIA), add_fields, add, &one_model, ROUTE_UPLOAD,
      register_outlet_of_no, .summary = N_("Uploads a picture."), .form_handler = show_library },
    { "GET", "/desk/outlets/{no}/media", OUTLET(CAP_MEDIA), list_fields, show_library,
      &library_model, .outlet_of = register_outlet_of_no,
      .summary = N_("The outlet's pictures, newest first.") },
    { "GET", "/media/{hash}", CAP_READ, file_fields, show_file, NULL, ROUTE_RAW,
      .summary = N_("A picture's file, by its hash.") },
    { 0 },
};
