/* view/render.c - walks a template's nodes over a model, escaping each value for its place. */
#include "view/render.h"

#include "base/percent.h"

enum {
    RENDER_STACK_MAX = 256,
    RENDER_STEPS_MAX =
        5000000 /* nodes visited; sections over one list inside one another multiply */
};

struct Render {
    Arena *arena;
    const RenderSource *source;
    Buf *out;
    const Json *stack[RENDER_STACK_MAX]; /* innermost last */
    size_t depth;
    size_t partials;
    size_t steps;
    const Template *current;
};

static Err fail_name(const Render *r, const Node *node) {
    return FAIL_ARGS(r->source->catalogue ? ERR_BUG : ERR_INVALID, NULL,
                     N_("Template {0}: \"{1}\" is neither in the model nor in its parents."),
                     str_format(r->arena, "%.*s:%d", STR_ARG(r->current->name), node->line),
                     node->name);
}

/* Specification, Context and Dotted names: the first part is looked up outwards, the rest only inside it. */
static Err look_up(const Render *r, const Node *node, const Json **ret) {
    Str rest = node->name, part;
    const Json *value = NULL;

    *ret = NULL;
    if (str_eq(node->name, S("."))) {
        *ret = r->stack[r->depth - 1];
        return OK;
    }
    (void)str_cut(&rest, '.', &part);
    for (size_t i = r->depth; i > 0 && !value; i--)
        value = json_get_str(r->stack[i - 1], part);
    while (value && str_cut(&rest, '.', &part)) {
        if (value->type == JSON_NULL)
            break;
        value = json_get_str(value, part);
    }
    if (!value && !r->source->is_lenient)
        return fail_name(r, node);
    *ret = value;
    return OK;
}

static bool is_true(const Render *r, const Json *value) {
    if (!value)
        return false;
    switch (value->type) {
    case JSON_NULL:
        return false;
    case JSON_BOOL:
        return value->boolean;
    case JSON_ARRAY:
        return value->array.len > 0;
    case JSON_STRING:
    case JSON_CLEAN: /* ours: empty text is false; the specification leaves it true */
        return r->source->is_lenient || value->string.len > 0;
    case JSON_INT:
        return r->source->is_lenient || value->integer != 0;
    default:
        return true;
    }
}

static Str to_text(Render *r, const Json *value) {
    char number[32];

    if (!value)
        return STR_EMPTY;
    switch (value->type) {
    case JSON_STRING:
    case JSON_CLEAN:
        return value->string;
    case JSON_INT:
        return str_from_int(r->arena, value->integer);
    case JSON_REAL:
        return str_dup(r->arena, (Str){ number, json_format_real(value->real, number) });
    case JSON_BOOL:
        return value->boolean ? S("true") : S("false");
    default:
        return STR_EMPTY;
    }
}

/* A whole address from a model: own paths, http, https and mailto; anything else leads nowhere. */
static bool is_safe_address(Str url) {
    static const char *const schemes[] = { "http://", "https://", "mailto:" };

    url = str_trim(url);
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.ptr[i] < ' ' || url.ptr[i] == 0x7F)
            return false; /* browsers leave tabs and line ends out: "/\t/host" is "//host" */
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        Str scheme = str_from_c(schemes[i]);
        if (str_eq_nocase(str_slice(url, 0, scheme.len), scheme))
            return true;
    }
    for (size_t i = 0; i < url.len; i++) {
        char c = url.ptr[i];
        if (c == ':')
            return false;
        if (c == '/' || c == '?' || c == '#')
            break;
    }
    return !str_starts(url, S("//")) && !str_contains(url, S("\\"));
}

static void add_value(Render *r, Place place, Str text) {
    switch (place) {
    case PLACE_URL:
        buf_add_html(r->out, is_safe_address(text) ? text : S("#"));
        break;
    case PLACE_URL_PART:
        percent_add(r->out, text);
        break;
    default:
        buf_add_html(r->out, text);
    }
}

static Err render_value(Render *r, const Node *node) {
    const Json *value;

    TRY(look_up(r, node, &value));
    if (node->type == NODE_VARIABLE) {
        /* what the sanitizer made keeps its mark; printed by {{x}} it is escaped like any text */
        add_value(r, node->place, to_text(r, value));
        return OK;
    }
    bool is_marked = value && (value->type == JSON_CLEAN || value->type == JSON_NULL);
    if (!r->source->is_lenient && !is_marked)
        return FAIL_ARGS(r->source->catalogue ? ERR_BUG : ERR_INVALID, NULL,
                         N_("Template {0}: \"{1}\" is printed raw but was not cleaned."),
                         r->current->name, node->name);
    buf_add(r->out, to_text(r, value));
    return OK;
}

