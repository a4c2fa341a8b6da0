/* manuscript_review_rules_test.c - every way through the steps of a check, with everybody trying every step. */
#include "base/test_support.h"
#include "features/manuscript/manuscript_review.h"

/* 1 wrote the story, 2 the version at hand; the others wrote nothing. */
enum { AUTHOR = 1, MAKER = 2, PEOPLE = 8, WAYS_MAX = 40000 };

/* Who passed each step on the text at hand (0: nobody), and who passed it on an earlier text. */
typedef struct Way {
    int now[STEP_COUNT], before[STEP_COUNT];
} Way;

typedef struct Walk {
    Flow flow;
    Way ways[WAYS_MAX];
    size_t len;
    long tried, done, complete, edited;
    Decision decisions[2 * STEP_COUNT];
} Walk;

static const ReviewText text = {
    .n = 1, .hash = S_INIT("second"), .author_id = AUTHOR, .made_by = MAKER
};

static Review review_of(Walk *walk, const Way *way) {
    Review review = { .n = 1, .flow = walk->flow, .decisions = walk->decisions };

    for (int old = 1; old >= 0; old--)
        for (int step = 0; step < STEP_COUNT; step++) {
            int person = old ? way->before[step] : way->now[step];
            if (person)
                walk->decisions[review.len++] =
                    (Decision){ .n = 1,
                                .hash = old ? S("first") : S("second"),
                                .step = review_step_name((ReviewStep)step),
                                .outcome = S("pass"),
                                .person_id = person };
        }
    return review;
}

static void arrive(Walk *walk, const Way *way) {
    for (size_t i = 0; i < walk->len; i++)
        if (memcmp(&walk->ways[i], way, sizeof *way) == 0)
            return;
    assert_true(walk->len < WAYS_MAX);
    walk->ways[walk->len++] = *way;
}

static int person_of(const Review *review, ReviewStep step) {
    const Decision *d = review_pass(review, &text, step);

    return d ? (int)d->person_id : 0;
}

/* What a complete check is, said anew: not by the code under test. */
static void check_complete(Walk *walk, const Review *review) {
    int r1 = person_of(review, STEP_REVIEW1), r2 = person_of(review, STEP_REVIEW2),
        r3 = person_of(review, STEP_REVIEW3), p1 = person_of(review, STEP_PROOF1),
        p2 = person_of(review, STEP_PROOF2), p3 = person_of(review, STEP_PROOF3);

    assert_true(r1 > MAKER && r2 > MAKER && r3 > MAKER);
    assert_true(r1 != r2 && r1 != r3 && r2 != r3);
    assert_true(p2 > MAKER);
    if (walk->flow.proofs == 3)
        assert_true(p1 > 0 && p3 > MAKER && p1 != p2 && p1 != p3 && p2 != p3);
    else
        assert_true(p1 == 0 && p3 == 0);
    assert_true(str_eq(review_pass(review, &text, STEP_REVIEW3)->hash, text.hash));
    walk->complete++;
}

static void explore(Walk *walk, const Way *here) {
    Review review = review_of(walk, here);
    ReviewStep at = review_at_hand(&review, &text);
    bool is_flash = str_eq(walk->flow.name, S("flash"));

    assert_true(review_may_go_out(&review, &text) ==
                (at == STEP_COUNT || (is_flash && at >= STEP_REVIEW3)));
    if (review_may_go_out(&review, &text))
        assert_true(person_of(&review, STEP_REVIEW1) && person_of(&review, STEP_REVIEW2));
    if (at == STEP_COUNT) {
        check_complete(walk, &review);
        return;
    }
    assert_true(review_has_step(&walk->flow, at));
    for (int person = 1; person <= PEOPLE; person++) {
        Way next = *here;
        walk->tried++;
        if (review_objection(&review, &text, at, person))
            continue;
        walk->done++;
        next.now[at] = person;
        arrive(walk, &next);
    }
}

