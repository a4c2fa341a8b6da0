/* http/assets.c - files of the program, served for ever under names that change with their bytes. */
#include "http/exchange.h"
#include "http/reply.h"
#include "pack/coding.h"

static bool gains_by_coding(Str type) {
    return str_starts(type, S("text/")) || str_contains(type, S("javascript")) ||
           str_contains(type, S("json")) || str_contains(type, S("svg"));
}

static Err prepare_one(Arena *scratch, const HttpAsset *from, Coding coding,
                       struct MHD_Response **ret) {
    Outgoing out = { .status = 200, .body = from->bytes };
    Str etag = str_format(scratch, "\"%s-%.*s\"", from->hash, STR_ARG(coding_name(coding)));

    if (coding == CODING_GZIP)
        TRY(pack_gzip(scratch, from->bytes, PACK_BEST, &out.body));
    if (coding == CODING_BR)
        TRY(pack_brotli(scratch, from->bytes, PACK_BEST, &out.body));
    headers_add(scratch, &out.headers, S("Content-Type"), str_from_c(from->content_type));
    headers_add(scratch, &out.headers, S("Cache-Control"),
                S("public, max-age=31536000, immutable"));
    headers_add(scratch, &out.headers, S("ETag"), etag);
    headers_add(scratch, &out.headers, S("Vary"), S("Accept-Encoding"));
    headers_add(scratch, &out.headers, S("Cross-Origin-Resource-Policy"), S("same-origin"));
    if (coding != CODING_NONE)
        headers_add(scratch, &out.headers, S("Content-Encoding"), coding_name(coding));
    reply_security(scratch, false, &out.headers);
    *ret = response_of(&out, coding != CODING_NONE);
    return *ret ? OK : FAIL(ERR_BUSY, NULL, N_("The server has no memory left. Start it again."));
}

Err assets_prepare(HttpServer *server) {
    const HttpApp *app = server->app;

    server->assets = arena_array(server->arena, app->asset_count + 1, sizeof *server->assets);
    for (size_t i = 0; i < app->asset_count; i++) {
        CLEANUP(arena_close) Arena *scratch = arena_new(0);
        const HttpAsset *from = &app->assets[i];
        if (from->bytes.len == 0)
            continue;
        Asset *asset = &server->assets[server->asset_count++];
        asset->path = asset_address(server->arena, from);
        TRY(prepare_one(scratch, from, CODING_NONE, &asset->coded[CODING_NONE]));
        if (!gains_by_coding(str_from_c(from->content_type)))
            continue;
        TRY(prepare_one(scratch, from, CODING_GZIP, &asset->coded[CODING_GZIP]));
        TRY(prepare_one(scratch, from, CODING_BR, &asset->coded[CODING_BR]));
    }
    return OK;
}

void assets_close(HttpServer *server) {
    for (size_t i = 0; i < server->asset_count; i++)
        for (size_t k = 0; k < COUNT_OF(server->assets[i].coded); k++)
            if (server->assets[i].coded[k])
                MHD_destroy_response(server->assets[i].coded[k]);
    server->asset_count = 0;
}

const Asset *assets_find(const HttpServer *server, Str path) {
    if (!str_starts(path, S("/assets/")))
        return NULL;
    for (size_t i = 0; i < server->asset_count; i++)
        if (str_eq(server->assets[i].path, path))
            return &server->assets[i];
    return NULL;
}
