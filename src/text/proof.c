/* text/proof.c - rules made ready, and a draft read by them paragraph by paragraph. */
#include "text/proof.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "text/proof_check.h"
#include "text/proof_find.h"

enum { PAIR_BYTES = 90, SENTENCE_BYTES = 120, TABLE_CELLS = 1 << 18 };

typedef enum Role { ROLE_WHOLE, ROLE_FIRST, ROLE_SECOND } Role;

typedef struct Literal {
    const ProofRule *rule;
    Str text;
    Str longer;         /* what the rule lets pass, " / " between; may be empty */
    char before, after; /* '#', '&' or 0 */
    Role role;
    uint32_t pair;
} Literal;

struct ProofSet {
    const ProofRules *rules;
    ProofFinder *finder;
    VEC(Literal) literals;
    size_t pair_count;
    const ProofRule *checks[3][CHECK_END]; /* by language; any: in all three */
    Map numbers;
};

/* ---- rules made ready ---- */

static Literal literal_of(const ProofRule *rule, Str text, Role role, uint32_t pair) {
    size_t bang = str_find(rule->find, S(" ! "), 0);
    Literal made = { .rule = rule, .role = role, .pair = pair };

    if (bang != SIZE_MAX)
        made.longer = str_slice(rule->find, bang + 3, rule->find.len);
    if (text.ptr[0] == '#' || text.ptr[0] == '&') {
        made.before = text.ptr[0];
        text = str_slice(text, 1, text.len);
    }
    if (text.ptr[text.len - 1] == '#' || text.ptr[text.len - 1] == '&') {
        made.after = text.ptr[text.len - 1];
        text = str_slice(text, 0, text.len - 1);
    }
    made.text = text;
    return made;
}

static void add_literal(Arena *arena, ProofSet *set, Literal literal) {
    proof_finder_add(set->finder, literal.text, (uint32_t)set->literals.len);
    *VEC_PUSH(arena, &set->literals) = literal;
}

static void add_words(Arena *arena, ProofSet *set, const ProofRule *rule) {
    Str find = str_slice(rule->find, 0, str_find(rule->find, S(" ! "), 0));

    for (size_t from = 0; from <= find.len;) {
        size_t to = str_find(find, S(" / "), from);
        Str text = str_trim(str_slice(find, from, to));
        size_t dots = proof_pair_dots(text), behind = dots + S("…").len;
        from = to == SIZE_MAX ? find.len + 1 : to + 3;
        if (dots == SIZE_MAX) {
            add_literal(arena, set, literal_of(rule, text, ROLE_WHOLE, 0));
            continue;
        }
        uint32_t pair = (uint32_t)set->pair_count++;
        add_literal(arena, set, literal_of(rule, str_slice(text, 0, dots), ROLE_FIRST, pair));
        add_literal(arena, set,
                    literal_of(rule, str_slice(text, behind, text.len), ROLE_SECOND, pair));
    }
}

Err proof_set_new(Arena *arena, const ProofRules *rules, const ProofSet **ret) {
    ProofSet *set = arena_alloc(arena, sizeof *set);

    set->rules = rules;
    set->finder = proof_finder_new(arena);
    set->numbers = map_new(arena);
    for (size_t i = 0; i < rules->len; i++) {
        const ProofRule *rule = &rules->items[i];
        map_set(&set->numbers, rule->number, &rules->items[i]);
        if (rule->check < 0)
            add_words(arena, set, rule);
        for (int lang = PROOF_ANY; rule->check >= 0 && lang <= PROOF_EN; lang++)
            if ((rule->lang == PROOF_ANY || (int)rule->lang == lang) &&
                !set->checks[lang][rule->check])
                set->checks[lang][rule->check] = rule;
        if (arena_is_over(arena))
            return FAIL(ERR_LIMIT, NULL, N_("There are too many rules and names."));
    }
    TRY(proof_finder_end(set->finder, TABLE_CELLS));
    *ret = set;
    return OK;
}

