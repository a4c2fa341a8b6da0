/* features/media/media_files.h - files under media/ab/cd/, named by their hash: private to media/. */
#ifndef FEATURES_MEDIA_MEDIA_FILES_H
#define FEATURES_MEDIA_MEDIA_FILES_H

#include "base/ctx.h"

/*
 * hash is 64 lower-case hex digits and the sha256 of bytes. Afterwards the file is there, whole and on the
 * disk with its name; its time is ctx->now_ms. Repeating is safe. ERR_IO.
 */
CHECKED Err media_files_put(Ctx *ctx, Str hash, Str bytes);
/* *ret_found is false when there is none. ERR_IO when it cannot be read. */
CHECKED Err media_files_get(Ctx *ctx, Str hash, bool *ret_found, Str *ret);
/* 64 lower-case hex digits. */
bool media_files_is_hash(Str hash);

/* The folders media/ab/cd that there are, as "abcd", in no order. */
CHECKED Err media_files_folders(Ctx *ctx, StrList *ret);
/* The hashes whose files are in such a folder; other names are left out. */
CHECKED Err media_files_in(Ctx *ctx, Str folder, StrList *ret);
/* Removes the file unless it was put after before_ms; *ret tells whether. ERR_IO. */
CHECKED Err media_files_remove_old(Ctx *ctx, Str hash, int64_t before_ms, bool *ret);

#endif
