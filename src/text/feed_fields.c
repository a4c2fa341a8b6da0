/* text/feed_fields.c - what the elements of feeds that hold one value do: dates, links, ids, categories. */
#include "text/feed_reader.h"

#include "text/feed_date.h"
#include "text/html_text.h"
#include "text/html_url.h"

void feed_field_clear(FeedCommon *common) {
    *common = (FeedCommon){ .published_ms = FEED_NO_TIME,
                            .updated_ms = FEED_NO_TIME,
                            .created_ms = FEED_NO_TIME,
                            .expired_ms = FEED_NO_TIME,
                            .itunes = { .block = -1, .explicit_language = -1 } };
}

/* ---- attributes and addresses ---- */

Str feed_field_attribute_ns(const FeedFrame *frame, FeedNs ns, const char *name) {
    for (size_t i = 0; i < frame->attribute_count; i++) {
        if (frame->attributes[i].ns == ns && str_eq(frame->attributes[i].name, str_from_c(name)))
            return str_trim(frame->attributes[i].value);
    }
    return STR_EMPTY;
}

Str feed_field_attribute(const FeedFrame *frame, const char *name) {
    return feed_field_attribute_ns(frame, NS_CORE, name);
}

Str feed_field_address(FeedReader *reader, Str base, Str text) {
    HtmlUrl url;

    if (html_url_read(reader->arena, text, HTML_URL_LINK, base, &url))
        return str_dup(reader->arena, url.text);
    *reader->faults |= FAULT_ADDRESS;
    return STR_EMPTY;
}

Str feed_field_url(FeedReader *reader, const FeedFrame *frame, Str text) {
    return feed_field_address(reader, frame->base, text);
}

bool feed_field_is_web(Str url) {
    return str_eq_nocase(str_slice(url, 0, 7), S("http://")) ||
           str_eq_nocase(str_slice(url, 0, 8), S("https://"));
}

/* ---- dates ---- */

static void set_date(FeedReader *reader, FeedFrame *frame, size_t field, Str text, FeedMark weak,
                     bool is_weak) {
    int64_t *at = (int64_t *)(void *)((char *)frame->node + field), read;

    if (*at != FEED_NO_TIME && is_weak)
        return; /* of strong ones the last counts */
    if (!feed_date(text, reader->zone_s, &read)) {
        *reader->faults |= FAULT_DATE;
        return;
    }
    *at = read;
    *frame->marks = is_weak ? *frame->marks | weak : *frame->marks & ~(unsigned)weak;
}

void feed_end_date(FeedReader *reader, FeedFrame *frame, Str text) {
    size_t field = frame->rule->field;
    FeedMark weak = field == offsetof(FeedCommon, published_ms) ? WEAK_PUBLISHED
                    : field == offsetof(FeedCommon, updated_ms) ? WEAK_UPDATED
                                                                : 0;

    if (text.len > 0)
        set_date(reader, frame, field, text, weak, false);
}

/* Dublin Core has one date for everything. */
void feed_end_dc_date(FeedReader *reader, FeedFrame *frame, Str text) {
    if (text.len == 0)
        return;
    set_date(reader, frame, offsetof(FeedCommon, updated_ms), text, WEAK_UPDATED, true);
    if (frame->item)
        set_date(reader, frame, offsetof(FeedCommon, published_ms), text, WEAK_PUBLISHED, true);
}

/* ---- links ---- */

static bool is_page_type(Str type) {
    return type.len == 0 || str_eq_nocase(type, S("text/html")) ||
           str_eq_nocase(type, S("application/xhtml+xml"));
}

static void set_url(FeedFrame *frame, Str url, bool is_weak) {
    if (frame->node->url.len > 0 && (is_weak || !(*frame->marks & WEAK_URL)))
        return;
    frame->node->url = url;
    *frame->marks = is_weak ? *frame->marks | WEAK_URL : *frame->marks & ~(unsigned)WEAK_URL;
}

static int64_t size_of(Str text) {
    int64_t size;

    return str_parse_int(text, &size) && size >= 0 ? size : -1;
}

void feed_field_attachment(FeedReader *reader, FeedItem *item, FeedAttachment attachment) {
    if (!item || attachment.url.len == 0)
        return;
    for (size_t i = 0; i < item->attachments.len; i++) {
        if (str_eq(item->attachments.items[i].url, attachment.url))
            return;
    }
    if (item->attachments.len == FEED_LIST)
        *reader->faults |= FAULT_LIST;
    else
        *VEC_PUSH(reader->arena, &item->attachments) = attachment;
}

static void add_hub(FeedReader *reader, Str url) {
    if (reader->feed->hubs.len < FEED_LIST)
        *VEC_PUSH(reader->arena, &reader->feed->hubs) = url;
}

