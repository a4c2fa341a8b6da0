/* features/media/media.h - pictures: checked, re-encoded in a child process, kept under their hash. */
#ifndef FEATURES_MEDIA_MEDIA_H
#define FEATURES_MEDIA_MEDIA_H

#include "base/ctx.h"
#include "base/json.h"
#include "http/route.h"

enum { ALT_CHARS_MAX = 300, CREDIT_CHARS_MAX = 80 };

typedef struct MediaSize {
    int width, height; /* pixels */
    Str hash;          /* of that file: 64 hex digits */
} MediaSize;

typedef struct Media {
    int64_t   id;
    Str       hash;      /* sha256 of the largest re-encoded file: its public name */
    int64_t   outlet_id;
    Str       type;      /* image/jpeg, image/png, image/webp */
    int       width, height;
    int64_t   bytes;
    int64_t   uploaded_ms;
    int64_t   person_id;
    MediaSize sizes[4];  /* rising width */
    size_t    size_count;
} Media;

/*
 * Takes a picture in: type by content, limits, re-encoded without metadata in the sizes 320, 640, 1280 (never
 * enlarged) by the image child; files are written and synced under media/ab/cd/ before the row commits. The
 * same picture again for the same outlet gives the same row. ERR_INVALID field "file" (no picture, damaged,
 * animated beyond the limit), ERR_LIMIT field "file" (bytes, pixels, the outlet's quota), ERR_BUSY, ERR_IO.
 */
CHECKED Err media_add(Ctx *ctx, int64_t outlet_id, Str bytes, Str file_name, Media *ret);
/* Already prepared files (the demo's drawings): {name}-{width}.webp or .jpg written by `liandong media prepare`. */
CHECKED Err media_add_prepared(Ctx *ctx, int64_t outlet_id, Str folder, Str name, Media *ret);
CHECKED Err media_get(Ctx *ctx, int64_t id, Media *ret);
/* Several at once, one statement; unknown ids give id 0. Public pages read pictures through this. */
CHECKED Err media_get_many(Ctx *ctx, const int64_t *ids, size_t count, Media *ret);
/* The outlet's pictures, newest first. */
CHECKED Err media_list(Ctx *ctx, int64_t outlet_id, int64_t after_id, int limit, Media **ret, size_t *ret_len);
/* {src, srcset, sizes, width, height, hash} for templates: addresses /media/{hash}. */
Json *media_model(Arena *arena, const Media *media);

extern const Route media_routes[];

#endif
