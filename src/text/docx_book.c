/* text/docx_book.c - relationships, styles and numbering of a Word file. */
#include "text/docx_book.h"

#include <string.h>

#include "text/docx_xml.h"

int64_t docx_number(Str text, int64_t otherwise) {
    int64_t value;
    return str_parse_int(text, &value) ? value : otherwise;
}

DocxBook docx_book(Arena *arena) {
    return (DocxBook){ arena, map_new(arena), map_new(arena), map_new(arena) };
}

static Err ignore_end(void *user, const DocxTag *tag) {
    (void)user;
    (void)tag;
    return OK;
}

/* ---- relationships ---- */

typedef struct Relations {
    Arena *arena;
    Str base;
    Map map;
} Relations;

static Str after_last(Str text, char c) {
    size_t at = text.len;

    while (at > 0 && text.ptr[at - 1] != c)
        at--;
    return str_slice(text, at, text.len);
}

/* "media/a.png" and "../word/media/a.png" from "word/", "/word/media/a.png": the same part. */
static Str part_name(Arena *arena, Str base, Str target) {
    Str all = str_starts(target, S("/")) ? target : str_concat(arena, base, target);
    StrList steps = str_split(arena, all, '/'), kept = { steps.items, 0 };

    for (size_t i = 0; i < steps.len; i++) {
        if (str_eq(steps.items[i], S("..")))
            kept.len -= kept.len > 0 ? 1 : 0;
        else if (steps.items[i].len > 0 && !str_eq(steps.items[i], S(".")))
            kept.items[kept.len++] = steps.items[i];
    }
    return str_join(arena, kept, S("/"));
}

static Err relation_start(void *user, const DocxTag *tag) {
    Relations *relations = user;
    DocxRelation *relation;

    if (!docx_is(tag, DNS_RELS, "Relationship"))
        return OK;
    relation = arena_alloc(relations->arena, sizeof *relation);
    relation->type = after_last(docx_attribute(tag, "Type"), '/');
    relation->is_external = str_eq(docx_attribute(tag, "TargetMode"), S("External"));
    relation->target = docx_attribute(tag, "Target");
    if (!relation->is_external)
        relation->target = part_name(relations->arena, relations->base, relation->target);
    map_set(&relations->map, docx_attribute(tag, "Id"), relation);
    return OK;
}

Err docx_relations(Arena *arena, Str xml, Str base, Map *ret) {
    static const DocxSax sax = { relation_start, ignore_end, NULL };
    Relations relations = { arena, base, map_new(arena) };

    TRY(docx_xml(arena, xml, &sax, &relations));
    *ret = relations.map;
    return OK;
}

/* ---- formats ---- */

void docx_format(const char *name, Str value, unsigned *format, unsigned *said) {
    static const struct {
        const char *name;
        unsigned bit;
    } list[] = { { "b", FORMAT_BOLD },          { "i", FORMAT_ITALIC },
                 { "u", FORMAT_UNDERLINE },     { "strike", FORMAT_STRUCK },
                 { "dstrike", FORMAT_STRUCK },  { "vanish", FORMAT_HIDDEN },
                 { "vertAlign", FORMAT_RAISED } };
    bool is_off = str_eq(value, S("0")) || str_eq(value, S("false")) || str_eq(value, S("off")) ||
                  str_eq(value, S("none"));

    for (size_t i = 0; i < COUNT_OF(list); i++) {
        unsigned bit = list[i].bit;

        if (strcmp(list[i].name, name) != 0)
            continue;
        if (bit == FORMAT_RAISED) {
            *said |= FORMAT_RAISED | FORMAT_LOWERED;
            *format &= ~(unsigned)(FORMAT_RAISED | FORMAT_LOWERED);
            is_off = true;
            if (str_eq(value, S("superscript")))
                *format |= FORMAT_RAISED;
            if (str_eq(value, S("subscript")))
                *format |= FORMAT_LOWERED;
            return;
        }
        *said |= bit;
        *format = is_off ? *format & ~bit : *format | bit;
    }
}

/* ---- styles ---- */

typedef struct Styles {
    DocxBook *book;
    DocxStyle *style; /* the one that is open */
} Styles;

static Err style_start(void *user, const DocxTag *tag) {
    Styles *styles = user;
    DocxStyle *style = styles->style;
    Str value = docx_attribute(tag, "val");

    if (docx_is(tag, DNS_W, "style")) {
        style = styles->style = arena_alloc(styles->book->arena, sizeof *style);
        style->id = docx_attribute(tag, "styleId");
        style->outline = DOCX_NO_LEVEL;
        map_set(&styles->book->styles, style->id, style);
    } else if (!style || tag->ns != DNS_W) {
        return OK;
    } else if (strcmp(tag->name, "name") == 0) {
        style->name = str_lower_ascii(styles->book->arena, value);
    } else if (strcmp(tag->name, "basedOn") == 0) {
        style->base = value;
    } else if (strcmp(tag->name, "outlineLvl") == 0) {
        int64_t level = docx_number(value, DOCX_NO_LEVEL);
        style->outline = level >= 0 && level < DOCX_LEVELS ? (int)level : DOCX_NO_LEVEL;
    } else if (strcmp(tag->name, "numId") == 0) {
        style->num_id = value;
    } else if (strcmp(tag->name, "ilvl") == 0) {
        int64_t level = docx_number(value, 0);
        style->level = level >= 0 && level < DOCX_LEVELS ? (int)level : 0;
    } else {
        docx_format(tag->name, value, &style->format, &style->format_said);
    }
    return OK;
}

