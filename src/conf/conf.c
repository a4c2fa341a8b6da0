/* conf/conf.c - gathers the settings from their four sources. */
#include "conf/conf.h"

#include <assert.h>

#include "base/buf.h"
#include "conf/conf_value.h"

#define ROW(id, name_, type_, value_, lowest_, highest_, words_, help_)                            \
    { .name = name_,                                                                               \
      .type = CONFIG_TYPE_##type_,                                                                 \
      .initial = value_,                                                                           \
      .lowest = lowest_,                                                                           \
      .highest = highest_,                                                                         \
      .words = words_,                                                                             \
      .help = help_ },
static const ConfigRow rows[CONFIG_COUNT] = { CONFIG_SETTINGS(ROW) };

typedef struct Setting {
    ConfigValue value;
    ConfigSource source;
    Str place; /* as in ConfigItem */
} Setting;

struct Config {
    Setting settings[CONFIG_COUNT];
};

/* ---- one value ---- */

static Err set(Arena *arena, Config *config, ConfigId id, Str text, ConfigSource source,
               Str place) {
    const ConfigRow *row = &rows[id];
    ConfigValue value;

    switch (config_value_read(arena, row, text, &value)) {
    case CONFIG_GOOD:
        break;
    case CONFIG_MALFORMED:
        return FAIL_ARGS(ERR_INVALID, row->name,
                         N_("{0}: {1} does not take this value. `liandong config explain {1}` says "
                            "which form it has."),
                         place, str_from_c(row->name));
    case CONFIG_OUT_OF_RANGE:
        return FAIL_ARGS(ERR_INVALID, row->name,
                         N_("{0}: this value is beyond the bounds of {1}. `liandong config explain "
                            "{1}` names them."),
                         place, str_from_c(row->name));
    }
    config->settings[id] = (Setting){ value, source, place };
    return OK;
}

/* ---- the file ---- */

static bool is_name(Str name) {
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '_')
            return false;
    }
    return name.len > 0 && name.len <= 64;
}

/* The line without its comment: from a '#' at its start or after a blank. */
static Str without_comment(Str line) {
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == '#' && (i == 0 || line.ptr[i - 1] == ' ' || line.ptr[i - 1] == '\t'))
            return str_slice(line, 0, i);
    }
    return line;
}

static Err read_line(Arena *arena, Config *config, Str line, Str place) {
    ConfigId id;
    Str name;

    line = str_trim(without_comment(line));
    if (line.len == 0)
        return OK;
    size_t equals = str_find_char(line, '=', 0);
    name = str_trim(str_slice(line, 0, equals));
    if (equals == SIZE_MAX || !is_name(name))
        return FAIL_ARGS(ERR_INVALID, NULL, N_("{0}: this line is not of the form name = value."),
                         place);
    if (!config_find(name, &id))
        return FAIL_ARGS(ERR_INVALID, NULL,
                         N_("{0}: there is no setting {1}. `liandong config list` names them all."),
                         place, str_dup(arena, name));
    if (config->settings[id].source == CONFIG_FROM_FILE)
        return FAIL_ARGS(ERR_INVALID, rows[id].name,
                         N_("{0}: {1} stands in this file twice. Remove one of the lines."), place,
                         str_from_c(rows[id].name));
    return set(arena, config, id, str_trim(str_slice(line, equals + 1, line.len)), CONFIG_FROM_FILE,
               place);
}

static Err read_file(Arena *arena, Config *config, Str text, Str file_name) {
    Str line;

    if (text.len > CONFIG_FILE_BYTES_MAX)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("{0} is longer than {1} bytes."),
                         str_dup(arena, file_name), str_from_int(arena, CONFIG_FILE_BYTES_MAX));
    if (str_starts(text, S("\xEF\xBB\xBF"))) /* some editors put it in front of UTF-8 */
        text = str_slice(text, 3, text.len);
    for (int64_t number = 1; str_cut(&text, '\n', &line); number++) {
        Str place = str_join(
            arena, (StrList){ (Str[]){ file_name, str_from_int(arena, number) }, 2 }, S(":"));

        TRY(read_line(arena, config, line, place));
    }
    return OK;
}

/* ---- the environment ---- */

/* The variable of a setting: LIANDONG_HTTP_LISTEN. */
static Str variable_of(Arena *arena, const char *name) {
    Buf buf = buf_new(arena, 128);

    buf_add(&buf, S("LIANDONG_"));
    for (; *name; name++)
        buf_add_char(&buf, *name == '.'                   ? '_'
                           : *name >= 'a' && *name <= 'z' ? (char)(*name - ('a' - 'A'))
                                                          : *name);
    return buf_str(&buf);
}

static Err read_variable(Arena *arena, Config *config, Str entry) {
    size_t equals = str_find_char(entry, '=', 0);

    if (!str_starts(entry, S("LIANDONG_")) || equals == SIZE_MAX)
        return OK;
    Str name = str_slice(entry, 0, equals), value = str_slice(entry, equals + 1, entry.len);
    for (int id = 0; id < CONFIG_COUNT; id++) {
        if (str_eq(name, variable_of(arena, rows[id].name)))
            return set(arena, config, (ConfigId)id, str_trim(value), CONFIG_FROM_ENVIRONMENT,
                       str_dup(arena, name));
    }
    return OK; /* LIANDONG_DATA, LIANDONG_TOKEN and others are no settings */
}

