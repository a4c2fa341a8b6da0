/* view/template.c - parses Mustache into a flat list of nodes (the published specification, and ours). */
#include "view/template.h"

#include "base/buf.h"

typedef struct Open {
    size_t node;
    Str name;
    HtmlPlace place;
    bool is_first_place_kept; /* an inverted or plain section must end where it began */
} Open;

typedef struct Parser {
    Arena *arena;
    Template *out;
    Str name, text, indent;
    bool is_lenient;
    Str open_mark, close_mark;
    size_t at;
    int line;
    HtmlPlace place;
    Open stack[TEMPLATE_DEPTH_MAX];
    size_t depth;
} Parser;

typedef struct Tag {
    char kind; /* 0 variable, { raw, # ^ / > ! = & */
    Str name;
    size_t from, to; /* in the text, marks included */
} Tag;

static Err fail(const Parser *p, const char *sentence) {
    return FAIL_ARGS(ERR_INVALID, NULL, sentence, p->name, str_from_int(p->arena, p->line));
}

static void count_lines(Parser *p, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (p->text.ptr[i] == '\n')
            p->line++;
}

static Node *push(Parser *p, NodeType type) {
    Node *node = VEC_PUSH(p->arena, &p->out->nodes);

    node->type = type;
    node->line = p->line;
    node->place = p->is_lenient ? PLACE_ANY : html_place_of(&p->place);
    return node;
}

/* Literal text, with the indentation before each line that begins in it. */
static Err add_text(Parser *p, Str text, bool is_line_start) {
    if (text.len == 0)
        return OK;
    if (!p->is_lenient && html_place_advance(&p->place, text))
        return fail(p, N_("Template {0}, line {1}: unsafe HTML (no quotes, a script, a style or an "
                          "event attribute)."));
    if (p->indent.len) {
        Buf buf = buf_new(p->arena, 0);
        for (size_t i = 0; i < text.len; i++) {
            if (is_line_start)
                buf_add(&buf, p->indent);
            is_line_start = text.ptr[i] == '\n';
            buf_add_char(&buf, text.ptr[i]);
        }
        text = buf_str(&buf);
    }
    push(p, NODE_TEXT)->text = text;
    return OK;
}

static size_t find_close(const Parser *p, size_t from, bool is_triple) {
    if (!is_triple)
        return str_find(p->text, p->close_mark, from);
    Str close = str_concat(p->arena, S("}"), p->close_mark);
    return str_find(p->text, close, from);
}

/* The next tag at or after p->at; *ret_found is false at the end of the text. */
static Err next_tag(Parser *p, Tag *ret, bool *ret_found) {
    size_t from = str_find(p->text, p->open_mark, p->at);

    *ret_found = from != SIZE_MAX;
    if (!*ret_found)
        return OK;
    count_lines(p, p->at, from);
    size_t inside = from + p->open_mark.len;
    char kind = inside < p->text.len ? p->text.ptr[inside] : 0;
    bool is_triple = kind == '{';
    if (!kind || !strchr("{#^/>!=&", kind))
        kind = 0;
    else
        inside++;
    size_t close = find_close(p, inside, is_triple);
    if (close == SIZE_MAX)
        return fail(p, N_("Template {0}, line {1}: a tag is not closed."));
    Str name = str_trim(str_slice(p->text, inside, close));
    if (kind == '=') {
        if (!str_ends(name, S("=")))
            return fail(p, N_("Template {0}, line {1}: a tag is not closed."));
        name = str_trim(str_slice(name, 0, name.len - 1));
    }
    *ret = (Tag){ .kind = kind == '{' ? '&' : kind,
                  .name = name,
                  .from = from,
                  .to = close + p->close_mark.len + (is_triple ? 1 : 0) };
    return OK;
}

