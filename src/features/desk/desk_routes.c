/* features/desk/desk_routes.c - the addresses of people at work. */
#include "features/desk/desk.h"
#include "features/desk/desk_pages.h"
#include "features/identity/cap.h"

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
static const Model job_act_model = { NULL, "id act" };

const Route desk_routes[] = {
    { "GET", "/desk", CAP_SIGNED_IN, NULL, desk_todo, &todo_model,
      .summary = N_("All that waits for who is signed in.") },
    { "GET", "/admin/jobs", CAP_JOBS, job_list_fields, desk_jobs, &jobs_model,
      .summary = N_("What is owed and why it waits.") },
    { "POST", "/admin/jobs/{id}/{act}", CAP_JOBS, job_act_fields, desk_job_act, &job_act_model,
      .summary = N_("Moves a job: retry, hold, it is there, it is gone.") },
    { 0 },
};
