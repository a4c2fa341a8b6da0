/* features/proof/proof_service.c - the rules; knows neither HTTP nor SQL. */
#include "base/id.h"
#include "base/map.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/proof/proof_list.h"
#include "features/proof/proof_store.h"
#include "ledger/ledger.h"

/* ---- what is found ---- */

static Str key_of(Arena *arena, Str rule, Str word) {
    return str_format(arena, "%.*s %.*s", STR_ARG(rule), STR_ARG(word));
}

Str proof_word_of(Arena *arena, const ProofFinding *finding) {
    Str word = str_trim(str_replace(arena, finding->word, S("\t"), S(" ")));

    word = str_trim(str_slice(word, 0, utf8_offset(word, PROOF_WORD_CHARS)));
    return word.len ? word : S("␣"); /* nothing but blanks */
}

static void add_keys(Ctx *ctx, Map *keys, const ProofIgnoredList *list) {
    for (size_t i = 0; i < list->len; i++)
        map_set(keys, key_of(ctx->arena, list->items[i].rule, list->items[i].word),
                &list->items[i]);
}

static ProofDraft draft_of(Ctx *ctx, const Manuscript *story, const ManuscriptVersion *version) {
    Str *alts = arena_array(ctx->arena, version->picture_count + 1, sizeof(Str));

    for (size_t i = 0; i < version->picture_count; i++)
        alts[i] = version->pictures[i].alt;
    return (ProofDraft){ .lang = str_eq(story->lang, S("en")) ? PROOF_EN : PROOF_ZH,
                         .title = version->title,
                         .summary = version->summary,
                         .body = version->text,
                         .alts = alts,
                         .alt_count = version->picture_count,
                         .has_sources = version->sources.len > 0 };
}

/* What the alliance's own rules find comes to what the program's own found. */
static Err read_by_own(Ctx *ctx, const ProofDraft *draft, ProofReading *reading) {
    ProofRules *rules = arena_alloc(ctx->arena, sizeof *rules);
    ProofFindings found;
    ProofVersion list;
    const ProofSet *set;

    TRY(proof_list_now(ctx, PROOF_OWN_RULES, &list));
    TRY(proof_own_rules(ctx, list.text, rules));
    reading->rules_n = list.n;
    if (!rules->len)
        return OK;
    TRY(proof_set_new(ctx->arena, rules, &set));
    TRY(proof_draft(ctx->arena, set, draft, &found));
    proof_findings_join(ctx->arena, &reading->found, &found);
    reading->rules += rules->len;
    return OK;
}

static void drop_ignored(Ctx *ctx, const Map *keys, ProofFindings *found) {
    size_t kept = 0;

    for (size_t i = 0; i < found->len; i++) {
        const ProofFinding *one = &found->items[i];
        if (!map_get(keys, key_of(ctx->arena, one->rule->number, proof_word_of(ctx->arena, one))))
            found->items[kept++] = *one;
    }
    found->len = kept;
}

Err proof_of_version(Ctx *ctx, const Manuscript *story, const ManuscriptVersion *version,
                     const Outlet *outlet, ProofReading *ret) {
    ProofDraft draft = draft_of(ctx, story, version);
    ProofReading reading = { 0 };
    ProofNames *names = arena_alloc(ctx->arena, sizeof *names);
    ProofIgnoredList all;
    ProofVersion list;
    const ProofSet *set;
    Map keys = map_new(ctx->arena);

    TRY(proof_shipped(&set));
    TRY(proof_store_list(ctx, story->outlet_id, story->id, &reading.ignored));
    TRY(proof_store_list(ctx, story->outlet_id, 0, &all));
    TRY(proof_list_now(ctx, PROOF_OWN_NAMES, &list));
    TRY(proof_own_names(ctx, list.text, outlet, names));
    draft.names = names;
    reading.names_n = list.n;
    reading.rules = proof_shipped_count();
    TRY(proof_draft(ctx->arena, set, &draft, &reading.found));
    TRY(read_by_own(ctx, &draft, &reading));
    add_keys(ctx, &keys, &reading.ignored);
    add_keys(ctx, &keys, &all);
    drop_ignored(ctx, &keys, &reading.found);
    *ret = reading;
    return OK;
}

/* ---- what is ignored ---- */

