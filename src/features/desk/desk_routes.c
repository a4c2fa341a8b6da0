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

static const Model todo_model = {
    "desk/todo",
    "title person count waiting_count mine_count planned_count waiting[" ROW_KEYS "] mine[" ROW_KEYS
    "] planned[" ROW_KEYS " planned is_overdue] desks[no name]",
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
static const Model job_act_model = { NULL, "id act" };

const Route desk_routes[] = {
    { "GET", "/desk", CAP_SIGNED_IN, NULL, desk_todo, &todo_model,
      .summary = N_("All that waits for who is signed in.") },
    { "GET", "/admin/jobs", CAP_JOBS, job_list_fields, desk_jobs, &jobs_model,
      .summary = N_("What is owed and why it waits.") },
    { "POST", "/admin/jobs/{id}/{act}", CAP_JOBS, job_act_fields, desk_job_act, &job_act_model,
      .summary = N_("Moves a job: retry, hold, it is there, it is gone.") },
    { "GET", "/account/tokens", CAP_SIGNED_IN, NULL, desk_tokens, &tokens_model,
      .summary = N_("The tokens of one's own programs.") },
    { "POST", "/account/tokens", CAP_SIGNED_IN, token_fields, desk_token_make, &token_made_model,
      ROUTE_STEP_UP | ROUTE_NO_KEY, .form_handler = desk_tokens,
      .summary = N_("Makes a token with some of one's own rights; shown once.") },
    { "POST", "/account/tokens/{id}/end", CAP_SIGNED_IN, token_id_fields, desk_token_end,
      &token_end_model, .summary = N_("Revokes a token at once.") },
    { 0 },
};
