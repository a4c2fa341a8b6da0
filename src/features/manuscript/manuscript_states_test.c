/* manuscript_states_test.c - the table of states walked through to its end, with everybody trying everything. */
#include "features/manuscript/manuscript_review.h"
#include "features/manuscript/test_newsroom.h"

#include "text/zone.h"

#define STATES                                                                                     \
    "draft submitted returned planned held published revising revision_submitted revision_planned" \
    " revision_held withdrawn reserved rejected"

static const char *const act_names[ACT_COUNT] = { "change",  "submit",   "return", "release",
                                                  "correct", "withdraw", "plan",   "unplan",
                                                  "publish", "hold",     "decide", "reserve",
                                                  "reject" };

static void the_table_names_known_states_and_each_act_once(void **state) {
    (void)state;
    for (size_t i = 0; i < manuscript_transition_count; i++) {
        const Transition *row = &manuscript_transitions[i];

        assert_true(str_contains(S(STATES), row->from) && str_contains(S(STATES), row->to));
        assert_true(row->act < ACT_COUNT);
        assert_ptr_equal(manuscript_transition(row->from, row->act), row);
    }
    assert_null(manuscript_transition(S("withdrawn"), ACT_CHANGE));
    assert_null(manuscript_transition(S(""), ACT_SUBMIT));
}

/*
 * In the table itself: whoever publishes is a second person, and only what was submitted is published; the job
 * publishes what a second person planned, and to a plan leads nothing else.
 */
static void only_a_second_person_leads_to_published_from_what_was_not(void **state) {
    int released = 0, published = 0, planned = 0;

    (void)state;
    for (size_t i = 0; i < manuscript_transition_count; i++) {
        const Transition *row = &manuscript_transitions[i];
        if (str_ends(row->to, S("planned")) && !str_eq(row->from, row->to))
            planned++;
        if (str_ends(row->to, S("planned")) && row->act != ACT_CORRECT) {
            assert_int_equal(row->act, ACT_PLAN);
            assert_int_equal(row->who, WHO_SECOND);
        }
        if (str_ends(row->to, S("held")) && row->act != ACT_CORRECT)
            assert_true(row->act == ACT_HOLD && row->who == WHO_JOB &&
                        str_ends(row->from, S("planned")));
        if (!str_eq(row->to, S("published")) || str_eq(row->from, S("published")))
            continue;
        if (row->who == WHO_JOB) {
            assert_int_equal(row->act, ACT_PUBLISH);
            assert_true(str_ends(row->from, S("planned")));
            published++;
            continue;
        }
        assert_int_equal(row->act, ACT_RELEASE);
        assert_int_equal(row->who, WHO_SECOND);
        assert_true(str_ends(row->from, S("submitted")) || str_ends(row->from, S("planned")) ||
                    str_ends(row->from, S("held")));
        released++;
    }
    assert_true(released == 6 && published == 2 && planned == 4);
}

/* ---- the walk ---- */

enum { WAY_MAX = 40, PLACES_MAX = 1000, HOUR_MS = 3600000, JOB = 3 };

typedef struct Place {
    Str is; /* what tells one place from another: state, who wrote the version, versions */
    struct {
        Act act;
        int person;
    } way[WAY_MAX]; /* the shortest that leads there */
    size_t way_len;
} Place;

typedef struct Walk {
    Newsroom n;
    const Person *people[3];  /* after them, as the fourth who tries: the job */
    Place places[PLACES_MAX]; /* in the order they were found: breadth first */
    size_t len;
    int64_t tried, done, refused, published;
} Walk;

static Err correct(Ctx *ctx, const Manuscript *m) {
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(manuscript_count_correction(ctx, m->id, m->version));
    return db_commit(&tx);
}

static Err plan_in_an_hour(Ctx *ctx, const Manuscript *m, Manuscript *ret) {
    Str when;

    OK_(zone_rfc3339(ctx->arena, S("UTC"), ctx->now_ms + HOUR_MS, &when));
    return manuscript_plan(ctx, m->id, m->version, str_slice(when, 0, 19), S("UTC"), ret);
}

/* So long after now; then the clock is put back, as clocks are. */
static Err time_comes(Ctx *ctx, int64_t after_ms) {
    int64_t before_ms = ctx->now_ms, count = 0;

    ctx->now_ms += after_ms;
    Err err = manuscript_publish_due(ctx, &count);
    ctx->now_ms = before_ms;
    if (err.code == ERR_OK && count == 0)
        return FAIL(ERR_CONFLICT, "state", "nothing is due");
    return err;
}

