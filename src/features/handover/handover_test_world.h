/* handover_test_world.h - what the tests of handing over share: an outlet, two of its people, one of the office. */
#ifndef FEATURES_HANDOVER_HANDOVER_TEST_WORLD_H
#define FEATURES_HANDOVER_HANDOVER_TEST_WORLD_H

#include "features/handover/handover_store.h"
#include "features/register/register_test_world.h"

extern const Migration handover_migrations[];
extern const size_t handover_migrations_count;

typedef struct Hands {
    World w;
    Ctx *ctx;
    int64_t outlet, other;
    Person editor, teacher, keeper;
} Hands;

static inline Hands hands_new(void) {
    Hands h = { .w = register_start() };

    world_migrate(&h.w, handover_migrations, handover_migrations_count);
    h.ctx = h.w.ctx;
    h.outlet = filed(&h.w, "河床", "riverbed");
    h.other = filed(&h.w, "电流", "current");
    OK_(person_add(h.ctx, S("editor"), S("裴青禾"), 0, &h.editor));
    OK_(person_add(h.ctx, S("teacher"), S("吴渐"), 0, &h.teacher));
    OK_(person_add(h.ctx, S("keeper"), S("韦知行"), 0, &h.keeper));
    return h;
}

/* As the router does for a route of that outlet. */
static inline void sit(Hands *h, const Person *person, const char *role) {
    act_as(h->ctx, person);
    h->ctx->role = str_from_c(role);
    h->ctx->outlet_id = h->outlet;
    h->ctx->outlet_no = must_get(&h->w, h->outlet).no;
}

static inline HandoverNames new_names(void) {
    return (HandoverNames){ .first_responsible = S("柳闻溪"),
                            .teacher = S("吴渐"),
                            .teacher_contact = S("000-0000-0202"),
                            .operators = S("唐一舟") };
}

static inline int64_t proposed(Hands *h) {
    HandoverNames names = new_names();
    int64_t id;

    sit(h, &h->editor, "责任编辑");
    OK_(handover_propose(h->ctx, &names, S("换届"), &id));
    return id;
}

static inline Handover newest(Hands *h) {
    HandoverList list;

    OK_(handover_list(h->ctx, h->outlet, 1, &list));
    assert_int_equal(list.len, 1);
    return list.items[0];
}

#endif
