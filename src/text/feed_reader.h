/* text/feed_reader.h - private to reading feeds: what the XML driver and the rules for elements share. */
#ifndef TEXT_FEED_READER_H
#define TEXT_FEED_READER_H

#include "base/map.h"
#include "base/vec.h"
#include "text/feed_mend.h"

/* Namespaces that mean something here; elements of none belong to NS_CORE. */
typedef enum FeedNs {
    NS_CORE = 1 << 0, /* RSS of all versions, CDF, what has no or an unknown default namespace */
    NS_ATOM = 1 << 1, /* 0.3 and 1.0 */
    NS_DC = 1 << 2,   /* Dublin Core, also its terms */
    NS_CONTENT = 1 << 3,
    NS_MEDIA = 1 << 4,
    NS_ITUNES = 1 << 5,
    NS_XHTML = 1 << 6,
    NS_RDF = 1 << 7,
    NS_WFW = 1 << 8,
    NS_LICENSE = 1 << 9, /* cc and creativeCommons */
    NS_ADMIN = 1 << 10,
    NS_XML = 1 << 11,
    NS_OTHER = 1 << 12
} FeedNs;

/* What an element's children tell about. */
typedef enum FeedPlace {
    IN_DOCUMENT = 1 << 8, /* outside of the root */
    IN_ROOT = 1 << 0,     /* directly in rss, RDF */
    IN_FEED = 1 << 1,
    IN_ITEM = 1 << 2,
    IN_SOURCE = 1 << 3,
    IN_IMAGE = 1 << 4,
    IN_INPUT = 1 << 5,
    IN_PERSON = 1 << 6,
    IN_NOTHING = 1 << 7 /* of an element that nobody knows */
} FeedPlace;

enum {
    IN_NODE = IN_FEED | IN_ITEM | IN_SOURCE, /* what FeedCommon describes */
    FEED_MIME_MAX = 100
};

typedef struct FeedAttribute {
    FeedNs ns;
    Str name; /* lower case */
    Str value;
} FeedAttribute;

/* What came from an element that another one may overrule. */
typedef enum FeedMark {
    WEAK_TITLE = 1 << 0,     /* from dc: or media: */
    WEAK_SUMMARY = 1 << 1,   /* from itunes: or media: */
    WEAK_CONTENT = 1 << 2,   /* from description */
    WEAK_URL = 1 << 3,       /* from guid, rdf:about, or of a type that is no page */
    WEAK_PUBLISHED = 1 << 4, /* from dc:date, as are weak updates */
    WEAK_UPDATED = 1 << 5,
    WEAK_LANGUAGE = 1 << 6 /* from xml:lang */
} FeedMark;

struct FeedRule;

/* An element that is open. */
typedef struct FeedFrame {
    const struct FeedRule *rule; /* NULL: nobody waits for its end */
    FeedPlace place;             /* of its children */
    FeedCommon *node;            /* what is told about */
    unsigned *marks;             /* of node */
    FeedItem *item;              /* the item around, or NULL */
    FeedPerson *person;          /* in IN_PERSON */
    FeedImage *image;            /* in IN_IMAGE */
    Str base, lang;
    FeedAttribute *attributes; /* of elements with a rule */
    size_t attribute_count;
    size_t text_from;        /* where its text begins in FeedReader.text */
    size_t div_from, div_to; /* inside of its first child, a div; div_to 0: there is none */
    size_t children;         /* printed as markup */
    bool is_markup;          /* children are text of this or an outer element */
    bool is_collecting;      /* characters are wanted */
    bool is_escaping;        /* characters are text among markup */
    Str tag;                 /* in markup: the name to close with; empty for void elements */
} FeedFrame;

typedef struct FeedReader {
    Arena *arena;
    Feed *feed;
    unsigned *faults;
    Err err; /* the first one; reading stops */
    void *parser;
    VEC(FeedFrame) frames;
    Buf text;            /* of all open elements, one behind the other */
    Str url;             /* where the feed is from */
    int zone_s;          /* of dates without a zone */
    const char *dialect; /* version that the root's namespaces tell, or NULL */
    bool is_atom;        /* the root is an Atom feed or entry */
    unsigned feed_marks, item_marks, source_marks; /* FeedMark of the objects at hand */
    struct {
        const void *uri; /* of libxml2's dictionary */
        FeedNs ns;
    } namespaces[8]; /* looked up before */
} FeedReader;