/* Here two persons check: there are no steps, whoever asks (manuscript_review_test.c walks through those). */
static Err decide(Ctx *ctx, const Manuscript *m, Str outcome, Manuscript *ret) {
    Deciding how = { .step = S("review3"),
                     .outcome = outcome,
                     .reason = S("说明。"),
                     .checks = { true, true, true, true } };

    return manuscript_decide(ctx, m->id, m->version, &how, ret);
}

static Err run(Ctx *ctx, Act act, const Manuscript *m, Manuscript *ret) {
    Filing filing = news_filing("又写了一遍", "别的词。");

    switch (act) {
    case ACT_CHANGE:
        return manuscript_change(ctx, m->id, m->version, &filing, ret);
    case ACT_SUBMIT:
        return manuscript_submit(ctx, m->id, m->version, ret);
    case ACT_RETURN:
        return manuscript_return(ctx, m->id, m->version, S("请补来源。"), ret);
    case ACT_RELEASE:
        return manuscript_release(ctx, m->id, m->version, ret);
    case ACT_CORRECT:
        return correct(ctx, m);
    case ACT_WITHDRAW:
        return manuscript_withdraw(ctx, m->id, m->version, S("内容有误。"), ret);
    case ACT_PLAN:
        return plan_in_an_hour(ctx, m, ret);
    case ACT_UNPLAN:
        return manuscript_unplan(ctx, m->id, m->version, ret);
    case ACT_PUBLISH:
        return time_comes(ctx, HOUR_MS + 1);
    case ACT_HOLD:
        OK_(site_hold_missed(ctx, true));
        return time_comes(ctx, 2 * HOUR_MS);
    case ACT_DECIDE:
        return decide(ctx, m, S("pass"), ret);
    case ACT_RESERVE:
        return decide(ctx, m, S("reserve"), ret);
    case ACT_REJECT:
        return decide(ctx, m, S("reject"), ret);
    case ACT_COUNT:
        break;
    }
    return OK;
}

/* Two persons, whatever way was taken. */
static void check_two_persons(Walk *walk, const Manuscript *m) {
    ManuscriptVersion *versions;
    size_t count;

    OK_(manuscript_versions(walk->n.ctx, m->id, &versions, &count));
    assert_int_equal(count, (size_t)m->published_n);
    for (size_t i = 0; i < count; i++) {
        assert_true(versions[i].released_by && versions[i].made_by);
        assert_true(versions[i].released_by != versions[i].made_by);
        assert_true(versions[i].released_by != m->author_id);
        walk->published++;
    }
    assert_true((m->published_n > 0) == (m->published_ms > 0));
}

/* Notes the place to which this way led, if it is new and its version is not beyond the third. */
static void arrive(Walk *walk, const Place *from, Act act, int person, int64_t id) {
    Ctx *ctx = walk->n.ctx;
    ManuscriptVersion v;
    Manuscript m;

    OK_(manuscript_get(ctx, id, &m));
    check_two_persons(walk, &m);
    OK_(manuscript_version(ctx, id, m.working_n, &v));
    Str is = str_format(ctx->arena, "%.*s %lld %lld %lld", STR_ARG(m.state), (long long)v.made_by,
                        (long long)m.published_n, (long long)m.working_n);
    for (size_t i = 0; i < walk->len; i++)
        if (str_eq(walk->places[i].is, is))
            return;
    if (m.working_n > 3)
        return;
    assert_true(walk->len < PLACES_MAX && (!from || from->way_len < WAY_MAX));
    Place *place = &walk->places[walk->len++];
    if (from) {
        *place = *from;
        place->way[place->way_len].act = act;
        place->way[place->way_len++].person = person;
    }
    place->is = is;
}

/* As the router does for a person, and the queue for a job. */
static const char *become(Walk *walk, int who) {
    Ctx *ctx = walk->n.ctx;

    if (who < JOB) {
        as(ctx, walk->people[who], &walk->n.paper);
        return str_to_c(ctx->arena, walk->people[who]->name);
    }
    as_operator(ctx);
    ctx->actor = ACTOR_JOB;
    return "the job";
}

static ErrCode expected_refusal(const Transition *row, Act act, int who) {
    if (who < JOB && (act == ACT_PUBLISH || act == ACT_HOLD))
        return ERR_FORBIDDEN;
    if (row && row->who != WHO_READER)
        return ERR_FORBIDDEN;
    return act == ACT_CORRECT ? ERR_NOT_FOUND : ERR_CONFLICT;
}

