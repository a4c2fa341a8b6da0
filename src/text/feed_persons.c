/* text/feed_persons.c - people, as feeds name them in one line. */
#include "text/feed_reader.h"

static bool is_mail_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("._%+-", c));
}

/* The address around the "@" at `at`; empty when it is none. */
static Str mail_around(Str text, size_t at) {
    size_t from = at, to = at + 1;

    while (from > 0 && is_mail_char(text.ptr[from - 1]))
        from--;
    while (to < text.len && is_mail_char(text.ptr[to]))
        to++;
    while (to > at + 1 && text.ptr[to - 1] == '.')
        to--;
    Str host = str_slice(text, at + 1, to);
    return from < at && str_find_char(host, '.', 0) != SIZE_MAX ? str_slice(text, from, to)
                                                                : STR_EMPTY;
}

/* Without what bound the address to the name. */
static Str trim_name(Str name) {
    static const Str around[] = { S_INIT("()"), S_INIT("<>"), S_INIT("\"\"") };

    name = str_trim(name);
    for (size_t i = 0; i < COUNT_OF(around); i++) {
        if (name.len >= 2 && name.ptr[0] == around[i].ptr[0] &&
            name.ptr[name.len - 1] == around[i].ptr[1])
            name = str_trim(str_slice(name, 1, name.len - 1));
    }
    return name;
}

FeedPerson feed_person(Arena *arena, Str text) {
    FeedPerson person = { 0 };
    size_t at = str_find_char(text, '@', 0);
    Str mail = at == SIZE_MAX ? STR_EMPTY : mail_around(text, at);

    if (mail.len == 0) {
        person.name = trim_name(str_dup(arena, text));
        return person;
    }
    size_t from = (size_t)(mail.ptr - text.ptr);
    Str before = str_trim(str_slice(text, 0, from)),
        after = str_trim(str_slice(text, from + mail.len, text.len));
    if (str_ends(before, S("mailto:")))
        before = str_trim(str_slice(before, 0, before.len - S("mailto:").len));
    if (str_ends(before, S("(")) || str_ends(before, S("<"))) {
        before = str_trim(str_slice(before, 0, before.len - 1));
        if (str_starts(after, S(")")) || str_starts(after, S(">")))
            after = str_trim(str_slice(after, 1, after.len));
    }
    before = trim_name(before);
    after = trim_name(after);
    person.email = str_dup(arena, mail);
    person.name = before.len > 0 && after.len > 0
                      ? str_format(arena, "%.*s %.*s", STR_ARG(before), STR_ARG(after))
                      : str_dup(arena, before.len > 0 ? before : after);
    return person;
}

bool feed_person_is_empty(const FeedPerson *person) {
    return person->name.len == 0 && person->email.len == 0 && person->url.len == 0 &&
           person->avatar.len == 0;
}

void feed_person_add(FeedReader *reader, FeedPersons *list, FeedPerson person) {
    if (feed_person_is_empty(&person))
        return;
    for (size_t i = 0; i < list->len; i++) { /* the same one told by two elements */
        FeedPerson *known = &list->items[i];

        if (str_eq(known->name, person.name) &&
            (str_eq(known->email, person.email) || person.email.len == 0) &&
            (str_eq(known->url, person.url) || person.url.len == 0))
            return;
    }
    if (list->len == FEED_LIST)
        *reader->faults |= FAULT_LIST;
    else
        *VEC_PUSH(reader->arena, list) = person;
}