/* What a listed element does. */
typedef struct FeedRule {
    const char *name; /* lower case */
    unsigned ns;      /* FeedNs */
    unsigned places;  /* FeedPlace of the parent */
    void (*start)(FeedReader *reader, FeedFrame *frame);
    void (*end)(FeedReader *reader, FeedFrame *frame, Str text); /* text is trimmed, borrowed */
    size_t field;    /* offsetof of what it fills in, where rules share functions */
    bool has_markup; /* elements inside are text */
} FeedRule;

/* ---- feed_rules.c ---- */
/* The rule for an element, or NULL. name is in lower case. */
const FeedRule *feed_rule(FeedNs ns, Str name, FeedPlace place);
/* uri is NULL for a prefix that nobody declared: it means what it usually does. */
FeedNs feed_rule_namespace(const char *prefix, const char *uri);
/* "rss10", "atom10", ... for a namespace that tells the version, or NULL. */
const char *feed_rule_dialect(const char *uri);

/* ---- feed_fields.c ---- */
/* An attribute without namespace of the frame; empty when absent. */
Str feed_field_attribute(const FeedFrame *frame, const char *name);
/* One of any namespace, as rdf:resource. */
Str feed_field_attribute_ns(const FeedFrame *frame, FeedNs ns, const char *name);
/*
 * An address as the cleaner lets it stay (http, https, mailto or relative) against base, in the arena;
 * empty, with a fault, when it may not.
 */
Str feed_field_address(FeedReader *reader, Str base, Str text);
/* The same against the frame's base. */
Str feed_field_url(FeedReader *reader, const FeedFrame *frame, Str text);
bool feed_field_is_web(Str url);
/* After the last element of an item: what is told only indirectly. */
void feed_field_finish_item(FeedReader *reader, FeedItem *item);

/* Times, and what is not told. */
void feed_field_clear(FeedCommon *common);
/* One more link of the object; what its rel means for the object is done, too. */
void feed_field_link(FeedReader *reader, FeedFrame *frame, FeedLink link, bool is_weak);
void feed_field_attachment(FeedReader *reader, FeedItem *item, FeedAttachment attachment);

/* ---- what elements do: feed_objects.c, feed_fields.c, feed_texts.c ---- */
typedef void FeedStart(FeedReader *reader, FeedFrame *frame);
typedef void FeedEnd(FeedReader *reader, FeedFrame *frame, Str text);
FeedStart feed_start_rss, feed_start_rdf, feed_start_atom, feed_start_channel, feed_start_item,
    feed_start_entry_root, feed_start_source, feed_start_image, feed_start_input, feed_start_person,
    feed_start_link, feed_start_category, feed_start_cloud, feed_start_enclosure, feed_start_media,
    feed_start_picture, feed_start_resource, feed_start_generator_agent;
FeedEnd feed_end_item, feed_end_source, feed_end_person, feed_end_person_part, feed_end_title,
    feed_end_weak_title, feed_end_summary, feed_end_weak_summary, feed_end_description,
    feed_end_content, feed_end_common_text, feed_end_date, feed_end_dc_date, feed_end_link,
    feed_end_id, feed_end_category, feed_end_keywords, feed_end_language, feed_end_generator,
    feed_end_feed_line, feed_end_feed_url, feed_end_common_url, feed_end_image_line,
    feed_end_input_line, feed_end_comments, feed_end_comment_feed, feed_end_license, feed_end_block,
    feed_end_explicit, feed_end_duration, feed_end_line_person, feed_end_skip_hours,
    feed_end_skip_days;

/* ---- feed_persons.c ---- */
/* "Name (name@example.com)", "name@example.com (Name)", "Name <name@example.com>". In arena. */
FeedPerson feed_person(Arena *arena, Str text);
bool feed_person_is_empty(const FeedPerson *person);
void feed_person_add(FeedReader *reader, FeedPersons *list, FeedPerson person);

/* ---- feed_text.c ---- */
typedef enum FeedForm {
    FORM_PLAIN, /* as it is */
    FORM_HTML,
    FORM_GUESS /* HTML when it looks so */
} FeedForm;

/* raw is borrowed; the result lives in arena. */
FeedText feed_text(FeedReader *reader, Str raw, FeedForm form, Str base);
/* Clean HTML in every case: plain text is escaped. */
Str feed_text_html(FeedReader *reader, Str raw, FeedForm form, Str base);
/* What a text element with attributes type and mode holds: decoded into *text, in arena where it changes. */
FeedForm feed_text_form(FeedReader *reader, const FeedFrame *frame, FeedForm without, Str *text);

#endif
