/* text/proof_marks.c - punctuation of Chinese text (GB/T 15834). */
#include "base/utf8.h"
#include "text/proof_check.h"

bool proof_is_in(uint32_t rune, Str set) {
    for (size_t at = 0; at < set.len;)
        if (utf8_next(set, &at) == rune)
            return true;
    return false;
}

size_t proof_at(const ProofLine *line, size_t at, Str text) {
    size_t count = 0;

    for (size_t byte = 0; byte < text.len; count++)
        if (utf8_next(text, &byte) != proof_rune(line, at + count))
            return 0;
    return count;
}

static size_t run_of(const ProofLine *line, size_t at) {
    size_t count = 1;

    while (at + count < line->len && line->runes[at + count] == line->runes[at])
        count++;
    return count;
}

/* Half-width marks with Han characters beside them. */
static void check_half(ProofScan *scan, size_t at) {
    static const struct {
        char mark;
        ProofCheck check;
    } marks[] = { { ',', CHECK_HALF_COMMA },    { '.', CHECK_HALF_STOP },
                  { ':', CHECK_HALF_COLON },    { ';', CHECK_HALF_SEMICOLON },
                  { '?', CHECK_HALF_QUESTION }, { '!', CHECK_HALF_BANG } };
    uint32_t rune = scan->line.runes[at], before = at ? scan->line.runes[at - 1] : 0,
             after = proof_rune(&scan->line, at + 1);
    bool is_beside =
        rune_is_han(before) || (rune_is_han(after) && proof_is_in(before, S("”’）》")));

    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        if (rune != (uint32_t)marks[i].mark)
            continue;
        if (is_beside && after != rune && before != rune && !(rune == '.' && rune_is_letter(after)))
            proof_report(scan, marks[i].check, at, at + 1, STR_EMPTY);
    }
    if ((rune == '(' && rune_is_han(after)) || (rune == ')' && rune_is_han(before)))
        proof_report(scan, CHECK_HALF_PAREN, at, at + 1, STR_EMPTY);
    if (rune == '"' && (rune_is_han(before) || rune_is_han(after)))
        proof_report(scan, CHECK_HALF_QUOTE, at, at + 1, STR_EMPTY);
}

/* Marks behind marks; the place behind the run. */
static size_t check_run(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    uint32_t rune = line->runes[at], after = proof_rune(line, at + 1);
    size_t count = run_of(line, at);

    if (proof_is_in(rune, S("，、；：")) && count > 1)
        proof_report(scan, CHECK_MARK_TWICE, at, at + count, STR_EMPTY);
    else if (rune == 0x3002 && count == 2)
        proof_report(scan, CHECK_MARK_TWICE, at, at + count, STR_EMPTY);
    else if (proof_is_in(rune, S("！？")) && count > 1)
        proof_report(scan, CHECK_MARK_MANY, at, at + count, STR_EMPTY);
    else if (rune == 0xFF01 && after == 0xFF1F)
        proof_report(scan, CHECK_MARK_ORDER, at, at + 2, STR_EMPTY);
    else if (proof_is_in(rune, S("，、；：。")) && proof_is_in(after, S("，、；：。！？")) &&
             count == 1)
        proof_report(scan, CHECK_MARK_MIX, at, at + 2, STR_EMPTY);
    return at + count;
}

static void check_ellipsis(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    uint32_t rune = line->runes[at], before = at ? line->runes[at - 1] : 0;

    if (before == rune)
        return; /* seen with the first of the run */
    size_t count = run_of(line, at);
    if ((rune == 0x3002 && count >= 3) || (rune == '.' && count >= 3 && rune_is_han(before)))
        proof_report(scan, CHECK_ELLIPSIS_DOTS, at, at + count, STR_EMPTY);
    if (rune != 0x2026)
        return;
    uint32_t after = proof_rune(line, at + count);
    if (count == 1 && (rune_is_han(before) || rune_is_han(after)))
        proof_report(scan, CHECK_ELLIPSIS_ONE, at, at + 1, STR_EMPTY);
    if (proof_is_in(after, S("，、；。")) ||
        (after == 0x7B49 &&
         !proof_is_in(proof_rune(line, at + count + 1), S("到待一我他她你着了"))))
        proof_report(scan, CHECK_ELLIPSIS_STOP, at, at + count + 1, STR_EMPTY);
}

