/* features/search/search_service.c - asks the index, then reads the stories it names. */
#include "features/search/search.h"

Err search_find(Ctx *ctx, Str q, int64_t outlet_id, int64_t after_ms, int64_t after_id, int limit,
                SearchPage *ret) {
    SearchHits hits;
    SearchPage page = { 0 };

    TRY(search_index_find(ctx, q, outlet_id, after_ms, after_id, limit, &hits));
    TRY(manuscript_get_many_public(ctx, hits.subject_ids, hits.len, &page.stories));
    page.total = hits.total;
    if (hits.len == (size_t)limit) {
        page.next_ms = hits.at_ms[hits.len - 1];
        page.next_id = hits.subject_ids[hits.len - 1];
    }
    *ret = page;
    return OK;
}
