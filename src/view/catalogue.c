/* view/catalogue.c - the built-in languages, looked up by message. */
#include "view/catalogue.h"

#include <pthread.h>

#include "base/buf.h"
#include "base/map.h"
#include "view/messages.h"

struct Catalogue {
    Str lang, html_lang;
    const MessagePair *pairs;
    size_t count;
    Map texts; /* msgid -> Str *; read-only after the first use */
};

/* Filled once under `once`, read-only afterwards. English needs no table: the msgid is the text. */
static Catalogue languages[2];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fill(Catalogue *c, const char *lang, const char *html_lang, const MessagePair *pairs,
                 size_t count) {
    Arena *arena = arena_new(0); /* lives as long as the process */

    *c = (Catalogue){ .lang = str_from_c(lang),
                      .html_lang = str_from_c(html_lang),
                      .pairs = pairs,
                      .count = count,
                      .texts = map_new(arena) };
    for (size_t i = 0; i < count; i++) {
        Str *text = arena_alloc(arena, sizeof *text);
        *text = str_from_c(pairs[i].text);
        map_set(&c->texts, str_from_c(pairs[i].msgid), text);
    }
}

static void fill_all(void) {
    fill(&languages[0], "zh", "zh-CN", messages_zh, messages_zh_count);
    fill(&languages[1], "en", "en", messages_en, messages_en_count);
}

const Catalogue *catalogue_of(Str lang) {
    pthread_once(&once, fill_all);
    return str_eq(lang, S("en")) ? &languages[1] : &languages[0];
}

Str catalogue_lang(const Catalogue *catalogue) {
    return catalogue->lang;
}
Str catalogue_html_lang(const Catalogue *catalogue) {
    return catalogue->html_lang;
}

Str catalogue_text(const Catalogue *catalogue, Str msgid) {
    const Str *text = map_get(&catalogue->texts, msgid);

    return text ? *text : msgid;
}

Str catalogue_plural(const Catalogue *catalogue, Str one, Str many, int64_t count) {
    /* zh has one form (CLDR), kept under the plural's msgid; en has two. */
    if (str_eq(catalogue->lang, S("zh")))
        return catalogue_text(catalogue, many);
    return catalogue_text(catalogue, count == 1 ? one : many);
}

/* One pass, so that a value which itself reads "{1}" stays as it is. */
static Str fill_in(Arena *arena, Str text, const Str args[2]) {
    Buf buf = buf_new(arena, 0);
    size_t from = 0;

    for (size_t i = 0; i + 2 < text.len; i++) {
        bool is_arg = text.ptr[i] == '{' && text.ptr[i + 2] == '}' &&
                      (text.ptr[i + 1] == '0' || text.ptr[i + 1] == '1');
        if (!is_arg)
            continue;
        buf_add(&buf, str_slice(text, from, i));
        buf_add(&buf, args[text.ptr[i + 1] - '0']);
        from = i + 3;
        i += 2;
    }
    buf_add(&buf, str_slice(text, from, text.len));
    return buf_str(&buf);
}

Str catalogue_format(Arena *arena, const Catalogue *catalogue, const char *msgid,
                     const Str args[2]) {
    return fill_in(arena, catalogue_text(catalogue, str_from_c(msgid)), args);
}

Str catalogue_err(Arena *arena, const Catalogue *catalogue, Err err) {
    if (!err.msgid)
        return catalogue_text(catalogue, S("Something went wrong on our side. It has been noted."));
    return catalogue_format(arena, catalogue, err.msgid, err.args);
}

/* The weight of "zh" or "en" in Accept-Language, in thousandths; -1 when not named (RFC 9110, 12.5.4). */
static int weight_of(Str accept, Str lang) {
    int best = -1;
    Str part;

    while (str_cut(&accept, ',', &part)) {
        Str rest = part, first = STR_EMPTY;
        (void)str_cut(&rest, ';', &first);
        Str tag = str_trim(first), parameter = str_trim(rest);
        bool is_match = tag.len >= 2 && str_eq_nocase(str_slice(tag, 0, 2), lang) &&
                        (tag.len == 2 || tag.ptr[2] == '-');
        if (!is_match && !str_eq(tag, S("*")))
            continue;
        int q = 1000;
        if (str_starts(parameter, S("q=")) && parameter.len >= 3) {
            q = parameter.ptr[2] == '1' ? 1000 : 0;
            for (size_t i = 4, unit = 100; i < parameter.len && unit > 0 && q < 1000;
                 i++, unit /= 10)
                if (parameter.ptr[i] >= '0' && parameter.ptr[i] <= '9')
                    q += (parameter.ptr[i] - '0') * (int)unit;
        }
        if (is_match)
            return q;
        best = q;
    }
    return best;
}

Str catalogue_choose(Str lang_parameter, Str accept_language) {
    if (str_eq(lang_parameter, S("zh")) || str_eq(lang_parameter, S("en")))
        return lang_parameter;
    int zh = weight_of(accept_language, S("zh")), en = weight_of(accept_language, S("en"));
    return en > zh && en > 0 ? S("en") : S("zh");
}
