/* text/docx_flow.c - paragraphs of a Word file become HTML blocks: headings, lists, quotes, figures, tables. */
#include "text/docx_flow.h"

#include "text/html_tags.h"

DocxFlow *docx_flow(Arena *arena, DocxFlow *outer) {
    DocxFlow *flow = arena_alloc(arena, sizeof *flow);

    *flow = (DocxFlow){ .outer = outer,
                        .arena = arena,
                        .out = buf_new(arena, SIZE_MAX),
                        .words = buf_new(arena, SIZE_MAX),
                        .after = buf_new(arena, SIZE_MAX),
                        .paragraph = { .outline = DOCX_NO_LEVEL } };
    return flow;
}

/* ---- inside of a paragraph ---- */

static const struct {
    unsigned bit;
    const char *tag;
} format_tags[] = {
    { FORMAT_BOLD, "strong" }, { FORMAT_ITALIC, "em" },  { FORMAT_UNDERLINE, "u" },
    { FORMAT_STRUCK, "s" },    { FORMAT_RAISED, "sup" }, { FORMAT_LOWERED, "sub" }
};

static void close_formats(DocxFlow *flow) {
    for (size_t i = COUNT_OF(format_tags); i-- > 0;)
        if (flow->open & format_tags[i].bit)
            buf_add_format(&flow->words, "</%s>", format_tags[i].tag);
    flow->open = 0;
    if (flow->open_link.len)
        buf_add(&flow->words, S("</a>"));
    flow->open_link = STR_EMPTY;
}

static void to_format(DocxFlow *flow, unsigned format, Str link) {
    if (link.len)
        format &= ~(unsigned)FORMAT_UNDERLINE; /* the look of links is the page's */
    if (flow->open == format && str_eq(flow->open_link, link))
        return;
    close_formats(flow);
    if (link.len) {
        buf_add(&flow->words, S("<a href=\""));
        html_tag_escape(&flow->words, link, true);
        buf_add(&flow->words, S("\">"));
    }
    for (size_t i = 0; i < COUNT_OF(format_tags); i++)
        if (format & format_tags[i].bit)
            buf_add_format(&flow->words, "<%s>", format_tags[i].tag);
    flow->open = format;
    flow->open_link = link;
}

void docx_flow_text(DocxFlow *flow, Str text, unsigned format, Str link) {
    to_format(flow, format & ~(unsigned)FORMAT_HIDDEN, link);
    html_tag_escape(&flow->words, text, false);
    flow->text_bytes += str_trim(text).len;
}

void docx_flow_html(DocxFlow *flow, Str html, bool is_picture) {
    to_format(flow, 0, is_picture ? flow->open_link : STR_EMPTY);
    buf_add(&flow->words, html);
    flow->pictures += is_picture ? 1 : 0;
    flow->text_bytes += is_picture ? 0 : 1;
}

/* ---- blocks ---- */

static void close_lists(DocxFlow *flow, size_t depth) {
    while (flow->depth > depth) {
        flow->depth--;
        buf_add(&flow->out,
                flow->lists[flow->depth].is_ordered ? S("</li></ol>") : S("</li></ul>"));
    }
}

static void close_quote(DocxFlow *flow) {
    if (flow->is_in_quote)
        buf_add(&flow->out, S("</blockquote>"));
    flow->is_in_quote = false;
}

static void close_figure(DocxFlow *flow) {
    if (flow->is_in_figure)
        buf_add(&flow->out, S("</figure>"));
    flow->is_in_figure = false;
}

static void close_all(DocxFlow *flow) {
    close_figure(flow);
    close_lists(flow, 0);
    close_quote(flow);
}

/* Opens the list of that level; it goes on counting where an earlier part of the same list ended. */
static void open_list(DocxFlow *flow, DocxAbstract *abstract, size_t level) {
    const DocxLevel *as = &abstract->levels[level];

    flow->lists[flow->depth].is_ordered = as->is_ordered;
    flow->lists[flow->depth].abstract = abstract;
    flow->depth++;
    if (!as->is_ordered) {
        buf_add(&flow->out, S("<ul>"));
        return;
    }
    int64_t start = as->start + abstract->counters[level];
    buf_add(&flow->out, S("<ol"));
    if (start != 1)
        buf_add_format(&flow->out, " start=\"%lld\"", (long long)start);
    if (as->type.len)
        buf_add_format(&flow->out, " type=\"%.*s\"", STR_ARG(as->type));
    buf_add_char(&flow->out, '>');
}