/* A tag alone on its line takes the whole line with it (specification, Standalone). */
static bool is_standalone(const Parser *p, const Tag *tag, size_t *ret_from, size_t *ret_to) {
    size_t from = tag->from, to = tag->to;

    if (!tag->kind || tag->kind == '&')
        return false;
    while (from > 0 && (p->text.ptr[from - 1] == ' ' || p->text.ptr[from - 1] == '\t'))
        from--;
    if (from > 0 && p->text.ptr[from - 1] != '\n')
        return false;
    while (to < p->text.len && (p->text.ptr[to] == ' ' || p->text.ptr[to] == '\t'))
        to++;
    if (to < p->text.len && p->text.ptr[to] == '\r')
        to++;
    if (to < p->text.len && p->text.ptr[to] != '\n')
        return false;
    *ret_from = from;
    *ret_to = to < p->text.len ? to + 1 : to;
    return true;
}

/* White space folded, so that the lines of a template do not show in the message's key. */
static Str message_key(Arena *arena, Str text) {
    Buf buf = buf_new(arena, 0);
    bool is_gap = false;

    text = str_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!is_space) {
            if (is_gap)
                buf_add_char(&buf, ' ');
            buf_add_char(&buf, c);
        }
        is_gap = is_space;
    }
    return buf_str(&buf);
}

/* {{#t}}literal{{/t}} and {{#tn name}}one|many{{/tn}}: the text up to the end tag is a message. */
static Err add_message(Parser *p, const Tag *tag, bool is_plural) {
    Str end_mark = is_plural ? S("{{/tn}}") : S("{{/t}}");
    size_t end = str_find(p->text, end_mark, tag->to);

    if (end == SIZE_MAX)
        return fail(p, N_("Template {0}, line {1}: a section is not closed."));
    Node *node = push(p, is_plural ? NODE_PLURAL : NODE_MESSAGE);
    Str body = str_slice(p->text, tag->to, end);
    if (str_contains(body, S("{{")))
        return fail(p, N_("Template {0}, line {1}: a message holds literal text and {name} only."));
    if (node->place == PLACE_TAG || node->place == PLACE_DATA || node->place == PLACE_URL)
        return fail(p, N_("Template {0}, line {1}: no value may stand in this place."));
    node->text = message_key(p->arena, body);
    if (is_plural) {
        size_t bar = str_find_char(body, '|', 0);
        if (bar == SIZE_MAX)
            return fail(p, N_("Template {0}, line {1}: a plural needs one|many."));
        node->text = message_key(p->arena, str_slice(body, 0, bar));
        node->many = message_key(p->arena, str_slice(body, bar + 1, body.len));
        node->name = str_trim(str_slice(tag->name, 3, tag->name.len));
    }
    html_place_value(&p->place);
    count_lines(p, tag->to, end);
    p->at = end + end_mark.len;
    return OK;
}

static Err open_section(Parser *p, const Tag *tag) {
    if (p->depth == TEMPLATE_DEPTH_MAX)
        return FAIL(ERR_LIMIT, NULL, N_("The sections of a template nest too deeply."));
    Node *node = push(p, tag->kind == '#' ? NODE_SECTION : NODE_INVERTED);
    node->name = tag->name;
    p->stack[p->depth++] =
        (Open){ .node = p->out->nodes.len - 1, .name = tag->name, .place = p->place };
    return OK;
}

static Err close_section(Parser *p, const Tag *tag) {
    if (p->depth == 0 || !str_eq(p->stack[p->depth - 1].name, tag->name))
        return fail(p, N_("Template {0}, line {1}: this end tag closes no open section."));
    const Open *open = &p->stack[--p->depth];
    if (!p->is_lenient && !html_place_equal(&open->place, &p->place))
        return fail(p,
                    N_("Template {0}, line {1}: a section must end in the place where it began."));
    p->out->nodes.items[open->node].end = p->out->nodes.len;
    return OK;
}

