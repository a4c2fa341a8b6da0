/* features/desk/desk_routes.c - the addresses of people at work. */
#include "features/desk/desk.h"
#include "features/desk/desk_pages.h"
#include "features/identity/identity.h"

static const Field job_list_fields[] = {
    { "state", FIELD_ENUM, IN_QUERY, .words = "ready waiting leased held unsure dead",
      .label = N_("State") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field job_act_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Job") },
    { "act", FIELD_ENUM, IN_PATH, .words = "retry hold there gone", .label = N_("Act") },
    { 0 },
};

static const Field work_list_fields[] = {
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field work_begin_fields[] = {
    { "kind", FIELD_ENUM, IN_BODY, .is_required = true, .words = "search.rebuild",
      .label = N_("Work") },
    { 0 },
};
static const Field work_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Work") },
    { 0 },
};
static const Field work_act_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Work") },
    { "act", FIELD_ENUM, IN_PATH, .words = "stop resume drop", .label = N_("Act") },
    { 0 },
};

static const Field unit_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Unit") },
    { 0 },
};

static const Field token_fields[] = {
    { "label", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = TOKEN_LABEL_CHARS_MAX,
      .label = N_("What it is for") },
    { "until", FIELD_DATE, IN_BODY, .is_required = true, .label = N_("Last day") },
    { "right", FIELD_LIST, IN_BODY, .max = TOKEN_RIGHTS_MAX, .max_chars = 100,
      .label = N_("It may") },
    { 0 },
};
static const Field token_id_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Token") },
    { 0 },
};

#define ROW_KEYS "id url number title outlet changed changed_iso state state_text look"

#define ASSIGNED_KEYS "id url title outlet due is_overdue state_text look"

static const Model todo_model = {
    "desk/todo",
    "title person count waiting_count mine_count planned_count assigned_count overdue_count "
    "step_count"
    " steps[" ROW_KEYS "] waiting[" ROW_KEYS "] mine[" ROW_KEYS " due is_overdue] planned[" ROW_KEYS
    " planned is_overdue] assigned[" ASSIGNED_KEYS "] overdue[" ASSIGNED_KEYS
    "] desks[no name] units[name url] review_count "
    "reviews[no outlet url year due stand stand_text look is_overdue] handover_count "
    "handovers[no outlet url until]",
};
#define DUE_KEYS "[no outlet what when text look]"
static const Model unit_model = {
    "desk/unit",
    "title alliance printed person outlet_count has_drafts reviews" DUE_KEYS " drafts" DUE_KEYS
    " plans" DUE_KEYS " links" DUE_KEYS " marks" DUE_KEYS,
};
static const Model jobs_model = {
    "desk/jobs",
    "title counts{ready waiting leased held unsure dead overdue} plans_overdue jobs[id lane kind "
    "dest state "
    "is_overdue due "
    "attempts last_error may_hold may_retry may_settle] state next",
};
static const Model tokens_model = {
    "desk/tokens",
    "title tokens[id label created until seen may[value label] is_open is_revoked]"
    " rights[value label selected is_release]",
};
static const Model token_made_model = { "desk/token", "title label token" };
static const Model token_end_model = { NULL, "id" };
#define WORK_KEYS                                                                                  \
    "id url kind name outlet person state state_text look done total share progress why "          \
    "is_running may_stop may_resume may_drop started started_iso changed"

static const Model work_list_model = { "desk/work_list",
                                       "title base is_all works[" WORK_KEYS "] next" };
static const Model work_model = { "desk/work", "title base work{" WORK_KEYS "}" };
static const Model work_act_model = { NULL, "id url state" };
static const Model job_act_model = { NULL, "id act" };

const Route desk_routes[] = {
    { "GET", "/desk", CAP_SIGNED_IN, NULL, desk_todo, &todo_model,
      .summary = N_("All that waits for who is signed in.") },
    { "GET", "/desk/units/{id}", CAP_SIGNED_IN, unit_fields, desk_unit, &unit_model,
      .summary = N_("All that is due for the outlets of a unit, on one page to print.") },
    { "GET", "/admin/jobs", CAP_JOBS, job_list_fields, desk_jobs, &jobs_model,
      .summary = N_("What is owed and why it waits.") },
    { "POST", "/admin/jobs/{id}/{act}", CAP_JOBS, job_act_fields, desk_job_act, &job_act_model,
      .summary = N_("Moves a job: retry, hold, it is there, it is gone.") },
    { "GET", "/admin/long-work", CAP_JOBS, work_list_fields, desk_work_list, &work_list_model,
      .summary = N_("All long work: imports, a new index; how far each is.") },
    { "POST", "/admin/long-work", CAP_JOBS, work_begin_fields, desk_work_begin, &work_act_model,
      .summary = N_("Begins long work: the search index made anew.") },
    { "GET", "/admin/long-work/{id}", CAP_JOBS, work_fields, desk_work_one, &work_model,
      .summary = N_("A piece of long work: how far it is and why it stands still.") },
    { "POST", "/admin/long-work/{id}/{act}", CAP_JOBS, work_act_fields, desk_work_act,
      &work_act_model,
      .summary = N_("Stops long work, goes on with it, or gives the rest of it up.") },
    { "GET", "/long-work", CAP_SIGNED_IN, work_list_fields, desk_work_list, &work_list_model,
      .summary = N_("The long work that I began; how far each is.") },
    { "GET", "/long-work/{id}", CAP_SIGNED_IN, work_fields, desk_work_one, &work_model,
      .summary = N_("A piece of long work that I may begin: how far it is.") },
    { "POST", "/long-work/{id}/{act}", CAP_SIGNED_IN, work_act_fields, desk_work_act,
      &work_act_model,
      .summary = N_("Stops long work that I may begin, goes on with it, or gives the rest up.") },
    { "GET", "/account/tokens", CAP_SIGNED_IN, NULL, desk_tokens, &tokens_model,
      .summary = N_("The tokens of one's own programs.") },
    { "POST", "/account/tokens", CAP_SIGNED_IN, token_fields, desk_token_make, &token_made_model,
      ROUTE_STEP_UP | ROUTE_NO_KEY, .form_handler = desk_tokens,
      .summary = N_("Makes a token with some of one's own rights; shown once.") },
    { "POST", "/account/tokens/{id}/end", CAP_SIGNED_IN, token_id_fields, desk_token_end,
      &token_end_model, .summary = N_("Revokes a token at once.") },
    { 0 },
};
