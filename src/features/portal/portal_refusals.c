/* features/portal/portal_refusals.c - what is refused by design, one numbered page each (product.md 4). */
#include "features/portal/portal_pages.h"
#include "view/catalogue.h"

enum { REFUSALS = 16 };

typedef struct Refusal {
    const char *what, *instead;
} Refusal;

static const Refusal refusals[REFUSALS] = {
    { N_("A post or reply without an outlet or a labelled commentator"),
      N_("The author's box lists only outlets you may sign for; there is no anonymous choice.") },
    { N_("A second identity, an alias, a scheduled persona, replies in bulk"),
      N_("One person has one account; the same words from two commentators carry a public mark.") },
    { N_("Posting after a term has ended or before the training is done"),
      N_("The button is grey and names the date or the module.") },
    { N_("Quotas, pay per post, ranking by volume"),
      N_("There is no such field; an import that brings such a column is refused.") },
    { N_("Looking up who said it"),
      N_("The claim code is the only handle; nowhere can an identity be searched.") },
    { N_("Registering or watching private accounts of students or staff"),
      N_("The register takes accounts owned by a unit only.") },
    { N_("Watch lists of persons, sentiment of persons, graphs of their relations"),
      N_("There is no record of a person besides those who hold a role.") },
    { N_("Removing, hiding, down-ranking or slowing criticism"),
      N_("No such ground is on the list; sort orders are named; reports only queue.") },
    { N_("Scoring units or people by opinion"),
      N_("Criticism received never lowers a score; criticism left unanswered does.") },
    { N_("Figures about fewer people than the threshold, overlapping filters, export of rows"),
      N_("Only tables planned beforehand are shown; small cells stay closed and say why.") },
    { N_("Trust scores, blacklists, credit for liking, commenting or voting"),
      N_("Not showing up frees the seat; nothing else is kept.") },
    { N_("Faces, positions or devices recorded at check-in"),
      N_("Codes on a screen, a spoken word or paper serve instead.") },
    { N_("A silent edit, a silent deletion, a date set back"),
      N_("Every version stays, every withdrawal leaves a page, times come from the log.") },
    { N_("Lists of sensitive words applied to readers"),
      N_("The proofreader reads our own drafts only.") },
    { N_("Crawling comments or posing as a browser elsewhere"),
      N_("The fetcher takes feeds and deposited links, honours robots and names itself.") },
    { N_("Calling a contested matter a rumour on our word alone"),
      N_("\"Untrue\" needs an original document or a third party.") },
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

    for (int n = 1; n <= REFUSALS; n++) {
        Json *item = refusal_model(ctx, n);
        json_set(item, "current", json_bool(ctx->arena, n == current));
        json_push(list, item);
    }
    return list;
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
        !str_parse_int(str_slice(name, 1, name.len), &n) || n < 1 || n > REFUSALS)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There are the refusals R1 to R16."));
    Json *model = refusal_model(ctx, (int)n);
    json_set(model, "title", json_str(ctx->arena, json_get_text(model, "what")));
    json_set(model, "refusals", all_refusals(ctx, (int)n));
    res_tag(res, S("site"));
    return res_view(ctx, req, res, model);
}
