/* text/markdown.c - Markdown to HTML by md4c's parser and our own printer. */
#include "text/markdown.h"

#include <md4c.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "text/entity.h"
#include "text/html_clean.h"
#include "text/html_tags.h"
#include "text/markdown_mark.h"

typedef struct Renderer {
    Buf out;
    Arena *work;
    Str text;           /* what md4c was given */
    Str mark;           /* left out wherever it stands (markdown_mark.h); may be empty */
    bool is_in_cell;    /* of a table: there \\| is | even in code (GFM, 4.10) */
    size_t image_depth; /* open images: inside, only text counts, as the alternative text */
} Renderer;

/*
 * What md4c names of its input ends where the input ends: 0.4.8 decides on memory that it never set
 * (valgrind shows it on unclosed links between emphasis) and then names bytes beyond.
 */
static Str slice(const Renderer *renderer, const MD_CHAR *text, MD_SIZE size) {
    uintptr_t from = (uintptr_t)text, start = (uintptr_t)renderer->text.ptr;
    uintptr_t end = start + renderer->text.len;

    return (Str){ text, from >= start && from <= end && size > end - from ? end - from : size };
}

/* What md4c's callbacks answer: other than 0 ends the parsing. */
static int verdict(const Renderer *renderer) {
    return renderer->out.is_full ? 1 : 0;
}

static void add(Renderer *renderer, const char *html) {
    buf_add(&renderer->out, str_from_c(html));
}

/* Markup has no place in an alternative text. */
static void add_markup(Renderer *renderer, const char *html) {
    if (renderer->image_depth == 0)
        add(renderer, html);
}

static void add_text(Renderer *renderer, Str text) {
    size_t at;

    while (renderer->mark.len > 0 && (at = str_find(text, renderer->mark, 0)) != SIZE_MAX) {
        html_tag_escape(&renderer->out, str_slice(text, 0, at), true);
        text = str_slice(text, at + renderer->mark.len, text.len);
    }
    html_tag_escape(&renderer->out, text, true);
}

static void add_code(Renderer *renderer, Str text) {
    add_text(renderer,
             renderer->is_in_cell ? str_replace(renderer->work, text, S("\\|"), S("|")) : text);
}

static void add_raw(Renderer *renderer, Str html) {
    buf_add(&renderer->out, renderer->mark.len > 0
                                ? str_replace(renderer->work, html, renderer->mark, STR_EMPTY)
                                : html);
}

