/* http/negotiate.c - what the client would like: page or JSON, language, coded body (RFC 9110, 12.5). */
#include "http/negotiate.h"

enum { Q_ONE = 1000, ITEMS_MAX = 64 };

/* "0.8" as 800; q beyond three digits or out of range counts as 0 (RFC 9110, 12.4.2). */
static int read_q(Str text) {
    int q = 0, unit = Q_ONE;

    if (text.len == 0 || text.len > 5 || (text.len > 1 && text.ptr[1] != '.'))
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        if (i == 1)
            continue;
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return 0;
        q += (text.ptr[i] - '0') * unit;
        unit /= 10;
    }
    return q > Q_ONE ? 0 : q;
}

/* One element: its name before ';' and its q. */
static Str read_item(Str item, int *ret_q) {
    Str part, name = STR_EMPTY;

    *ret_q = Q_ONE;
    for (bool is_first = true; str_cut(&item, ';', &part); is_first = false) {
        part = str_trim(part);
        if (is_first)
            name = part;
        else if (part.len > 2 && (part.ptr[0] == 'q' || part.ptr[0] == 'Q') && part.ptr[1] == '=')
            *ret_q = read_q(str_slice(part, 2, part.len));
    }
    return name;
}

typedef struct Wish {
    int q;     /* 0..1000 */
    int exact; /* 0 not named, 1 by * / *, 2 by type / *, 3 by name */
} Wish;

static void wish(Wish *best, int exact, int q) {
    if (exact > best->exact)
        *best = (Wish){ q, exact };
}

ReplyForm negotiate_form(Str accept, ReplyForm otherwise) {
    Wish json = { 0 }, html = { 0 };
    Str item;

    for (size_t i = 0; i < ITEMS_MAX && str_cut(&accept, ',', &item); i++) {
        int q;
        Str name = read_item(item, &q);
        if (str_eq_nocase(name, S("application/json")) ||
            str_eq_nocase(name, S("application/problem+json")))
            wish(&json, 3, q);
        else if (str_eq_nocase(name, S("text/html")) ||
                 str_eq_nocase(name, S("application/xhtml+xml")))
            wish(&html, 3, q);
        else if (str_eq(name, S("application/*")))
            wish(&json, 2, q);
        else if (str_eq(name, S("text/*")))
            wish(&html, 2, q);
        else if (str_eq(name, S("*/*"))) {
            wish(&json, 1, q);
            wish(&html, 1, q);
        }
    }
    if (json.exact == html.exact && json.q == html.q)
        return otherwise;
    if (otherwise == FORM_JSON)
        return html.exact == 3 && html.q > 0 && html.q >= json.q ? FORM_PAGE : FORM_JSON;
    if (json.q > html.q || (json.q > 0 && json.q == html.q && json.exact > html.exact))
        return FORM_JSON;
    return otherwise;
}

Coding negotiate_coding(Str accept_encoding) {
    int gzip = -1, br = -1, any = -1; /* -1: not named */
    Str item;

    for (size_t i = 0; i < ITEMS_MAX && str_cut(&accept_encoding, ',', &item); i++) {
        int q;
        Str name = read_item(item, &q);
        if (str_eq_nocase(name, S("gzip")) || str_eq_nocase(name, S("x-gzip")))
            gzip = q;
        else if (str_eq_nocase(name, S("br")))
            br = q;
        else if (str_eq(name, S("*")))
            any = q;
    }
    gzip = gzip < 0 ? any : gzip;
    br = br < 0 ? any : br;
    if (br > 0 && br >= gzip)
        return CODING_BR;
    return gzip > 0 ? CODING_GZIP : CODING_NONE;
}

Str coding_name(Coding coding) {
    switch (coding) {
    case CODING_GZIP:
        return S("gzip");
    case CODING_BR:
        return S("br");
    case CODING_NONE:
        break;
    }
    return STR_EMPTY;
}
