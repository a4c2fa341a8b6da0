/* view/view.h - templates over a model: Mustache, strict and escaped for the place (architecture.md 10). */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "base/json.h"
#include "view/catalogue.h"

typedef struct ViewSet ViewSet; /* all templates, parsed at start; read-only afterwards */

typedef struct ViewSource {
    Str name; /* "article/one": the address of a partial and of a model */
    Str text;
} ViewSource;

/*
 * Parses all templates: partials exist and begin and end in text context, sections do not change
 * context, attributes are quoted, no inline script. ERR_INVALID with template and line as args.
 * The set lives until view_set_free.
 */
CHECKED Err view_set_new(Arena *scratch, const ViewSource *sources, size_t count, ViewSet **ret);
void view_set_free(ViewSet *set);
bool view_set_has(const ViewSet *set, Str name);

/*
 * Renders a template over a model into buf. A name found neither in the innermost object nor in its
 * parents is ERR_BUG with template, line and name in args; null counts as present. {{x}} escapes for text,
 * attribute or URL as parsed; {{{x}}} takes JSON_CLEAN only. {{#t}}..{{/t}} and {{#tn n}}one|many{{/tn}}
 * are looked up in the catalogue of lang.
 */
CHECKED Err view_render(Arena *arena, const ViewSet *set, Str name, const Json *model,
                        const Catalogue *catalogue, Buf *out);

/* The published Mustache specification exactly, or ours without a catalogue, for the command line. */
typedef Err (*ViewPartial)(void *user, Arena *arena, Str name, Str *ret_text);
CHECKED Err view_render_once(Arena *arena, Str text, const Json *model, bool is_lenient,
                             ViewPartial partial, void *user, Buf *out);

/*
 * Checks a template and its partials against the keys a model promises, in the notation of http/route.h:
 * "id title bylines[outlet person role] correction{text}" - a name, a name with [keys of each item], a name
 * with {keys of the object}; names are separated by blanks or commas; "name?" may be null. A key that the
 * template uses and neither its object nor a parent has is ERR_INVALID with template and line in args.
 */
CHECKED Err view_check(Arena *arena, const ViewSet *set, Str name, Str keys);

#endif