/* The text of "&name;", "&#1;" or "&#x1;"; itself when nobody knows the name. */
static Str entity_text(Arena *arena, Str entity) {
    bool is_hex = entity.len > 2 && (entity.ptr[2] | 0x20) == 'x';
    uint32_t number = 0;
    char bytes[4];
    Str known;

    if (entity.len < 2 || entity.ptr[1] != '#')
        return entity_find(str_slice(entity, 1, entity.len - 1), &known) ? known : entity;
    for (size_t i = is_hex ? 3 : 2; i + 1 < entity.len && number <= 0x10FFFF; i++) {
        char c = entity.ptr[i];

        number =
            number * (is_hex ? 16 : 10) + (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    size_t len = number == 0 ? 0 : utf8_put(number, bytes);
    return len == 0 ? S("\xEF\xBF\xBD") : str_dup(arena, (Str){ bytes, len });
}

/* An attribute of md4c as plain text: references decoded, the mark left out. */
static Str plain_attribute(const Renderer *renderer, const MD_ATTRIBUTE *attribute) {
    Buf plain = buf_new(renderer->work, SIZE_MAX);

    for (size_t i = 0; attribute->text && attribute->substr_offsets[i] < attribute->size; i++) {
        MD_OFFSET from = attribute->substr_offsets[i], to = attribute->substr_offsets[i + 1];
        if (to < from || to > attribute->size)
            break;
        Str part = slice(renderer, attribute->text + from, to - from);

        if (attribute->substr_types[i] == MD_TEXT_ENTITY)
            part = entity_text(renderer->work, part);
        else if (attribute->substr_types[i] == MD_TEXT_NULLCHAR)
            part = S("\xEF\xBF\xBD");
        buf_add(&plain, part);
    }
    return renderer->mark.len > 0
               ? str_replace(renderer->work, buf_str(&plain), renderer->mark, STR_EMPTY)
               : buf_str(&plain);
}

static void add_attribute(Renderer *renderer, const char *name, const MD_ATTRIBUTE *attribute) {
    if (!attribute->text)
        return;
    add(renderer, " ");
    add(renderer, name);
    add(renderer, "=\"");
    html_tag_escape(&renderer->out, plain_attribute(renderer, attribute), true);
    add(renderer, "\"");
}

/* Percent-encodes what may not stand in an address; what is encoded already stays. */
static void add_address(Renderer *renderer, const char *name, const MD_ATTRIBUTE *attribute) {
    Str address = plain_attribute(renderer, attribute);

    add(renderer, " ");
    add(renderer, name);
    add(renderer, "=\"");
    for (size_t i = 0; i < address.len; i++) {
        unsigned char c = (unsigned char)address.ptr[i];

        if (c == '&')
            add(renderer, "&amp;");
        else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 (c != 0 && strchr("-_.!~*'();/?:@=+$,#%", c)))
            buf_add_char(&renderer->out, (char)c);
        else
            buf_add_format(&renderer->out, "%%%02X", c);
    }
    add(renderer, "\"");
}

static void add_item_start(Renderer *renderer, const MD_BLOCK_LI_DETAIL *item) {
    add(renderer, "<li>");
    if (item->is_task)
        add(renderer, item->task_mark == ' '
                          ? "<input disabled=\"\" type=\"checkbox\"> "
                          : "<input checked=\"\" disabled=\"\" type=\"checkbox\"> ");
}

static void add_code_start(Renderer *renderer, const MD_BLOCK_CODE_DETAIL *code) {
    add(renderer, "<pre><code");
    if (code->lang.text) {
        add(renderer, " class=\"language-");
        html_tag_escape(&renderer->out, plain_attribute(renderer, &code->lang), true);
        add(renderer, "\"");
    }
    add(renderer, ">");
}

static void add_list_start(Renderer *renderer, const MD_BLOCK_OL_DETAIL *list) {
    if (list->start == 1)
        add(renderer, "<ol>\n");
    else
        buf_add_format(&renderer->out, "<ol start=\"%u\">\n", list->start);
}

static void add_cell_start(Renderer *renderer, const char *name, const MD_BLOCK_TD_DETAIL *cell) {
    static const char *const aligns[] = { "", " align=\"left\"", " align=\"center\"",
                                          " align=\"right\"" };

    add(renderer, "<");
    add(renderer, name);
    add(renderer, aligns[cell->align]);
    add(renderer, ">");
    renderer->is_in_cell = true;
}

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *user) {
    static const char *const starts[] = {
        [MD_BLOCK_QUOTE] = "<blockquote>\n", [MD_BLOCK_UL] = "<ul>\n",
        [MD_BLOCK_HR] = "<hr />\n",          [MD_BLOCK_P] = "<p>",
        [MD_BLOCK_TABLE] = "<table>\n",      [MD_BLOCK_THEAD] = "<thead>\n",
        [MD_BLOCK_TBODY] = "<tbody>\n",      [MD_BLOCK_TR] = "<tr>\n"
    };
    Renderer *renderer = user;

    if (type == MD_BLOCK_OL)
        add_list_start(renderer, detail);
    else if (type == MD_BLOCK_LI)
        add_item_start(renderer, detail);
    else if (type == MD_BLOCK_H)
        buf_add_format(&renderer->out, "<h%u>", ((MD_BLOCK_H_DETAIL *)detail)->level);
    else if (type == MD_BLOCK_CODE)
        add_code_start(renderer, detail);
    else if (type == MD_BLOCK_TH || type == MD_BLOCK_TD)
        add_cell_start(renderer, type == MD_BLOCK_TH ? "th" : "td", detail);
    else if (type < COUNT_OF(starts) && starts[type])
        add(renderer, starts[type]);
    return verdict(renderer);
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *user) {
    static const char *const ends[] = { [MD_BLOCK_QUOTE] = "</blockquote>\n",
                                        [MD_BLOCK_UL] = "</ul>\n",
                                        [MD_BLOCK_OL] = "</ol>\n",
                                        [MD_BLOCK_LI] = "</li>\n",
                                        [MD_BLOCK_CODE] = "</code></pre>\n",
                                        [MD_BLOCK_P] = "</p>\n",
                                        [MD_BLOCK_TABLE] = "</table>\n",
                                        [MD_BLOCK_THEAD] = "</thead>\n",
                                        [MD_BLOCK_TBODY] = "</tbody>\n",
                                        [MD_BLOCK_TR] = "</tr>\n",
                                        [MD_BLOCK_TH] = "</th>\n",
                                        [MD_BLOCK_TD] = "</td>\n" };
    Renderer *renderer = user;

    if (type == MD_BLOCK_H)
        buf_add_format(&renderer->out, "</h%u>\n", ((MD_BLOCK_H_DETAIL *)detail)->level);
    else if (type < COUNT_OF(ends) && ends[type])
        add(renderer, ends[type]);
    renderer->is_in_cell = false; /* cells hold no blocks */
    return verdict(renderer);
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *user) {
    static const char *const starts[] = { [MD_SPAN_EM] = "<em>",
                                          [MD_SPAN_STRONG] = "<strong>",
                                          [MD_SPAN_CODE] = "<code>",
                                          [MD_SPAN_DEL] = "<del>" };
    Renderer *renderer = user;

    if (type == MD_SPAN_IMG) {
        if (renderer->image_depth++ == 0) {
            add(renderer, "<img");
            add_address(renderer, "src", &((MD_SPAN_IMG_DETAIL *)detail)->src);
            add(renderer, " alt=\"");
        }
    } else if (type == MD_SPAN_A) {
        if (renderer->image_depth == 0) {
            add(renderer, "<a");
            add_address(renderer, "href", &((MD_SPAN_A_DETAIL *)detail)->href);
            add_attribute(renderer, "title", &((MD_SPAN_A_DETAIL *)detail)->title);
            add(renderer, ">");
        }
    } else if (type < COUNT_OF(starts) && starts[type]) {
        add_markup(renderer, starts[type]);
    }
    return verdict(renderer);
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *user) {
    static const char *const ends[] = { [MD_SPAN_EM] = "</em>",
                                        [MD_SPAN_STRONG] = "</strong>",
                                        [MD_SPAN_A] = "</a>",
                                        [MD_SPAN_CODE] = "</code>",
                                        [MD_SPAN_DEL] = "</del>" };
    Renderer *renderer = user;

    if (type == MD_SPAN_IMG) {
        if (--renderer->image_depth == 0) {
            add(renderer, "\"");
            add_attribute(renderer, "title", &((MD_SPAN_IMG_DETAIL *)detail)->title);
            add(renderer, " />");
        }
    } else if (type < COUNT_OF(ends) && ends[type]) {
        add_markup(renderer, ends[type]);
    }
    return verdict(renderer);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *user) {
    Renderer *renderer = user;

    switch (type) {
    case MD_TEXT_NULLCHAR:
        add(renderer, "\xEF\xBF\xBD");
        break;
    case MD_TEXT_BR:
        add(renderer, renderer->image_depth > 0 ? " " : "<br />\n");
        break;
    case MD_TEXT_SOFTBR:
        add(renderer, renderer->image_depth > 0 ? " " : "\n");
        break;
    case MD_TEXT_HTML: /* comes only in MARKDOWN_UNSAFE */
        add_raw(renderer, slice(renderer, text, size));
        break;
    case MD_TEXT_ENTITY:
        add_text(renderer, entity_text(renderer->work, slice(renderer, text, size)));
        break;
    case MD_TEXT_CODE:
        add_code(renderer, slice(renderer, text, size));
        break;
    default:
        add_text(renderer, slice(renderer, text, size));
        break;
    }
    return verdict(renderer);
}

