/* text/html_print.c - prints elements so that HTML5 parsers keep them as they are (HTML5, 13.2.6). */
#include "text/html_print.h"

#include <assert.h>

HtmlPrinter html_printer(Arena *work, Arena *scratch, const HtmlProfile *profile, Str base_url,
                         size_t limit_bytes) {
    return (HtmlPrinter){ .out = buf_new(work, limit_bytes),
                          .attributes = buf_new(work, limit_bytes),
                          .scratch = scratch,
                          .profile = profile,
                          .base_url = base_url,
                          .open = arena_array(work, HTML_CLEAN_DEPTH, sizeof(HtmlOpen)) };
}

static HtmlRole role_at(const HtmlPrinter *printer, size_t index) {
    return printer->open[index].tag->role;
}

/* The role of the innermost open element; HTML_BLOCK outside of all. */
static HtmlRole top_role(const HtmlPrinter *printer) {
    return printer->depth > 0 ? role_at(printer, printer->depth - 1) : HTML_BLOCK;
}

static void close_to(HtmlPrinter *printer, size_t depth) {
    while (printer->depth > depth) {
        const HtmlTag *tag = printer->open[--printer->depth].tag;

        buf_add(&printer->out, S("</"));
        buf_add(&printer->out, str_from_c(html_tag_name(tag)));
        buf_add_char(&printer->out, '>');
        printer->is_after_pre = false;
    }
}

static void print_tag(HtmlPrinter *printer, const HtmlTag *tag, Str attributes) {
    buf_add_char(&printer->out, '<');
    buf_add(&printer->out, str_from_c(html_tag_name(tag)));
    buf_add(&printer->out, attributes);
    buf_add_char(&printer->out, '>');
    printer->is_after_pre = tag->role == HTML_PRE;
}

static HtmlPrinted open_tag(HtmlPrinter *printer, const HtmlTag *tag, Str attributes) {
    if (printer->depth == HTML_CLEAN_DEPTH) {
        printer->is_too_deep = true;
        return (HtmlPrinted){ 0 };
    }
    print_tag(printer, tag, attributes);
    printer->open[printer->depth++] = (HtmlOpen){ tag, ++printer->serial };
    return (HtmlPrinted){ printer->depth, printer->serial };
}

static void open_implied(HtmlPrinter *printer, HtmlRole role) {
    (void)open_tag(printer, html_tag_for(role), STR_EMPTY);
}

/* Inside table, section or row, where only their own kind may stand (the rest would be moved out). */
static bool is_in_table_frame(const HtmlPrinter *printer) {
    HtmlRole top = top_role(printer);

    return top == HTML_TABLE || top == HTML_SECTION || top == HTML_ROW;
}

/* Adds what is missing between the table's frame and content. */
static void enter_cell(HtmlPrinter *printer) {
    if (top_role(printer) == HTML_TABLE)
        open_implied(printer, HTML_SECTION);
    if (top_role(printer) == HTML_SECTION)
        open_implied(printer, HTML_ROW);
    if (top_role(printer) == HTML_ROW)
        open_implied(printer, HTML_CELL);
}

/* Where the walk for an open p, li, dt or dd ends. */
static bool is_cell_wall(HtmlRole role) {
    return role == HTML_TABLE || role == HTML_CELL || role == HTML_CAPTION;
}

/* HTML5: "if the stack of open elements has a p element in button scope, close a p element". */
static void close_paragraph(HtmlPrinter *printer) {
    for (size_t i = printer->depth; i > 0 && !is_cell_wall(role_at(printer, i - 1)); i--) {
        if (role_at(printer, i - 1) == HTML_PARAGRAPH) {
            close_to(printer, i - 1);
            return;
        }
    }
}

/* Elements through which HTML5 looks for an item to close: all that are not "special", and div and p. */
static bool is_seen_through(const HtmlTag *tag) {
    return tag->role < HTML_BLOCK || tag->role == HTML_PARAGRAPH ||
           strcmp(html_tag_name(tag), "div") == 0;
}

/*
 * Makes `list` (a list for items, dl for terms) the innermost open element by ending the item before;
 * false when the place is not directly in such a list.
 */
static bool enter_list(HtmlPrinter *printer, HtmlRole list, HtmlRole item) {
    for (size_t i = printer->depth; i > 0; i--) {
        HtmlRole role = role_at(printer, i - 1);

        if (role == list) {
            close_to(printer, i);
            return true;
        }
        if (role != item && !is_seen_through(printer->open[i - 1].tag))
            return false;
    }
    return false;
}

/*
 * Makes the right frame of the innermost table the innermost open element: the table itself for a
 * section or caption, a section for a row, a row for a cell. False when there is no table. Since only
 * this function lets parts of tables be printed, they always follow one another below their table.
 */
