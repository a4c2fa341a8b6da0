/* features/search/search_service.c - asks the index, then reads the stories it names. */
#include "features/search/search.h"

#include "base/utf8.h"
#include "conf/conf.h"

/* The alliance's own bound, below the one of the index. */
static Err check_length(Ctx *ctx, Str q) {
    int64_t most = config_int(ctx->config, CONFIG_SEARCH_QUERY_CHARS);
    size_t chars;

    if (utf8_count(q, &chars) && chars > (size_t)most)
        return FAIL_ARGS(ERR_LIMIT, "q", N_("A query has at most {0} characters."),
                         str_from_int(ctx->arena, most));
    return OK;
}

Err search_find(Ctx *ctx, Str q, int64_t outlet_id, int64_t after_ms, int64_t after_id, int limit,
                SearchPage *ret) {
    SearchHits hits;
    SearchPage page = { 0 };

    TRY(check_length(ctx, q));
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