void feed_field_link(FeedReader *reader, FeedFrame *frame, FeedLink link, bool is_weak) {
    FeedCommon *node = frame->node;
    bool is_feed = node == &reader->feed->common;

    link.href = feed_field_url(reader, frame, link.href);
    if (link.href.len == 0)
        return;
    if (str_starts(link.rel, S("http://www.iana.org/assignments/relation/")))
        link.rel =
            str_slice(link.rel, S("http://www.iana.org/assignments/relation/").len, link.rel.len);
    if (link.rel.len == 0)
        link.rel = S("alternate");
    if (node->links.len == FEED_LIST) {
        *reader->faults |= FAULT_LIST;
        return;
    }
    *VEC_PUSH(reader->arena, &node->links) = link;
    if (str_eq_nocase(link.rel, S("alternate")))
        set_url(frame, link.href, is_weak || !is_page_type(link.type));
    else if (str_eq_nocase(link.rel, S("self")) && node->feed_url.len == 0)
        node->feed_url = link.href;
    else if (str_eq_nocase(link.rel, S("hub")) && is_feed)
        add_hub(reader, link.href);
    else if (str_eq_nocase(link.rel, S("next")) && is_feed && reader->feed->next_url.len == 0)
        reader->feed->next_url = link.href;
    else if (str_eq_nocase(link.rel, S("enclosure")) && frame->place == IN_ITEM)
        feed_field_attachment(reader, frame->item,
                              (FeedAttachment){ .url = link.href,
                                                .mime_type = link.type,
                                                .title = link.title,
                                                .size_bytes = size_of(link.length),
                                                .duration_s = -1 });
}

static FeedLink link_of(const FeedFrame *frame) {
    return (FeedLink){ .href = feed_field_attribute(frame, "href"),
                       .rel = feed_field_attribute(frame, "rel"),
                       .type = feed_field_attribute(frame, "type"),
                       .hreflang = feed_field_attribute(frame, "hreflang"),
                       .title = feed_field_attribute(frame, "title"),
                       .length = feed_field_attribute(frame, "length") };
}

/* In RSS the own <link> is the page, atom:link says something beside it. */
static bool is_beside(const FeedReader *reader, const FeedFrame *frame) {
    return !reader->is_atom && (frame->rule->ns & NS_ATOM) && frame->attribute_count > 0;
}

void feed_start_link(FeedReader *reader, FeedFrame *frame) {
    FeedLink link = link_of(frame);

    if (link.href.len > 0)
        feed_field_link(reader, frame, link, is_beside(reader, frame));
}

void feed_end_link(FeedReader *reader, FeedFrame *frame, Str text) {
    FeedLink link = link_of(frame);

    if (text.len == 0 || link.href.len > 0)
        return;
    link.href = text;
    feed_field_link(reader, frame, link, false);
}

void feed_end_comment_feed(FeedReader *reader, FeedFrame *frame, Str text) {
    if (text.len > 0)
        feed_field_link(
            reader, frame,
            (FeedLink){ .href = text, .rel = S("replies"), .type = S("application/rss+xml") },
            true);
}

void feed_end_comments(FeedReader *reader, FeedFrame *frame, Str text) {
    if (text.len > 0 && frame->item->comments.len == 0)
        frame->item->comments = feed_field_url(reader, frame, text);
}

static void add_license(FeedReader *reader, FeedFrame *frame, Str url) {
    if (url.len > 0)
        feed_field_link(reader, frame, (FeedLink){ .href = url, .rel = S("license") }, true);
}

void feed_start_resource(FeedReader *reader, FeedFrame *frame) {
    add_license(reader, frame, feed_field_attribute_ns(frame, NS_RDF, "resource"));
}

void feed_end_license(FeedReader *reader, FeedFrame *frame, Str text) {
    add_license(reader, frame, text);
}

void feed_start_enclosure(FeedReader *reader, FeedFrame *frame) {
    FeedLink link = link_of(frame);

    if (link.href.len == 0)
        link.href = feed_field_attribute(frame, "url");
    link.rel = S("enclosure");
    if (link.href.len > 0)
        feed_field_link(reader, frame, link, true);
}

/* Title, text and picture that it holds serve the item where nothing better is told. */
void feed_start_media(FeedReader *reader, FeedFrame *frame) {
    Str url = feed_field_attribute(frame, "url"),
        duration = feed_field_attribute(frame, "duration");
    int64_t seconds = size_of(duration);
    bool is_image = str_eq(feed_field_attribute(frame, "medium"), S("image")) ||
                    str_starts(feed_field_attribute(frame, "type"), S("image/"));

    if (is_image)
        feed_start_picture(reader, frame);
    if (url.len > 0)
        feed_field_attachment(
            reader, frame->item,
            (FeedAttachment){ .url = feed_field_url(reader, frame, url),
                              .mime_type = feed_field_attribute(frame, "type"),
                              .size_bytes = size_of(feed_field_attribute(frame, "filesize")),
                              .duration_s = (double)seconds });
}

