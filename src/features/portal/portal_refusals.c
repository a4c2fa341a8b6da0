/* features/portal/portal_refusals.c - what is refused by design, one numbered page each (product.md 4). */
#include "features/portal/portal_pages.h"
#include "features/site/site.h"
#include "view/catalogue.h"

/* try_path: where the first word of the refusal (site_refused_words) is sent when a reader tries it. */
typedef struct Refusal {
    const char *what, *instead;
    const char *try_method, *try_path;
} Refusal;

static const Refusal refusals[SITE_REFUSALS] = {
    { N_("A post or reply without an outlet or a labelled commentator"),
      N_("The author's box lists only outlets you may sign for; there is no anonymous choice."),
      "post", "/articles" },
    { N_("A second identity, an alias, a scheduled persona, replies in bulk"),
      N_("One person has one account; the same words from two commentators carry a public mark."),
      "post", "/admin/people" },
    { N_("Posting after a term has ended or before the training is done"),
      N_("The button is grey and names the date or the module."), "post", "/articles" },
    { N_("Quotas, pay per post, ranking by volume"),
      N_("There is no such field; an import that brings such a column is refused."), "post",
      "/admin/outlets" },
    { N_("Looking up who said it"),
      N_("The claim code is the only handle; nowhere can an identity be searched."), "get",
      "/search" },
    { N_("Registering or watching private accounts of students or staff"),
      N_("The register takes accounts owned by a unit only."), "post", "/admin/outlets" },
    { N_("Watch lists of persons, sentiment of persons, graphs of their relations"),
      N_("There is no record of a person besides those who hold a role."), "post",
      "/admin/people" },
    { N_("Removing, hiding, down-ranking or slowing criticism"),
      N_("No such ground is on the list; sort orders are named; reports only queue."), "get",
      "/outlets" },
    { N_("Scoring units or people by opinion"),
      N_("Criticism received never lowers a score; criticism left unanswered does."), "get",
      "/outlets" },
    { N_("Figures about fewer people than the threshold, overlapping filters, export of rows"),
      N_("Only tables planned beforehand are shown; small cells stay closed and say why."), "get",
      "/outlets" },
    { N_("Trust scores, blacklists, credit for liking, commenting or voting"),
      N_("Not showing up frees the seat; nothing else is kept."), "post", "/admin/people" },
    { N_("Faces, positions or devices recorded at check-in"),
      N_("Codes on a screen, a spoken word or paper serve instead."), "post", "/articles" },
    { N_("A silent edit, a silent deletion, a date set back"),
      N_("Every version stays, every withdrawal leaves a page, times come from the log."), "post",
      "/articles" },
    { N_("Lists of sensitive words applied to readers"),
      N_("The proofreader reads our own drafts only."), "get", "/search" },
    { N_("Crawling comments or posing as a browser elsewhere"),
      N_("The fetcher takes feeds and deposited links, honours robots and names itself."), "post",
      "/admin/feeds" },
    { N_("Calling a contested matter a rumour on our word alone"),
      N_("\"Untrue\" needs an original document or a third party."), "post", "/articles" },
};

static Json *refusal_model(Ctx *ctx, int n) {
    const Catalogue *words = catalogue_of(ctx->lang);
    Json *out = json_obj(ctx->arena);

    json_set(out, "n", json_int(ctx->arena, n));
    json_set(out, "url", json_str(ctx->arena, str_format(ctx->arena, "/refusals/R%d", n)));
    json_set(out, "what",
             json_str(ctx->arena, catalogue_text(words, str_from_c(refusals[n - 1].what))));
    json_set(out, "instead",
             json_str(ctx->arena, catalogue_text(words, str_from_c(refusals[n - 1].instead))));
    return out;
}

static Json *all_refusals(Ctx *ctx, int current) {
    Json *list = json_arr(ctx->arena);

    for (int n = 1; n <= SITE_REFUSALS; n++) {
        Json *item = refusal_model(ctx, n);
        json_set(item, "current", json_bool(ctx->arena, n == current));
        json_push(list, item);
    }
    return list;
}

/* What a program would have to send; sending it is refused. */
static void put_try(Ctx *ctx, int n, Json *model) {
    StrList words = site_refused_words(ctx->arena, n);
    Json *list = json_arr(ctx->arena), *attempt = json_obj(ctx->arena);

    for (size_t i = 0; i < words.len; i++) {
        Json *item = json_obj(ctx->arena);
        json_set(item, "word", json_str(ctx->arena, words.items[i]));
        json_push(list, item);
    }
    json_set(attempt, "method", json_str(ctx->arena, str_from_c(refusals[n - 1].try_method)));
    json_set(attempt, "path", json_str(ctx->arena, str_from_c(refusals[n - 1].try_path)));
    json_set(attempt, "name", json_str(ctx->arena, words.items[0]));
    json_set(model, "words", list);
    json_set(model, "attempt", attempt);
}

Err portal_refusals(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "title",
             json_str(ctx->arena,
                      catalogue_text(catalogue_of(ctx->lang), str_from_c(N_("What we refuse")))));
    json_set(model, "refusals", all_refusals(ctx, 0));
    res_tag(res, S("site"));
    return res_view(ctx, req, res, model);
}

Err portal_refusal(Ctx *ctx, const Request *req, Response *res) {
    Str name = req_text(req, "name");
    int64_t n;

    if (name.len < 2 || name.ptr[0] != 'R' || name.ptr[1] == '0' ||
        !str_parse_int(str_slice(name, 1, name.len), &n) || n < 1 || n > SITE_REFUSALS)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There are the refusals R1 to R16."));
    Json *model = refusal_model(ctx, (int)n);
    json_set(model, "title", json_str(ctx->arena, json_get_text(model, "what")));
    json_set(model, "refusals", all_refusals(ctx, (int)n));
    put_try(ctx, (int)n, model);
    res_tag(res, S("site"));
    return res_view(ctx, req, res, model);
}
