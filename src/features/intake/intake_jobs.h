/* intake_jobs.h - what the files of jobs share; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_JOBS_H
#define FEATURES_INTAKE_INTAKE_JOBS_H

#include "features/intake/intake_feed.h"

/* The gate given to intake_use; NULL: nothing leaves this program. */
struct Net *intake_gate(void);

#endif
