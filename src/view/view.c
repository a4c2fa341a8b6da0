/* view/view.c - the set of all templates, made at start; and single templates for the command line. */
#include "view/view.h"

#include "base/map.h"
#include "view/render.h"

struct ViewSet {
    Arena *arena; /* the set's own, until view_set_free */
    Map templates;
};

static Err set_partial(void *user, Arena *arena, const Node *node, const Template **ret) {
    const ViewSet *set = user;

    (void)arena;
    *ret = map_get(&set->templates, node->name);
    if (!*ret)
        return FAIL_ARGS(ERR_INVALID, NULL, N_("There is no template \"{0}\"."), node->name);
    return OK;
}

static Err check_partials(ViewSet *set, const Template *t) {
    for (size_t i = 0; i < t->nodes.len; i++) {
        const Node *node = &t->nodes.items[i];
        const Template *partial;
        if (node->type == NODE_PARTIAL)
            TRY(set_partial(set, set->arena, node, &partial));
    }
    return OK;
}

static void close_set(ViewSet **set) {
    view_set_free(*set);
}

Err view_set_new(Arena *scratch, const ViewSource *sources, size_t count, ViewSet **ret) {
    Arena *arena = arena_new(0);
    CLEANUP(close_set) ViewSet *set = arena_alloc(arena, sizeof *set);

    *set = (ViewSet){ .arena = arena, .templates = map_new(arena) };
    for (size_t i = 0; i < count; i++) {
        Template *t = arena_alloc(arena, sizeof *t);
        Err err = template_parse(arena, str_dup(arena, sources[i].name),
                                 str_dup(arena, sources[i].text), false, STR_EMPTY, t);
        if (err.code != ERR_OK) { /* its args must outlive the set */
            err.args[0] = str_dup(scratch, err.args[0]);
            err.args[1] = str_dup(scratch, err.args[1]);
            return err;
        }
        map_set(&set->templates, t->name, t);
    }
    for (size_t i = 0; i < set->templates.len; i++) {
        Err err = check_partials(set, set->templates.items[i].value);
        if (err.code != ERR_OK) {
            err.args[0] = str_dup(scratch, err.args[0]);
            return err;
        }
    }
    *ret = set;
    set = NULL;
    return OK;
}

void view_set_free(ViewSet *set) {
    if (set)
        arena_free(set->arena);
}

bool view_set_has(const ViewSet *set, Str name) {
    return map_get(&set->templates, name) != NULL;
}

static Err find(const ViewSet *set, Str name, const Template **ret) {
    *ret = map_get(&set->templates, name);
    if (!*ret)
        return FAIL_ARGS(ERR_BUG, NULL, N_("There is no template \"{0}\"."), name);
    return OK;
}

Err view_render(Arena *arena, const ViewSet *set, Str name, const Json *model,
                const Catalogue *catalogue, Buf *out) {
    const Template *t;
    RenderSource source = { .partial = set_partial,
                            .user = (void *)(uintptr_t)set,
                            .catalogue = catalogue };

    TRY(find(set, name, &t));
    return render_template(arena, t, model, &source, out);
}

/* ---- one template, its partials parsed when met ---- */

typedef struct Once {
    ViewPartial partial;
    void *user;
    bool is_lenient;
} Once;

static Err once_partial(void *user, Arena *arena, const Node *node, const Template **ret) {
    const Once *once = user;
    Str text;

    *ret = NULL;
    Err err = once->partial(once->user, arena, node->name, &text);
    if (err.code == ERR_NOT_FOUND && once->is_lenient)
        return OK;
    if (err.code == ERR_NOT_FOUND)
        return FAIL_ARGS(ERR_INVALID, NULL, N_("There is no template \"{0}\"."), node->name);
    TRY(err);
    Template *t = arena_alloc(arena, sizeof *t);
    TRY(template_parse(arena, node->name, text, once->is_lenient, node->text, t));
    *ret = t;
    return OK;
}

Err view_render_once(Arena *arena, Str text, const Json *model, bool is_lenient,
                     ViewPartial partial, void *user, Buf *out) {
    Template top;
    Once once = { .partial = partial, .user = user, .is_lenient = is_lenient };
    RenderSource source = { .partial = once_partial, .user = &once, .is_lenient = is_lenient };

    TRY(template_parse(arena, S("TEMPLATE"), text, is_lenient, STR_EMPTY, &top));
    return render_template(arena, &top, model, &source, out);
}

/* ---- templates against what models promise ---- */

typedef struct Keys Keys;
struct Keys {
    Map names; /* name -> Keys * of what is inside (an empty one for a plain value) */
};

static Keys *read_keys(Arena *arena, Str *rest);

