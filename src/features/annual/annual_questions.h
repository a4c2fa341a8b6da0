/* features/annual/annual_questions.h - what a self-check asks, as numbered, versioned rows: private to annual/. */
#ifndef FEATURES_ANNUAL_ANNUAL_QUESTIONS_H
#define FEATURES_ANNUAL_ANNUAL_QUESTIONS_H

#include "features/annual/annual.h"

/* What the register knows beside a question. */
typedef enum AnnualFact {
    FACT_NONE,
    FACT_TEACHER,
    FACT_PEOPLE,
    FACT_ADDRESS,
    FACT_PUBLISHED,
    FACT_CHANGED,
    FACT_EMERGENCY,
    FACT_REVIEWERS
} AnnualFact;

typedef struct AnnualQuestion {
    const char *yes_field, *remark_field; /* of the form */
    const char *text;                     /* N_() for people */
    AnnualFact fact;
} AnnualQuestion;

typedef struct AnnualForm {
    int64_t version;
    const AnnualQuestion *questions; /* number 1 is the first */
    size_t len;                      /* 1..ANNUAL_QUESTIONS_MAX */
} AnnualForm;

/* A version once used is never edited: what was answered stays readable under the questions that were asked. */
extern const AnnualForm annual_forms[];
extern const size_t annual_forms_count;

/* NULL: no such version. */
const AnnualForm *annual_form_of(int64_t version);
/* Which new reviews take. */
const AnnualForm *annual_form_now(void);

#endif
