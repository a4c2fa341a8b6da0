/* features/register/register_service.h - what register's own files share: private to register/. */
#ifndef FEATURES_REGISTER_REGISTER_SERVICE_H
#define FEATURES_REGISTER_REGISTER_SERVICE_H

#include "features/register/register_store.h"

/* Sort key, look and search text of a card. */
CHECKED Err register_keys(Ctx *ctx, const Outlet *outlet, OutletKeys *ret);
/* Inside the caller's transaction: unit, number, row, log entry and event of a new outlet. */
CHECKED Err register_insert(Ctx *ctx, Outlet *outlet);
/* The same for a change of a card; nothing where both are equal. */
CHECKED Err register_update(Ctx *ctx, const Outlet *before, Outlet *after);
/* The unit of the card, filed when it is new. */
CHECKED Err register_unit(Ctx *ctx, Outlet *outlet);

#endif
