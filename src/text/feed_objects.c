/* text/feed_objects.c - the objects of feeds: channel, items, sources, pictures, people. */
#include "text/feed_reader.h"

static Str version_attribute(FeedFrame *frame) {
    return str_trim(feed_field_attribute(frame, "version"));
}

static void be(FeedReader *reader, const char *format, const char *version) {
    reader->feed->format = format;
    reader->feed->version = version;
}

void feed_start_rss(FeedReader *reader, FeedFrame *frame) {
    static const char *const known[][2] = { { "0.90", "rss090" },
                                            { "0.91", "rss091u" },
                                            { "0.92", "rss092" },
                                            { "0.93", "rss093" },
                                            { "0.94", "rss094" } };
    Str told = version_attribute(frame);
    const char *version = str_starts(told, S("2.")) || str_eq(told, S("2")) ? "rss20" : "rss";

    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (str_eq(told, str_from_c(known[i][0])))
            version = known[i][1];
    }
    be(reader, "rss", version);
    frame->place = IN_ROOT;
}

void feed_start_rdf(FeedReader *reader, FeedFrame *frame) {
    be(reader, "rdf",
       reader->dialect && strncmp(reader->dialect, "rss", 3) == 0 ? reader->dialect : "rss");
    frame->place = IN_ROOT;
}

static void be_atom(FeedReader *reader, FeedFrame *frame) {
    Str told = version_attribute(frame);
    const char *version =
        reader->dialect && strncmp(reader->dialect, "atom", 4) == 0 ? reader->dialect : "atom";

    if (str_eq(told, S("0.1")))
        version = "atom01";
    else if (str_eq(told, S("0.2")))
        version = "atom02";
    else if (str_eq(told, S("0.3")))
        version = "atom03";
    be(reader, "atom", version);
    reader->is_atom = true;
}

/* The language of the root is the feed's until an element tells another. */
static void set_language(FeedReader *reader, FeedFrame *frame) {
    if (frame->node->language.len > 0 || frame->lang.len == 0)
        return;
    frame->node->language = frame->lang;
    *frame->marks |= WEAK_LANGUAGE;
}

void feed_start_atom(FeedReader *reader, FeedFrame *frame) {
    be_atom(reader, frame);
    frame->place = IN_FEED;
    set_language(reader, frame);
}

/* Atom 1.0, 2: a document may be one entry. */
void feed_start_entry_root(FeedReader *reader, FeedFrame *frame) {
    be_atom(reader, frame);
    feed_start_item(reader, frame);
}

/* CDF tells address and date in attributes. */
static void read_cdf(FeedReader *reader, FeedFrame *frame) {
    Str href = feed_field_attribute(frame, "href"), date = feed_field_attribute(frame, "lastmod");
    FeedRule updated = { .field = offsetof(FeedCommon, updated_ms) };

    if (href.len > 0)
        feed_field_link(reader, frame, (FeedLink){ .href = href, .rel = S("alternate") }, false);
    if (date.len > 0) {
        const FeedRule *rule = frame->rule;
        frame->rule = &updated;
        feed_end_date(reader, frame, date);
        frame->rule = rule;
    }
}

void feed_start_channel(FeedReader *reader, FeedFrame *frame) {
    bool is_root = !reader->feed->format;

    if (is_root && reader->dialect && strcmp(reader->dialect, "rss11") == 0)
        be(reader, "rdf", "rss11");
    else if (is_root)
        be(reader, "cdf", "cdf");
    frame->place = IN_FEED;
    set_language(reader, frame);
    if (is_root)
        read_cdf(reader, frame);
}

/* ---- items ---- */

void feed_start_item(FeedReader *reader, FeedFrame *frame) {
    Feed *feed = reader->feed;

    if (feed->items.len == FEED_ITEMS) {
        reader->err = FAIL_ARGS(ERR_LIMIT, NULL, N_("The feed has more than {0} items."),
                                str_from_int(reader->arena, FEED_ITEMS));
        return;
    }
    FeedItem *item = VEC_PUSH(reader->arena, &feed->items);
    feed_field_clear(&item->common);
    item->guid_is_permalink = -1;
    reader->item_marks = 0;
    frame->place = IN_ITEM;
    frame->item = item; /* stays where it is until the next item */
    frame->node = &item->common;
    frame->marks = &reader->item_marks;
    Str about = feed_field_attribute_ns(frame, NS_RDF, "about");
    if (about.len > 0) {
        item->common.id = about;
        item->has_own_id = true;
    }
    if (frame->lang.len > 0 && !str_eq(frame->lang, feed->common.language)) {
        item->common.language = frame->lang;
        reader->item_marks |= WEAK_LANGUAGE;
    }
    if (strcmp(feed->format, "cdf") == 0)
        read_cdf(reader, frame);
}

