/* features/proof/proof_list.c - the alliance's own rules and names; knows neither HTTP nor SQL. */
#include "features/proof/proof_list.h"

#include "base/id.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "db/db.h"
#include "features/proof/proof_store.h"
#include "ledger/ledger.h"
#include "sec/hash.h"
#include "view/catalogue.h"

Str proof_list_word(ProofListKind kind) {
    return kind == PROOF_OWN_NAMES ? S("names") : S("rules");
}

/* ---- reading ---- */

Err proof_list_now(Ctx *ctx, ProofListKind kind, ProofVersion *ret) {
    return proof_store_version(ctx, proof_list_word(kind), 0, ret);
}

Err proof_list_version(Ctx *ctx, ProofListKind kind, int64_t n, ProofVersion *ret) {
    ProofVersion found = { 0 };

    if (n > 0)
        TRY(proof_store_version(ctx, proof_list_word(kind), n, &found));
    if (!found.n)
        return FAIL(ERR_NOT_FOUND, NULL, N_("The list has no such version."));
    *ret = found;
    return OK;
}

Err proof_list_versions(Ctx *ctx, ProofListKind kind, int64_t before_n, ProofVersionList *ret) {
    return proof_store_versions(ctx, proof_list_word(kind), before_n, ret);
}

Err proof_own_rules(Ctx *ctx, Str text, ProofRules *ret) {
    ProofRules rules = { 0 };
    ProofFaults faults = { 0 };

    if (text.len)
        TRY(proof_rules_read(ctx->arena, text, &rules, &faults));
    *ret = rules;
    return OK;
}

/* ---- names ---- */

/* A name with two titles keeps neither: nobody could say which of them is wrong. */
static void add_name(Arena *arena, Map *known, ProofNames *names, Str name, Str title) {
    name = str_trim(name);
    if (!name.len || name.len > PROOF_LITERAL_BYTES || names->len >= PROOF_NAMES_MAX)
        return;
    const size_t *at = map_get(known, name);
    if (!at) {
        size_t *place = arena_alloc(arena, sizeof *place);
        *place = names->len;
        map_set(known, name, place);
        *VEC_PUSH(arena, names) = (ProofName){ name, title };
        names->loose++;
    } else if (*at >= names->len - names->loose && !str_eq(names->items[*at].title, title)) {
        names->items[*at].title = STR_EMPTY;
    }
}

/* The people of a card who answer for the outlet, under what the card calls them. */
static void add_card(Arena *arena, Map *known, ProofNames *names, const Outlet *outlet) {
    const struct {
        Str people, title;
    } rows[] = { { outlet->first_responsible, S("第一责任人") },
                 { outlet->direct_lead, S("分管领导") },
                 { outlet->teacher, S("指导教师") } };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        StrList people =
            str_split(arena, str_replace(arena, rows[i].people, S("、"), S("\n")), '\n');
        for (size_t k = 0; k < people.len; k++)
            add_name(arena, known, names, people.items[k], rows[i].title);
    }
}

Err proof_own_names(Ctx *ctx, Str text, const Outlet *outlet, ProofNames *ret) {
    Map known = map_new(ctx->arena);
    ProofNames names = { 0 };
    ProofFaults faults = { 0 };

    if (text.len)
        TRY(proof_names_read(ctx->arena, text, &names, &faults));
    for (size_t i = 0; i < names.len; i++) {
        size_t *place = arena_alloc(ctx->arena, sizeof *place);
        *place = i;
        map_set(&known, names.items[i].name, place);
    }
    add_card(ctx->arena, &known, &names, outlet);
    *ret = names;
    return OK;
}

Err proof_register_names(Ctx *ctx, Str *ret) {
    Buf out = buf_new(ctx->arena, PROOF_FILE_BYTES);
    Map known = map_new(ctx->arena);
    ProofNames names = { 0 };
    int64_t after = 0, total;
    OutletList page;

    do {
        TRY(outlet_list(ctx, &(OutletFilter){ 0 }, after, OUTLET_LIST_MAX, &page, &total));
        for (size_t i = 0; i < page.len; i++)
            add_card(ctx->arena, &known, &names, &page.items[i]);
        after = page.len ? page.items[page.len - 1].id : 0;
    } while (page.len == OUTLET_LIST_MAX && names.len < PROOF_NAMES_MAX);
    buf_add(&out, S("liandong-names 1\n"));
    for (size_t i = 0; i < names.len; i++)
        buf_add_format(&out, "%.*s | %.*s\n", STR_ARG(names.items[i].name),
                       STR_ARG(names.items[i].title));
    TRY(buf_check(&out));
    *ret = buf_str(&out);
    return OK;
}

/* ---- changing ---- */