static Walk *walk_of(const char *flow, int64_t proofs, bool keeps_early, const Way *start) {
    Walk *walk = calloc(1, sizeof *walk);

    assert_non_null(walk);
    walk->flow = (Flow){ .name = str_from_c(flow), .proofs = proofs, .keeps_early = keeps_early };
    arrive(walk, start);
    for (size_t i = 0; i < walk->len; i++) {
        Way here = walk->ways[i];
        explore(walk, &here);
    }
    return walk;
}

/* 6 people who wrote nothing review: 6*5*4; then 自校 by any of 8, 互校 and 协校 by two others of those 6. */
static void every_way_ends_with_three_reviewers_and_three_proofs(void **state) {
    Way start = { { 0 }, { 0 } };
    const char *flows[] = { "three-review", "flash" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        Walk *walk = walk_of(flows[i], 3, false, &start);
        assert_int_equal(walk->complete, 6 * 5 * 4 * (2 * 6 * 5 + 6 * 5 * 4));
        printf("%s: %zu places, %ld tried, %ld done, %ld complete\n", flows[i], walk->len,
               walk->tried, walk->done, walk->complete);
        free(walk);
    }
    Walk *walk = walk_of("three-review", 1, false, &start);
    assert_int_equal(walk->complete, 6 * 5 * 4 * 6);
    free(walk);
}

/* A text that was passed by all and then changed: nothing counts, or only what the flow keeps. */
static void a_changed_text_is_checked_again(void **state) {
    Way passed = { .before = { 3, 4, 5, 1, 6, 7 } };
    Walk *strict = walk_of("three-review", 3, false, &passed);
    Walk *keeping = walk_of("three-review", 3, true, &passed);
    Review review = review_of(keeping, &passed);

    (void)state;
    assert_int_equal(strict->complete, 6 * 5 * 4 * (2 * 6 * 5 + 6 * 5 * 4));
    assert_int_equal(review_at_hand(&review, &text), STEP_REVIEW3);
    assert_int_equal(keeping->complete, 4 * (2 * 6 * 5 + 6 * 5 * 4));
    passed.before[STEP_REVIEW2] = MAKER; /* the second reader has changed it since */
    review = review_of(keeping, &passed);
    assert_int_equal(review_at_hand(&review, &text), STEP_REVIEW2);
    review.flow.keeps_early = false;
    assert_int_equal(review_at_hand(&review, &text), STEP_REVIEW1);
    free(strict);
    free(keeping);
}

static void the_latest_word_of_a_step_counts(void **state) {
    Decision decisions[] = {
        { .n = 1, .hash = text.hash, .step = S("review1"), .outcome = S("pass"), .person_id = 3 },
        { .n = 1, .hash = text.hash, .step = S("review1"), .outcome = S("return"), .person_id = 4 },
        { .n = 1, .hash = text.hash, .step = S("review1"), .outcome = S("pass"), .person_id = 5 },
    };
    Review review = { .n = 1, .decisions = decisions, .len = 2, .flow = { .proofs = 3 } };

    (void)state;
    assert_null(review_pass(&review, &text, STEP_REVIEW1));
    review.flow.keeps_early = true;
    assert_null(review_pass(&review, &text, STEP_REVIEW1));
    review.len = 3;
    assert_int_equal(review_pass(&review, &text, STEP_REVIEW1)->person_id, 5);
    decisions[2].n = 2; /* of another version */
    assert_null(review_pass(&review, &text, STEP_REVIEW1));
}

static void names_and_lists(void **state) {
    (void)state;
    for (int step = 0; step < STEP_COUNT; step++) {
        assert_int_equal(review_step_of(review_step_name((ReviewStep)step)), step);
        assert_true(*review_step_title((ReviewStep)step));
        for (int i = 0; i < CHECKS; i++)
            assert_true(*review_checks((ReviewStep)step)[i]);
    }
    assert_int_equal(review_step_of(S("release")), STEP_COUNT);
    assert_int_equal(review_step_of(STR_EMPTY), STEP_COUNT);
    assert_int_equal(review_step_name(STEP_COUNT).len, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_ends_with_three_reviewers_and_three_proofs),
        cmocka_unit_test(a_changed_text_is_checked_again),
        cmocka_unit_test(the_latest_word_of_a_step_counts),
        cmocka_unit_test(names_and_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