static Err style_end(void *user, const DocxTag *tag) {
    Styles *styles = user;

    if (docx_is(tag, DNS_W, "style"))
        styles->style = NULL;
    return OK;
}

Err docx_styles(DocxBook *book, Str xml) {
    static const DocxSax sax = { style_start, style_end, NULL };
    Styles styles = { book, NULL };

    return docx_xml(book->arena, xml, &sax, &styles);
}

/* "heading 2": its level is in its name, whatever the style says besides. */
static int level_by_name(Str name) {
    if (str_starts(name, S("heading ")) && name.len == 9 && name.ptr[8] >= '1' &&
        name.ptr[8] <= '9')
        return name.ptr[8] - '1';
    return DOCX_NO_LEVEL;
}

DocxStyle docx_style(const DocxBook *book, Str id) {
    const DocxStyle *style = id.len ? map_get(&book->styles, id) : NULL;
    DocxStyle all = { .id = id, .outline = DOCX_NO_LEVEL };

    for (int depth = 0; style && depth < DOCX_BASES; depth++) {
        unsigned more = style->format_said & ~all.format_said;

        if (depth == 0)
            all.name = style->name;
        if (all.outline == DOCX_NO_LEVEL)
            all.outline = style->outline;
        if (all.outline == DOCX_NO_LEVEL)
            all.outline = level_by_name(style->name);
        if (!all.num_id.len) {
            all.num_id = style->num_id;
            all.level = style->level;
        }
        all.format |= style->format & more;
        all.format_said |= more;
        style = style->base.len ? map_get(&book->styles, style->base) : NULL;
    }
    return all;
}

/* ---- numbering ---- */

typedef struct Numbering {
    DocxBook *book;
    DocxAbstract *abstract; /* the one that is open */
    DocxLevel *level;
    Str num_id; /* of the open w:num */
} Numbering;

static Err number_start(void *user, const DocxTag *tag) {
    Numbering *n = user;
    Str value = docx_attribute(tag, "val");

    if (tag->ns != DNS_W)
        return OK;
    if (strcmp(tag->name, "abstractNum") == 0) {
        n->abstract = arena_alloc(n->book->arena, sizeof *n->abstract);
        map_set(&n->book->abstracts, docx_attribute(tag, "abstractNumId"), n->abstract);
    } else if (strcmp(tag->name, "num") == 0) {
        n->num_id = docx_attribute(tag, "numId");
        n->abstract = NULL;
    } else if (strcmp(tag->name, "abstractNumId") == 0 && n->num_id.len) {
        n->abstract = map_get(&n->book->abstracts, value);
        if (n->abstract)
            map_set(&n->book->numbers, n->num_id, n->abstract);
    } else if (strcmp(tag->name, "lvlOverride") == 0 && n->abstract && n->num_id.len) {
        /* a list of its own, counting by itself */
        DocxAbstract *own = arena_alloc(n->book->arena, sizeof *own);
        *own = *n->abstract;
        n->abstract = own;
        map_set(&n->book->numbers, n->num_id, own);
        int64_t at = docx_number(docx_attribute(tag, "ilvl"), -1);
        n->level = at >= 0 && at < DOCX_LEVELS ? &own->levels[at] : NULL;
    } else if (strcmp(tag->name, "lvl") == 0 && n->abstract) {
        int64_t at = docx_number(docx_attribute(tag, "ilvl"), -1);
        n->level = at >= 0 && at < DOCX_LEVELS ? &n->abstract->levels[at] : NULL;
        if (n->level)
            *n->level = (DocxLevel){ .is_said = true, .is_ordered = true, .start = 1 };
    } else if (!n->level) {
        return OK;
    } else if (strcmp(tag->name, "start") == 0 || strcmp(tag->name, "startOverride") == 0) {
        int64_t start = docx_number(value, 1);
        n->level->start = start >= 0 && start < 32000 ? start : 1;
    } else if (strcmp(tag->name, "numFmt") == 0) {
        n->level->is_ordered = !str_eq(value, S("bullet")) && !str_eq(value, S("none"));
        n->level->type = str_eq(value, S("lowerLetter"))   ? S("a")
                         : str_eq(value, S("upperLetter")) ? S("A")
                         : str_eq(value, S("lowerRoman"))  ? S("i")
                         : str_eq(value, S("upperRoman"))  ? S("I")
                                                           : STR_EMPTY;
    }
    return OK;
}

static Err number_end(void *user, const DocxTag *tag) {
    Numbering *n = user;

    if (docx_is(tag, DNS_W, "lvl") || docx_is(tag, DNS_W, "lvlOverride"))
        n->level = NULL;
    if (docx_is(tag, DNS_W, "num"))
        n->num_id = STR_EMPTY;
    return OK;
}

Err docx_numbering(DocxBook *book, Str xml) {
    static const DocxSax sax = { number_start, number_end, NULL };
    Numbering numbering = { .book = book };

    return docx_xml(book->arena, xml, &sax, &numbering);
}