static bool enter_frame(HtmlPrinter *printer, HtmlRole role) {
    size_t table = printer->depth;

    while (table > 0 && role_at(printer, table - 1) != HTML_TABLE)
        table--;
    if (table == 0)
        return false;
    if (role == HTML_SECTION || role == HTML_CAPTION) {
        close_to(printer, table);
        return true;
    }
    bool is_section = printer->depth > table && role_at(printer, table) == HTML_SECTION;
    bool is_row = is_section && printer->depth > table + 1;
    close_to(printer, table + (is_section ? 1 : 0) + (is_row && role == HTML_CELL ? 1 : 0));
    if (top_role(printer) == HTML_TABLE)
        open_implied(printer, HTML_SECTION);
    if (role == HTML_CELL && top_role(printer) == HTML_SECTION)
        open_implied(printer, HTML_ROW);
    return true;
}

static bool is_inside(const HtmlPrinter *printer, HtmlRole role) {
    for (size_t i = 0; i < printer->depth; i++) {
        if (role_at(printer, i) == role)
            return true;
    }
    return false;
}

/* Prepares the place for something inline; NULL when it must do without its tags. */
static const HtmlTag *place_inline(HtmlPrinter *printer, const HtmlTag *tag) {
    if (tag->role == HTML_RUBY_PART) {
        if (top_role(printer) == HTML_RUBY_PART)
            close_to(printer, printer->depth - 1);
        return top_role(printer) == HTML_RUBY ? tag : NULL;
    }
    if (is_in_table_frame(printer))
        enter_cell(printer);
    /* Even across cells, where HTML5 would allow it: no link in a link. */
    return tag->role == HTML_LINK && is_inside(printer, HTML_LINK) ? NULL : tag;
}

/* Prepares the place for a block, whose name it may have to change. */
static const HtmlTag *place_block(HtmlPrinter *printer, const HtmlTag *tag) {
    bool has_place = tag->role == HTML_ITEM      ? enter_list(printer, HTML_LIST, HTML_ITEM)
                     : tag->role == HTML_TERM    ? enter_list(printer, HTML_TERMS, HTML_TERM)
                     : tag->role >= HTML_CAPTION ? enter_frame(printer, tag->role)
                                                 : false;

    if (has_place)
        return tag;
    /* An item without list or a cell without table could end one of the page around the fragment. */
    if (tag->role == HTML_ITEM || tag->role == HTML_TERM || tag->role >= HTML_CAPTION)
        tag = html_tag_div();
    if (is_in_table_frame(printer))
        enter_cell(printer);
    close_paragraph(printer);
    if (tag->role == HTML_HEADING && top_role(printer) == HTML_HEADING)
        close_to(printer, printer->depth - 1);
    return tag;
}

static bool is_void(HtmlRole role) {
    return role == HTML_BREAK || role == HTML_IMAGE || role == HTML_CHECKBOX || role == HTML_RULE;
}

HtmlPrinted html_print_start(HtmlPrinter *printer, const HtmlTag *tag,
                             const unsigned char **attributes) {
    assert(tag->role > HTML_UNWRAP);
    buf_truncate(&printer->attributes, 0);
    arena_reset(printer->scratch, (size_t)1 << 16);
    if (!html_tag_attributes(&printer->attributes, printer->scratch, tag, attributes,
                             printer->profile, printer->base_url))
        return (HtmlPrinted){ 0 };

    const HtmlTag *placed =
        html_tag_is_block(tag) ? place_block(printer, tag) : place_inline(printer, tag);
    if (!placed)
        return (HtmlPrinted){ 0 };
    /* A changed name has other attributes; none is worth asking for again. */
    Str kept = placed == tag ? buf_str(&printer->attributes) : STR_EMPTY;
    if (!is_void(placed->role))
        return open_tag(printer, placed, kept);
    print_tag(printer, placed, kept);
    return (HtmlPrinted){ 0 };
}

void html_print_end(HtmlPrinter *printer, HtmlPrinted printed) {
    if (printed.depth > 0 && printed.depth <= printer->depth &&
        printer->open[printed.depth - 1].serial == printed.serial)
        close_to(printer, printed.depth - 1);
}

static bool is_blank(Str text) {
    for (size_t i = 0; i < text.len; i++) {
        if (!strchr(" \t\n\r\f", text.ptr[i]))
            return false;
    }
    return true;
}

void html_print_text(HtmlPrinter *printer, Str text) {
    if (text.len == 0)
        return;
    if (is_in_table_frame(printer) && !is_blank(text))
        enter_cell(printer);
    if (printer->is_after_pre && text.ptr[0] == '\n')
        buf_add_char(&printer->out, '\n'); /* the first one after <pre> does not count */
    html_tag_escape(&printer->out, text, false);
    printer->is_after_pre = false;
}

void html_print_finish(HtmlPrinter *printer) {
    close_to(printer, 0);
}