static void check_dash(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    uint32_t rune = line->runes[at], before = at ? line->runes[at - 1] : 0;

    if (before == rune || !proof_is_in(rune, S("—-－")))
        return;
    size_t count = run_of(line, at);
    uint32_t after = proof_rune(line, at + count);
    /* One of them joins two names: 中国—东盟. What goes on with such a word is a sentence. */
    if (rune == 0x2014 && count == 1 && rune_is_han(before) &&
        proof_is_in(after, S("即这就却他她它我你")))
        proof_report(scan, CHECK_DASH_ONE, at, at + 1, STR_EMPTY);
    if (rune != 0x2014 && count >= 2 && (rune_is_han(before) || rune_is_han(after)))
        proof_report(scan, CHECK_DASH_HYPHEN, at, at + count, STR_EMPTY);
}

/* A row of a table, whose cells stand with blanks between, and a heading: many blanks, or no sentence that ends. */
static bool is_row(const ProofLine *line) {
    size_t blanks = 0;
    bool has_end = false;

    for (size_t at = 0; at < line->len; at++) {
        blanks += line->runes[at] == ' ';
        has_end =
            has_end || (line->kinds[at] & KIND_MARK && proof_is_in(line->runes[at], S("。！？…")));
    }
    return blanks > 1 || !has_end;
}

/* A blank parts the halves of a slogan or a title, and the cells of a row. */
static void check_space(ProofScan *scan, size_t at, bool may_part) {
    const ProofLine *line = &scan->line;
    uint32_t before = at ? line->runes[at - 1] : 0;

    if (before == ' ' || line->runes[at] != ' ')
        return;
    size_t count = run_of(line, at);
    uint32_t after = proof_rune(line, at + count);
    if (rune_is_han(before) && rune_is_han(after) && !may_part && at >= 8 &&
        scan->part == PROOF_BODY)
        proof_report(scan, CHECK_SPACE_HAN, at, at + count, STR_EMPTY);
    if (rune_is_han(before) && proof_is_in(after, S("，。、；：！？）》")))
        proof_report(scan, CHECK_SPACE_MARK, at, at + count, STR_EMPTY);
}

static void check_wide(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    uint32_t rune = line->runes[at], before = at ? line->runes[at - 1] : 0;
    bool is_digit = rune >= 0xFF10 && rune <= 0xFF19;
    bool is_letter = (rune >= 0xFF21 && rune <= 0xFF3A) || (rune >= 0xFF41 && rune <= 0xFF5A);
    size_t end = at + 1;

    if ((!is_digit && !is_letter) || (before >= 0xFF10 && before <= 0xFF5A && before != 0xFF1A &&
                                      before != 0xFF1B && before != 0xFF1F))
        return;
    while (end < line->len && ((line->runes[end] >= 0xFF10 && line->runes[end] <= 0xFF19) ||
                               (line->runes[end] >= 0xFF21 && line->runes[end] <= 0xFF5A)))
        end++;
    proof_report(scan, is_digit ? CHECK_WIDE_DIGIT : CHECK_WIDE_LETTER, at, end, STR_EMPTY);
}

void proof_marks(ProofScan *scan) {
    const ProofLine *line = &scan->line;

    bool is_in_row = is_row(line);
    size_t inside = 0; /* quotations and titles */
    if (proof_is_in(line->len ? line->runes[0] : 0, S("，。、；：？！）》")))
        proof_report(scan, CHECK_MARK_FIRST, 0, 1, STR_EMPTY);
    if (line->len > 1 && line->runes[line->len - 1] == 0x3001)
        proof_report(scan, CHECK_DUNHAO_LAST, line->len - 1, line->len, STR_EMPTY);
    for (size_t at = 0; at < line->len; at++) {
        if (!(line->kinds[at] & KIND_MARK))
            continue;
        if (line->runes[at] < 0x80) {
            check_half(scan, at);
        } else if (line->runes[at] > 0xFF00) {
            check_wide(scan, at);
        }
        if (line->runes[at] == 0x201C || line->runes[at] == 0x300A)
            inside++;
        else if (inside && (line->runes[at] == 0x201D || line->runes[at] == 0x300B))
            inside--;
        check_ellipsis(scan, at);
        check_dash(scan, at);
        check_space(scan, at, is_in_row || inside);
    }
    for (size_t at = 0; at < line->len;)
        at = line->kinds[at] & KIND_MARK ? check_run(scan, at) : at + 1;
}