/* ---- all ---- */

static Err read_flag(Arena *arena, Config *config, const ConfigFlag *flag) {
    ConfigId id;
    Str place = str_dup(arena, flag->flag.len > 0 ? flag->flag : flag->name);

    if (!config_find(flag->name, &id))
        return FAIL_ARGS(ERR_INVALID, NULL,
                         N_("{0}: there is no setting {1}. `liandong config list` names them all."),
                         place, is_name(flag->name) ? str_dup(arena, flag->name) : S("?"));
    return set(arena, config, id, str_trim(flag->value), CONFIG_FROM_FLAG, place);
}

/* Pairs that contradict one another when the first is the larger. */
static const struct {
    ConfigId smaller, larger;
} ordered[] = {
    { CONFIG_HTTP_URL_BYTES, CONFIG_HTTP_HEADER_BYTES },  /* the address is part of the header */
    { CONFIG_HTTP_BODY_BYTES, CONFIG_HTTP_UPLOAD_BYTES }, /* an upload is the larger kind of body */
    { CONFIG_MEDIA_UPLOAD_BYTES, CONFIG_HTTP_UPLOAD_BYTES }, /* else it could never arrive */
    { CONFIG_ARENA_REQUEST_BYTES, CONFIG_ARENA_JOB_BYTES },
    { CONFIG_SESSION_IDLE_MS, CONFIG_SESSION_ABSOLUTE_MS },
    { CONFIG_SIGNIN_DELAY_MS, CONFIG_SIGNIN_DELAY_MAX_MS },
};

static Err check_order(const Config *config) {
    for (size_t i = 0; i < COUNT_OF(ordered); i++) {
        ConfigId smaller = ordered[i].smaller, larger = ordered[i].larger;

        if (config_int(config, smaller) > config_int(config, larger))
            return FAIL_ARGS(ERR_INVALID, rows[smaller].name,
                             N_("The setting {0} must not be above {1}. Change one of them."),
                             str_from_c(rows[smaller].name), str_from_c(rows[larger].name));
    }
    return OK;
}

Err config_load(Arena *arena, Str file_text, Str file_name, char **environment,
                const ConfigFlag *flags, size_t flag_count, Config **ret) {
    Config *config = arena_alloc(arena, sizeof *config);

    for (int id = 0; id < CONFIG_COUNT; id++)
        TRY(set(arena, config, (ConfigId)id, str_from_c(rows[id].initial), CONFIG_FROM_DEFAULT,
                STR_EMPTY));
    TRY(read_file(arena, config, file_text, file_name));
    for (char **entry = environment; entry && *entry; entry++)
        TRY(read_variable(arena, config, str_from_c(*entry)));
    for (size_t i = 0; i < flag_count; i++)
        TRY(read_flag(arena, config, &flags[i]));
    TRY(check_order(config));
    *ret = config;
    return OK;
}

/* ---- reading ---- */

int64_t config_int(const Config *config, ConfigId id) {
    assert(id < CONFIG_COUNT && rows[id].type <= CONFIG_TYPE_CHOICE &&
           rows[id].type != CONFIG_TYPE_BOOL);
    return config->settings[id].value.number;
}

bool config_bool(const Config *config, ConfigId id) {
    assert(id < CONFIG_COUNT && rows[id].type == CONFIG_TYPE_BOOL);
    return config->settings[id].value.number != 0;
}

Str config_str(const Config *config, ConfigId id) {
    assert(id < CONFIG_COUNT);
    return config->settings[id].value.text;
}

StrList config_list(const Config *config, ConfigId id) {
    assert(id < CONFIG_COUNT &&
           (rows[id].type == CONFIG_TYPE_ADDRESSES || rows[id].type == CONFIG_TYPE_HOSTS));
    return config->settings[id].value.list;
}

ConfigItem config_item(const Config *config, ConfigId id) {
    static const char *const types[] = { "int",     "bool",      "size",  "duration", "choice",
                                         "address", "addresses", "hosts", "database" };
    assert(id < CONFIG_COUNT);
    const ConfigRow *row = &rows[id];
    const Setting *setting = &config->settings[id];

    return (ConfigItem){ .id = id,
                         .type = row->type,
                         .name = str_from_c(row->name),
                         .type_name = str_from_c(types[row->type]),
                         .value = setting->value.text,
                         .initial = str_from_c(row->initial),
                         .lowest = row->lowest,
                         .highest = row->highest,
                         .words = str_from_c(row->words),
                         .source = setting->source,
                         .place = setting->place,
                         .help = row->help };
}

bool config_find(Str name, ConfigId *ret) {
    for (int id = 0; id < CONFIG_COUNT; id++) {
        if (!str_eq(name, str_from_c(rows[id].name)))
            continue;
        *ret = (ConfigId)id;
        return true;
    }
    return false;
}
