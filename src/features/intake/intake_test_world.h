/* intake_test_world.h - what intake's tests share: two outlets of test_alliance.h with intake's tables. */
#ifndef FEATURES_INTAKE_INTAKE_TEST_WORLD_H
#define FEATURES_INTAKE_INTAKE_TEST_WORLD_H

#include "features/intake/intake_hub.h"
#include "features/media/test_alliance.h"

extern const Migration intake_migrations[];
extern const size_t intake_migrations_count;

static inline Newsroom intake_start(void) {
    Newsroom n = newsroom_begin();

    world_migrate(&n.w, intake_migrations, intake_migrations_count);
    static JobKind kinds[2]; /* filled with the same each time */
    kinds[0] = intake_poll_kind;
    kinds[1] = intake_hub_kind;
    queue_use(kinds, COUNT_OF(kinds), NULL, 0);
    intake_hub_use(NULL, STR_EMPTY);
    return n;
}

static const char LONG_TEXT[] =
    "河边的路修好了。施工队昨天撤走了最后一台机器，路面重新铺过，两侧的灯也换成了新的。"
    "学生会在群里收集了四十二条意见，其中三条关于夜间照明，后勤处已经答复：本周五之前全部装好。"
    "路口的时间表也改了，早上七点开放，晚上十一点关闭。";

static inline DepositFacts facts_of(const char *title, const char *url, const char *text) {
    return (DepositFacts){ .title = str_from_c(title),
                           .url = str_from_c(url),
                           .text = str_from_c(text) };
}

#endif
