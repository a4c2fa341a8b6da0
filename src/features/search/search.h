/* features/search/search.h - the index of published stories: kept by a job, asked by readers. */
#ifndef FEATURES_SEARCH_SEARCH_H
#define FEATURES_SEARCH_SEARCH_H

#include "db/search_index.h"
#include "features/manuscript/manuscript.h"
#include "queue/job.h"

/*
 * Job "search.index" on manuscript.published, manuscript.withdrawn { manuscript_id } and manuscript.imported
 * { ids: [..] }: puts what is published, removes what is not; in batches; safe to run twice.
 */
extern const JobKind search_job_kinds[];
extern const size_t search_job_kind_count;

/*
 * Makes the index anew from the stories that are published, as long work of the kind "search.rebuild", subject "all",
 * unit stories; the index that is there answers until then. While one has not ended, that one goes on.
 */
CHECKED Err search_rebuild(Ctx *ctx, Work *ret);
/* A step of it: the next 100 stories by rising id, the cursor. */
CHECKED Err search_rebuild_step(Ctx *ctx, const Work *work);
extern const WorkKind search_rebuild_work;

typedef struct SearchPage {
    ManuscriptList stories;   /* newest first */
    int64_t total;            /* all that match */
    int64_t next_ms, next_id; /* 0, 0 on the last page */
} SearchPage;
/* Published stories that hold every word of q; outlet_id 0: all outlets. limit 1..100. ERR_LIMIT field "q". */
CHECKED Err search_find(Ctx *ctx, Str q, int64_t outlet_id, int64_t after_ms, int64_t after_id,
                        int limit, SearchPage *ret);

#endif
