/* text/proof_rules.c - files of rules and of names: strict, every fault with its line. */
#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "text/proof_check.h"

enum { COLUMNS = 7 };

typedef struct Reader {
    Arena *arena;
    ProofFaults *faults;
    size_t line;
    size_t faults_before;
} Reader;

static void fault(Reader *reader, const char *msgid, Str arg) {
    if (reader->faults->len < PROOF_FAULTS_MAX)
        *VEC_PUSH(reader->arena, reader->faults) = (ProofFault){ reader->line, msgid, arg };
}

int proof_check_by_name(Str name) {
#define NAME_(constant, text) S_INIT(text),
    static const Str names[] = { PROOF_CHECKS(NAME_) };

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, names[i]))
            return (int)i;
    return -1;
}

static bool is_number(Str number) {
    size_t letters = 0, digits = 0;

    while (letters < number.len && number.ptr[letters] >= 'A' && number.ptr[letters] <= 'Z')
        letters++;
    while (letters + digits < number.len && number.ptr[letters + digits] >= '0' &&
           number.ptr[letters + digits] <= '9')
        digits++;
    return letters >= 1 && letters <= 3 && digits >= 2 && digits <= 5 &&
           letters + digits == number.len;
}

size_t proof_pair_dots(Str literal) {
    const size_t width = S("…").len;

    for (size_t at = str_find(literal, S("…"), 0); at != SIZE_MAX;
         at = str_find(literal, S("…"), at + width)) {
        bool is_double = str_eq(str_slice(literal, at + width, at + 2 * width), S("…"));
        if (is_double)
            at += width;
        else if (at > 0 && at + width < literal.len)
            return at;
    }
    return SIZE_MAX;
}

static bool is_anchor(char byte) {
    return byte == '#' || byte == '&';
}

/* One anchor at either end, none inside, and something between; both halves of a pair. */
static bool is_literal(Str literal) {
    size_t dots = proof_pair_dots(literal);

    if (dots != SIZE_MAX)
        return is_literal(str_slice(literal, 0, dots)) &&
               is_literal(str_slice(literal, dots + S("…").len, literal.len));
    if (literal.len && is_anchor(literal.ptr[0]))
        literal = str_slice(literal, 1, literal.len);
    if (literal.len && is_anchor(literal.ptr[literal.len - 1]))
        literal = str_slice(literal, 0, literal.len - 1);
    return literal.len > 0 && literal.len <= PROOF_LITERAL_BYTES &&
           !str_contains(literal, S("#")) && !str_contains(literal, S("&"));
}

/* Literals with " / " between them, and those of the exceptions. */
static void check_find(Reader *reader, Str find) {
    size_t count = 0, exceptions = str_find(find, S(" ! "), 0);

    for (size_t from = 0; from <= find.len; count++) {
        size_t slash = str_find(find, S(" / "), from), bang = str_find(find, S(" ! "), from);
        size_t to = slash < bang ? slash : bang;
        Str literal = str_trim(str_slice(find, from, to));
        bool is_exception = from > exceptions;
        if (!is_literal(literal) || (is_exception && (is_anchor(literal.ptr[0]) ||
                                                      is_anchor(literal.ptr[literal.len - 1])))) {
            fault(reader, N_("“{0}” is no text that can be found."), literal);
            return;
        }
        from = to == SIZE_MAX ? find.len + 1 : to + 3;
    }
    if (count > PROOF_LITERALS_MAX)
        fault(reader, N_("A rule looks for at most {0} texts."),
              str_from_int(reader->arena, PROOF_LITERALS_MAX));
}

