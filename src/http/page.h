/* http/page.h - what every page's model holds beside the handler's own: "page" and "form". */
#ifndef HTTP_PAGE_H
#define HTTP_PAGE_H

#include "http/core.h"

/* lang, csrf, path, request, title, ... and what hooks.frame adds. title may be empty. */
CHECKED Err page_model(Ctx *ctx, const Request *req, Str title, Json **ret);

/*
 * Completes the model's "form" (route.h, form_handler) for a GET row's page. Where failed is a POST whose form this
 * is, what was typed, what was chosen from the model's lists and err are put in.
 */
void page_form(Ctx *ctx, const Request *req, const Request *failed, Err err, Json *model);

#endif
