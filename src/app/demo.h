/* app/demo.h - the invented alliance: its files, and how they become acts in the order of their times. */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "app/wire.h"

typedef enum DemoActKind {
    DEMO_FILE,
    DEMO_SUBMIT,
    DEMO_RELEASE,
    DEMO_CORRECT,
    DEMO_REVISE, /* a second version: changed, submitted, released */
    DEMO_WITHDRAW
} DemoActKind;

typedef struct DemoStory {
    Str outlet, kind, title, summary, author, releaser, lang;
    Str picture, alt, credit; /* of the drawing; may be empty */
    StrList sources, tags;
    Str body;
    int64_t id;      /* once filed */
    int64_t version; /* row version of the last act */
} DemoStory;

typedef struct DemoAct {
    int64_t at_ms;
    size_t order; /* of equal times: as read */
    DemoActKind kind;
    DemoStory *story;
    Str who, releaser; /* sign-in names */
    Str text;          /* of a correction, a reason, a new body */
} DemoAct;

typedef struct DemoActs {
    DemoAct *items;
    size_t len, cap;
} DemoActs;

/*
 * Reads one story file: header lines "name: value", an empty line, Markdown, then blocks that begin
 * "=== correction|version|withdraw TIME LOGIN [RELEASER]". Times are local in zone. Adds its acts.
 * ERR_INVALID names the file and what is wrong in it.
 */
CHECKED Err demo_story_read(Arena *arena, Str name, Str text, Str zone, DemoActs *acts);

/* Register, people and stories into an empty alliance, all in the order of their times. Pictures are read
 * from `pictures`; password is everybody's. */
CHECKED Err demo_fill(App *app, Str pictures, Str password);

/* A sign-in for each role, for the welcome of `liandong demo`; ends with { 0 }. */
typedef struct DemoSignIn {
    const char *login, *role;
} DemoSignIn;
extern const DemoSignIn demo_sign_ins[];

#endif
