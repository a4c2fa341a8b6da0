/* text/proof_english.c - English text: blanks, repeated words, a and an. */
#include "text/proof_check.h"

static size_t word_end(const ProofLine *line, size_t at) {
    while (rune_is_letter(proof_rune(line, at)))
        at++;
    return at;
}

static uint32_t lower(uint32_t rune) {
    return rune >= 'A' && rune <= 'Z' ? rune | 0x20 : rune;
}

static bool is_same_word(const ProofLine *line, size_t a, size_t b, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (lower(line->runes[a + i]) != lower(line->runes[b + i]))
            return false;
    return true;
}

/* "the the"; "had had" and "that that" are English. */
static void check_twice(ProofScan *scan, size_t at, size_t end) {
    const ProofLine *line = &scan->line;
    size_t next = end + 1, len = end - at;

    if (proof_rune(line, end) != ' ' || word_end(line, next) - next != len ||
        !is_same_word(line, at, next, len) || proof_rune(line, next + len) == '\'' ||
        proof_rune(line, next + len) == 0x2019)
        return;
    if (proof_at(line, next, S("had")) || proof_at(line, next, S("that")) || len > 12 ||
        (line->runes[next] >= 'A' && line->runes[next] <= 'Z'))
        return;
    proof_report(scan, CHECK_WORD_TWICE, at, next + len, STR_EMPTY);
}

/* "a apple", "an book": by the letter, so words whose letter misleads are left alone. */
static void check_article(ProofScan *scan, size_t at, size_t end) {
    const ProofLine *line = &scan->line;
    uint32_t next = lower(proof_rune(line, end + 1)), third = lower(proof_rune(line, end + 2));
    bool is_an = end - at == 2 && lower(line->runes[at]) == 'a' && line->runes[at + 1] == 'n';
    size_t behind = word_end(line, end + 1);

    if ((!is_an && (end - at != 1 || line->runes[at] != 'a')) || proof_rune(line, end) != ' ' ||
        behind < end + 3 || proof_rune(line, end + 1) < 'a' || (at && line->runes[at - 1] != ' '))
        return;
    if (!is_an && proof_is_in(next, S("ai")))
        proof_report(scan, CHECK_ARTICLE, at, behind, STR_EMPTY);
    if (!is_an && next == 'e' && !proof_is_in(third, S("uw")))
        proof_report(scan, CHECK_ARTICLE, at, behind, STR_EMPTY);
    if (is_an && rune_is_letter(next) && !proof_is_in(next, S("aeiouhx")))
        proof_report(scan, CHECK_ARTICLE, at, behind, STR_EMPTY);
}

static void check_blanks(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    uint32_t rune = line->runes[at], before = at ? line->runes[at - 1] : 0,
             after = proof_rune(line, at + 1);

    if (rune == ' ' && after == ' ' && before != ' ' && before != 0 && scan->part == PROOF_BODY)
        proof_report(scan, CHECK_SPACE_TWICE, at, at + 2, STR_EMPTY);
    if (rune == ' ' && proof_is_in(after, S(",;!?")) && rune_is_letter(before))
        proof_report(scan, CHECK_SPACE_BEFORE, at, at + 2, STR_EMPTY);
    if (proof_is_in(rune, S(",;")) && rune_is_letter(before) && rune_is_letter(after))
        proof_report(scan, CHECK_SPACE_MISSING, at, at + 1, STR_EMPTY);
    if (proof_is_in(rune, S("，。；：？！")) && (rune_is_letter(before) || before == ' '))
        proof_report(scan, CHECK_EN_WIDE, at, at + 1, STR_EMPTY);
}

void proof_english(ProofScan *scan) {
    const ProofLine *line = &scan->line;

    for (size_t at = 0; at < line->len;) {
        if (line->kinds[at] & KIND_MARK)
            check_blanks(scan, at);
        if (!rune_is_letter(line->runes[at])) {
            at++;
            continue;
        }
        size_t end = word_end(line, at);
        if (at == 0 || (line->runes[at - 1] != '\'' && line->runes[at - 1] != 0x2019 &&
                        line->runes[at - 1] != '-')) {
            check_twice(scan, at, end);
            check_article(scan, at, end);
        }
        at = end;
    }
}
