/* text/feed_rules.c - which elements of feeds are listened to, and where. */
#include "text/feed_reader.h"

#define FIELD(name) offsetof(FeedCommon, name)
#define LINE(name) offsetof(Feed, name)
#define PICTURE(name) offsetof(FeedImage, name)
#define PART(name) offsetof(FeedPerson, name)

enum { ANY_CORE = NS_CORE | NS_ATOM, IN_TOP = IN_DOCUMENT | IN_ROOT | IN_FEED };

/* Sorted by name: of several with the same one the first whose namespace and place fit counts. */
static const FeedRule rules[] = {
    { "abstract", NS_CORE, IN_FEED | IN_ITEM, NULL, feed_end_description, 0, true },
    { "author", ANY_CORE, IN_NODE, feed_start_person, feed_end_person, FIELD(authors), false },
    { "author", NS_DC | NS_ITUNES, IN_NODE, NULL, feed_end_line_person, FIELD(authors), false },
    { "block", NS_ITUNES, IN_NODE, NULL, feed_end_block, 0, false },
    { "body", NS_XHTML | NS_CORE, IN_ITEM, NULL, feed_end_content, 0, true },
    { "category", ANY_CORE | NS_MEDIA, IN_NODE, feed_start_category, feed_end_category, 0, false },
    { "category", NS_ITUNES, IN_NODE, feed_start_category, NULL, 0, false },
    { "channel", NS_CORE, IN_DOCUMENT | IN_ROOT, feed_start_channel, NULL, 0, false },
    { "cloud", NS_CORE, IN_FEED, feed_start_cloud, NULL, 0, false },
    { "commentrss", NS_WFW, IN_ITEM, NULL, feed_end_comment_feed, 0, false },
    { "comments", NS_CORE, IN_ITEM, NULL, feed_end_comments, 0, false },
    { "content", ANY_CORE, IN_ITEM, NULL, feed_end_content, 0, true },
    { "content", NS_MEDIA, IN_ITEM, feed_start_media, NULL, 0, false },
    { "contributor", ANY_CORE, IN_NODE, feed_start_person, feed_end_person, FIELD(contributors),
      false },
    { "contributor", NS_DC, IN_NODE, NULL, feed_end_line_person, FIELD(contributors), false },
    { "copyright", ANY_CORE | NS_MEDIA, IN_NODE, NULL, feed_end_common_text, FIELD(rights), true },
    { "created", ANY_CORE | NS_DC, IN_NODE, NULL, feed_end_date, FIELD(created_ms), false },
    { "creator", NS_DC, IN_NODE, NULL, feed_end_line_person, FIELD(authors), false },
    { "date", NS_DC, IN_NODE, NULL, feed_end_dc_date, 0, false },
    { "description", ANY_CORE, IN_IMAGE, NULL, feed_end_image_line, PICTURE(description), true },
    { "description", ANY_CORE, IN_INPUT, NULL, feed_end_input_line, LINE(text_input.description),
      true },
    { "description", NS_CORE, IN_FEED | IN_ITEM, NULL, feed_end_description, 0, true },
    { "description", NS_DC | NS_MEDIA, IN_NODE, NULL, feed_end_weak_summary, 0, true },
    { "docs", NS_CORE, IN_FEED, NULL, feed_end_feed_url, LINE(docs), false },
    { "duration", NS_ITUNES, IN_NODE, NULL, feed_end_duration, 0, false },
    { "email", ANY_CORE | NS_ITUNES, IN_PERSON, NULL, feed_end_person_part, PART(email), false },
    { "enclosure", ANY_CORE, IN_ITEM, feed_start_enclosure, NULL, 0, false },
    { "encoded", NS_CONTENT, IN_ITEM, NULL, feed_end_content, 0, true },
    { "entry", ANY_CORE, IN_DOCUMENT, feed_start_entry_root, feed_end_item, 0, false },
    { "entry", ANY_CORE, IN_FEED, feed_start_item, feed_end_item, 0, false },
    { "expirationdate", NS_CORE, IN_ITEM, NULL, feed_end_date, FIELD(expired_ms), false },
    { "explicit", NS_ITUNES, IN_NODE, NULL, feed_end_explicit, 0, false },
    { "feed", ANY_CORE, IN_DOCUMENT, feed_start_atom, NULL, 0, false },
    { "fullitem", NS_OTHER | NS_CORE, IN_ITEM, NULL, feed_end_content, 0, true },
    { "generator", ANY_CORE, IN_NODE, NULL, feed_end_generator, 0, false },
    { "generatoragent", NS_ADMIN, IN_NODE, feed_start_generator_agent, NULL, 0, false },
    { "guid", NS_CORE, IN_ITEM, NULL, feed_end_id, 1, true },
    { "height", NS_CORE, IN_IMAGE, NULL, feed_end_image_line, PICTURE(height), true },
    { "homepage", ANY_CORE, IN_PERSON, NULL, feed_end_person_part, PART(url), false },
    { "icon", ANY_CORE, IN_NODE, NULL, feed_end_common_url, FIELD(icon), false },
    { "id", ANY_CORE, IN_NODE, NULL, feed_end_id, 0, false },
    { "image", ANY_CORE, IN_TOP | IN_ITEM | IN_SOURCE, feed_start_image, NULL, 0, false },
    { "image", NS_ITUNES, IN_NODE, feed_start_picture, NULL, 0, false },
    { "info", ANY_CORE, IN_NODE, NULL, feed_end_common_text, FIELD(info), true },
    { "issued", ANY_CORE | NS_DC, IN_NODE, NULL, feed_end_date, FIELD(published_ms), false },
    { "item", ANY_CORE, IN_ROOT | IN_FEED, feed_start_item, feed_end_item, 0, false },
    { "keywords", NS_CORE | NS_ITUNES | NS_MEDIA, IN_NODE, NULL, feed_end_keywords, 0, false },
    { "language", NS_CORE | NS_DC, IN_NODE, NULL, feed_end_language, 0, false },
    { "lastbuilddate", NS_CORE, IN_FEED, NULL, feed_end_date, FIELD(updated_ms), false },
    { "lastmod", NS_CORE, IN_NODE, NULL, feed_end_date, FIELD(updated_ms), false },
    { "license", NS_LICENSE | NS_DC, IN_NODE, feed_start_resource, feed_end_license, 0, false },
    { "link", ANY_CORE, IN_IMAGE, NULL, feed_end_image_line, PICTURE(link), true },
    { "link", ANY_CORE, IN_INPUT, NULL, feed_end_input_line, LINE(text_input.link), true },
    { "link", ANY_CORE, IN_NODE, feed_start_link, feed_end_link, 0, false },
    { "logo", ANY_CORE, IN_NODE, NULL, feed_end_common_url, FIELD(logo), false },
    { "managingeditor", NS_CORE, IN_FEED, NULL, feed_end_line_person, FIELD(authors), false },
    { "modified", ANY_CORE | NS_DC, IN_NODE, NULL, feed_end_date, FIELD(updated_ms), false },
    { "name", ANY_CORE | NS_ITUNES, IN_PERSON, NULL, feed_end_person_part, PART(name), false },
    { "name", ANY_CORE, IN_INPUT, NULL, feed_end_input_line, LINE(text_input.name), true },
    { "owner", NS_ITUNES, IN_FEED, feed_start_person, feed_end_person, FIELD(publisher), false },
    { "pubdate", NS_CORE, IN_NODE, NULL, feed_end_date, FIELD(published_ms), false },
    { "published", ANY_CORE, IN_NODE, NULL, feed_end_date, FIELD(published_ms), false },
    { "publisher", NS_CORE | NS_DC, IN_NODE, NULL, feed_end_line_person, FIELD(publisher), false },
    { "rdf", NS_RDF | NS_CORE, IN_DOCUMENT, feed_start_rdf, NULL, 0, false },
    { "rights", ANY_CORE | NS_DC, IN_NODE, NULL, feed_end_common_text, FIELD(rights), true },
    { "rss", NS_CORE, IN_DOCUMENT, feed_start_rss, NULL, 0, false },
    { "skipdays", NS_CORE, IN_FEED, NULL, feed_end_skip_days, 0, true },
    { "skiphours", NS_CORE, IN_FEED, NULL, feed_end_skip_hours, 0, true },
    { "source", ANY_CORE, IN_ITEM, feed_start_source, feed_end_source, 0, false },
    { "subject", NS_DC, IN_NODE, NULL, feed_end_category, 0, false },
    { "subtitle", ANY_CORE, IN_NODE, NULL, feed_end_summary, 0, true },
    { "subtitle", NS_ITUNES, IN_NODE, NULL, feed_end_weak_summary, 0, true },
    { "summary", ANY_CORE, IN_ITEM, NULL, feed_end_summary, 0, true },
    { "summary", NS_ITUNES, IN_NODE, NULL, feed_end_weak_summary, 0, true },
    { "tagline", ANY_CORE, IN_NODE, NULL, feed_end_summary, 0, true },
    { "textinput", NS_CORE, IN_ROOT | IN_FEED, feed_start_input, NULL, 0, false },
    { "thumbnail", NS_MEDIA, IN_NODE, feed_start_picture, NULL, 0, false },
    { "title", ANY_CORE, IN_IMAGE, NULL, feed_end_image_line, PICTURE(title), true },
    { "title", ANY_CORE, IN_INPUT, NULL, feed_end_input_line, LINE(text_input.title), true },
    { "title", ANY_CORE, IN_NODE, NULL, feed_end_title, 0, true },
    { "title", NS_DC | NS_MEDIA, IN_NODE, NULL, feed_end_weak_title, 0, true },
    { "ttl", NS_CORE, IN_FEED, NULL, feed_end_feed_line, LINE(ttl), false },
    { "updated", ANY_CORE, IN_NODE, NULL, feed_end_date, FIELD(updated_ms), false },
    { "updatefrequency", NS_CORE | NS_OTHER, IN_FEED, NULL, feed_end_feed_line,
      LINE(update_frequency), false },
    { "updateperiod", NS_CORE | NS_OTHER, IN_FEED, NULL, feed_end_feed_line, LINE(update_period),
      false },
    { "uri", ANY_CORE, IN_PERSON, NULL, feed_end_person_part, PART(url), false },
    { "url", ANY_CORE, IN_IMAGE, NULL, feed_end_image_line, PICTURE(url), true },
    { "url", ANY_CORE, IN_PERSON, NULL, feed_end_person_part, PART(url), false },
    { "webmaster", NS_CORE, IN_FEED, NULL, feed_end_line_person, FIELD(publisher), false },
    { "width", NS_CORE, IN_IMAGE, NULL, feed_end_image_line, PICTURE(width), true },
};

