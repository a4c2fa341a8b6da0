/* features/search/search.h - the index of published stories: kept by a job, asked by readers. */
#ifndef FEATURES_SEARCH_SEARCH_H
#define FEATURES_SEARCH_SEARCH_H

#include "http/route.h"
#include "queue/job.h"

/* Job "search.index" on manuscript.published and manuscript.withdrawn: batches, safe to run twice. */
extern const JobKind search_job_kinds[];
extern const size_t  search_job_kind_count;
/* Queues every published story again (another tokenizer version, check --rebuild). */
CHECKED Err search_rebuild(Ctx *ctx);
/* GET /search?q=&outlet=&after= */
extern const Route search_routes[];

#endif