static Err too_long(void) {
    return FAIL_ARGS(ERR_LIMIT, "text",
                     N_("This text is too long. Shorten it to at most {0} KB of simple Markdown."),
                     S("256"));
}

/* Markdown to HTML that nobody has cleaned. */
static Err render(Arena *work, Str text, bool is_unsafe, size_t limit_bytes, Str *ret) {
    unsigned flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS;
    MD_PARSER parser = { .flags = is_unsafe ? flags : flags | MD_FLAG_NOHTML,
                         .enter_block = on_enter_block,
                         .leave_block = on_leave_block,
                         .enter_span = on_enter_span,
                         .leave_span = on_leave_span,
                         .text = on_text };
    Renderer renderer = { .out = buf_new(work, limit_bytes), .work = work };

    text = markdown_mark(work, text, !is_unsafe, &renderer.mark);
    renderer.text = text;
    int result = md_parse(text.ptr ? text.ptr : "", (MD_SIZE)text.len, &parser, &renderer);
    if (renderer.out.is_full)
        return too_long();
    if (result != 0)
        return FAIL(ERR_BUSY, NULL,
                    N_("The server has no memory left for this text. Try again later."));
    Str html =
        buf_str(&renderer.out); /* a slice of md4c's may end inside a character, see slice() */
    *ret = utf8_is_valid(html) ? html : utf8_clean(work, html);
    return OK;
}

Err markdown_render(Arena *arena, Str text, MarkdownMode mode, Str *ret) {
    CLEANUP(arena_close) Arena *work = arena_new(0);
    bool is_unsafe = mode == MARKDOWN_UNSAFE;
    Str html;

    if (text.len > MARKDOWN_BYTES)
        return too_long();
    /* NUL has a meaning to CommonMark; elsewhere controls have none. */
    if (!is_unsafe || !utf8_is_valid(text))
        text = utf8_clean(work, text);
    TRY(render(work, text, is_unsafe, is_unsafe ? MARKDOWN_UNSAFE_BYTES : HTML_CLEAN_BYTES, &html));
    if (is_unsafe) {
        *ret = str_dup(arena, html);
        return OK;
    }
    return html_clean(arena, html, mode == MARKDOWN_VOICE ? HTML_VOICE : HTML_ARTICLE, STR_EMPTY,
                      ret);
}