const FeedRule *feed_rule(FeedNs ns, Str name, FeedPlace place) {
    size_t low = 0, high = COUNT_OF(rules);

    while (low < high) { /* the first rule that is not before name */
        size_t middle = low + (high - low) / 2;

        if (str_compare(str_from_c(rules[middle].name), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < COUNT_OF(rules) && str_eq(str_from_c(rules[low].name), name); low++) {
        if ((rules[low].ns & ns) && (rules[low].places & place))
            return &rules[low];
    }
    return NULL;
}

/* Compared without case and without a final slash, as people write them. */
static const struct {
    const char *uri, *prefix; /* prefix: the usual one, for feeds that forgot to declare it */
    FeedNs ns;
    const char *dialect;
} namespaces[] = {
    { "http://www.w3.org/2005/atom", "atom", NS_ATOM, "atom10" },
    { "http://purl.org/atom/ns#", NULL, NS_ATOM, "atom03" },
    { "http://purl.org/rss/1.0", NULL, NS_CORE, "rss10" },
    { "http://my.netscape.com/rdf/simple/0.9", NULL, NS_CORE, "rss090" },
    { "http://channel.netscape.com/rdf/simple/0.9", NULL, NS_CORE, "rss090" },
    { "http://purl.org/net/rss1.1#", NULL, NS_CORE, "rss11" },
    { "http://backend.userland.com/rss", NULL, NS_CORE, NULL },
    { "http://backend.userland.com/rss2", NULL, NS_CORE, NULL },
    { "http://blogs.law.harvard.edu/tech/rss", NULL, NS_CORE, NULL },
    { "http://purl.org/rss/1.0/modules/rss091#", "rss091", NS_CORE, NULL },
    { "http://example.com/newformat#", NULL, NS_CORE, NULL },
    { "http://example.com/necho", NULL, NS_CORE, NULL },
    { "http://purl.org/echo", NULL, NS_CORE, NULL },
    { "uri/of/echo/namespace#", NULL, NS_CORE, NULL },
    { "http://purl.org/pie", NULL, NS_CORE, NULL },
    { "http://purl.org/dc/elements/1.1", "dc", NS_DC, NULL },
    { "http://purl.org/dc/elements/1.0", NULL, NS_DC, NULL },
    { "http://purl.org/dc/terms", "dcterms", NS_DC, NULL },
    { "http://purl.org/rss/1.0/modules/content", "content", NS_CONTENT, NULL },
    { "http://search.yahoo.com/mrss", "media", NS_MEDIA, NULL },
    { "http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes", NS_ITUNES, NULL },
    { "http://example.com/dtds/podcast-1.0.dtd", NULL, NS_ITUNES, NULL },
    { "http://www.w3.org/1999/xhtml", "xhtml", NS_XHTML, NULL },
    { "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf", NS_RDF, NULL },
    { "http://wellformedweb.org/commentapi", "wfw", NS_WFW, NULL },
    { "http://web.resource.org/cc", "cc", NS_LICENSE, NULL },
    { "http://creativecommons.org/ns#", NULL, NS_LICENSE, NULL },
    { "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html", NULL, NS_LICENSE, NULL },
    { "http://backend.userland.com/creativecommonsrssmodule", "creativecommons", NS_LICENSE, NULL },
    { "http://webns.net/mvcb", "admin", NS_ADMIN, NULL },
    { "http://www.w3.org/xml/1998/namespace", "xml", NS_XML, NULL },
};

static Str plain_uri(const char *uri) {
    Str text = str_trim(str_from_c(uri));

    return str_ends(text, S("/")) ? str_slice(text, 0, text.len - 1) : text;
}

FeedNs feed_rule_namespace(const char *prefix, const char *uri) {
    Str text = uri ? plain_uri(uri) : STR_EMPTY;

    if (!uri && !prefix)
        return NS_CORE;
    for (size_t i = 0; i < COUNT_OF(namespaces); i++) {
        if (uri ? str_eq_nocase(text, str_from_c(namespaces[i].uri))
                : namespaces[i].prefix &&
                      str_eq_nocase(str_from_c(prefix), str_from_c(namespaces[i].prefix)))
            return namespaces[i].ns;
    }
    return NS_OTHER;
}

const char *feed_rule_dialect(const char *uri) {
    Str text = plain_uri(uri);

    for (size_t i = 0; i < COUNT_OF(namespaces); i++) {
        if (str_eq_nocase(text, str_from_c(namespaces[i].uri)))
            return namespaces[i].dialect;
    }
    return NULL;
}
