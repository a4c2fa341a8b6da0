/* features/media/media_store.h - rows of media, media_size and media_blob: private to media/. */
#ifndef FEATURES_MEDIA_MEDIA_STORE_H
#define FEATURES_MEDIA_MEDIA_STORE_H

#include "features/media/media.h"

typedef struct MediaUse {
    int64_t outlet_bytes; /* of all pictures of the outlet */
    int64_t person_files; /* uploaded by the person since then */
} MediaUse;

/* person_id 0 counts nobody. */
CHECKED Err media_store_use(Ctx *ctx, int64_t outlet_id, int64_t person_id, int64_t since_ms,
                            MediaUse *ret);
/* id 0 in *ret when there is none. */
CHECKED Err media_store_find(Ctx *ctx, int64_t outlet_id, Str hash, Media *ret);
CHECKED Err media_store_insert(Ctx *ctx, const Media *media);
/* In the order of ids; unknown ids give id 0. */
CHECKED Err media_store_get_many(Ctx *ctx, const int64_t *ids, size_t count, Media *ret);
/* before_id: INT64_MAX at first. */
CHECKED Err media_store_list(Ctx *ctx, int64_t outlet_id, int64_t before_id, int limit, Media **ret,
                             size_t *ret_len);
/* Pictures that have this file, the public ones first; at most MEDIA_OWNERS_MAX of them. */
enum { MEDIA_OWNERS_MAX = 16 };
typedef struct MediaOwner {
    int64_t media_id, outlet_id;
    bool is_public;
    Str type;
} MediaOwner;
CHECKED Err media_store_owners(Ctx *ctx, Str hash, MediaOwner *ret, size_t *ret_len);
/* id 0 in *ret when the outlet has no picture with such a file. */
CHECKED Err media_store_by_file(Ctx *ctx, int64_t outlet_id, Str hash, Media *ret);
CHECKED Err media_store_use_add(Ctx *ctx, const char *ref_kind, int64_t ref_id, int64_t media_id);
CHECKED Err media_store_use_remove(Ctx *ctx, const char *ref_kind, int64_t ref_id);
/* Hashes that begin with these hex digits, in their order. ERR_LIMIT beyond MEDIA_PREFIX_MAX. */
enum { MEDIA_PREFIX_MAX = 10000 };
CHECKED Err media_store_hashes(Ctx *ctx, Str prefix, StrList *ret);

/* Bytes in the database, where several nodes need them. Putting what is there is OK. */
CHECKED Err media_store_put_blob(Ctx *ctx, Str hash, Str bytes);
CHECKED Err media_store_blob(Ctx *ctx, Str hash, bool *ret_found, Str *ret);

#endif