static Err add_value(Parser *p, const Tag *tag) {
    Node *node = push(p, tag->kind == '&' ? NODE_RAW : NODE_VARIABLE);

    node->name = tag->name;
    bool may_stand =
        node->place == PLACE_ANY || node->place == PLACE_TEXT ||
        (node->type == NODE_RAW ? node->place == PLACE_DATA
                                : node->place == PLACE_ATTR || node->place == PLACE_URL ||
                                      node->place == PLACE_URL_PART);
    if (!may_stand)
        return fail(p, N_("Template {0}, line {1}: no value may stand in this place."));
    html_place_value(&p->place);
    return OK;
}

static Err add_partial(Parser *p, const Tag *tag, Str indent) {
    Node *node = push(p, NODE_PARTIAL);

    node->name = tag->name;
    node->text = str_concat(p->arena, p->indent, indent);
    if (!p->is_lenient && node->place != PLACE_TEXT)
        return fail(p, N_("Template {0}, line {1}: a partial stands between tags only."));
    return OK;
}

static Err set_marks(Parser *p, const Tag *tag) {
    Str rest = tag->name;
    size_t gap = 0;

    while (gap < rest.len && rest.ptr[gap] != ' ' && rest.ptr[gap] != '\t' && rest.ptr[gap] != '\n')
        gap++;
    p->open_mark = str_slice(rest, 0, gap);
    p->close_mark = str_trim(str_slice(rest, gap, rest.len));
    if (p->open_mark.len == 0 || p->close_mark.len == 0)
        return fail(p, N_("Template {0}, line {1}: a tag is not closed."));
    return OK;
}

static Err add_tag(Parser *p, const Tag *tag, Str indent) {
    html_place_cut(&p->place);
    if (!p->is_lenient && tag->kind == '#' && str_eq(tag->name, S("t")))
        return add_message(p, tag, false);
    if (!p->is_lenient && tag->kind == '#' && str_starts(tag->name, S("tn ")))
        return add_message(p, tag, true);
    switch (tag->kind) {
    case '#':
    case '^':
        return open_section(p, tag);
    case '/':
        return close_section(p, tag);
    case '>':
        return add_partial(p, tag, indent);
    case '=':
        return set_marks(p, tag);
    case '!':
        return OK;
    default:
        return add_value(p, tag);
    }
}

static Err parse(Parser *p) {
    for (;;) {
        Tag tag;
        bool is_found;
        size_t before = p->at, from, to;
        TRY(next_tag(p, &tag, &is_found));
        bool is_line_start = before == 0 || p->text.ptr[before - 1] == '\n';
        if (!is_found)
            return add_text(p, str_slice(p->text, before, p->text.len), is_line_start);
        bool is_alone = is_standalone(p, &tag, &from, &to);
        if (!is_alone) {
            from = tag.from;
            to = tag.to;
        }
        TRY(add_text(p, str_slice(p->text, before, from), is_line_start));
        if (!is_alone && p->indent.len && (from == 0 || p->text.ptr[from - 1] == '\n'))
            push(p, NODE_TEXT)->text = p->indent; /* a line that begins with a tag */
        p->at = to;
        TRY(add_tag(p, &tag, is_alone ? str_slice(p->text, from, tag.from) : STR_EMPTY));
        if (p->at == to)
            count_lines(p, tag.from, to);
    }
}

Err template_parse(Arena *arena, Str name, Str text, bool is_lenient, Str indent, Template *ret) {
    Parser *p = arena_alloc(arena, sizeof *p);
    Template out = { .name = name };

    *p = (Parser){ .arena = arena,
                   .out = &out,
                   .name = name,
                   .text = text,
                   .indent = indent,
                   .is_lenient = is_lenient,
                   .open_mark = S("{{"),
                   .close_mark = S("}}"),
                   .line = 1 };
    TRY(parse(p));
    if (p->depth > 0)
        return fail(p, N_("Template {0}, line {1}: a section is not closed."));
    HtmlPlace start = { 0 };
    if (!is_lenient && !html_place_equal(&start, &p->place))
        return fail(p, N_("Template {0}, line {1}: a template must end between tags."));
    *ret = out;
    return OK;
}
