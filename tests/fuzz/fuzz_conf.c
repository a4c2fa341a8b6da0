/*
 * tests/fuzz/fuzz_conf.c - settings that were read from a file read the same when given as flags.
 */
#include "conf/conf.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    ConfigFlag flags[CONFIG_COUNT];
    Config *config, *again;
    size_t count = 0;

    Err err =
        config_load(arena, fuzz_input(data, size), S("liandong.conf"), NULL, NULL, 0, &config);
    if (err.code != ERR_OK) {
        MUST((err.code == ERR_INVALID || err.code == ERR_LIMIT) && err.msgid);
        return 0;
    }
    for (int id = 0; id < CONFIG_COUNT; id++) {
        ConfigItem item = config_item(config, (ConfigId)id);
        if (item.source == CONFIG_FROM_FILE)
            flags[count++] = (ConfigFlag){ item.name, item.value, STR_EMPTY };
        if (item.highest > 0 && item.type <= CONFIG_TYPE_DURATION && item.type != CONFIG_TYPE_BOOL)
            MUST(config_int(config, (ConfigId)id) >= item.lowest &&
                 config_int(config, (ConfigId)id) <= item.highest);
    }
    MUST(config_load(arena, STR_EMPTY, STR_EMPTY, NULL, flags, count, &again).code == ERR_OK);
    for (int id = 0; id < CONFIG_COUNT; id++)
        MUST(str_eq(config_str(config, (ConfigId)id), config_str(again, (ConfigId)id)));
    return 0;
}