static void check_kind(Reader *reader, ProofRule *rule) {
    rule->check = -1;
    if (str_eq(rule->kind, S("word")) || str_eq(rule->kind, S("nocase"))) {
        check_find(reader, rule->find);
        return;
    }
    if (!str_eq(rule->kind, S("check")) && !str_eq(rule->kind, S("list"))) {
        fault(reader, N_("“{0}” is no kind of rule: word, nocase, check or list."), rule->kind);
        return;
    }
    rule->check = proof_check_by_name(rule->find);
    if (rule->check < 0 || proof_check_is_of_names(rule->check) != str_eq(rule->kind, S("list")))
        fault(reader, N_("There is no check “{0}”."), rule->find);
    rule->is_personal = rule->check >= CHECK_PHONE && rule->check <= CHECK_MAIL;
}

/* True when all columns are there. */
static bool cut(Reader *reader, Str line, Str *columns, size_t wanted) {
    StrList parts = str_split(reader->arena, line, '|');

    if (parts.len != wanted) {
        fault(reader,
              wanted == COLUMNS ? N_("A rule has seven columns, this line {0}.")
                                : N_("A name has two columns, this line {0}."),
              str_from_int(reader->arena, (int64_t)parts.len));
        return false;
    }
    for (size_t i = 0; i < wanted; i++)
        columns[i] = str_trim(parts.items[i]);
    return true;
}

static void read_rule(Reader *reader, Str line, ProofLang lang, Map *numbers, ProofRules *made) {
    Str columns[COLUMNS];

    if (!cut(reader, line, columns, COLUMNS))
        return;
    for (size_t i = 0; i < COLUMNS; i++)
        if (!columns[i].len) {
            fault(reader, N_("Column {0} is empty."), str_from_int(reader->arena, (int64_t)i + 1));
            return;
        }
    ProofRule rule = { .number = columns[0],
                       .kind = columns[1],
                       .find = columns[2],
                       .suggestion = columns[3],
                       .reason = columns[4],
                       .example = columns[5],
                       .counter = columns[6],
                       .lang = lang,
                       .line = reader->line };
    if (!is_number(rule.number))
        fault(reader, N_("“{0}” is no number of a rule, such as W001."), rule.number);
    else if (map_get(numbers, rule.number))
        fault(reader, N_("The number {0} is there twice."), rule.number);
    check_kind(reader, &rule);
    map_set(numbers, rule.number, made);
    *VEC_PUSH(reader->arena, made) = rule;
}

static Err check_file(Str text) {
    if (text.len > PROOF_FILE_BYTES)
        return FAIL(ERR_LIMIT, "file", N_("The file is too long."));
    if (!utf8_is_valid(text) || utf8_has_control(text))
        return FAIL(ERR_INVALID, "file",
                    N_("The text is not valid UTF-8, or holds control characters."));
    return OK;
}

/* The next line that says something, trimmed; false at the end. */
static bool next_line(Reader *reader, Str *rest, Str *ret) {
    while (str_cut(rest, '\n', ret)) {
        reader->line++;
        if (ret->len > PROOF_LINE_BYTES) {
            fault(reader, N_("A line has at most {0} bytes."),
                  str_from_int(reader->arena, PROOF_LINE_BYTES));
            continue;
        }
        *ret = str_trim(*ret);
        if (ret->len && ret->ptr[0] != '#')
            return true;
    }
    return false;
}

static bool begins_with(Reader *reader, Str *rest, Str version) {
    Str line = STR_EMPTY;

    (void)str_cut(rest, '\n', &line);
    reader->line = 1;
    if (str_eq(str_trim(line), version))
        return true;
    fault(reader, N_("The first line must be “{0}”."), version);
    return false;
}

