/* features/portal/portal_routes.c - the addresses of readers. */
#include "features/annual/annual.h"
#include "features/portal/portal.h"
#include "features/adoption/adoption.h"
#include "features/manuscript/manuscript.h"
#include "features/portal/portal_cards.h"
#include "features/portal/portal_pages.h"

static const Field page_fields[] = {
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field outlet_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field article_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { 0 },
};
static const Field search_fields[] = {
    { "q", FIELD_LINE, IN_QUERY, .max_chars = 200, .label = N_("Words to find") },
    { "outlet", FIELD_WORD, IN_QUERY, .label = N_("Outlet") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field refusal_fields[] = {
    { "name", FIELD_WORD, IN_PATH, .label = N_("Refusal") },
    { 0 },
};
static const Field tile_fields[] = {
    { "level", FIELD_INT, IN_PATH, .min = 0, .max = 7 },
    { "n", FIELD_LINE, IN_PATH, .max_chars = 40 },
    { 0 },
};
static const Field entries_fields[] = {
    { "n", FIELD_LINE, IN_PATH, .max_chars = 40 },
    { 0 },
};

static const Model home_model = {
    "portal/home",
    "title is_first has_flash flash[" CARD_KEYS "] lead[" CARD_KEYS "] stories[" CARD_KEYS "] "
    "corrections[url title text issued{iso text full}] outlet_count in_service_count "
    "published_count "
    "correction_count withdrawn_count week_count next",
};
static const Model outlet_page_model = {
    "portal/outlet",
    "title outlet{" OUTLET_KEYS "} link{no name url emblem} struck{iso text full} has_teacher "
    "people[name role] stories[" CARD_KEYS
    "] deposits[title url host posted{iso text full}] weeks[count from{iso text full} x y height "
    "kept] kept_weeks "
    "published_count correction_count withdrawn_count reviews[" ANNUAL_PUBLIC_KEYS "] next",
};
static const Model article_model = {
    "portal/article",
    "id number title kind_text outlet{no name url emblem} tier published{iso text full} "
    "republished{iso text full} imported{iso text full} planned{iso text full} is_late "
    "original_url author{name role} "
    "releaser{name role} lang summary html note version versions[n url diff_url] is_two_person "
    "pictures[src srcset width height hash alt credit] corrections[text issued{iso text full} "
    "person] "
    "sources[] tags[] "
    "seal{hash is_placed position entries[kind kind_text at{iso text full} is_placed "
    "position]} " REVIEW_KEYS " " ORIGIN_KEYS,
};
static const Model corrections_page_model = {
    "portal/corrections",
    "title corrections[url title text issued{iso text full}]",
};
static const Model search_model = {
    "portal/search",
    "title q has_query total stories[" CARD_KEYS
    " title_parts[text is_hit] summary_parts[text is_hit]] next",
};
static const Model refusals_model = { "portal/refusals",
                                      KEYS(title refusals[n url what instead current]) };
static const Model refusal_model = {
    "portal/refusal",
    "title n url what instead words[word] attempt{method path name} "
    "refusals[n url what instead current]",
};
static const Model log_model = {
    "portal/log",
    "title size pending at{iso text full} checkpoint vkey "
    "entries[position at{iso text full} kind kind_text subject outlet url] next",
};

const Route portal_routes[] = {
    { "GET", "/", CAP_READ, page_fields, portal_home, &home_model, ROUTE_CACHED,
      .summary = N_("The front page.") },
    { "GET", "/outlets/{no}", CAP_READ, outlet_fields, portal_outlet, &outlet_page_model,
      ROUTE_CACHED, .summary = N_("An outlet: its filing card, people and stories.") },
    { "GET", "/articles/{id}", CAP_READ, article_fields, portal_article, &article_model,
      ROUTE_CACHED, .summary = N_("One story as it stands, or its tombstone.") },
    { "GET", "/corrections", CAP_READ, NULL, portal_corrections, &corrections_page_model,
      ROUTE_CACHED, .summary = N_("All corrections, newest first.") },
    { "GET", "/search", CAP_READ, search_fields, portal_search, &search_model, 0,
      .summary = N_("Published stories that hold all the words.") },
    { "GET", "/refusals", CAP_READ, NULL, portal_refusals, &refusals_model, ROUTE_CACHED,
      .summary = N_("What this server refuses by design.") },
    { "GET", "/refusals/{name}", CAP_READ, refusal_fields, portal_refusal, &refusal_model,
      ROUTE_CACHED, .summary = N_("One refusal and what there is instead.") },
    { "GET", "/log", CAP_READ, page_fields, portal_log, &log_model, 0,
      .summary = N_("The public log.") },
    { "GET", "/log/key", CAP_READ, NULL, portal_log_key, NULL, ROUTE_RAW,
      .summary = N_("The alliance's one-line public key.") },
    { "GET", "/log/checkpoint", CAP_READ, NULL, portal_log_checkpoint, NULL, ROUTE_RAW,
      .summary = N_("The newest signed checkpoint.") },
    { "GET", "/log/tile/entries/{n*}", CAP_READ, entries_fields, portal_log_entries, NULL,
      ROUTE_RAW, .summary = N_("A tile of entries.") },
    { "GET", "/log/tile/{level}/{n*}", CAP_READ, tile_fields, portal_log_tile, NULL, ROUTE_RAW,
      .summary = N_("A tile of hashes.") },
    { 0 },
};
