/* planning_fault_test.c - each function of planning with storage failing at every step: whole, or nothing. */
#include "features/planning/planning_pages.h"
#include "features/planning/planning_service.h"
#include "features/planning/planning_test_world.h"
#include "testing/faults.h"

static void pitches_are_whole_or_nothing(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    PitchWords words = pitch_words("一");
    Pitch p, other, own;
    PitchStep step;
    PitchSteps steps;
    PitchList list;
    bool may;

    (void)state;
    words.wished_on = S("2099-01-01");
    WRITES(&n.w, p, pitch_propose(ctx, &words, &p));
    other = pitch_new(&n, "二");
    own = pitch_new(&n, "三");
    int64_t id = p.id, declined = other.id, taken = own.id;
    WRITES(&n.w, step, pitch_note(ctx, id, S("好。"), &step));
    READS(&n.w, may, pitch_may_accept(ctx, &p, &may));
    WRITES(&n.w, own, pitch_withdraw(ctx, taken, 1, &own));
    as(ctx, &n.ben, &n.paper);
    WRITES(&n.w, p, pitch_accept(ctx, id, 1, STR_EMPTY, &p));
    WRITES(&n.w, other, pitch_decline(ctx, declined, 1, S("写过了。"), &other));
    READS(&n.w, p, pitch_get(ctx, id, &p));
    READS(&n.w, steps, pitch_steps(ctx, id, &steps));
    READS(&n.w, list, pitch_list(ctx, n.paper.id, STR_EMPTY, 0, 10, &list));
    READS(&n.w, list, pitch_list(ctx, n.paper.id, S("declined"), 0, 10, &list));
    newsroom_free(&n);
}

static void assignments_are_whole_or_nothing(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Assignment a = assignment_new(&n, "一"), b = assignment_new(&n, "二");
    AssignWords words = assign_words(&n.ann.id, 1);
    AssignmentPeople people;
    AssignmentList list;
    PitchList pitches;
    Pitch p;

    (void)state;
    int64_t first = a.id, other = b.id, pitch_id = a.pitch_id, due = a.due.at_ms;
    READS(&n.w, p, pitch_get(ctx, pitch_id, &p));
    int64_t version = p.version;
    WRITES(&n.w, p, pitch_move(ctx, pitch_id, version, S("2030-05-01"), &p));
    version = p.version;
    WRITES(&n.w, a, pitch_assign(ctx, pitch_id, version, &words, &a));
    WRITES(&n.w, a, assignment_move(ctx, first, 1, S("2030-05-01T19:00"), STR_EMPTY, &a));
    WRITES(&n.w, b, assignment_drop(ctx, other, 1, S("不用了。"), &b));
    READS(&n.w, a, assignment_get(ctx, first, &a));
    READS(&n.w, list, assignment_list_of_pitch(ctx, pitch_id, &list));
    READS(&n.w, people, assignment_people_of_pitch(ctx, pitch_id, &people));
    READS(&n.w, list, assignment_list_between(ctx, n.paper.id, due, due + 7200000, 10, &list));
    READS(&n.w, list, assignment_list_overdue(ctx, 10, &list));
    READS(&n.w, pitches,
          pitch_list_between(ctx, n.paper.id, S("2030-05-01"), S("2030-05-02"), 10, &pitches));
    as(ctx, &n.ann, &n.paper);
    READS(&n.w, list, assignment_list_mine(ctx, 10, &list));
    WRITES(&n.w, a, assignment_begin(ctx, first, 2, &a));
    int64_t story = a.story_id;
    READS(&n.w, NO_RET,
          planning_put_assignments(ctx, S("Asia/Shanghai"), &p, true, json_obj(ctx->arena)));
    READS(&n.w, list, assignment_list_of_stories(ctx, &story, 1, &list));
    newsroom_free(&n);
}

static void what_acts_share_is_whole_or_nothing(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Pitch p = pitch_new(&n, "一"), kept = p;
    WallTime due;
    PitchStep step;

    (void)state;
    int64_t id = p.id;
    READS(&n.w, due, planning_read_due(ctx, S("2030-05-01T18:00"), STR_EMPTY, &due));
    READS(&n.w, p, planning_read_pitch(ctx, id, 1, &p));
    WRITES_INSIDE(&n.w, NO_RET, planning_turn_pitch(ctx, (p = kept, &p), PITCH_WITHDRAW));
    WRITES_INSIDE(&n.w, step, planning_put_step(ctx, id, "note", S("好。"), &step));
    WRITES_INSIDE(&n.w, NO_RET,
                  planning_announce(ctx, "pitch.noted", id, planning_sealed(ctx, id, S("一")),
                                    json_obj(ctx->arena)));
    newsroom_free(&n);
}

static void calendars_are_whole_or_nothing(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Assignment a = assignment_new(&n, "一");
    CalendarAddress address;
    CalendarEntries list;
    AssignmentList due;
    Str token, common, feed;

    (void)state;
    WRITES(&n.w, common, calendar_address_make(ctx, n.paper.id, &common));
    as(ctx, &n.ann, &n.paper);
    WRITES(&n.w, token, calendar_address_make(ctx, 0, &token));
    READS(&n.w, address, calendar_address_of(ctx, 0, &address));
    READS(&n.w, list, calendar_of_outlet(ctx, n.paper.id, a.due.at_ms - 1, a.due.at_ms + 1, &list));
    READS(&n.w, due, assignment_list_of_person(ctx, 0, INT64_MAX, 10, &due));
    Str own = token;
    READS(&n.w, feed, calendar_feed(ctx, own, S("https://news.example"), &feed));
    own = common;
    READS(&n.w, feed, calendar_feed(ctx, own, S("https://news.example"), &feed));
    WRITES(&n.w, NO_RET, calendar_address_end(ctx, 0));
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pitches_are_whole_or_nothing),
        cmocka_unit_test(assignments_are_whole_or_nothing),
        cmocka_unit_test(what_acts_share_is_whole_or_nothing),
        cmocka_unit_test(calendars_are_whole_or_nothing),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("planning");
    return failed;
}