static void add_item(DocxFlow *flow, DocxAbstract *abstract, size_t level, Str words) {
    close_quote(flow);
    close_figure(flow);
    close_lists(flow, level + 1);
    if (flow->depth > 0 && flow->lists[0].abstract != abstract)
        close_lists(flow, flow->depth == level + 1 || level == 0 ? 0 : flow->depth);
    if (flow->depth == level + 1) {
        if (flow->lists[level].is_ordered == abstract->levels[level].is_ordered)
            buf_add(&flow->out, S("</li>"));
        else
            close_lists(flow, level);
    }
    while (flow->depth < level + 1) {
        bool is_between =
            flow->depth < level; /* a level that was skipped holds only the next one */

        open_list(flow, abstract, flow->depth);
        if (is_between)
            buf_add(&flow->out, S("<li>"));
    }
    abstract->counters[level]++;
    for (size_t i = level + 1; i < DOCX_LEVELS; i++)
        abstract->counters[i] = 0;
    buf_add(&flow->out, S("<li>"));
    buf_add(&flow->out, words);
    buf_add(&flow->out, buf_str(&flow->after));
}

static void add_block(DocxFlow *flow, const char *tag, Str words) {
    buf_add_format(&flow->out, "<%s>", tag);
    buf_add(&flow->out, words);
    buf_add_format(&flow->out, "</%s>", tag);
}

static bool is_quote(const DocxStyle *style) {
    static const Str names[] = { S_INIT("quote"), S_INIT("intense quote"), S_INIT("block text"),
                                 S_INIT("quotations") };

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(style->name, names[i]))
            return true;
    return false;
}

bool docx_style_is_contents(const DocxStyle *style) {
    return (str_starts(style->name, S("toc ")) && !str_eq(style->name, S("toc heading"))) ||
           str_starts(style->name, S("contents "));
}

static DocxAbstract *list_of(const DocxFlow *flow, const DocxBook *book, const DocxStyle *style,
                             size_t *ret_level) {
    bool is_own = flow->paragraph.num_id.len > 0;
    Str num_id = is_own ? flow->paragraph.num_id : style->num_id;
    int level = is_own ? flow->paragraph.level : style->level;

    *ret_level = (size_t)(level >= 0 && level < DOCX_LEVELS ? level : 0);
    return num_id.len && !str_eq(num_id, S("0")) ? map_get(&book->numbers, num_id) : NULL;
}

/* Pictures alone, with the caption that may follow. */
static void add_figure(DocxFlow *flow, Str words) {
    close_all(flow);
    buf_add(&flow->out, S("<figure>"));
    buf_add(&flow->out, words);
    flow->is_in_figure = true;
}

static void add_words(DocxFlow *flow, const DocxStyle *style, Str words) {
    if (flow->is_in_figure && str_starts(style->name, S("caption"))) {
        add_block(flow, "figcaption", words);
        close_figure(flow);
        return;
    }
    close_figure(flow);
    close_lists(flow, 0);
    if (is_quote(style) != flow->is_in_quote) {
        close_quote(flow);
        flow->is_in_quote = is_quote(style);
        if (flow->is_in_quote)
            buf_add(&flow->out, S("<blockquote>"));
    }
    add_block(flow, "p", words);
}

static void begin_next(DocxFlow *flow) {
    buf_truncate(&flow->words, 0);
    buf_truncate(&flow->after, 0);
    flow->pictures = flow->text_bytes = 0;
    flow->paragraph = (DocxParagraph){ .outline = DOCX_NO_LEVEL };
}