/* Of the program or of the alliance. */
static Err rule_by_number(Ctx *ctx, Str number, const ProofRule **ret) {
    const ProofSet *set;
    ProofVersion list;
    ProofRules own;

    TRY(proof_shipped(&set));
    *ret = proof_set_rule(set, number);
    if (*ret)
        return OK;
    TRY(proof_list_now(ctx, PROOF_OWN_RULES, &list));
    TRY(proof_own_rules(ctx, list.text, &own));
    for (size_t i = 0; i < own.len && !*ret; i++)
        if (str_eq(own.items[i].number, number))
            *ret = &own.items[i];
    return OK;
}

static Err check_word(Ctx *ctx, int64_t manuscript_id, Str rule, Str word) {
    const ProofRule *known;
    size_t chars;

    TRY(rule_by_number(ctx, rule, &known));
    if (!known)
        return FAIL_ARGS(ERR_INVALID, "rule", N_("There is no rule {0}."), rule);
    if (!utf8_count(word, &chars) || utf8_has_control(word))
        return FAIL(ERR_INVALID, "word",
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (chars == 0)
        return FAIL(ERR_INVALID, "word", N_("Say which word is right as it is."));
    if (chars > PROOF_WORD_CHARS)
        return FAIL_ARGS(ERR_LIMIT, "word", N_("It has at most {0} characters."),
                         str_from_int(ctx->arena, PROOF_WORD_CHARS));
    if (known->is_personal && !manuscript_id)
        return FAIL(ERR_INVALID, "rule",
                    N_("What is somebody's is decided story by story, not for the whole outlet."));
    return OK;
}

/* The story of ctx's outlet, or the outlet itself. */
static Err check_place(Ctx *ctx, int64_t manuscript_id) {
    Manuscript story;

    if (ctx->actor != ACTOR_PERSON)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
    if (!ctx->outlet_id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such outlet."));
    if (!manuscript_id)
        return OK;
    TRY(manuscript_get(ctx, manuscript_id, &story));
    return story.outlet_id == ctx->outlet_id
               ? OK
               : FAIL(ERR_NOT_FOUND, NULL, N_("There is no such story."));
}

/* An outlet's decision is an entry of the log; a story's stands with the story. */
static Err seal(Ctx *ctx, const char *kind, int64_t manuscript_id, Str rule, Str word) {
    Json *sealed = json_obj(ctx->arena);

    if (manuscript_id)
        return OK;
    json_set(sealed, "rule", json_str(ctx->arena, rule));
    json_set(sealed, "word", json_str(ctx->arena, word));
    return ledger_append(ctx, kind, ctx->outlet_id, sealed);
}

Err proof_ignore(Ctx *ctx, int64_t manuscript_id, Str rule, Str word) {
    ProofIgnored one = { .id = id_next(ctx),
                         .outlet_id = ctx->outlet_id,
                         .manuscript_id = manuscript_id,
                         .rule = rule,
                         .word = word,
                         .by_id = ctx->person_id,
                         .at_ms = ctx->now_ms };
    int64_t count;
    bool is_made;
    DB_TX(tx);

    TRY(check_word(ctx, manuscript_id, rule, word));
    TRY(db_begin(ctx, &tx));
    TRY(check_place(ctx, manuscript_id));
    TRY(proof_store_count(ctx, ctx->outlet_id, manuscript_id, &count));
    if (count >= PROOF_IGNORED_MAX)
        return FAIL_ARGS(ERR_LIMIT, "word", N_("At most {0} words are ignored."),
                         str_from_int(ctx->arena, PROOF_IGNORED_MAX));
    TRY(proof_store_insert(ctx, &one, &is_made));
    if (is_made)
        TRY(seal(ctx, "proof.ignored", manuscript_id, rule, word));
    return db_commit(&tx);
}

Err proof_heed(Ctx *ctx, int64_t manuscript_id, Str rule, Str word) {
    bool is_gone;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(check_place(ctx, manuscript_id));
    TRY(proof_store_delete(ctx, ctx->outlet_id, manuscript_id, rule, word, &is_gone));
    if (!is_gone)
        return FAIL(ERR_NOT_FOUND, NULL, N_("This word is not ignored."));
    TRY(seal(ctx, "proof.heeded", manuscript_id, rule, word));
    return db_commit(&tx);
}

Err proof_ignored_of(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id, ProofIgnoredList *ret) {
    return proof_store_list(ctx, outlet_id, manuscript_id, ret);
}
