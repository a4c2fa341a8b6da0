/* view/render.h - a parsed template over a model: private to view/. */
#ifndef VIEW_RENDER_H
#define VIEW_RENDER_H

#include "base/json.h"
#include "view/catalogue.h"
#include "view/template.h"

typedef struct Render Render;

/* Finds a partial's parsed template; NULL in *ret when there is none (lenient: nothing is printed). */
typedef Err (*RenderPartial)(void *user, Arena *arena, const Node *node, const Template **ret);

typedef struct RenderSource {
    RenderPartial partial;
    void *user;
    const Catalogue *catalogue; /* NULL only when lenient or for the command line */
    bool is_lenient;
} RenderSource;

/*
 * ERR_BUG, without a catalogue ERR_INVALID, for a name that is nowhere or a raw value that nobody cleaned
 * (strict); ERR_LIMIT for partials that nest too deeply, sections that go on for ever, or a full buf.
 */
CHECKED Err render_template(Arena *arena, const Template *top, const Json *model,
                            const RenderSource *source, Buf *out);

#endif
