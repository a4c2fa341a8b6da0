/* features/manuscript/manuscript_link.c - one signature by a one-time link, for who holds a role and has no password. */
#include "db/db.h"
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_service.h"
#include "features/manuscript/manuscript_store.h"
#include "features/register/register.h"
#include "ledger/ledger.h"
#include "sec/token.h"

static bool is_release(Str step) {
    return str_eq(step, S("release"));
}

/* ctx as the person for whom a link is, at the story's outlet. */
static Err become(Ctx *ctx, int64_t person_id, int64_t outlet_id) {
    Outlet outlet;
    Person person;

    TRY(person_get(ctx, person_id, &person));
    TRY(outlet_get(ctx, outlet_id, &outlet));
    if (person.ended_ms)
        return FAIL(ERR_FORBIDDEN, NULL, N_("This person is no longer in service."));
    ctx->actor = ACTOR_PERSON;
    ctx->token_id = 0;
    ctx->person_id = person.id;
    ctx->person_name = person.name;
    ctx->role = STR_EMPTY;
    ctx->outlet_id = outlet.id;
    ctx->outlet_no = outlet.no;
    return OK;
}

/* ---- making one ---- */

/* What the person would be asked, asked before: a link that could not be used is not made. */
static Err check_use(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v, Str step) {
    ReviewText text = manuscript_review_text(m, v);
    bool is_found, may;
    Review review;
    Str role, to;

    TRY(manuscript_review_get(ctx, m->id, v->n, &review, &is_found));
    if (is_release(step)) {
        TRY(manuscript_check_act(ctx, m, ACT_RELEASE, &to));
        TRY(identity_may(ctx, CAP_RELEASE, m->outlet_id, &may, &role));
        if (!may)
            return FAIL(ERR_INVALID, "login", N_("This person may not release stories here."));
        return manuscript_check_reviewed(ctx, m, v, &review, &is_found);
    }
    if (!is_found || !str_eq(step, review_step_name(review_at_hand(&review, &text))) ||
        !str_eq(step, m->step))
        return FAIL(ERR_CONFLICT, "step", N_("This step is not at hand."));
    TRY(manuscript_has_step_role(ctx, m->outlet_id, review_step_of(step), &may, &role));
    const char *objection = review_objection(&review, &text, review_step_of(step), ctx->person_id);
    if (!may)
        return FAIL(ERR_INVALID, "login", N_("This person has no role here that does this step."));
    return objection ? FAIL(ERR_INVALID, "login", objection) : OK;
}

/* Who has a password signs in; and nobody makes a link for the own text, or for oneself. */
static Err check_maker(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v,
                       const Person *person) {
    bool has_password;

    if (m->author_id == ctx->person_id || v->made_by == ctx->person_id)
        return FAIL(ERR_FORBIDDEN, NULL, N_("You wrote this text: another person makes the link."));
    TRY(person_has_password(ctx, person->id, &has_password));
    if (has_password || person->id == ctx->person_id)
        return FAIL(ERR_INVALID, "login",
                    N_("This person has a password: who can sign in gets no link."));
    return OK;
}

static Err seal_link(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v,
                     const Person *person, const SignLink *link) {
    Json *sealed = manuscript_sealed(ctx, m, v), *who = json_obj(ctx->arena);

    json_set(who, "id", json_id(ctx->arena, person->id));
    json_set(who, "name", json_str(ctx->arena, person->name));
    json_set(sealed, "step", json_str(ctx->arena, link->step));
    json_set(sealed, "person", who);
    json_set(sealed, "until", json_int(ctx->arena, link->until_ms));
    return ledger_append(ctx, "manuscript.link_made", m->id, sealed);
}