const ProofRule *proof_set_rule(const ProofSet *set, Str number) {
    return map_get(&set->numbers, number);
}

/* ---- what was found ---- */

/* Beyond these a sentence ends. */
static bool is_end(const char *at, size_t left) {
    static const char *const ends[] = { "。", "！", "？", "；" };

    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (left >= 3 && memcmp(at, ends[i], 3) == 0)
            return true;
    return *at == '\n';
}

static bool is_inside(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The sentence around bytes [from, to), of at most SENTENCE_BYTES on either side. */
static void put_context(const ProofScan *scan, ProofFinding *found) {
    const char *text = scan->text.ptr;
    size_t from = found->from_bytes, to = found->to_bytes, len = scan->text.len;

    while (from > 0 && found->from_bytes - from < SENTENCE_BYTES &&
           !(from >= 3 && is_end(text + from - 3, 3) && !is_inside(text[from])) &&
           text[from - 1] != '\n')
        from--;
    while (from < found->from_bytes && is_inside(text[from]))
        from++;
    while (to < len && to - found->to_bytes < SENTENCE_BYTES && text[to] != '\n') {
        bool is_last = is_end(text + to, len - to);
        to += is_last ? 3 : 1;
        if (is_last)
            break;
    }
    while (to < len && to > found->to_bytes && is_inside(text[to]))
        to--;
    found->before = str_slice(scan->text, from, found->from_bytes);
    found->after = str_slice(scan->text, found->to_bytes, to);
}

/* The first three and the last two characters of what is somebody's. */
static Str masked(Arena *arena, Str word) {
    size_t chars = 0;
    (void)utf8_count(word, &chars);
    size_t head = chars > 6 ? 3 : 1, tail = chars > 6 ? chars - 2 : chars;
    Str first = str_slice(word, 0, utf8_offset(word, head));
    Str last = str_slice(word, utf8_offset(word, tail), word.len);

    return str_format(arena, "%.*s***%.*s", STR_ARG(first), STR_ARG(last));
}

size_t proof_rune_at(const ProofLine *line, size_t byte) {
    size_t low = 0, high = line->len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (line->bytes[middle] < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_finding(ProofScan *scan, const ProofRule *rule, size_t from, size_t to, Str arg) {
    ProofFindings *found = &scan->found;
    ProofFinding one = { .rule = rule,
                         .part = scan->part,
                         .picture = scan->picture,
                         .paragraph = scan->paragraph,
                         .from_bytes = from,
                         .to_bytes = to };

    if (found->len == PROOF_FINDINGS_MAX) {
        found->is_cut = true;
        return;
    }
    one.from_chars = scan->first_char + proof_rune_at(&scan->line, from);
    one.to_chars = scan->first_char + proof_rune_at(&scan->line, to);
    one.word = str_slice(scan->text, from, to);
    put_context(scan, &one);
    if (rule->is_personal)
        one.word = masked(scan->arena, one.word);
    one.suggestion = str_replace(scan->arena, rule->suggestion, S("{0}"), arg);
    one.reason = str_replace(scan->arena, rule->reason, S("{0}"), arg);
    *VEC_PUSH(scan->arena, found) = one;
}

bool proof_asks(const ProofScan *scan, ProofCheck check) {
    return scan->set->checks[scan->draft->lang][check] != NULL;
}

void proof_report(ProofScan *scan, ProofCheck check, size_t from, size_t to, Str arg) {
    const ProofRule *rule = scan->set->checks[scan->draft->lang][check];

    if (rule)
        add_finding(scan, rule, scan->line.bytes[from], scan->line.bytes[to], arg);
}

Str proof_slice(const ProofScan *scan, size_t from, size_t to) {
    return str_slice(scan->text, scan->line.bytes[from], scan->line.bytes[to]);
}

/* ---- literals ---- */

static bool is_word_byte(char byte) {
    return rune_is_digit((uint8_t)byte) || rune_is_letter((uint8_t)byte);
}

/* The rune that ends at `at`, or begins there; 0 at an end of the line. */
static uint32_t rune_beside(const ProofScan *scan, size_t at, bool is_before) {
    size_t start = scan->line.bytes[0], end = scan->line.bytes[scan->line.len];

    if (is_before) {
        if (at > start && scan->text.ptr[at - 1] == ' ')
            at--;
        if (at <= start)
            return 0;
        for (at--; at > start && is_inside(scan->text.ptr[at]);)
            at--;
    } else if (at < end && scan->text.ptr[at] == ' ') {
        at++;
    }
    return at < end ? utf8_next(scan->text, &at) : 0;
}

static bool is_anchored(const ProofScan *scan, char anchor, size_t at, bool is_before) {
    if (!anchor)
        return true;
    uint32_t rune = rune_beside(scan, at, is_before);
    return anchor == '#' ? rune_is_digit(rune)
                         : proof_numeral(rune) >= 0 || proof_is_in(rune, S("几数半两"));
}

/* A letter or digit of ASCII at an end of a literal stands at the end of a word. */
static bool is_whole(const ProofScan *scan, const Literal *literal, size_t from, size_t to) {
    size_t start = scan->line.bytes[0], end = scan->line.bytes[scan->line.len];

    if (!literal->before && from > start && is_word_byte(scan->text.ptr[from]) &&
        is_word_byte(scan->text.ptr[from - 1]))
        return false;
    return literal->after || to >= end || !is_word_byte(scan->text.ptr[to - 1]) ||
           !is_word_byte(scan->text.ptr[to]);
}

static bool is_same(const ProofRule *rule, Str a, Str b) {
    return str_eq(rule->kind, S("nocase")) ? str_eq_nocase(a, b) : str_eq(a, b);
}

/* Whether [from, to) lies inside a text that the rule lets pass. */
static bool is_excepted(const ProofScan *scan, const Literal *literal, size_t from, size_t to) {
    const ProofRule *rule = literal->rule;
    size_t start = scan->line.bytes[0], end = scan->line.bytes[scan->line.len];

    for (size_t at = 0; at < literal->longer.len;) {
        size_t slash = str_find(literal->longer, S(" / "), at);
        Str longer = str_trim(str_slice(literal->longer, at, slash));
        at = slash == SIZE_MAX ? literal->longer.len : slash + 3;
        for (size_t in = str_find(longer, literal->text, 0); in != SIZE_MAX;
             in = str_find(longer, literal->text, in + 1)) {
            if (from < start + in || from - in + longer.len > end || from - in + longer.len < to)
                continue;
            if (is_same(rule, str_slice(scan->text, from - in, from - in + longer.len), longer))
                return true;
        }
    }
    return false;
}

/* Whether a mark that ends a clause stands between. */
static bool is_split(Str between) {
    static const Str marks[] = { S_INIT("，"), S_INIT("。"), S_INIT("；"),
                                 S_INIT("！"), S_INIT("？"), S_INIT("：") };

    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (str_contains(between, marks[i]))
            return true;
    return false;
}

/* "近60个国家的200多人": the second half belongs to another number. */
static bool has_two_numbers(Str between) {
    size_t at = 0;

    while (at < between.len && (rune_is_digit((uint8_t)between.ptr[at]) || between.ptr[at] == '.' ||
                                between.ptr[at] == ','))
        at++;
    for (bool is_behind = at > 0; is_behind && at < between.len; at++)
        if (rune_is_digit((uint8_t)between.ptr[at]))
            return true;
    return false;
}

static void take(ProofScan *scan, const Literal *literal, size_t to) {
    size_t from = to - literal->text.len;
    const ProofRule *rule = literal->rule;

    if ((rule->lang != PROOF_ANY && rule->lang != scan->draft->lang) ||
        !is_same(rule, str_slice(scan->text, from, to), literal->text) ||
        !is_anchored(scan, literal->before, from, true) ||
        !is_anchored(scan, literal->after, to, false) || !is_whole(scan, literal, from, to) ||
        is_excepted(scan, literal, from, to))
        return;
    if (literal->role == ROLE_FIRST) {
        scan->pairs[literal->pair].line_id = scan->line_id;
        scan->pairs[literal->pair].from = (uint32_t)from;
        scan->pairs[literal->pair].to = (uint32_t)to;
        return;
    }
    if (literal->role == ROLE_SECOND) {
        size_t first = scan->pairs[literal->pair].from, end = scan->pairs[literal->pair].to;
        if (scan->pairs[literal->pair].line_id != scan->line_id || end > from ||
            from - end > PAIR_BYTES || is_split(str_slice(scan->text, end, from)) ||
            has_two_numbers(str_slice(scan->text, end, from)))
            return;
        from = first;
    }
    add_finding(scan, rule, from, to, STR_EMPTY);
}

static void find_words(ProofScan *scan) {
    const ProofFinder *finder = scan->set->finder;
    size_t at = scan->line.bytes[0], end = scan->line.bytes[scan->line.len];
    uint32_t state = 0;

    while (!scan->found.is_cut && proof_finder_run(finder, &state, scan->text, &at, end))
        for (uint32_t match = proof_finder_first(finder, state); match;
             match = proof_finder_next(finder, match))
            take(scan, &scan->set->literals.items[proof_finder_value(finder, match)], at);
}

/* ---- paragraphs and parts ---- */

/* The rune at *at, which moves on, of a text that is known to be UTF-8. */
static uint32_t next_rune(const unsigned char *text, size_t *at) {
    const unsigned char *one = text + *at;

    if (one[0] < 0x80) {
        *at += 1;
        return one[0];
    }
    if (one[0] < 0xE0) {
        *at += 2;
        return (one[0] & 0x1Fu) << 6 | (one[1] & 0x3Fu);
    }
    if (one[0] < 0xF0) {
        *at += 3;
        return (one[0] & 0x0Fu) << 12 | (one[1] & 0x3Fu) << 6 | (one[2] & 0x3Fu);
    }
    *at += 4;
    return (one[0] & 0x07u) << 18 | (one[1] & 0x3Fu) << 12 | (one[2] & 0x3Fu) << 6 |
           (one[3] & 0x3Fu);
}

static void decode(ProofScan *scan, size_t from, size_t to) {
    const unsigned char *text = (const unsigned char *)scan->text.ptr;
    size_t len = 0;

    if (to - from + 1 > scan->room) {
        scan->room = (to - from + 1) * 2;
        scan->rune_room = arena_array(scan->arena, scan->room, sizeof(uint32_t));
        scan->byte_room = arena_array(scan->arena, scan->room, sizeof(uint32_t));
        scan->kind_room = arena_array(scan->arena, scan->room, 1);
    }
    for (size_t at = from; at < to; len++) {
        scan->byte_room[len] = (uint32_t)at;
        scan->rune_room[len] = next_rune(text, &at);
        scan->kind_room[len] = proof_kind(scan->rune_room[len]);
    }
    scan->byte_room[len] = (uint32_t)to;
    scan->line = (ProofLine){ scan->rune_room, scan->byte_room, scan->kind_room, len };
}

static void read_line(ProofScan *scan) {
    find_words(scan);
    if (scan->draft->lang == PROOF_EN) {
        proof_english(scan);
    } else {
        proof_marks(scan);
        proof_numbers(scan);
        proof_units(scan);
    }
    proof_pairs(scan);
    proof_dates(scan);
    proof_personal(scan);
    if (scan->draft->names)
        proof_names(scan);
    if (scan->part == PROOF_BODY)
        proof_quotes(scan);
    if (scan->part == PROOF_PICTURE)
        proof_pictures(scan);
}

static void read_part(ProofScan *scan, ProofPart part, size_t picture, Str text) {
    scan->part = part;
    scan->picture = picture;
    scan->text = text;
    scan->paragraph = 0;
    scan->first_char = 0;
    scan->was_said = false;
    for (size_t from = 0; from <= text.len && !scan->found.is_cut;) {
        size_t end = str_find_char(text, '\n', from), to = end == SIZE_MAX ? text.len : end;
        decode(scan, from, to);
        scan->paragraph++;
        scan->line_id++;
        if (scan->line.len > 0 || part == PROOF_PICTURE)
            read_line(scan);
        scan->first_char += scan->line.len + 1;
        from = to + 1;
    }
}

static int by_place(const void *left, const void *right) {
    const ProofFinding *a = left, *b = right;
    const size_t keys[][2] = { { a->part, b->part },
                               { a->picture, b->picture },
                               { a->from_bytes, b->from_bytes },
                               { a->to_bytes, b->to_bytes } };

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return str_compare(a->rule->number, b->rule->number);
}

void proof_findings_join(Arena *arena, ProofFindings *all, const ProofFindings *more) {
    for (size_t i = 0; i < more->len; i++)
        *VEC_PUSH(arena, all) = more->items[i];
    all->is_cut = all->is_cut || more->is_cut;
    if (all->len)
        qsort(all->items, all->len, sizeof(ProofFinding), by_place);
}

/* A rule finds one place once: what overlaps the same rule's finding before it is the same mistake. */
static void drop_repeated(ProofFindings *found) {
    size_t kept = 0;

    for (size_t i = 0; i < found->len; i++) {
        const ProofFinding *one = &found->items[i];
        bool is_repeated = false;
        for (size_t back = kept; back > 0 && !is_repeated && kept - back < 8; back--) {
            const ProofFinding *other = &found->items[back - 1];
            is_repeated = other->rule == one->rule && other->part == one->part &&
                          other->picture == one->picture && other->to_bytes > one->from_bytes;
        }
        if (!is_repeated)
            found->items[kept++] = *one;
    }
    found->len = kept;
}

static Err check_draft(const ProofDraft *draft) {
    size_t bytes = draft->title.len;
    bool is_valid =
        utf8_is_valid(draft->title) && utf8_is_valid(draft->summary) && utf8_is_valid(draft->body);

    bool fits =
        size_add(bytes, draft->summary.len, &bytes) && size_add(bytes, draft->body.len, &bytes);
    for (size_t i = 0; i < draft->alt_count; i++) {
        is_valid = is_valid && utf8_is_valid(draft->alts[i]);
        fits = fits && size_add(bytes, draft->alts[i].len, &bytes);
    }
    if (!is_valid)
        return FAIL(ERR_INVALID, "text", N_("The text is not valid UTF-8."));
    return fits && bytes <= PROOF_TEXT_BYTES ? OK
                                             : FAIL(ERR_LIMIT, "text", N_("The text is too long."));
}

Err proof_draft(Arena *arena, const ProofSet *set, const ProofDraft *draft, ProofFindings *ret) {
    ProofScan scan = { .arena = arena, .set = set, .draft = draft };

    TRY(check_draft(draft));
    scan.pairs = arena_array(arena, set->pair_count + 1, sizeof *scan.pairs);
    if (draft->names)
        TRY(proof_names_begin(&scan));
    read_part(&scan, PROOF_TITLE, 0, draft->title);
    read_part(&scan, PROOF_SUMMARY, 0, draft->summary);
    read_part(&scan, PROOF_BODY, 0, draft->body);
    for (size_t i = 0; i < draft->alt_count; i++)
        read_part(&scan, PROOF_PICTURE, i + 1, draft->alts[i]);
    if (scan.found.len)
        qsort(scan.found.items, scan.found.len, sizeof(ProofFinding), by_place);
    drop_repeated(&scan.found);
    if (arena_is_over(arena))
        return FAIL(ERR_LIMIT, "text", N_("The text is too long."));
    *ret = scan.found;
    return OK;
}