static Err say_fault(Ctx *ctx, const char *field, const ProofFaults *faults) {
    const ProofFault *first = faults->items;

    if (!faults->len)
        return OK;
    const Str args[2] = { first->arg };
    Str line = str_from_int(ctx->arena, (int64_t)first->line);
    return FAIL_ARGS(ERR_INVALID, field, N_("Line {0}: {1}"), line,
                     catalogue_format(ctx->arena, catalogue_of(ctx->lang), first->msgid, args));
}

/* A number that begins with another letter could become one of the program's own. */
static Err check_rules(Ctx *ctx, const char *field, Str text) {
    ProofRules rules = { 0 };
    ProofFaults faults = { 0 };

    TRY(proof_rules_read(ctx->arena, text, &rules, &faults));
    for (size_t i = 0; i < rules.len && !faults.len; i++)
        if (rules.items[i].number.ptr[0] != 'H')
            *VEC_PUSH(ctx->arena, &faults) =
                (ProofFault){ rules.items[i].line,
                              N_("{0} is a number of the program: your own begin with H."),
                              rules.items[i].number };
    if (rules.len > PROOF_OWN_RULES_MAX)
        return FAIL_ARGS(ERR_LIMIT, field, N_("A list has at most {0} rules."),
                         str_from_int(ctx->arena, PROOF_OWN_RULES_MAX));
    if (!faults.len)
        TRY(proof_rules_try(ctx->arena, &rules, 0, &faults));
    return say_fault(ctx, field, &faults);
}

static Err check_text(Ctx *ctx, ProofListKind kind, const char *field, Str text) {
    ProofNames names = { 0 };
    ProofFaults faults = { 0 };
    size_t chars;

    if (!utf8_count(text, &chars) || utf8_has_control(text))
        return FAIL(ERR_INVALID, field,
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (chars > PROOF_OWN_CHARS)
        return FAIL_ARGS(ERR_LIMIT, field, N_("It has at most {0} characters."),
                         str_from_int(ctx->arena, PROOF_OWN_CHARS));
    if (kind == PROOF_OWN_RULES)
        return check_rules(ctx, field, text);
    TRY(proof_names_read(ctx->arena, text, &names, &faults));
    return say_fault(ctx, field, &faults);
}

static Err check_note(Ctx *ctx, Str note) {
    size_t chars;

    if (!utf8_count(note, &chars) || utf8_has_control(note))
        return FAIL(ERR_INVALID, "note",
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (chars == 0)
        return FAIL(ERR_INVALID, "note", N_("Say in a line what changes and why."));
    return chars <= PROOF_NOTE_CHARS
               ? OK
               : FAIL_ARGS(ERR_LIMIT, "note", N_("It has at most {0} characters."),
                           str_from_int(ctx->arena, PROOF_NOTE_CHARS));
}

/* As files come from anywhere: without a mark of their encoding, lines ended by LF, one at the end. */
static Str plain_lines(Arena *arena, Str text) {
    if (str_starts(text, S("\xEF\xBB\xBF")))
        text = str_slice(text, 3, text.len);
    text = str_trim(str_replace(arena, text, S("\r\n"), S("\n")));
    return text.len ? str_concat(arena, text, S("\n")) : STR_EMPTY;
}

static Err store(Ctx *ctx, ProofListKind kind, const ProofVersion *next) {
    Json *sealed = json_obj(ctx->arena);
    Hash hash = hash_sha256(next->text);

    TRY(proof_store_add(ctx, proof_list_word(kind), next));
    json_set(sealed, "kind", json_str(ctx->arena, proof_list_word(kind)));
    json_set(sealed, "n", json_int(ctx->arena, next->n));
    json_set(sealed, "note", json_str(ctx->arena, next->note));
    json_set(sealed, "sha256", json_str(ctx->arena, hex_encode(ctx->arena, hash_str(&hash))));
    return ledger_append(ctx, "proof.changed", next->id, sealed);
}

Err proof_list_change(Ctx *ctx, ProofListKind kind, int64_t n, Str text, Str note,
                      const char *field, int64_t *ret_n) {
    ProofVersion now, next = { .id = id_next(ctx),
                               .text = plain_lines(ctx->arena, text),
                               .note = str_trim(note),
                               .by_id = ctx->person_id,
                               .at_ms = ctx->now_ms };
    DB_TX(tx);

    if (ctx->actor != ACTOR_PERSON)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
    TRY(check_text(ctx, kind, field, next.text));
    TRY(check_note(ctx, next.note));
    TRY(db_begin(ctx, &tx));
    TRY(proof_list_now(ctx, kind, &now)); /* inside: another may change it meanwhile */
    if (n >= 0 && n != now.n)
        return FAIL(ERR_CONFLICT, "version",
                    N_("Somebody changed the list meanwhile: look at the newest version first."));
    next.n = now.n + 1;
    if (str_eq(now.text, next.text))
        next.n = now.n;
    else
        TRY(store(ctx, kind, &next));
    TRY(db_commit(&tx));
    *ret_n = next.n;
    return OK;
}