void feed_end_item(FeedReader *reader, FeedFrame *frame, Str text) {
    feed_field_finish_item(reader, frame->item);
}

/* ---- sources ---- */

void feed_start_source(FeedReader *reader, FeedFrame *frame) {
    FeedItem *item = frame->item;

    if (!item->source) {
        item->source = arena_alloc(reader->arena, sizeof *item->source);
        feed_field_clear(item->source);
        reader->source_marks = 0;
    }
    frame->place = IN_SOURCE;
    frame->node = item->source;
    frame->marks = &reader->source_marks;
}

/* RSS: the title as text, the feed's address as an attribute. */
void feed_end_source(FeedReader *reader, FeedFrame *frame, Str text) {
    FeedCommon *source = frame->node;
    Str url = feed_field_attribute(frame, "url");

    if (url.len > 0 && source->feed_url.len == 0)
        source->feed_url = feed_field_url(reader, frame, url);
    if (text.len > 0 && source->title.text.len == 0)
        source->title = feed_text(reader, text, FORM_GUESS, frame->base);
}

/* ---- pictures and the text box ---- */

void feed_start_image(FeedReader *reader, FeedFrame *frame) {
    frame->place = IN_IMAGE;
    frame->image = &frame->node->image;
}

/* itunes:image and media:thumbnail. */
void feed_start_picture(FeedReader *reader, FeedFrame *frame) {
    Str url = feed_field_attribute(frame, "href");

    if (url.len == 0)
        url = feed_field_attribute(frame, "url");
    if (url.len == 0 || frame->node->image.url.len > 0)
        return;
    frame->node->image.url = feed_field_url(reader, frame, url);
    frame->node->image.width = feed_field_attribute(frame, "width");
    frame->node->image.height = feed_field_attribute(frame, "height");
}

void feed_end_image_line(FeedReader *reader, FeedFrame *frame, Str text) {
    size_t field = frame->rule->field;
    Str *line = (Str *)(void *)((char *)frame->image + field);
    bool is_url = field == offsetof(FeedImage, url) || field == offsetof(FeedImage, link);

    if (text.len > 0 && line->len == 0)
        *line = is_url ? feed_field_url(reader, frame, text)
                       : feed_text(reader, text, FORM_GUESS, frame->base).text;
}

void feed_start_input(FeedReader *reader, FeedFrame *frame) {
    frame->place = IN_INPUT;
}

void feed_end_input_line(FeedReader *reader, FeedFrame *frame, Str text) {
    Str *line = (Str *)(void *)((char *)reader->feed + frame->rule->field);

    if (text.len > 0 && line->len == 0)
        *line = line == &reader->feed->text_input.link
                    ? feed_field_url(reader, frame, text)
                    : feed_text(reader, text, FORM_GUESS, frame->base).text;
}

/* ---- people ---- */

void feed_start_person(FeedReader *reader, FeedFrame *frame) {
    frame->person = arena_alloc(reader->arena, sizeof *frame->person);
    frame->place = IN_PERSON;
}

static void give_person(FeedReader *reader, FeedFrame *frame, FeedPerson person) {
    if (frame->rule->field != offsetof(FeedCommon, publisher)) {
        feed_person_add(reader, (FeedPersons *)(void *)((char *)frame->node + frame->rule->field),
                        person);
        return;
    }
    if (feed_person_is_empty(&frame->node->publisher))
        frame->node->publisher = person;
}

void feed_end_person(FeedReader *reader, FeedFrame *frame, Str text) {
    FeedPerson person = *frame->person;

    if (person.email.len == 0 && person.url.len == 0 && person.name.len > 0) {
        FeedPerson parted = feed_person(reader->arena, person.name);
        if (parted.email.len > 0)
            person = parted;
    }
    if (feed_person_is_empty(&person) && text.len > 0)
        person = feed_person(reader->arena, feed_text(reader, text, FORM_GUESS, frame->base).text);
    give_person(reader, frame, person);
}

void feed_end_person_part(FeedReader *reader, FeedFrame *frame, Str text) {
    Str *part = (Str *)(void *)((char *)frame->person + frame->rule->field);

    if (text.len > 0 && part->len == 0)
        *part = part == &frame->person->url ? feed_field_url(reader, frame, text)
                                            : str_dup(reader->arena, text);
}

void feed_end_line_person(FeedReader *reader, FeedFrame *frame, Str text) {
    if (text.len > 0)
        give_person(
            reader, frame,
            feed_person(reader->arena, feed_text(reader, text, FORM_GUESS, frame->base).text));
}
