/* conf/conf.h - process settings: flag, environment, liandong.conf or default (ground-rules.md). */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "base/err.h"
#include "base/str.h"
#include "conf/conf_table.h"

/* One id per row of the table: CONFIG_HTTP_LISTEN, CONFIG_HTTP_WORKERS, ... */
#define CONFIG_ID_(id, name, type, value, lowest, highest, words, help) CONFIG_##id,
typedef enum ConfigId { CONFIG_SETTINGS(CONFIG_ID_) CONFIG_COUNT } ConfigId;
#undef CONFIG_ID_

typedef enum ConfigType {
    CONFIG_TYPE_INT,       /* decimal digits */
    CONFIG_TYPE_BOOL,      /* true, false, 1, 0 */
    CONFIG_TYPE_SIZE,      /* bytes; KiB, MiB, GiB may follow */
    CONFIG_TYPE_DURATION,  /* ms; ms, s, min, h, d may follow */
    CONFIG_TYPE_CHOICE,    /* one of its words */
    CONFIG_TYPE_ADDRESS,   /* 127.0.0.1:8080 or [::1]:8080 */
    CONFIG_TYPE_ADDRESSES, /* addresses or ranges, separated by commas */
    CONFIG_TYPE_HOSTS,   /* host names in ASCII, each with or without a port, separated by commas */
    CONFIG_TYPE_DATABASE /* empty or postgres://..., without a password */
} ConfigType;

typedef enum ConfigSource {
    CONFIG_FROM_DEFAULT,
    CONFIG_FROM_FILE,
    CONFIG_FROM_ENVIRONMENT,
    CONFIG_FROM_FLAG
} ConfigSource;

/* A setting given on the command line. */
typedef struct ConfigFlag {
    Str name; /* of the setting, "http.listen" */
    Str value;
    Str flag; /* as it was typed, for messages: "--listen"; may be empty */
} ConfigFlag;

/* All there is to say of one setting (`config list`, `config explain`). */
typedef struct ConfigItem {
    ConfigId id;
    ConfigType type;
    Str name;
    Str type_name;  /* "int", "bool", "size", ... */
    Str value;      /* in force, as it was written */
    Str initial;    /* the default, as liandong.conf would write it */
    int64_t lowest; /* number, bytes, ms or length in bytes; both 0: the type is the bound */
    int64_t highest;
    Str words; /* of a choice, separated by a blank; else empty */
    ConfigSource source;
    Str place;        /* "liandong.conf:12", "LIANDONG_HTTP_LISTEN", "--listen"; empty: default */
    const char *help; /* sentences, in N_() */
} ConfigItem;

enum { CONFIG_FILE_BYTES_MAX = 65536 }; /* a longer liandong.conf is not one */

typedef struct Config Config;

/*
 * Reads all settings: the default, then what the text of liandong.conf says (`name = value` a line;
 * `#` at a line's start or after a blank begins a comment), then the environment
 * (LIANDONG_HTTP_LISTEN), then the flags. file_name stands in messages; file_text may be empty;
 * environment is NULL or ends with NULL. Everything is borrowed for the call; *ret lives in the
 * arena and never changes.
 *
 * Fails with ERR_INVALID, field = the setting's name or NULL, and a sentence that says where: an
 * unknown name or line, a name written twice, a value of another form or beyond its bounds (also
 * where a stronger source overrides it), two settings that contradict one another; ERR_LIMIT:
 * file_text is longer than CONFIG_FILE_BYTES_MAX. Variables LIANDONG_... that name no setting are
 * others' and are passed over.
 */
CHECKED Err config_load(Arena *arena, Str file_text, Str file_name, char **environment,
                        const ConfigFlag *flags, size_t flag_count, Config **ret);

/* The number of an INT, SIZE (bytes) or DURATION (ms), or the place of a CHOICE's word, from 0. */
int64_t config_int(const Config *config, ConfigId id);
bool config_bool(const Config *config, ConfigId id);
/* The value as it was written, trimmed; of any type. */
Str config_str(const Config *config, ConfigId id);
/* The parts of ADDRESSES and HOSTS, trimmed; names in lower case. */
StrList config_list(const Config *config, ConfigId id);

/* For every id from 0 to CONFIG_COUNT - 1, in the order of the table. */
ConfigItem config_item(const Config *config, ConfigId id);
/* False (and *ret unchanged) when no setting has that name. */
bool config_find(Str name, ConfigId *ret);

#endif