/* ---- what must be closed and how it nests ---- */

enum { OPEN_MAX = 16 };

typedef struct Pair {
    uint32_t open, close;
    ProofCheck open_check, close_check;
} Pair;

static const Pair pairs[] = {
    { 0x201C, 0x201D, CHECK_QUOTE_OPEN, CHECK_QUOTE_CLOSE },
    { 0x2018, 0x2019, CHECK_QUOTE_OPEN, CHECK_QUOTE_CLOSE },
    { 0xFF08, 0xFF09, CHECK_PAREN_OPEN, CHECK_PAREN_CLOSE },
    { '(', ')', CHECK_PAREN_OPEN, CHECK_PAREN_CLOSE },
    { 0x300A, 0x300B, CHECK_BOOK_OPEN, CHECK_BOOK_CLOSE },
    { 0x3008, 0x3009, CHECK_BOOK_OPEN, CHECK_BOOK_CLOSE },
};

typedef struct Stack {
    struct {
        size_t pair, at;
    } items[OPEN_MAX];
    size_t len;
} Stack;

static bool is_open_in(const Stack *stack, size_t pair) {
    for (size_t i = 0; i < stack->len; i++)
        if (stack->items[i].pair == pair)
            return true;
    return false;
}

static void open_one(ProofScan *scan, Stack *stack, size_t pair, size_t at) {
    if (pair == 0 && is_open_in(stack, 0) && !is_open_in(stack, 1))
        proof_report(scan, CHECK_QUOTE_NEST, at, at + 1, STR_EMPTY);
    if (pair == 1 && !is_open_in(stack, 0) && scan->draft->lang != PROOF_EN)
        proof_report(scan, CHECK_QUOTE_OUTER, at, at + 1, STR_EMPTY);
    if (pair == 4 && is_open_in(stack, 4) && !is_open_in(stack, 5))
        proof_report(scan, CHECK_BOOK_NEST, at, at + 1, STR_EMPTY);
    if (stack->len < OPEN_MAX) {
        stack->items[stack->len].pair = pair;
        stack->items[stack->len++].at = at;
    }
}

/* What was opened later and stays open is told; a mark that closes nothing, too. */
static void close_one(ProofScan *scan, Stack *stack, size_t pair, size_t at) {
    if (!is_open_in(stack, pair)) {
        proof_report(scan, pairs[pair].close_check, at, at + 1, STR_EMPTY);
        return;
    }
    while (stack->items[--stack->len].pair != pair)
        proof_report(scan, pairs[stack->items[stack->len].pair].open_check,
                     stack->items[stack->len].at, stack->items[stack->len].at + 1, STR_EMPTY);
}

/* In English ’ is an apostrophe, and "1)" numbers a list. */
static bool is_no_pair(const ProofScan *scan, size_t pair, size_t at) {
    const ProofLine *line = &scan->line;
    uint32_t before = at ? line->runes[at - 1] : 0;

    if (pair == 1)
        return rune_is_letter(before) || rune_is_letter(proof_rune(line, at + 1)) ||
               rune_is_digit(proof_rune(line, at + 1)) || scan->draft->lang == PROOF_EN;
    return line->runes[at] == ')' && at < 4 && (rune_is_digit(before) || rune_is_letter(before));
}

void proof_pairs(ProofScan *scan) {
    const ProofLine *line = &scan->line;
    Stack stack = { .len = 0 };

    for (size_t at = 0; at < line->len; at++)
        for (size_t pair = 0; pair < COUNT_OF(pairs) && line->kinds[at] & KIND_MARK; pair++) {
            if (line->runes[at] == pairs[pair].open && !is_no_pair(scan, pair, at))
                open_one(scan, &stack, pair, at);
            else if (line->runes[at] == pairs[pair].close && !is_no_pair(scan, pair, at))
                close_one(scan, &stack, pair, at);
        }
    for (size_t i = 0; i < stack.len; i++)
        proof_report(scan, pairs[stack.items[i].pair].open_check, stack.items[i].at,
                     stack.items[i].at + 1, STR_EMPTY);
}
