/* intake_service.h - what intake's own files share; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_SERVICE_H
#define FEATURES_INTAKE_INTAKE_SERVICE_H

#include "features/intake/intake.h"

/*
 * Puts one item into the caller's transaction: new, changed or the same. found is intake_read_facts' deposit, with
 * outlet, feed and person set. ERR_CONFLICT, ERR_IO.
 */
CHECKED Err intake_put(Ctx *ctx, const Deposit *found, Deposit *ret, DepositOutcome *ret_outcome);
/* What intake_put would do, without writing. */
CHECKED Err intake_look(Ctx *ctx, const Deposit *found, DepositOutcome *ret);

#endif
