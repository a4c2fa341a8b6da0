/* features/media/media.h - pictures: checked, re-encoded in a child process, kept under their hash. */
#ifndef FEATURES_MEDIA_MEDIA_H
#define FEATURES_MEDIA_MEDIA_H

#include "base/ctx.h"
#include "base/json.h"
#include "http/route.h"
#include "queue/job.h"

enum { ALT_CHARS_MAX = 300, CREDIT_CHARS_MAX = 80, MEDIA_LIST_MAX = 100 };

typedef struct MediaSize {
    int width, height; /* pixels */
    Str hash;          /* of that file: 64 hex digits */
} MediaSize;

typedef struct Media {
    int64_t id;
    Str hash; /* sha256 of the largest re-encoded file: its public name, never the upload's */
    int64_t outlet_id;
    Str type;          /* of all its files: image/webp */
    int width, height; /* pixels, of the largest */
    int64_t bytes;     /* of all its files: what counts against the quota */
    int64_t uploaded_ms;
    int64_t person_id;  /* 0: not uploaded by a person */
    MediaSize sizes[4]; /* rising width */
    size_t size_count;  /* 1 and above */
} Media;

/*
 * Where files are kept: the data folder, which holds media/ and tmp/. Called once at start, before any thread;
 * the text lives as long as the process and is only read.
 */
void media_use(Str data_folder);

/*
 * Takes a picture in: type by content (a name that ends otherwise is refused), limits, re-encoded without
 * metadata in the sizes 320, 640, 1280 (never enlarged) by the image child; files are written and synced
 * under media/ab/cd/ before the row commits (on PostgreSQL they are rows of the same transaction). With the
 * row goes the log entry "media.added" { media, hash }. The same picture again for the same outlet gives
 * the same row and no second entry, so repeating is safe. bytes and file_name are borrowed.
 *
 * ERR_INVALID field "file" (no picture, damaged, its name says another type), ERR_LIMIT field "file"
 * (bytes, pixels, frames, the outlet's quota, uploads of a person within a day), ERR_BUSY, ERR_IO. Two
 * uploads at the same moment on PostgreSQL may together pass the quota by one picture.
 */
CHECKED Err media_add(Ctx *ctx, int64_t outlet_id, Str bytes, Str file_name, Media *ret);
/*
 * media_add in two halves, for several pictures that are kept together or not at all. media_make_ready does the work, outside
 * of any transaction, and fails as media_add does; what it makes lives in arena. media_keep stores it, in the caller's
 * transaction or one of its own: ERR_LIMIT field "file", ERR_BUSY, ERR_IO.
 */
typedef struct MediaReady {
    const struct ImageSet *set;
} MediaReady;
CHECKED Err media_make_ready(Ctx *ctx, Arena *arena, int64_t outlet_id, Str bytes, Str file_name,
                             MediaReady *ret);
CHECKED Err media_keep(Ctx *ctx, int64_t outlet_id, const MediaReady *ready, Media *ret);
/*
 * The same for files already prepared by `liandong media prepare` (the demo's drawings): those of
 * {folder}/{name}-320.webp, -640.webp and -1280.webp that are there. ERR_NOT_FOUND when none is.
 */
CHECKED Err media_add_prepared(Ctx *ctx, int64_t outlet_id, Str folder, Str name, Media *ret);
CHECKED Err media_get(Ctx *ctx, int64_t id, Media *ret);
/* Several at once, one statement (per 60); unknown ids give id 0. Public pages read pictures through this. */
CHECKED Err media_get_many(Ctx *ctx, const int64_t *ids, size_t count, Media *ret);
/* The outlet's pictures, newest first, after the one with that id (0 at first); limit 1..MEDIA_LIST_MAX. */
CHECKED Err media_list(Ctx *ctx, int64_t outlet_id, int64_t after_id, int limit, Media **ret,
                       size_t *ret_len);
/* {src, srcset, width, height, hash} for templates: addresses /media/{hash}. `sizes` is the page's to say. */
Json *media_model(Arena *arena, const Media *media);

/* The outlet's picture that has a file with this hash, of any size; ERR_NOT_FOUND. */
CHECKED Err media_by_hash(Ctx *ctx, int64_t outlet_id, Str hash, Media *ret);

/*
 * A picture is its outlet's own until something public shows it: then anyone may read its files. ref_kind and ref_id
 * say what shows it ("article", id). Both in the caller's transaction; repeating is safe. media_conceal takes
 * away all that this one thing showed; what something else shows too stays public.
 */
CHECKED Err media_publish(Ctx *ctx, const char *ref_kind, int64_t ref_id, const int64_t *ids,
                          size_t count);
CHECKED Err media_conceal(Ctx *ctx, const char *ref_kind, int64_t ref_id);

/*
 * The bytes of a file, in ctx->arena. ERR_NOT_FOUND unless a row names the hash and the picture is public or ctx's
 * actor may see its outlet's drafts (CAP_DRAFTS): both sound the same. *ret_is_public tells caches.
 */
CHECKED Err media_file(Ctx *ctx, Str hash, bool *ret_is_public, Str *ret_type, Str *ret_bytes);

enum { MEDIA_SWEEP_AGE_MS = 86400000 };
/*
 * Removes files under media/ that no row names and that are older than MEDIA_SWEEP_AGE_MS: what an upload
 * left whose transaction was lost. *ret counts them. Safe to repeat, also beside uploads of this process.
 */
CHECKED Err media_sweep(Ctx *ctx, int64_t *ret);
/* A day's sweep as a job "media.sweep", which adds the next day's. Dedupe is the day: adding twice is safe. */
CHECKED Err media_sweep_plan(Ctx *ctx, int64_t due_ms);
extern const JobKind media_sweep_kind; /* LANE_UPKEEP */

extern const Route media_routes[];

#endif
