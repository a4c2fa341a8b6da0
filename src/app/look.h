/* app/look.h - templates and assets: those built in, and over them an alliance's own from the folder look/. */
#ifndef APP_LOOK_H
#define APP_LOOK_H

#include "app/wire.h"
#include "features/admin/admin.h"

enum {
    LOOK_FILE_BYTES = 256 << 10, /* of one file; the largest built-in template has 6 KB */
    LOOK_FILES = 200             /* in the folder; more than there are templates */
};

/*
 * What the program brings: app->views, and app->http's views and assets. ERR_INVALID names a template and its line.
 * Memory of app->arena; the views are app_close's.
 */
CHECKED Err look_built_in(App *app);

/*
 * Puts an alliance's own over it: FOLDER/{room}/{name}.mustache takes the place of the template of that name,
 * FOLDER/look.css comes after the built-in style sheets, FOLDER/icon.svg is the pages' icon. Each template is
 * checked against the keys of its model, as the built-in ones are; one that fails is left out, the built-in one stays,
 * and *ret tells why (admin shows it). No such folder is no fault. app->http is complete but for what
 * this changes. ERR_IO where the folder cannot be read, ERR_LIMIT beyond LOOK_FILES.
 */
CHECKED Err look_apply(App *app, Str folder, LookState *ret);

#endif