/* ---- ids ---- */

/* guid (field 1) and id. */
void feed_end_id(FeedReader *reader, FeedFrame *frame, Str text) {
    bool is_guid = frame->rule->field == 1;
    bool is_permalink = !str_eq_nocase(feed_field_attribute(frame, "ispermalink"), S("false"));

    if (text.len == 0 || (frame->node->id.len > 0 && !is_guid))
        return;
    frame->node->id = str_dup(reader->arena, text);
    if (frame->place == IN_ITEM)
        frame->item->has_own_id = true;
    if (!is_guid)
        return;
    frame->item->guid_is_permalink = is_permalink;
    if (is_permalink && feed_field_is_web(text))
        set_url(frame, feed_field_url(reader, frame, text), true);
}

/* ---- categories ---- */

static void add_category(FeedReader *reader, FeedCommon *node, FeedCategory category) {
    if (category.term.len == 0 && category.label.len == 0)
        return;
    for (size_t i = 0; i < node->categories.len; i++) {
        const FeedCategory *known = &node->categories.items[i];

        if (str_eq(known->term, category.term) && str_eq(known->scheme, category.scheme) &&
            str_eq(known->label, category.label))
            return;
    }
    if (node->categories.len == FEED_LIST)
        *reader->faults |= FAULT_LIST;
    else
        *VEC_PUSH(reader->arena, &node->categories) = category;
}

/* Atom's attributes; itunes:category has its name in `text` and may hold others. */
void feed_start_category(FeedReader *reader, FeedFrame *frame) {
    bool is_itunes = (frame->rule->ns & NS_ITUNES) != 0;
    FeedCategory category = { .term = feed_field_attribute(frame, is_itunes ? "text" : "term"),
                              .scheme = is_itunes ? S("http://www.itunes.com/")
                                                  : feed_field_attribute(frame, "scheme"),
                              .label = feed_field_attribute(frame, "label") };

    if (category.term.len > 0)
        add_category(reader, frame->node, category);
}

void feed_end_category(FeedReader *reader, FeedFrame *frame, Str text) {
    Str scheme = feed_field_attribute(frame, "domain");

    if (feed_field_attribute(frame, "term").len > 0)
        return;
    if (scheme.len == 0)
        scheme = feed_field_attribute(frame, "scheme");
    add_category(reader, frame->node,
                 (FeedCategory){ .term = feed_text(reader, text, FORM_GUESS, frame->base).text,
                                 .scheme = scheme,
                                 .label = feed_field_attribute(frame, "label") });
}

void feed_end_keywords(FeedReader *reader, FeedFrame *frame, Str text) {
    bool has_commas = str_find_char(text, ',', 0) != SIZE_MAX;
    Str rest = str_dup(reader->arena, text), word;

    while (str_cut(&rest, has_commas ? ',' : ' ', &word))
        add_category(reader, frame->node,
                     (FeedCategory){ .term = str_trim(word),
                                     .scheme = frame->rule->ns & NS_ITUNES
                                                   ? S("http://www.itunes.com/")
                                                   : STR_EMPTY });
}

/* ---- single lines ---- */

void feed_end_language(FeedReader *reader, FeedFrame *frame, Str text) {
    if (text.len == 0 || (frame->node->language.len > 0 && !(*frame->marks & WEAK_LANGUAGE)))
        return;
    frame->node->language =
        str_dup(reader->arena, str_replace(reader->arena, text, S("_"), S("-")));
    *frame->marks &= ~(unsigned)WEAK_LANGUAGE;
}

void feed_end_generator(FeedReader *reader, FeedFrame *frame, Str text) {
    FeedGenerator *generator = &frame->node->generator;
    Str url = feed_field_attribute(frame, "uri");

    if (generator->name.len > 0)
        return;
    if (url.len == 0)
        url = feed_field_attribute(frame, "url");
    generator->name = feed_text(reader, text, FORM_GUESS, frame->base).text;
    generator->version = feed_field_attribute(frame, "version");
    if (url.len > 0)
        generator->url = feed_field_url(reader, frame, url);
}

void feed_start_generator_agent(FeedReader *reader, FeedFrame *frame) {
    FeedGenerator *generator = &frame->node->generator;
    Str url = feed_field_attribute_ns(frame, NS_RDF, "resource");

    if (url.len == 0 || generator->name.len > 0)
        return;
    generator->name = generator->url = url;
}