void docx_flow_paragraph(DocxFlow *flow, const DocxBook *book, Str *title, int64_t *lost) {
    static const char *const headings[] = { "h2", "h3", "h4", "h5", "h6" };
    DocxStyle style = docx_style(book, flow->paragraph.style_id);
    int outline =
        flow->paragraph.outline != DOCX_NO_LEVEL ? flow->paragraph.outline : style.outline;
    size_t level;
    DocxAbstract *list = list_of(flow, book, &style, &level);
    bool has_after = flow->after.len > 0;

    if (flow->paragraph.is_mark_deleted && flow->text_bytes + flow->pictures > 0) {
        flow->paragraph = (DocxParagraph){ .outline = DOCX_NO_LEVEL };
        return; /* its words open the next one, whose properties hold for both */
    }
    close_formats(flow);
    Str words = str_trim(buf_str(&flow->words));
    if (docx_style_is_contents(&style) || flow->text_bytes + flow->pictures == 0) {
        lost[LOST_CONTENTS] += docx_style_is_contents(&style) && flow->text_bytes > 0 ? 1 : 0;
    } else if (title && title->len == 0 && !flow->pictures && str_eq(style.name, S("title"))) {
        *title = str_dup(flow->arena, words);
    } else if (outline >= 0) {
        close_all(flow);
        lost[LOST_NUMBERS] += list ? 1 : 0;
        add_block(flow, headings[outline < 4 ? outline : 4], words);
    } else if (list) {
        add_item(flow, list, level, words);
        has_after = false;
    } else if (flow->text_bytes == 0) {
        add_figure(flow, words);
    } else {
        add_words(flow, &style, words);
    }
    if (has_after) {
        close_all(flow);
        buf_add(&flow->out, buf_str(&flow->after));
    }
    begin_next(flow);
}

Str docx_flow_end(DocxFlow *flow) {
    if (flow->words.len > 0) { /* a last paragraph whose mark was deleted */
        close_formats(flow);
        close_all(flow);
        add_block(flow, "p", str_trim(buf_str(&flow->words)));
    }
    close_all(flow);
    return buf_str(&flow->out);
}

Str docx_flow_bare(Str html) {
    bool is_one = str_starts(html, S("<p>")) && str_ends(html, S("</p>")) &&
                  str_find(html, S("<p>"), 3) == SIZE_MAX &&
                  str_find(html, S("</p>"), 0) == html.len - 4;

    return is_one ? str_slice(html, 3, html.len - 4) : html;
}

/* ---- tables ---- */

/* How many rows the cell reaches down: those below that say they continue it. */
static size_t reach_of(const DocxTable *table, size_t row, const DocxCell *cell) {
    size_t reach = 1;

    for (size_t r = row + 1; cell->starts_merge && r < table->rows.len; r++) {
        const DocxRow *below = &table->rows.items[r];
        bool is_continued = false;

        for (size_t c = 0; c < below->cells.len; c++)
            is_continued = is_continued || (below->cells.items[c].is_continued &&
                                            below->cells.items[c].column == cell->column);
        if (!is_continued)
            break;
        reach++;
    }
    return reach;
}

static void write_row(Buf *out, const DocxTable *table, size_t r) {
    const DocxRow *row = &table->rows.items[r];
    const char *tag = row->is_header ? "th" : "td";

    buf_add(out, S("<tr>"));
    for (size_t c = 0; c < row->cells.len; c++) {
        const DocxCell *cell = &row->cells.items[c];
        size_t reach = reach_of(table, r, cell);

        if (cell->is_continued)
            continue;
        buf_add_format(out, "<%s", tag);
        if (cell->span > 1)
            buf_add_format(out, " colspan=\"%lld\"", (long long)cell->span);
        if (reach > 1)
            buf_add_format(out, " rowspan=\"%zu\"", reach);
        buf_add_char(out, '>');
        buf_add(out, docx_flow_bare(cell->html));
        buf_add_format(out, "</%s>", tag);
    }
    buf_add(out, S("</tr>"));
}

void docx_flow_table(DocxFlow *flow) {
    DocxTable *table = flow->table;
    size_t r = 0, kept = 0;

    flow->table = table->outer;
    close_all(flow);
    for (size_t i = 0; i < table->rows.len; i++)
        if (!table->rows.items[i].is_deleted)
            table->rows.items[kept++] = table->rows.items[i];
    table->rows.len = kept;
    if (kept == 0)
        return;
    buf_add(&flow->out, S("<table>"));
    for (; r < kept && table->rows.items[r].is_header; r++) {
        buf_add(&flow->out, r == 0 ? S("<thead>") : STR_EMPTY);
        write_row(&flow->out, table, r);
    }
    buf_add(&flow->out, r > 0 ? S("</thead>") : STR_EMPTY);
    buf_add(&flow->out, r < kept ? S("<tbody>") : STR_EMPTY);
    for (size_t body = r; body < kept; body++) {
        table->rows.items[body].is_header = false;
        write_row(&flow->out, table, body);
    }
    buf_add(&flow->out, r < kept ? S("</tbody></table>") : S("</table>"));
}
