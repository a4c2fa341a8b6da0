/* text/entity.c - the names of HTML character references; the table is made by entities.py at build time. */
#include "text/entity.h"

typedef struct Entity {
    Str name; /* without & and ; */
    Str text; /* one or two characters in UTF-8 */
} Entity;

static const Entity entities[] = {
#include "entities.inc"
};

/* HTML5, 13.2.5.80: what 128..159 meant to the first browsers; 0 stays as it is. */
static const uint16_t windows_1252[32] = { 0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020,
                                           0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
                                           0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D,
                                           0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
                                           0x0153, 0,      0x017E, 0x0178 };

bool entity_find(Str name, Str *ret_text) {
    size_t low = 0, high = COUNT_OF(entities);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(entities[middle].name, name);

        if (order == 0) {
            *ret_text = entities[middle].text;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

uint32_t entity_number(uint32_t number) {
    if (number >= 0x80 && number < 0xA0 && windows_1252[number - 0x80] != 0)
        return windows_1252[number - 0x80];
    if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF))
        return 0xFFFD;
    return number;
}
