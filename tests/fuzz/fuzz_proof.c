/* tests/fuzz/fuzz_proof.c - whatever a rule file, a list of names and a text are: places inside the text, in order. */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/proof.h"

static void must_lie_inside(const ProofDraft *draft, const ProofFindings *found) {
    MUST(found->len <= PROOF_FINDINGS_MAX);
    for (size_t i = 0; i < found->len; i++) {
        const ProofFinding *one = &found->items[i];
        Str part = one->part == PROOF_TITLE ? draft->title : draft->body;
        size_t chars;

        if (one->part == PROOF_PICTURE)
            part = draft->alts[one->picture - 1];
        MUST(one->from_bytes <= one->to_bytes && one->to_bytes <= part.len);
        MUST(utf8_count(str_slice(part, 0, one->from_bytes), &chars) && chars == one->from_chars);
        MUST(utf8_count(str_slice(part, 0, one->to_bytes), &chars) && chars == one->to_chars);
        MUST(utf8_is_valid(one->word) && utf8_is_valid(one->before) && utf8_is_valid(one->after));
        MUST(i == 0 || found->items[i - 1].part <= one->part);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(64 << 20);
    Str rest = fuzz_input(data, size), file = fuzz_part(&rest), list = fuzz_part(&rest),
        text = fuzz_part(&rest);
    ProofRules rules = { 0 };
    ProofNames names = { 0 };
    ProofFaults faults = { 0 };
    ProofFindings found, again;
    const ProofSet *set;
    ProofDraft draft = { .lang = (ProofLang)(size % 3),
                         .title = text,
                         .body = text,
                         .alts = &text,
                         .alt_count = 1,
                         .names = &names };

    if (proof_rules_read(arena, file, &rules, &faults).code != ERR_OK ||
        proof_names_read(arena, list, &names, &faults).code != ERR_OK)
        return 0;
    if (rules.len < 50 && proof_rules_try(arena, &rules, 0, &faults).code == ERR_BUG)
        MUST(false);
    if (proof_set_new(arena, &rules, &set).code != ERR_OK ||
        proof_draft(arena, set, &draft, &found).code != ERR_OK)
        return 0;
    must_lie_inside(&draft, &found);
    MUST(proof_draft(arena, set, &draft, &again).code == ERR_OK || arena_is_over(arena));
    MUST(arena_is_over(arena) || again.len == found.len);
    return 0;
}
