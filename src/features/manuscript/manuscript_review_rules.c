/* features/manuscript/manuscript_review_rules.c - which step is at hand and who may do it; knows no storage (product.md 3). */
#include "features/manuscript/manuscript_review.h"

static const struct {
    Str name;
    const char *title;
    const char *checks[CHECKS];
} steps[STEP_COUNT] = {
    [STEP_REVIEW1] = { S_INIT("review1"),
                       N_("First review"),
                       { N_("Facts, names, figures and times agree with the sources."),
                         N_("The headline says what the text says, and no more."),
                         N_("Sources and the consent of those shown are there."),
                         N_("No personal data that the story does not need.") } },
    [STEP_REVIEW2] = { S_INIT("review2"),
                       N_("Second review"),
                       { N_("The story is fair: who is criticised was asked."),
                         N_("The facts that matter most were checked a second time."),
                         N_("Laws, rules and copyright are kept."),
                         N_("What the first reader remarked is settled.") } },
    [STEP_REVIEW3] = { S_INIT("review3"),
                       N_("Final review"),
                       { N_("The story may be published as it stands."),
                         N_("Headline, summary and lead picture are right for every channel."),
                         N_("It is the right time, and the outlet is the right one."),
                         N_("What the other readers remarked is settled.") } },
    [STEP_PROOF1] = { S_INIT("proof1"),
                      N_("First proof"),
                      { N_("Read word by word against the manuscript."),
                        N_("Names, offices and their order are right."),
                        N_("Numbers, dates and units are right."),
                        N_("Punctuation and wrong characters were looked for.") } },
    [STEP_PROOF2] = { S_INIT("proof2"),
                      N_("Second proof"),
                      { N_("Read word by word by another person than before."),
                        N_("Names, offices and their order are right."),
                        N_("Links, pictures and their words are right."),
                        N_("Nothing was changed that was not said.") } },
    [STEP_PROOF3] = { S_INIT("proof3"),
                      N_("Third proof"),
                      { N_("Read as it will stand on the page."),
                        N_("Headline, bylines, sources and credits are complete."),
                        N_("Tables, quotations and paragraphs are whole."),
                        N_("Every remark is settled.") } },
};

Str review_step_name(ReviewStep step) {
    return step < STEP_COUNT ? steps[step].name : STR_EMPTY;
}

ReviewStep review_step_of(Str name) {
    size_t step = 0;

    while (step < STEP_COUNT && !str_eq(steps[step].name, name))
        step++;
    return (ReviewStep)step;
}

const char *review_step_title(ReviewStep step) {
    return step < STEP_COUNT ? steps[step].title : "";
}

const char *const *review_checks(ReviewStep step) {
    return steps[step < STEP_COUNT ? step : 0].checks;
}

static bool is_review(ReviewStep step) {
    return step <= STEP_REVIEW3;
}

/* One proof only is 互校: by another than the author. */
bool review_has_step(const Flow *flow, ReviewStep step) {
    return is_review(step) || flow->proofs == 3 || step == STEP_PROOF2;
}

/* Whoever wrote the version at hand has not checked it, whatever was signed before. */
static bool is_by_writer(const ReviewText *text, ReviewStep step, int64_t person_id) {
    return step != STEP_PROOF1 && (person_id == text->author_id || person_id == text->made_by);
}

/* The latest word counts: of that step on that text, or, where it is kept, on that version. */
const Decision *review_pass(const Review *review, const ReviewText *text, ReviewStep step) {
    bool keeps = review->flow.keeps_early && step < STEP_REVIEW3;

    for (size_t i = review->len; i-- > 0;) {
        const Decision *d = &review->decisions[i];
        if (!str_eq(d->step, steps[step].name) || d->n != text->n ||
            (!keeps && !str_eq(d->hash, text->hash)))
            continue;
        bool counts = str_eq(d->outcome, S("pass")) && !is_by_writer(text, step, d->person_id);
        return counts ? d : NULL;
    }
    return NULL;
}

ReviewStep review_at_hand(const Review *review, const ReviewText *text) {
    int step = STEP_REVIEW1;

    while (step < STEP_COUNT && (!review_has_step(&review->flow, (ReviewStep)step) ||
                                 review_pass(review, text, (ReviewStep)step)))
        step++;
    return (ReviewStep)step;
}

bool review_may_go_out(const Review *review, const ReviewText *text) {
    ReviewStep step = review_at_hand(review, text);

    return step == STEP_COUNT || (str_eq(review->flow.name, S("flash")) && step >= STEP_REVIEW3);
}

const char *review_objection(const Review *review, const ReviewText *text, ReviewStep step,
                             int64_t person_id) {
    if (is_by_writer(text, step, person_id))
        return is_review(step) ? N_("You wrote this text: another person must read and decide.")
                               : N_("You wrote this text: this proof is another person's.");
    for (int other = 0; other < STEP_COUNT; other++) {
        if (other == (int)step || is_review((ReviewStep)other) != is_review(step))
            continue;
        const Decision *d = review_pass(review, text, (ReviewStep)other);
        if (d && d->person_id == person_id)
            return is_review(step)
                       ? N_("You reviewed this text already: three reviews are by three persons.")
                       : N_("You proofread this text already: each proof is another person's.");
    }
    return NULL;
}
