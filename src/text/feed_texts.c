/* text/feed_texts.c - what the elements of feeds that hold text do: titles, leads, content, rights. */
#include "text/feed_reader.h"

#include "text/html_text.h"

/* Without a type Atom's texts are plain, those of others are what they look like. */
static FeedForm form_of(FeedReader *reader, FeedFrame *frame, FeedForm without, Str *text) {
    return feed_text_form(reader, frame, reader->is_atom ? FORM_PLAIN : without, text);
}

static FeedText read_text(FeedReader *reader, FeedFrame *frame, FeedForm without, Str text);

/*
 * The div around XHTML of Atom 1.0 is no part of it (RFC 4287, 3.1.1.3); text is the trimmed tail of
 * the reader's.
 */
static Str without_div(FeedReader *reader, const FeedFrame *frame, Str text) {
    const char *end;

    if (!reader->is_atom || strcmp(reader->feed->version, "atom10") != 0 || frame->children != 1 ||
        frame->div_to == 0)
        return text;
    end = reader->text.ptr + frame->div_to;
    if (text.ptr + text.len != end + S("</div>").len)
        return text; /* more stands behind it */
    return str_trim(str_slice(buf_str(&reader->text), frame->div_from, frame->div_to));
}

static FeedText read_text(FeedReader *reader, FeedFrame *frame, FeedForm without, Str text) {
    FeedForm form;

    text = without_div(reader, frame, text);
    form = form_of(reader, frame, without, &text);
    return feed_text(reader, text, form, frame->base);
}

void feed_end_title(FeedReader *reader, FeedFrame *frame, Str text) {
    FeedCommon *node = frame->node;

    if (text.len == 0 || (node->title.text.len > 0 && !(*frame->marks & WEAK_TITLE)))
        return;
    node->title = read_text(reader, frame, FORM_GUESS, text);
    *frame->marks &= ~(unsigned)WEAK_TITLE;
}

void feed_end_weak_title(FeedReader *reader, FeedFrame *frame, Str text) {
    if (text.len == 0 || frame->node->title.text.len > 0)
        return;
    frame->node->title = read_text(reader, frame, FORM_GUESS, text);
    *frame->marks |= WEAK_TITLE;
}

/* Strong texts take the place of weak ones. */
static void give_summary(FeedFrame *frame, FeedText summary, bool is_weak) {
    bool has_one = frame->node->summary.text.len > 0 || frame->node->summary.html.len > 0;

    if (has_one && (is_weak || !(*frame->marks & WEAK_SUMMARY)))
        return;
    frame->node->summary = summary;
    *frame->marks =
        is_weak ? *frame->marks | WEAK_SUMMARY : *frame->marks & ~(unsigned)WEAK_SUMMARY;
}

void feed_end_summary(FeedReader *reader, FeedFrame *frame, Str text) {
    if (text.len > 0)
        give_summary(frame, read_text(reader, frame, FORM_GUESS, text), false);
}

void feed_end_weak_summary(FeedReader *reader, FeedFrame *frame, Str text) {
    bool has_one = frame->node->summary.text.len > 0;

    if (text.len > 0 && !has_one)
        give_summary(frame, read_text(reader, frame, FORM_GUESS, text), true);
}

/* A text in a language of its own tells the item's. */
static void give_language(FeedReader *reader, FeedFrame *frame) {
    FeedCommon *node = &frame->item->common;

    if (frame->lang.len == 0 || str_eq(frame->lang, reader->feed->common.language) ||
        (node->language.len > 0 && !(*frame->marks & WEAK_LANGUAGE)))
        return;
    node->language = frame->lang;
    *frame->marks |= WEAK_LANGUAGE;
}

/* Clean HTML as a summary. */
static FeedText as_text(FeedReader *reader, Str html) {
    FeedText made = { .text = html_text(reader->arena, html) };

    if (str_find_char(html, '<', 0) != SIZE_MAX)
        made.html = html;
    return made;
}

/* RSS: the item's content, until something richer comes; then it was the summary. */
void feed_end_description(FeedReader *reader, FeedFrame *frame, Str text) {
    FeedItem *item = frame->item;

    if (text.len == 0)
        return;
    if (!item) { /* of a feed */
        give_summary(frame, read_text(reader, frame, FORM_HTML, text), false);
        return;
    }
    if (item->content_html.len > 0) {
        give_summary(frame, read_text(reader, frame, FORM_HTML, text), false);
        return;
    }
    FeedForm form = form_of(reader, frame, FORM_HTML, &text);
    item->content_html = feed_text_html(reader, text, form, frame->base);
    *frame->marks |= WEAK_CONTENT;
}

void feed_end_content(FeedReader *reader, FeedFrame *frame, Str text) {
    FeedItem *item = frame->item;
    Str src = feed_field_attribute(frame, "src");

    if (src.len > 0) /* RFC 4287, 4.1.3.2: it lies elsewhere */
        feed_field_attachment(reader, item,
                              (FeedAttachment){ .url = feed_field_url(reader, frame, src),
                                                .mime_type = feed_field_attribute(frame, "type"),
                                                .size_bytes = -1,
                                                .duration_s = -1 });
    if (text.len == 0)
        return;
    if (item->content_html.len > 0 && !(*frame->marks & WEAK_CONTENT))
        return; /* the first one counts */
    if (item->content_html.len > 0)
        give_summary(frame, as_text(reader, item->content_html), false);
    *frame->marks &= ~(unsigned)WEAK_CONTENT;
    text = without_div(reader, frame, text);
    FeedForm form = form_of(reader, frame, FORM_HTML, &text);
    if (form == FORM_PLAIN)
        item->content_text = str_dup(reader->arena, text);
    item->content_html = feed_text_html(reader, text, form, frame->base);
    give_language(reader, frame);
}

/* rights and info. */
void feed_end_common_text(FeedReader *reader, FeedFrame *frame, Str text) {
    FeedText *field = (FeedText *)(void *)((char *)frame->node + frame->rule->field);

    if (text.len > 0 && field->text.len == 0)
        *field = read_text(reader, frame, FORM_GUESS, text);
}
