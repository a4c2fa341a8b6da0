/* tests/fuzz/fuzz_bigrams.c - terms in order, within the text; any text finds itself. */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/bigrams.h"
#include "text/excerpt.h"

static bool has_term(const BigramsTerms *index, size_t position, Str term) {
    for (size_t i = 0; i < index->len; i++) {
        if (index->items[i].position == position && str_eq(index->items[i].term, term))
            return true;
    }
    return false;
}

static void must_be_in_order(const BigramsTerms *terms, size_t size) {
    for (size_t i = 0; i < terms->len; i++) {
        const BigramsTerm *term = &terms->items[i];

        MUST(term->byte_from < term->byte_to && term->byte_to <= size && utf8_is_valid(term->term));
        MUST(term->position == (i == 0 ? 0 : terms->items[i - 1].position + !term->is_colocated));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(ARENA_REQUEST_BYTES);
    Str text = fuzz_input(data, size), rest = text, query = fuzz_part(&rest);
    BigramsTerms index, terms;
    ExcerptParts parts;

    if (bigrams_terms(arena, text, BIGRAMS_INDEX, &index).code != ERR_OK ||
        bigrams_terms(arena, text, BIGRAMS_QUERY, &terms).code != ERR_OK)
        return 0;
    must_be_in_order(&index, size);
    must_be_in_order(&terms, size);
    for (size_t i = 0; i < terms.len && size < 2000; i++)
        MUST(has_term(&index, terms.items[i].position, terms.items[i].term));
    (void)excerpt_snippet(arena, rest, query, 20, &parts);
    return 0;
}
