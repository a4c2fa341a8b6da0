/* features/media/media_service.c - rules of the picture store; knows neither HTTP nor SQL. */
#include "features/media/media_store.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

#include "base/id.h"
#include "conf/conf.h"
#include "db/db.h"
#include "features/identity/identity.h"
#include "features/media/media_files.h"
#include "image/image.h"
#include "ledger/ledger.h"
#include "sec/hash.h"

static const char FILE_FIELD[] = "file";

/* ---- what may come in ---- */

static ImageLimits limits_of(Ctx *ctx) {
    return (ImageLimits){ .input_bytes = config_int(ctx->config, CONFIG_MEDIA_UPLOAD_BYTES),
                          .pixels = config_int(ctx->config, CONFIG_MEDIA_PIXELS),
                          .frames = config_int(ctx->config, CONFIG_MEDIA_FRAMES),
                          .memory_bytes = config_int(ctx->config, CONFIG_IMAGE_MEMORY_BYTES),
                          .cpu_seconds = config_int(ctx->config, CONFIG_IMAGE_CPU_SECONDS),
                          .timeout_ms = config_int(ctx->config, CONFIG_IMAGE_TIMEOUT_MS) };
}

/* What the name ends with, in lower case; empty when it has no ending that could name a type. */
static Str ending_of(Ctx *ctx, Str file_name) {
    enum { ENDING_MAX = 5 };
    size_t at = file_name.len;
    bool has_letter = false;

    while (at > 0 && file_name.ptr[at - 1] != '.')
        at--;
    Str ending = str_lower_ascii(ctx->arena, str_slice(file_name, at, file_name.len));
    if (at == 0 || ending.len == 0 || ending.len > ENDING_MAX)
        return STR_EMPTY;
    for (size_t i = 0; i < ending.len; i++) {
        bool is_letter = ending.ptr[i] >= 'a' && ending.ptr[i] <= 'z';

        has_letter = has_letter || is_letter;
        if (!is_letter && !(ending.ptr[i] >= '0' && ending.ptr[i] <= '9'))
            return STR_EMPTY;
    }
    return has_letter ? ending : STR_EMPTY;
}

/* Name and content agree (security-checklist 32); the content decides what it is. */
static Err check_name(Ctx *ctx, Str file_name, ImageType type) {
    static const struct {
        Str ending;
        ImageType type;
    } known[] = { { S_INIT("jpg"), IMAGE_JPEG },  { S_INIT("jpeg"), IMAGE_JPEG },
                  { S_INIT("jpe"), IMAGE_JPEG },  { S_INIT("jfif"), IMAGE_JPEG },
                  { S_INIT("png"), IMAGE_PNG },   { S_INIT("apng"), IMAGE_PNG },
                  { S_INIT("webp"), IMAGE_WEBP }, { S_INIT("gif"), IMAGE_GIF } };
    Str ending = ending_of(ctx, file_name);

    if (ending.len == 0)
        return OK;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_eq(known[i].ending, ending) && known[i].type == type)
            return OK;
    return FAIL_ARGS(
        ERR_INVALID, FILE_FIELD,
        N_("The file's name ends in .{0}, but it holds {1}. Give it the right name and try again."),
        ending, image_type_name(type));
}

static Err check_use(Ctx *ctx, int64_t outlet_id, int64_t more_bytes) {
    enum { DAY_MS = 86400000, MIB = 20 };
    int64_t quota = config_int(ctx->config, CONFIG_MEDIA_OUTLET_QUOTA_BYTES);
    int64_t person_files = config_int(ctx->config, CONFIG_MEDIA_PERSON_DAY_FILES);
    MediaUse use;

    TRY(media_store_use(ctx, outlet_id, ctx->person_id, ctx->now_ms - DAY_MS, &use));
    if (use.outlet_bytes + more_bytes > quota)
        return FAIL_ARGS(
            ERR_LIMIT, FILE_FIELD,
            N_("The outlet's pictures fill the {0} MiB it has. Ask the operator for more."),
            str_from_int(ctx->arena, quota >> MIB));
    if (use.person_files >= person_files)
        return FAIL_ARGS(ERR_LIMIT, FILE_FIELD,
                         N_("You have uploaded {0} pictures within a day. Try again tomorrow."),
                         str_from_int(ctx->arena, person_files));
    return OK;
}

/* ---- keeping ---- */

static Media media_of(Ctx *ctx, int64_t outlet_id, const ImageSet *set) {
    Media media = { .outlet_id = outlet_id,
                    .type = image_type_name(IMAGE_WEBP),
                    .uploaded_ms = ctx->now_ms,
                    .person_id = ctx->person_id,
                    .size_count = set->len };

    for (size_t i = 0; i < set->len; i++) {
        const ImageFile *file = &set->files[i];
        Hash hash = hash_sha256(file->bytes);

        media.bytes += (int64_t)file->bytes.len;
        media.sizes[i] =
            (MediaSize){ file->width, file->height, hex_encode(ctx->arena, hash_str(&hash)) };
    }
    const MediaSize *largest = &media.sizes[set->len - 1];
    media.hash = largest->hash;
    media.width = largest->width;
    media.height = largest->height;
    return media;
}