/* A translated sentence: the catalogue's text is ours and holds no markup; {name} is a value. */
static Err add_message(Render *r, const Node *node, Str text) {
    size_t at = 0;

    while (at < text.len) {
        size_t open = str_find_char(text, '{', at);
        size_t close = open == SIZE_MAX ? SIZE_MAX : str_find_char(text, '}', open);
        if (close == SIZE_MAX)
            break;
        add_value(r, node->place, str_slice(text, at, open));
        Node part = { .name = str_slice(text, open + 1, close), .line = node->line };
        const Json *value;
        TRY(look_up(r, &part, &value));
        add_value(r, node->place, to_text(r, value));
        at = close + 1;
    }
    add_value(r, node->place, str_slice(text, at, text.len));
    return OK;
}

static Err render_message(Render *r, const Node *node) {
    const Catalogue *catalogue = r->source->catalogue;

    if (node->type == NODE_MESSAGE)
        return add_message(r, node, catalogue ? catalogue_text(catalogue, node->text) : node->text);
    const Json *count;
    TRY(look_up(r, node, &count));
    int64_t n = count && count->type == JSON_INT ? count->integer : 0;
    Str text = catalogue ? catalogue_plural(catalogue, node->text, node->many, n)
                         : (n == 1 ? node->text : node->many);
    return add_message(r, node, text);
}

static Err render_range(Render *r, const Template *t, size_t from, size_t to);

static Err render_inside(Render *r, const Template *t, size_t at, const Json *value) {
    if (r->depth == RENDER_STACK_MAX)
        return FAIL(ERR_LIMIT, NULL, N_("The sections of a template nest too deeply."));
    r->stack[r->depth++] = value;
    Err err = render_range(r, t, at + 1, t->nodes.items[at].end);
    r->depth--;
    return err;
}

static Err render_section(Render *r, const Template *t, size_t at) {
    const Node *node = &t->nodes.items[at];
    const Json *value;

    TRY(look_up(r, node, &value));
    if (node->type == NODE_INVERTED)
        return is_true(r, value) ? OK : render_range(r, t, at + 1, node->end);
    if (!is_true(r, value))
        return OK;
    if (value->type == JSON_BOOL)
        return render_range(r, t, at + 1, node->end);
    if (value->type != JSON_ARRAY)
        return render_inside(r, t, at, value);
    for (size_t i = 0; i < value->array.len; i++)
        TRY(render_inside(r, t, at, value->array.items[i]));
    return OK;
}

static Err render_partial(Render *r, const Node *node) {
    const Template *before = r->current, *partial;

    if (r->partials == TEMPLATE_PARTIAL_MAX)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("The partial \"{0}\" calls itself too often."),
                         node->name);
    TRY(r->source->partial(r->source->user, r->arena, node, &partial));
    if (!partial)
        return OK;
    r->partials++;
    r->current = partial;
    Err err = render_range(r, partial, 0, partial->nodes.len);
    r->current = before;
    r->partials--;
    return err;
}

static Err render_node(Render *r, const Template *t, size_t at) {
    const Node *node = &t->nodes.items[at];

    switch (node->type) {
    case NODE_TEXT:
        buf_add(r->out, node->text);
        return OK;
    case NODE_VARIABLE:
    case NODE_RAW:
        return render_value(r, node);
    case NODE_MESSAGE:
    case NODE_PLURAL:
        return render_message(r, node);
    case NODE_PARTIAL:
        return render_partial(r, node);
    case NODE_SECTION:
    case NODE_INVERTED:
        break;
    }
    return render_section(r, t, at);
}

static Err render_range(Render *r, const Template *t, size_t from, size_t to) {
    for (size_t at = from; at < to;) {
        const Node *node = &t->nodes.items[at];
        bool is_section = node->type == NODE_SECTION || node->type == NODE_INVERTED;
        TRY(render_node(r, t, at));
        if (r->out->is_full || arena_is_over(r->arena) || ++r->steps > RENDER_STEPS_MAX)
            return FAIL(ERR_LIMIT, NULL, N_("The page grew beyond its limit."));
        at = is_section ? node->end : at + 1;
    }
    return OK;
}

Err render_template(Arena *arena, const Template *top, const Json *model,
                    const RenderSource *source, Buf *out) {
    Render *r = arena_alloc(arena, sizeof *r);

    *r = (Render){ .arena = arena, .source = source, .out = out, .current = top };
    r->stack[r->depth++] = model;
    return render_range(r, top, 0, top->nodes.len);
}
