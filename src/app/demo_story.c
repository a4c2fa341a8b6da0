/* app/demo_story.c - reads the demo's story files into acts. */
#include "app/demo.h"
#include "base/vec.h"
#include "text/zone.h"

typedef struct Header {
    Str filed, published;
} Header;

static Err fault(Str name, Str what) {
    return FAIL_ARGS(ERR_INVALID, NULL, N_("Demo story {0}: \"{1}\" is missing or wrong."), name,
                     what);
}

static Err read_time(Str name, Str text, Str zone, int64_t *ret) {
    if (zone_parse(zone, text, ret, NULL).code != ERR_OK)
        return fault(name, text);
    return OK;
}

static StrList split_list(Arena *arena, Str text) {
    StrList list = str_split(arena, text, ';');
    size_t kept = 0;

    for (size_t i = 0; i < list.len; i++) {
        Str item = str_trim(list.items[i]);
        if (item.len)
            list.items[kept++] = item;
    }
    list.len = kept;
    return list;
}

/* "library | alt text | credit" */
static void read_picture(Arena *arena, Str text, DemoStory *story) {
    StrList parts = str_split(arena, text, '|');
    Str *into[] = { &story->picture, &story->alt, &story->credit };

    for (size_t i = 0; i < parts.len && i < COUNT_OF(into); i++)
        *into[i] = str_trim(parts.items[i]);
}

static void read_header_line(Arena *arena, Str line, DemoStory *story, Header *header) {
    Str name, value = line;
    const struct {
        Str name;
        Str *into;
    } fields[] = { { S("outlet"), &story->outlet },       { S("kind"), &story->kind },
                   { S("title"), &story->title },         { S("summary"), &story->summary },
                   { S("author"), &story->author },       { S("releaser"), &story->releaser },
                   { S("lang"), &story->lang },           { S("filed"), &header->filed },
                   { S("published"), &header->published } };

    if (!str_cut(&value, ':', &name))
        return;
    value = str_trim(value);
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (str_eq(name, fields[i].name))
            *fields[i].into = value;
    if (str_eq(name, S("picture")))
        read_picture(arena, value, story);
    if (str_eq(name, S("sources")))
        story->sources = split_list(arena, value);
    if (str_eq(name, S("tags")))
        story->tags = split_list(arena, value);
}

static DemoAct *add_act(Arena *arena, DemoActs *acts, DemoActKind kind, DemoStory *story,
                        int64_t at_ms) {
    DemoAct *act = VEC_PUSH(arena, acts);

    *act = (DemoAct){ .at_ms = at_ms,
                      .order = acts->len,
                      .kind = kind,
                      .story = story,
                      .who = story->author,
                      .releaser = story->releaser };
    return act;
}

/* "=== correction 2024-03-07T10:00 login" and the text up to the next block. */
static Err read_block(Arena *arena, Str name, Str head, Str text, Str zone, DemoStory *story,
                      DemoActs *acts) {
    static const struct {
        Str word;
        DemoActKind kind;
    } kinds[] = { { S_INIT("correction"), DEMO_CORRECT },
                  { S_INIT("version"), DEMO_REVISE },
                  { S_INIT("withdraw"), DEMO_WITHDRAW } };
    StrList words = str_split(arena, str_trim(head), ' ');
    int64_t at_ms;

    if (words.len < 3)
        return fault(name, head);
    TRY(read_time(name, words.items[1], zone, &at_ms));
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(words.items[0], kinds[i].word)) {
            DemoAct *act = add_act(arena, acts, kinds[i].kind, story, at_ms);
            act->who = words.items[2];
            act->releaser = words.len > 3 ? words.items[3] : story->releaser;
            act->text = str_trim(text);
            return OK;
        }
    return fault(name, head);
}

static size_t next_block(Str text, size_t from) {
    if (from == 0 && str_starts(text, S("=== ")))
        return 0;
    size_t at = str_find(text, S("\n=== "), from);
    return at == SIZE_MAX ? text.len : at + 1;
}

static Err read_blocks(Arena *arena, Str name, Str text, Str zone, DemoStory *story,
                       DemoActs *acts) {
    size_t at = next_block(text, 0);

    story->body = str_trim(str_slice(text, 0, at));
    while (at < text.len) {
        size_t end = next_block(text, at + 4), line = str_find_char(text, '\n', at);
        if (line == SIZE_MAX)
            return fault(name, S("==="));
        TRY(read_block(arena, name, str_slice(text, at + 4, line), str_slice(text, line, end), zone,
                       story, acts));
        at = end;
    }
    return story->body.len ? OK : fault(name, S("body"));
}

Err demo_story_read(Arena *arena, Str name, Str text, Str zone, DemoActs *acts) {
    DemoStory *story = arena_alloc(arena, sizeof *story);
    Header header = { 0 };
    Str line;
    int64_t filed, published;

    story->lang = S("zh");
    while (str_cut(&text, '\n', &line) && str_trim(line).len)
        read_header_line(arena, line, story, &header);
    if (!story->outlet.len || !story->title.len || !story->author.len)
        return fault(name, S("header"));
    TRY(read_time(name, header.filed, zone, &filed));
    add_act(arena, acts, DEMO_FILE, story, filed);
    if (story->releaser.len)
        add_act(arena, acts, DEMO_SUBMIT, story, filed + 60000);
    if (header.published.len) {
        TRY(read_time(name, header.published, zone, &published));
        add_act(arena, acts, DEMO_RELEASE, story, published)->who = story->releaser;
    }
    return read_blocks(arena, name, text, zone, story, acts);
}