void feed_end_feed_line(FeedReader *reader, FeedFrame *frame, Str text) {
    Str *line = (Str *)(void *)((char *)reader->feed + frame->rule->field);

    if (text.len > 0 && line->len == 0)
        *line = str_dup(reader->arena, text);
}

/* text is the list with its markup: what stands between tags counts. 24 is midnight, as some write it. */
void feed_end_skip_hours(FeedReader *reader, FeedFrame *frame, Str text) {
    Str piece, rest = text;

    (void)frame;
    while (str_cut(&rest, '<', &piece)) {
        size_t inner = str_find_char(piece, '>', 0);
        int64_t hour;
        if (inner != SIZE_MAX &&
            str_parse_int(str_trim(str_slice(piece, inner + 1, piece.len)), &hour) && hour >= 0 &&
            hour <= 24)
            reader->feed->skip_hours |= 1u << (hour % 24);
    }
}

void feed_end_skip_days(FeedReader *reader, FeedFrame *frame, Str text) {
    static const Str days[] = { S_INIT("Sunday"),    S_INIT("Monday"),   S_INIT("Tuesday"),
                                S_INIT("Wednesday"), S_INIT("Thursday"), S_INIT("Friday"),
                                S_INIT("Saturday") };
    Str piece, rest = text;

    (void)frame;
    while (str_cut(&rest, '<', &piece)) {
        size_t inner = str_find_char(piece, '>', 0);
        Str day = inner == SIZE_MAX ? STR_EMPTY : str_trim(str_slice(piece, inner + 1, piece.len));
        for (size_t i = 0; i < COUNT_OF(days); i++)
            if (str_eq_nocase(day, days[i]))
                reader->feed->skip_days |= 1u << i;
    }
}

void feed_end_feed_url(FeedReader *reader, FeedFrame *frame, Str text) {
    Str *line = (Str *)(void *)((char *)reader->feed + frame->rule->field);

    if (text.len > 0 && line->len == 0)
        *line = feed_field_url(reader, frame, text);
}

void feed_end_common_url(FeedReader *reader, FeedFrame *frame, Str text) {
    Str *line = (Str *)(void *)((char *)frame->node + frame->rule->field);

    if (text.len > 0 && line->len == 0)
        *line = feed_field_url(reader, frame, text);
}

void feed_start_cloud(FeedReader *reader, FeedFrame *frame) {
    Feed *feed = reader->feed;

    feed->cloud.domain = feed_field_attribute(frame, "domain");
    feed->cloud.port = feed_field_attribute(frame, "port");
    feed->cloud.path = feed_field_attribute(frame, "path");
    feed->cloud.protocol = feed_field_attribute(frame, "protocol");
    feed->cloud.procedure = feed_field_attribute(frame, "registerprocedure");
}

/* ---- itunes ---- */

void feed_end_block(FeedReader *reader, FeedFrame *frame, Str text) {
    frame->node->itunes.block = str_eq_nocase(text, S("yes"));
}

void feed_end_explicit(FeedReader *reader, FeedFrame *frame, Str text) {
    FeedItunes *itunes = &frame->node->itunes;

    if (str_eq_nocase(text, S("yes")) || str_eq_nocase(text, S("true")) ||
        str_eq_nocase(text, S("explicit")))
        itunes->explicit_language = 1;
    else if (str_eq_nocase(text, S("no")) || str_eq_nocase(text, S("false")) ||
             str_eq_nocase(text, S("clean")))
        itunes->explicit_language = 0;
}

void feed_end_duration(FeedReader *reader, FeedFrame *frame, Str text) {
    if (text.len > 0)
        frame->node->itunes.duration = str_dup(reader->arena, text);
}

/* ---- at the end ---- */

/* An id for items without one: the same words give the same id on every machine, however they are cleaned. */
static Str hash_id(Arena *arena, const FeedItem *item) {
    Str text = str_format(arena, "%.*s\n%lld\n%.*s", STR_ARG(item->common.title.text),
                          (long long)item->common.published_ms,
                          STR_ARG(html_text(arena, item->content_html)));

    return str_format(arena, "hash:%016llx", (unsigned long long)map_hash(text, 0));
}

void feed_field_finish_item(FeedReader *reader, FeedItem *item) {
    FeedCommon *common = &item->common;

    if (common->url.len == 0 && common->id.len > 0 && item->guid_is_permalink < 0 &&
        !reader->is_atom && feed_field_is_web(common->id))
        common->url = feed_field_address(reader, reader->url, common->id); /* rdf:about */
    if (common->id.len == 0)
        common->id = common->url;
    if (common->id.len == 0)
        common->id = hash_id(reader->arena, item);
}
