/* text/proof_names.c - names, titles and their order, by a list that is handed in. */
#include "base/vec.h"
#include "text/proof_check.h"
#include "text/proof_find.h"

#include "base/utf8.h"

/* Values of the automaton: a name, or a title that one or more of the list have. */
enum { TITLE_BIT = 1 << 20, NEIGHBOURS_BYTES = 60, TABLE_CELLS = 1 << 14 };

typedef struct Seen {
    size_t index; /* of the list */
    size_t from, to;
} Seen;

typedef struct Watch {
    ProofFinder *finder;
    const ProofNames *names;
} Watch;

Err proof_names_begin(ProofScan *scan) {
    const ProofNames *names = scan->draft->names;
    Watch *watch = arena_alloc(scan->arena, sizeof *watch);

    watch->finder = proof_finder_new(scan->arena);
    watch->names = names;
    for (uint32_t i = 0; i < names->len; i++) {
        proof_finder_add(watch->finder, names->items[i].name, i);
        if (names->items[i].title.len)
            proof_finder_add(watch->finder, names->items[i].title, i | TITLE_BIT);
    }
    scan->names = watch;
    return proof_finder_end(watch->finder, TABLE_CELLS);
}

static void report(ProofScan *scan, ProofCheck check, size_t from, size_t to, Str arg) {
    proof_report(scan, check, proof_rune_at(&scan->line, from), proof_rune_at(&scan->line, to),
                 arg);
}

/* "馆长周明远" with the title of somebody else of the list before the name. */
static void check_title(ProofScan *scan, const Seen *title, const Seen *name) {
    const ProofNames *names = scan->draft->names;
    Str own = names->items[name->index].title, told = names->items[title->index].title;

    if (own.len && title->to == name->from && !str_eq(own, told))
        report(scan, CHECK_NAME_TITLE, title->from, name->to, own);
}

/* Two names with only signs and titles between, the later one of the list first. */
static void check_order(ProofScan *scan, const Seen *before, const Seen *name) {
    const ProofNames *names = scan->draft->names;
    size_t ordered = names->len - names->loose;

    if (before->index >= ordered || name->index >= ordered)
        return;
    if (before->to > name->from || name->from - before->to > NEIGHBOURS_BYTES ||
        before->index <= name->index)
        return;
    Str between = str_slice(scan->text, before->to, name->from);
    Str title = names->items[name->index].title;
    if (title.len && str_ends(between, title))
        between = str_slice(between, 0, between.len - title.len);
    between = str_trim(between);
    if (str_eq(between, S("、")) || str_eq(between, S("，")) || str_eq(between, S("和")) ||
        str_eq(between, S(",")) || str_eq(between, S("and")))
        report(scan, CHECK_NAME_ORDER, before->from, name->to, names->items[name->index].name);
}

/* Behind a title of the list: as many characters as its holder's name has, all but one of them his. */
static void check_near(ProofScan *scan, const Seen *title) {
    const ProofName *holder = &scan->draft->names->items[title->index];
    size_t at = proof_rune_at(&scan->line, title->to), chars = 0, same = 0, byte = 0, i;

    if (!utf8_count(holder->name, &chars) || chars < 3 || chars > 4)
        return;
    for (i = 0; i < chars; i++) {
        uint32_t rune = proof_rune(&scan->line, at + i);
        if (!rune_is_han(rune))
            return;
        same += utf8_next(holder->name, &byte) == rune;
    }
    if (same == chars - 1)
        proof_report(scan, CHECK_NAME_NEAR, at, at + chars, holder->name);
}

/* A longer title that ends at the same byte hides a shorter one: 副馆长 is not 馆长. */
static bool take(ProofScan *scan, const Watch *watch, uint32_t value, size_t to, Seen *ret) {
    bool is_title = (value & TITLE_BIT) != 0;
    size_t index = value & ~(uint32_t)TITLE_BIT;
    Str text = is_title ? watch->names->items[index].title : watch->names->items[index].name;

    *ret = (Seen){ index, to - text.len, to };
    return str_eq(str_slice(scan->text, ret->from, to), text);
}

void proof_names(ProofScan *scan) {
    const Watch *watch = scan->names;
    Seen title = { .to = SIZE_MAX }, name = { .to = SIZE_MAX }, now;
    uint32_t state = 0;

    if (scan->draft->lang == PROOF_EN)
        return;
    size_t at = scan->line.bytes[0], end = scan->line.bytes[scan->line.len];
    while (proof_finder_run(watch->finder, &state, scan->text, &at, end)) {
        bool has_title = false;
        for (uint32_t match = proof_finder_first(watch->finder, state); match;
             match = proof_finder_next(watch->finder, match)) {
            uint32_t value = proof_finder_value(watch->finder, match);
            if (!take(scan, watch, value, at, &now))
                continue;
            if (value & TITLE_BIT) {
                if (!has_title) {
                    title = now;
                    check_near(scan, &now);
                }
                has_title = true;
                continue;
            }
            check_title(scan, &title, &now);
            check_order(scan, &name, &now);
            name = now;
        }
    }
}