static Keys *keys_new(Arena *arena) {
    Keys *keys = arena_alloc(arena, sizeof *keys);

    keys->names = map_new(arena);
    return keys;
}

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static Keys *read_keys(Arena *arena, Str *rest) {
    Keys *keys = keys_new(arena);

    while (rest->len > 0) {
        char c = rest->ptr[0];
        if (c == ']' || c == '}') {
            *rest = str_slice(*rest, 1, rest->len);
            return keys;
        }
        size_t len = 0;
        while (len < rest->len && is_name_char(rest->ptr[len]))
            len++;
        Str name = str_slice(*rest, 0, len);
        *rest = str_slice(*rest, len ? len : 1, rest->len);
        if (!len)
            continue;
        if (str_starts(*rest, S("?")))
            *rest = str_slice(*rest, 1, rest->len);
        Keys *inside = NULL;
        if (str_starts(*rest, S("[")) || str_starts(*rest, S("{"))) {
            *rest = str_slice(*rest, 1, rest->len);
            inside = read_keys(arena, rest);
        }
        map_set(&keys->names, name, inside ? inside : keys_new(arena));
    }
    return keys;
}

typedef struct Check {
    Arena *arena;
    const ViewSet *set;
    const Keys *stack[TEMPLATE_DEPTH_MAX + 1];
    size_t depth;
    size_t partials;
    const Template *current;
} Check;

static Err check_name(Check *c, const Node *node, Str name, const Keys **ret) {
    Str rest = name, part;
    const Keys *found = NULL;

    *ret = c->stack[c->depth - 1];
    if (str_eq(name, S(".")))
        return OK;
    (void)str_cut(&rest, '.', &part);
    for (size_t i = c->depth; i > 0 && !found; i--)
        found = map_get(&c->stack[i - 1]->names, part);
    while (found && str_cut(&rest, '.', &part))
        found = map_get(&found->names, part);
    if (!found)
        return FAIL_ARGS(ERR_INVALID, NULL,
                         N_("Template {0}: \"{1}\" is neither in the model nor in its parents."),
                         str_format(c->arena, "%.*s:%d", STR_ARG(c->current->name), node->line),
                         name);
    *ret = found;
    return OK;
}

static Err check_message(Check *c, const Node *node, Str text) {
    const Keys *found;

    for (size_t at = 0;;) {
        size_t open = str_find_char(text, '{', at);
        size_t close = open == SIZE_MAX ? SIZE_MAX : str_find_char(text, '}', open);
        if (close == SIZE_MAX)
            return OK;
        TRY(check_name(c, node, str_slice(text, open + 1, close), &found));
        at = close + 1;
    }
}

static Err check_range(Check *c, const Template *t, size_t from, size_t to);

static Err check_section(Check *c, const Template *t, size_t at) {
    const Node *node = &t->nodes.items[at];
    const Keys *found;

    TRY(check_name(c, node, node->name, &found));
    bool is_scope = node->type == NODE_SECTION && found->names.len > 0;
    if (is_scope)
        c->stack[c->depth++] = found;
    Err err = check_range(c, t, at + 1, node->end);
    if (is_scope)
        c->depth--;
    return err;
}

static Err check_partial(Check *c, const Node *node) {
    const Template *before = c->current, *partial;

    if (c->partials == TEMPLATE_PARTIAL_MAX)
        return OK; /* a partial that calls itself was checked on its way down */
    TRY(find(c->set, node->name, &partial));
    c->partials++;
    c->current = partial;
    Err err = check_range(c, partial, 0, partial->nodes.len);
    c->current = before;
    c->partials--;
    return err;
}

static Err check_range(Check *c, const Template *t, size_t from, size_t to) {
    for (size_t at = from; at < to; at++) {
        const Node *node = &t->nodes.items[at];
        const Keys *found;
        switch (node->type) {
        case NODE_TEXT:
            break;
        case NODE_MESSAGE:
            TRY(check_message(c, node, node->text));
            break;
        case NODE_PLURAL:
            TRY(check_name(c, node, node->name, &found));
            TRY(check_message(c, node, node->text));
            TRY(check_message(c, node, node->many));
            break;
        case NODE_PARTIAL:
            TRY(check_partial(c, node));
            break;
        case NODE_SECTION:
        case NODE_INVERTED:
            if (c->depth == TEMPLATE_DEPTH_MAX)
                return FAIL(ERR_LIMIT, NULL, N_("The sections of a template nest too deeply."));
            TRY(check_section(c, t, at));
            at = node->end - 1;
            break;
        case NODE_VARIABLE:
        case NODE_RAW:
            TRY(check_name(c, node, node->name, &found));
        }
    }
    return OK;
}

Err view_check(Arena *arena, const ViewSet *set, Str name, Str keys) {
    Check c = { .arena = arena, .set = set };

    TRY(find(set, name, &c.current));
    c.stack[c.depth++] = read_keys(arena, &keys);
    return check_range(&c, c.current, 0, c.current->nodes.len);
}
