/* features/media/media_jobs.c - the daily sweep of files that no row names. */
#include "features/media/media_files.h"
#include "features/media/media_store.h"

enum { DAY_MS = 86400000 };

static bool holds(StrList sorted, Str hash) {
    size_t low = 0, high = sorted.len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(sorted.items[middle], hash);

        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* ctx's arena is given back by the caller after each folder, of which there may be 65,536. */
static Err sweep_folder(Ctx *ctx, Str folder, int64_t *count) {
    StrList files, known;
    bool is_gone;

    TRY(media_files_in(ctx, folder, &files));
    if (files.len == 0)
        return OK;
    TRY(media_store_hashes(ctx, folder, &known));
    for (size_t i = 0; i < files.len; i++) {
        if (holds(known, files.items[i]))
            continue;
        TRY(media_files_remove_old(ctx, files.items[i], ctx->now_ms - MEDIA_SWEEP_AGE_MS,
                                   &is_gone));
        *count += is_gone ? 1 : 0;
    }
    return OK;
}

Err media_sweep(Ctx *ctx, int64_t *ret) {
    CLEANUP(arena_close) Arena *scratch = arena_new(ARENA_REQUEST_BYTES);
    Ctx part = *ctx;
    StrList folders;
    int64_t count = 0;

    part.arena = scratch;
    TRY(media_files_folders(ctx, &folders));
    for (size_t i = 0; i < folders.len; i++) {
        TRY(sweep_folder(&part, folders.items[i], &count));
        arena_reset(scratch, ARENA_REQUEST_BYTES);
    }
    *ret = count;
    return OK;
}

Err media_sweep_plan(Ctx *ctx, int64_t due_ms) {
    Str dedupe = str_format(ctx->arena, "media.sweep:%lld", (long long)(due_ms / DAY_MS));

    return job_add(ctx, media_sweep_kind.kind, dedupe, STR_EMPTY, json_obj(ctx->arena), due_ms);
}

/* The next day's is planned first: a sweep that fails comes again, and the day after still has its own. */
static Err sweep_job(Ctx *ctx, const Job *job) {
    int64_t count;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(media_sweep_plan(ctx, ctx->now_ms + DAY_MS));
    TRY(db_commit(&tx));
    return media_sweep(ctx, &count);
}

const JobKind media_sweep_kind = { .kind = "media.sweep",
                                   .lane = LANE_UPKEEP,
                                   .handler = sweep_job };
