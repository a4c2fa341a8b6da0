/* conf/conf_value.h - private: reads one value by its type. */
#ifndef CONF_CONF_VALUE_H
#define CONF_CONF_VALUE_H

#include "conf/conf.h"

typedef struct ConfigRow {
    const char *name;
    ConfigType type;
    const char *initial;
    int64_t lowest, highest;
    const char *words; /* NULL unless a choice */
    const char *help;
} ConfigRow;

typedef struct ConfigValue {
    Str text;       /* as written, trimmed, in the arena */
    int64_t number; /* by type; 0 for texts */
    StrList list;   /* of the list types */
} ConfigValue;

typedef enum ConfigVerdict {
    CONFIG_GOOD,
    CONFIG_MALFORMED,   /* not of the form of the type */
    CONFIG_OUT_OF_RANGE /* beyond the bounds of the setting */
} ConfigVerdict;

/* text is trimmed and borrowed; *ret is set when the verdict is good and lives in the arena. */
ConfigVerdict config_value_read(Arena *arena, const ConfigRow *row, Str text, ConfigValue *ret);

#endif
