/* features/register/register_export.h - columns of a roster that the register keeps itself: private to register/. */
#ifndef FEATURES_REGISTER_REGISTER_EXPORT_H
#define FEATURES_REGISTER_REGISTER_EXPORT_H

#include "features/register/register.h"

/* Written by export; a roster that holds one must say what is so already. */
typedef struct OwnColumn {
    const char *heading;
    Str (*cell)(Ctx *ctx, Str zone, const Outlet *outlet); /* in ctx->arena */
} OwnColumn;

enum { OWN_COLUMNS = 4 };
extern const OwnColumn register_own_columns[OWN_COLUMNS];

#endif
