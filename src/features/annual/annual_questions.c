/* features/annual/annual_questions.c - what a self-check asks, as numbered, versioned rows. */
#include "features/annual/annual_questions.h"

#include "base/attr.h"

static const AnnualQuestion first[] = {
    { "y1", "r1", N_("The guiding teacher (指导教师) is named and in service."), FACT_TEACHER },
    { "y2", "r2", N_("Those who run the account are named, and none of them has left."),
      FACT_PEOPLE },
    { "y3", "r3", N_("The address on the filing card opens the account."), FACT_ADDRESS },
    { "y4", "r4", N_("Something was published within the last 30 days."), FACT_PUBLISHED },
    { "y5", "r5", N_("Each change was reported to the office within three working days."),
      FACT_CHANGED },
    { "y6", "r6", N_("The emergency contact is kept and answers."), FACT_EMERGENCY },
    { "y7", "r7", N_("Each story was read by a second person before it went out."),
      FACT_REVIEWERS },
    { "y8", "r8", N_("Mistakes that became known were corrected in public."), FACT_NONE },
};

const AnnualForm annual_forms[] = { { 1, first, COUNT_OF(first) } };
const size_t annual_forms_count = COUNT_OF(annual_forms);

const AnnualForm *annual_form_of(int64_t version) {
    for (size_t i = 0; i < annual_forms_count; i++)
        if (annual_forms[i].version == version)
            return &annual_forms[i];
    return NULL;
}

const AnnualForm *annual_form_now(void) {
    return &annual_forms[annual_forms_count - 1];
}