Err proof_rules_read(Arena *arena, Str text, ProofRules *rules, ProofFaults *faults) {
    static const Str langs[] = { S_INIT("lang any"), S_INIT("lang zh"), S_INIT("lang en") };
    Reader reader = { arena, faults, 0, faults->len };
    ProofRules made = { 0 };
    Map numbers = map_new(arena);
    ProofLang lang = PROOF_ANY;
    Str line;

    TRY(check_file(text));
    for (size_t i = 0; i < rules->len; i++)
        map_set(&numbers, rules->items[i].number, rules);
    if (!begins_with(&reader, &text, S("liandong-proof 1")))
        return OK;
    while (next_line(&reader, &text, &line)) {
        size_t known = 0;
        while (known < COUNT_OF(langs) && !str_eq(line, langs[known]))
            known++;
        if (known < COUNT_OF(langs))
            lang = (ProofLang)known;
        else
            read_rule(&reader, line, lang, &numbers, &made);
        if (made.len + rules->len > PROOF_RULES_MAX || arena_is_over(arena))
            return FAIL(ERR_LIMIT, "file", N_("There are too many rules and names."));
    }
    for (size_t i = 0; faults->len == reader.faults_before && i < made.len; i++)
        *VEC_PUSH(arena, rules) = made.items[i];
    return OK;
}

Err proof_names_read(Arena *arena, Str text, ProofNames *names, ProofFaults *faults) {
    Reader reader = { arena, faults, 0, faults->len };
    ProofNames made = { 0 };
    Map known = map_new(arena);
    Str line, columns[2];

    TRY(check_file(text));
    if (!begins_with(&reader, &text, S("liandong-names 1")))
        return OK;
    while (next_line(&reader, &text, &line)) {
        if (!cut(&reader, line, columns, 2))
            continue;
        if (!is_literal(columns[0]) || columns[1].len > PROOF_LITERAL_BYTES)
            fault(&reader, N_("“{0}” is no text that can be found."), columns[0]);
        else if (map_get(&known, columns[0]))
            fault(&reader, N_("The name {0} is there twice."), columns[0]);
        map_set(&known, columns[0], &made);
        *VEC_PUSH(arena, &made) = (ProofName){ columns[0], columns[1] };
        if (made.len > PROOF_NAMES_MAX || arena_is_over(arena))
            return FAIL(ERR_LIMIT, "file", N_("There are too many rules and names."));
    }
    if (faults->len == reader.faults_before)
        *names = made;
    return OK;
}

/* A list of names for examples of rules of the kind "list". */
static const ProofName sample_names[] = { { S_INIT("周明远"), S_INIT("馆长") },
                                          { S_INIT("林书白"), S_INIT("副馆长") } };

static Err is_found(Arena *arena, const ProofSet *set, const ProofRule *rule, Str text, bool *ret) {
    const ProofNames names = { (ProofName *)(uintptr_t)sample_names, COUNT_OF(sample_names), 0 };
    ProofDraft draft = { .lang = rule->lang == PROOF_EN ? PROOF_EN : PROOF_ZH, .names = &names };
    ProofFindings found;

    text = str_eq(text, S("-")) ? STR_EMPTY : str_replace(arena, text, S("\\n"), S("\n"));
    if (proof_check_is_of_pictures(rule->check)) {
        draft.alts = &text;
        draft.alt_count = 1;
    } else {
        draft.body = text;
    }
    *ret = false;
    TRY(proof_draft(arena, set, &draft, &found));
    for (size_t i = 0; i < found.len; i++)
        *ret = *ret || found.items[i].rule == rule;
    return OK;
}

Err proof_rules_try(Arena *arena, const ProofRules *rules, size_t from, ProofFaults *faults) {
    const ProofSet *set;
    bool finds, finds_counter;

    TRY(proof_set_new(arena, rules, &set));
    for (size_t i = from; i < rules->len; i++) {
        Reader reader = { arena, faults, rules->items[i].line, 0 };
        TRY(is_found(arena, set, &rules->items[i], rules->items[i].example, &finds));
        TRY(is_found(arena, set, &rules->items[i], rules->items[i].counter, &finds_counter));
        if (!finds)
            fault(&reader, N_("Rule {0} does not find its example."), rules->items[i].number);
        if (finds_counter)
            fault(&reader, N_("Rule {0} finds its counter-example."), rules->items[i].number);
        if (arena_is_over(arena))
            return FAIL(ERR_LIMIT, "file", N_("There are too many rules and names."));
    }
    return OK;
}
