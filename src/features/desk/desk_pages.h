/* features/desk/desk_pages.h - the handlers behind desk_routes[]: private to desk/. */
#ifndef FEATURES_DESK_DESK_PAGES_H
#define FEATURES_DESK_DESK_PAGES_H

#include "features/site/site.h"
#include "http/route.h"

enum { TODO_ROWS = 50 }; /* in each list of the to-do page */

/* Sets "reviews" and "handovers" of that page and their counts; *ret_len is both together. */
CHECKED Err desk_todo_register(Ctx *ctx, const Site *site, Json *model, size_t *ret_len);

Err desk_todo(Ctx *ctx, const Request *req, Response *res);
Err desk_jobs(Ctx *ctx, const Request *req, Response *res);
Err desk_job_act(Ctx *ctx, const Request *req, Response *res);
Err desk_work_list(Ctx *ctx, const Request *req, Response *res);
Err desk_work_one(Ctx *ctx, const Request *req, Response *res);
Err desk_work_act(Ctx *ctx, const Request *req, Response *res);
Err desk_work_begin(Ctx *ctx, const Request *req, Response *res);
Err desk_unit(Ctx *ctx, const Request *req, Response *res);
Err desk_tokens(Ctx *ctx, const Request *req, Response *res);
Err desk_token_make(Ctx *ctx, const Request *req, Response *res);
Err desk_token_end(Ctx *ctx, const Request *req, Response *res);

#endif
