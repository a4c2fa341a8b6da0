/* tests/fuzz/fuzz_negotiate.c - nothing is chosen that the client did not name. */
#include "fuzz.h"
#include "http/negotiate.h"
#include "view/catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str header = fuzz_input(data, size), lower = str_lower_ascii(arena, header);
    bool has_any = str_find_char(lower, '*', 0) != SIZE_MAX;

    ReplyForm form = negotiate_form(header, FORM_PAGE);
    MUST(form == FORM_PAGE || form == FORM_JSON);
    MUST(form != FORM_JSON || has_any || str_contains(lower, S("application/")));
    form = negotiate_form(header, FORM_FRAGMENT);
    MUST(form == FORM_FRAGMENT || form == FORM_JSON);
    form = negotiate_form(header, FORM_JSON);
    MUST(form == FORM_JSON || str_contains(lower, S("html")));
    Coding coding = negotiate_coding(header);
    MUST(coding != CODING_BR || has_any || str_contains(lower, S("br")));
    MUST(coding != CODING_GZIP || has_any || str_contains(lower, S("gzip")));
    (void)coding_name(coding);

    Str lang = catalogue_choose(STR_EMPTY, header);
    MUST(str_eq(lang, S("zh")) || str_eq(lang, S("en")));
    MUST(!str_eq(lang, S("en")) || has_any || str_contains(lower, S("en")));
    lang = catalogue_choose(header, STR_EMPTY);
    MUST(str_eq(lang, S("zh")) || str_eq(header, S("en")));
    return 0;
}