static Err seal(Ctx *ctx, const Media *media) {
    Json *sealed = json_obj(ctx->arena);

    json_set(sealed, "media", json_id(ctx->arena, media->id));
    json_set(sealed, "hash", json_str(ctx->arena, media->hash));
    return ledger_append(ctx, "media.added", media->id, sealed);
}

/* Files before the row that names them; on PostgreSQL both in one transaction, for its other nodes. */
static Err keep(Ctx *ctx, int64_t outlet_id, const ImageSet *set, Media *ret) {
    bool is_shared = db_driver(ctx->db) == DB_POSTGRES;
    Media media = media_of(ctx, outlet_id, set), found;
    DB_TX(tx);

    for (size_t i = 0; i < set->len && !is_shared; i++)
        TRY(media_files_put(ctx, media.sizes[i].hash, set->files[i].bytes));
    TRY(db_begin(ctx, &tx));
    TRY(media_store_find(ctx, outlet_id, media.hash, &found));
    if (found.id == 0) {
        media.id = id_next(ctx);
        TRY(check_use(ctx, outlet_id, media.bytes));
        TRY(media_store_insert(ctx, &media));
        for (size_t i = 0; i < set->len && is_shared; i++)
            TRY(media_store_put_blob(ctx, media.sizes[i].hash, set->files[i].bytes));
        TRY(seal(ctx, &media));
        found = media;
    }
    TRY(db_commit(&tx));

    *ret = found;
    return OK;
}

/* An error's arguments outlive the arena in which the picture was worked on. */
static Err outlive(Ctx *ctx, Err err) {
    for (size_t i = 0; i < COUNT_OF(err.args); i++)
        err.args[i] = str_dup(ctx->arena, err.args[i]);
    return err;
}

Err media_make_ready(Ctx *ctx, Arena *arena, int64_t outlet_id, Str bytes, Str file_name,
                     MediaReady *ret) {
    ImageLimits limits = limits_of(ctx);
    ImageSet *set = arena_alloc(arena, sizeof *set);

    TRY(check_use(ctx, outlet_id, 0)); /* before the work; again where it counts */
    TRY(outlive(ctx, image_prepare(arena, &limits, bytes, set)));
    TRY(check_name(ctx, file_name, set->source));
    ret->set = set;
    return OK;
}

Err media_keep(Ctx *ctx, int64_t outlet_id, const MediaReady *ready, Media *ret) {
    return keep(ctx, outlet_id, ready->set, ret);
}

Err media_add(Ctx *ctx, int64_t outlet_id, Str bytes, Str file_name, Media *ret) {
    CLEANUP(arena_close)
    Arena *scratch = arena_new(0); /* the files are more than a request may hold */
    MediaReady ready;

    TRY(media_make_ready(ctx, scratch, outlet_id, bytes, file_name, &ready));
    return media_keep(ctx, outlet_id, &ready, ret);
}

/* ---- prepared files ---- */

static void close_file(FILE **file) {
    if (*file)
        (void)fclose(*file);
}

static Err damaged(Str name) {
    return FAIL_ARGS(ERR_IO, NULL, N_("The prepared picture {0} cannot be read. Build it again."),
                     name);
}

/* *ret_found is false when there is no such file. */
static Err read_prepared(Arena *arena, Str folder, Str name, int width, bool *ret_found,
                         ImageFile *ret) {
    Str path = str_format(arena, "%.*s/%.*s-%d.webp", STR_ARG(folder), STR_ARG(name), width);
    CLEANUP(close_file) FILE *file = fopen(str_to_c(arena, path), "rbe");
    char *bytes = arena_alloc(arena, IMAGE_FILE_BYTES_MAX);
    ImageProbe probe;

    if (!file && errno == ENOENT) {
        *ret_found = false;
        return OK;
    }
    if (!file)
        return damaged(name);
    Str all = { bytes, fread(bytes, 1, IMAGE_FILE_BYTES_MAX, file) };
    if (ferror(file) || image_probe(all, &probe) != IMAGE_FOUND || probe.type != IMAGE_WEBP ||
        probe.width > IMAGE_WIDTH_MAX || probe.height > IMAGE_HEIGHT_MAX)
        return damaged(name);
    *ret_found = true;
    *ret = (ImageFile){ (int)probe.width, (int)probe.height, all };
    return OK;
}