static void attempt(Walk *walk, const Place *here, const Manuscript *m, int64_t made_by, Act act,
                    int who) {
    Ctx *ctx = walk->n.ctx;
    int64_t person_id = who < JOB ? walk->people[who]->id : 0;
    const Transition *row = manuscript_transition(m->state, act);
    bool is_own = person_id == m->author_id || person_id == made_by;
    Manuscript after = *m;
    DB_TX(tx);

    OK_(db_begin(ctx, &tx)); /* rolled back: the next attempt finds the story as this one did */
    const char *name = become(walk, who);
    walk->tried++;
    Err err = run(ctx, act, m, &after);
    bool is_allowed = row && row->who != WHO_READER && !(row->who == WHO_SECOND && is_own) &&
                      (row->who == WHO_JOB) == (who == JOB);
    if ((err.code == ERR_OK) != is_allowed)
        fail_msg("%s by %s in state %.*s: %s", act_names[act], name, STR_ARG(m->state),
                 err.code == ERR_OK ? "done" : err.msgid);
    OK_(manuscript_get(ctx, m->id, &after));
    if (err.code != ERR_OK) {
        walk->refused++;
        if (err.code != expected_refusal(row, act, who))
            fail_msg("%s by %s in state %.*s: code %d, %s", act_names[act], name, STR_ARG(m->state),
                     (int)err.code, err.msgid);
        assert_true(after.version == m->version && str_eq(after.state, m->state));
        return;
    }
    walk->done++;
    assert_true(after.version == m->version + 1 && after.changed_by == person_id);
    if (!str_eq(after.state, row->to))
        fail_msg("%s leads to %.*s", act_names[act], STR_ARG(after.state));
    arrive(walk, here, act, who, m->id);
}

/* Goes there from the draft, and then everybody tries everything. */
static void explore(Walk *walk, const Place *here, int64_t id) {
    Ctx *ctx = walk->n.ctx;
    ManuscriptVersion v;
    Manuscript m;
    DB_TX(tx);

    OK_(db_begin(ctx, &tx));
    OK_(manuscript_get(ctx, id, &m));
    for (size_t i = 0; i < here->way_len; i++) {
        (void)become(walk, here->way[i].person);
        OK_(run(ctx, here->way[i].act, &m, &m));
        OK_(manuscript_get(ctx, id, &m));
    }
    OK_(manuscript_version(ctx, id, m.working_n, &v));
    for (int act = 0; act < ACT_COUNT; act++)
        for (int who = 0; who <= JOB; who++)
            if (who < JOB || act == ACT_PUBLISH || act == ACT_HOLD)
                attempt(walk, here, &m, v.made_by, (Act)act, who);
}

static void no_way_leads_to_published_without_two_persons(void **state) {
    Walk *walk = calloc(1, sizeof *walk);

    (void)state;
    assert_non_null(walk);
    walk->n = newsroom_new();
    queue_use(manuscript_job_kinds, manuscript_job_kind_count, NULL, 0);
    walk->people[0] = &walk->n.ann;
    walk->people[1] = &walk->n.ben;
    walk->people[2] = &walk->n.cai;
    Manuscript m = news_draft(&walk->n, "起点");
    arrive(walk, NULL, ACT_COUNT, 0, m.id);
    for (size_t i = 0; i < walk->len; i++)
        explore(walk, &walk->places[i], m.id);
    printf("manuscript states: %lld cases passed, 0 failed (%lld places, %lld acts done, %lld "
           "refused, %lld released versions looked at)\n",
           (long long)walk->tried, (long long)walk->len, (long long)walk->done,
           (long long)walk->refused, (long long)walk->published);
    assert_true(walk->len > 30 && walk->done > 100 && walk->refused > 200);
    for (size_t i = 0; i < manuscript_transition_count; i++) { /* every state was visited */
        bool is_seen = str_eq(manuscript_transitions[i].from, S("reserved")); /* by steps only */
        for (size_t k = 0; k < walk->len; k++)
            is_seen = is_seen || str_starts(walk->places[k].is, manuscript_transitions[i].from);
        assert_true(is_seen);
    }
    newsroom_free(&walk->n);
    free(walk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_names_known_states_and_each_act_once),
        cmocka_unit_test(only_a_second_person_leads_to_published_from_what_was_not),
        cmocka_unit_test(no_way_leads_to_published_without_two_persons),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