Err manuscript_link_make(Ctx *ctx, int64_t id, Str step, Str login, Str *ret_token) {
    Str token = token_new(ctx->arena, ctx->chance, TOKEN_SESSION_BYTES);
    SignLink link = { .token_hash = token_hash_hex(ctx->arena, token),
                      .step = step,
                      .made_by = ctx->person_id,
                      .made_ms = ctx->now_ms,
                      .until_ms = ctx->now_ms + LINK_VALID_MS };
    ManuscriptVersion v;
    Manuscript m;
    Person person;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_get(ctx, id, &m));
    if (m.outlet_id != ctx->outlet_id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such story."));
    TRY(manuscript_version(ctx, id, m.working_n, &v));
    Err err = person_by_login(ctx, login, &person);
    if (err.code == ERR_NOT_FOUND)
        return FAIL(ERR_INVALID, "login", N_("There is nobody of this name."));
    TRY(err);
    TRY(check_maker(ctx, &m, &v, &person));
    Ctx other = *ctx;
    TRY(become(&other, person.id, m.outlet_id));
    TRY(check_use(&other, &m, &v, step));
    link.manuscript_id = id;
    link.outlet_id = m.outlet_id;
    link.person_id = person.id;
    link.hash = v.hash;
    TRY(manuscript_store_link_put(ctx, &link));
    TRY(seal_link(ctx, &m, &v, &person, &link));
    TRY(db_commit(&tx));
    *ret_token = token;
    return OK;
}

/* ---- using it ---- */

static Err find(Ctx *ctx, Str token, SignLink *link, Manuscript *m, ManuscriptVersion *v) {
    bool is_found = false;

    if (token_check(token).code == ERR_OK)
        TRY(manuscript_store_link_get(ctx, token_hash_hex(ctx->arena, token), link, &is_found));
    if (!is_found)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such link."));
    if (link->used_ms)
        return FAIL(ERR_GONE, NULL, N_("This link was used: each signs once."));
    if (link->until_ms <= ctx->now_ms)
        return FAIL(ERR_GONE, NULL, N_("This link has expired: ask for another."));
    TRY(manuscript_get(ctx, link->manuscript_id, m));
    TRY(manuscript_version(ctx, m->id, m->working_n, v));
    if (!str_eq(v->hash, link->hash))
        return FAIL(ERR_GONE, NULL,
                    N_("The text was changed after this link was made: ask for another."));
    return OK;
}

Err manuscript_link_open(Ctx *ctx, Str token, SignPage *ret) {
    SignPage page;
    bool is_found;
    Review review;

    TRY(find(ctx, token, &page.link, &page.m, &page.v));
    Ctx person = *ctx;
    TRY(become(&person, page.link.person_id, page.link.outlet_id));
    page.person_name = person.person_name;
    if (!is_release(page.link.step)) {
        ReviewText text = manuscript_review_text(&page.m, &page.v);
        TRY(manuscript_review_get(&person, page.m.id, page.v.n, &review, &is_found));
        if (is_found)
            TRY(manuscript_open(&person, &page.m, &review, &text));
    }
    *ret = page;
    return OK;
}

static Err sign(Ctx *ctx, const SignLink *link, const Manuscript *m, const Deciding *how,
                Manuscript *ret) {
    Deciding decided = *how;

    decided.step = link->step;
    if (!is_release(link->step))
        return manuscript_decide_case(ctx, m->id, m->version, &decided, link->made_by, ret);
    if (str_eq(how->outcome, S("pass")))
        return manuscript_release_by_link(ctx, m->id, m->version, link->made_by, ret);
    if (!str_eq(how->outcome, S("return")))
        return FAIL(ERR_INVALID, "outcome", N_("This step does not end like that."));
    return manuscript_return(ctx, m->id, m->version, how->reason, ret);
}

/* What the link was made for may have been lost since. */
static Err check_release_role(Ctx *ctx, const SignLink *link) {
    bool may = true;
    Str role;

    if (is_release(link->step))
        TRY(identity_may(ctx, CAP_RELEASE, link->outlet_id, &may, &role));
    return may ? OK
               : FAIL(ERR_FORBIDDEN, NULL, N_("This person may no longer release stories here."));
}

Err manuscript_link_decide(Ctx *ctx, Str token, const Deciding *how, Manuscript *ret) {
    int64_t changed = 0;
    ManuscriptVersion v;
    SignLink link;
    Manuscript m;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(find(ctx, token, &link, &m, &v));
    TRY(manuscript_store_link_use(ctx, link.token_hash, &changed));
    if (!changed)
        return FAIL(ERR_GONE, NULL, N_("This link was used: each signs once."));
    TRY(become(ctx, link.person_id, link.outlet_id));
    TRY(check_release_role(ctx, &link));
    TRY(sign(ctx, &link, &m, how, &m));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}
