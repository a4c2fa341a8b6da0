/* register_every_fault_test.c - each function of the register with storage failing at every step: whole, or nothing. */
#include "features/register/register_test_world.h"
#include "testing/faults.h"

enum { MANY = 70 }; /* more than one statement reads */

#define ROSTER                                                                                     \
    S("名称,平台,平台账号,级别,所属单位\n"                                           \
      "河床报,微信,riverbed,二级,水利学院\n"                                            \
      "甲,微信,one,二级,甲院\n")

static void reading(void **state) {
    World w = register_start();
    Ctx *ctx = w.ctx;
    int64_t id = filed(&w, "河床", "riverbed"), asked = applied(&w, "申请", "asked"),
            ids[MANY] = { [MANY - 1] = id };
    OutletFilter any = { 0 };
    Outlet card = must_get(&w, id), outlet, outlets[MANY], cards[MANY] = { [MANY - 1] = card };
    OutletFlags flags[MANY];
    StrList platforms;
    Str csv;
    struct {
        OutletList list;
        int64_t total;
    } page;
    struct {
        int64_t all, in_service;
    } counts;

    (void)state;
    READS(&w, outlet, outlet_get(ctx, id, &outlet));
    READS(&w, outlet, outlet_by_no(ctx, card.no, &outlet));
    READS(&w, outlet, outlet_by_ref(ctx, card.no, &outlet));
    READS(&w, outlet, outlet_by_ref(ctx, str_from_int(ctx->arena, asked), &outlet));
    READS(&w, outlets, outlet_get_many(ctx, ids, MANY, outlets));
    READS(&w, page, outlet_list(ctx, &any, 0, 10, &page.list, &page.total));
    READS(&w, page.list, outlet_of_unit(ctx, card.unit_id, 10, &page.list));
    READS(&w, platforms, outlet_platforms(ctx, &platforms));
    READS(&w, counts, outlet_counts(ctx, &counts.all, &counts.in_service));
    READS(&w, page, outlet_due(ctx, 2026, 10, &page.list, &page.total));
    READS(&w, flags, outlet_flags(ctx, cards, MANY, flags));
    READS(&w, csv, outlet_export(ctx, &any, &csv));
    Person teacher = add(&w, "teacher");
    (void)give(&w, &teacher, S("指导教师"), id);
    READS(&w, NO_RET, outlet_require_publishing(ctx, id));
    world_free(&w);
}

/* A card with a unit of that name, in the arena: what is called may write to it. */
static Outlet *card_of(Ctx *ctx, const Outlet *card, Str unit) {
    Outlet *copy = arena_alloc(ctx->arena, sizeof *copy);

    *copy = *card;
    copy->unit_id = 0;
    copy->unit_name = unit;
    return copy;
}

static void acts(void **state) {
    World w = register_start();
    Ctx *ctx = w.ctx;
    int64_t old = filed(&w, "河床", "riverbed"), id, asked;
    Outlet card = a_card("电流", "current"), other = a_card("回声", "echo"), before;
    ImportReport report;

    (void)state;
    world_advance(&w, 1000);
    WRITES(&w, id, outlet_file(ctx, card_of(ctx, &card, S("电气学院")), &id));
    WRITES(&w, asked, outlet_apply(ctx, &other, &asked));
    WRITES(&w, NO_RET, outlet_move(ctx, asked, S("pending"), STR_EMPTY, 1));
    WRITES(&w, NO_RET, outlet_move(ctx, asked, S("filed"), STR_EMPTY, 2)); /* gets its number */
    WRITES(&w, NO_RET, outlet_move(ctx, asked, S("struck"), S("理由"), 3));
    WRITES(&w, NO_RET, outlet_review(ctx, old, S("in_review"), STR_EMPTY, 2026));
    card = must_get(&w, id);
    card.teacher = S("江可望");
    WRITES(&w, NO_RET, outlet_change(ctx, card_of(ctx, &card, S("新的单位"))));
    WRITES(&w, NO_RET, outlet_published(ctx, id, ctx->now_ms));
    WRITES(&w, report, outlet_import(ctx, ROSTER, false, &report));
    READS(&w, report, outlet_import(ctx, ROSTER, true, &report));
    card = a_card("潮汐", "tide");
    WRITES_INSIDE(&w, NO_RET, register_unit(ctx, card_of(ctx, &card, S("海洋学院"))));
    card.state = S("active");
    WRITES_INSIDE(&w, NO_RET, register_insert(ctx, card_of(ctx, &card, S("航海学院"))));
    before = card = must_get(&w, old);
    card.purpose = S("另有所图。");
    WRITES_INSIDE(&w, NO_RET, register_update(ctx, &before, card_of(ctx, &card, before.unit_name)));
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(reading), cmocka_unit_test(acts) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("register");
    return failed;
}