Err media_add_prepared(Ctx *ctx, int64_t outlet_id, Str folder, Str name, Media *ret) {
    CLEANUP(arena_close) Arena *scratch = arena_new(0);
    ImageSet set = { .source = IMAGE_WEBP };

    for (size_t i = 0; i < IMAGE_SIZES_MAX; i++) {
        bool is_found;

        TRY(outlive(ctx, read_prepared(scratch, folder, name, image_widths[i], &is_found,
                                       &set.files[set.len])));
        if (is_found)
            set.len++;
    }
    if (set.len == 0)
        return FAIL_ARGS(ERR_NOT_FOUND, NULL, N_("There is no prepared picture {0}."),
                         str_dup(ctx->arena, name));
    return keep(ctx, outlet_id, &set, ret);
}

/* ---- reading ---- */

static Err no_such(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such picture."));
}

Err media_get(Ctx *ctx, int64_t id, Media *ret) {
    Media media;

    TRY(media_store_get_many(ctx, &id, 1, &media));
    if (media.id == 0)
        return no_such();
    *ret = media;
    return OK;
}

Err media_get_many(Ctx *ctx, const int64_t *ids, size_t count, Media *ret) {
    return media_store_get_many(ctx, ids, count, ret);
}

Err media_list(Ctx *ctx, int64_t outlet_id, int64_t after_id, int limit, Media **ret,
               size_t *ret_len) {
    assert(limit >= 1 && limit <= MEDIA_LIST_MAX);
    return media_store_list(ctx, outlet_id, after_id > 0 ? after_id : INT64_MAX, limit, ret,
                            ret_len);
}

Json *media_model(Arena *arena, const Media *media) {
    Json *model = json_obj(arena);
    Buf srcset = buf_new(arena, 0);

    for (size_t i = 0; i < media->size_count; i++)
        buf_add_format(&srcset, "%s/media/%.*s %dw", i > 0 ? ", " : "",
                       STR_ARG(media->sizes[i].hash), media->sizes[i].width);
    json_set(model, "src", json_str(arena, str_concat(arena, S("/media/"), media->hash)));
    json_set(model, "srcset", json_str(arena, buf_str(&srcset)));
    json_set(model, "width", json_int(arena, media->width));
    json_set(model, "height", json_int(arena, media->height));
    json_set(model, "hash", json_str(arena, media->hash));
    return model;
}

Err media_by_hash(Ctx *ctx, int64_t outlet_id, Str hash, Media *ret) {
    Media media;

    if (!media_files_is_hash(hash))
        return no_such();
    TRY(media_store_by_file(ctx, outlet_id, hash, &media));
    if (media.id == 0)
        return no_such();
    *ret = media;
    return OK;
}

/* ---- who may see ---- */

Err media_publish(Ctx *ctx, const char *ref_kind, int64_t ref_id, const int64_t *ids,
                  size_t count) {
    assert(db_is_open(ctx));
    for (size_t i = 0; i < count; i++)
        TRY(media_store_use_add(ctx, ref_kind, ref_id, ids[i]));
    return OK;
}

Err media_conceal(Ctx *ctx, const char *ref_kind, int64_t ref_id) {
    assert(db_is_open(ctx));
    return media_store_use_remove(ctx, ref_kind, ref_id);
}

/* *ret is NULL for who may not know of it. Readers cost one statement. */
static Err owner_for(Ctx *ctx, const MediaOwner *owners, size_t count, const MediaOwner **ret) {
    *ret = NULL;
    for (size_t i = 0; i < count && !*ret; i++) {
        bool may = owners[i].is_public;
        Str role;

        if (!may && ctx->actor == ACTOR_PERSON)
            TRY(identity_may(ctx, CAP_DRAFTS, owners[i].outlet_id, &may, &role));
        if (may)
            *ret = &owners[i];
    }
    return OK;
}

Err media_file(Ctx *ctx, Str hash, bool *ret_is_public, Str *ret_type, Str *ret_bytes) {
    MediaOwner owners[MEDIA_OWNERS_MAX];
    const MediaOwner *owner;
    size_t count;
    bool is_found;
    Str bytes;

    if (!media_files_is_hash(hash))
        return no_such();
    TRY(media_store_owners(ctx, hash, owners, &count));
    TRY(owner_for(ctx, owners, count, &owner));
    if (!owner)
        return no_such();
    TRY(media_files_get(ctx, hash, &is_found, &bytes));
    if (!is_found)
        TRY(media_store_blob(ctx, hash, &is_found, &bytes));
    if (!is_found)
        return FAIL(ERR_IO, NULL,
                    N_("The file of this picture is missing. Ask the operator to restore it from a "
                       "backup."));
    *ret_is_public = owner->is_public;
    *ret_type = owner->type;
    *ret_bytes = bytes;
    return OK;
}
