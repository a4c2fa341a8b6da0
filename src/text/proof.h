/* text/proof.h - the proofreader of an outlet's own drafts: rule files, and what they find in a text. */
#ifndef TEXT_PROOF_H
#define TEXT_PROOF_H

#include "base/err.h"
#include "base/str.h"

/*
 * It finds and says why; it never rewrites. It is for drafts of people at work and for nothing that readers
 * send (R14): tools/check_layers.py lets features/proof and app/ include this header, nobody else.
 */
enum {
    PROOF_TEXT_BYTES = 2 << 20, /* the parts of a draft together */
    PROOF_FILE_BYTES = 1 << 20, /* one file of rules or names */
    PROOF_LINE_BYTES = 2000,    /* one line of it */
    PROOF_RULES_MAX = 5000,     /* of a list */
    PROOF_LITERALS_MAX = 40,    /* of a rule, what it finds and what it lets pass */
    PROOF_LITERAL_BYTES = 96,
    PROOF_NAMES_MAX = 2000,
    PROOF_FINDINGS_MAX = 500, /* of a draft */
    PROOF_FAULTS_MAX = 100    /* of a file */
};

typedef enum ProofLang { PROOF_ANY, PROOF_ZH, PROOF_EN } ProofLang;

/*
 * A rule file is UTF-8 text. Its first line is "liandong-proof 1"; "lang zh", "lang en" or "lang any" says for which
 * drafts the rules below it are; "#" begins a comment line; any other line is a rule of seven columns:
 *
 *     number | kind | find | suggestion | reason | example | counter-example
 *
 * number is 1..3 capital letters and 2..5 digits, once in a list. kind is
 *   word    find holds literals, " / " between them. A letter or digit of ASCII at an end stands at the end of a
 *           word. "#" before or behind a literal asks for a digit there, "&" for a Chinese numeral, with or without a
 *           blank between. "a…b" is a before b in one clause. Behind " ! " stand longer literals that are right.
 *   nocase  the same; letters of ASCII in either case
 *   check   find is a name of the table in text/proof_check.h: what no literal can find
 *   list    find is the same; what it looks for stands in a list of names that is handed in
 * Every rule finds its example and is silent on its counter-example (proof_rules_try); "-" is an empty text. "{0}" in
 * a suggestion or reason stands for what the check worked out.
 */
typedef struct ProofRule {
    Str number, kind, find, suggestion, reason, example, counter;
    ProofLang lang;
    bool is_personal; /* what it finds is somebody's: findings hold it masked */
    int check;        /* of kind check and list; -1 otherwise */
    size_t line;      /* of its file, from 1 */
} ProofRule;
typedef struct ProofRules {
    ProofRule *items;
    size_t len, cap;
} ProofRules;

/* What is wrong with a line of a file. */
typedef struct ProofFault {
    size_t line;
    const char *msgid; /* a sentence; {0} is arg */
    Str arg;
} ProofFault;
typedef struct ProofFaults {
    ProofFault *items; /* at most PROOF_FAULTS_MAX; the first ones */
    size_t len, cap;
} ProofFaults;

/*
 * Appends the rules of a file to *rules and its faults to *faults; with a fault nothing is appended. text is borrowed
 * and must live as long as the rules. ERR_INVALID (not UTF-8), ERR_LIMIT (PROOF_FILE_BYTES, PROOF_RULES_MAX, the
 * arena's budget). Not idempotent: a number that is there already is a fault.
 */
CHECKED Err proof_rules_read(Arena *arena, Str text, ProofRules *rules, ProofFaults *faults);
/* A fault for each rule from `from` on that does not find its example, or finds its counter-example. */
CHECKED Err proof_rules_try(Arena *arena, const ProofRules *rules, size_t from,
                            ProofFaults *faults);

/*
 * Names, titles and order, as a list is handed in: "liandong-names 1", comments as above, then "name | title" each,
 * in the order in which they stand where several are named. A title may be empty, a name stands once.
 */
typedef struct ProofName {
    Str name, title;
} ProofName;
typedef struct ProofNames {
    ProofName *items;
    size_t len, cap;
    size_t loose; /* how many at the end stand in no order */
} ProofNames;
/* As proof_rules_read, of an empty *names. */
CHECKED Err proof_names_read(Arena *arena, Str text, ProofNames *names, ProofFaults *faults);

/* Rules ready for use: one automaton over all their literals. Read-only, so threads may share it. */
typedef struct ProofSet ProofSet;
/* *ret lives in arena and borrows *rules. ERR_LIMIT (the arena's budget). */
CHECKED Err proof_set_new(Arena *arena, const ProofRules *rules, const ProofSet **ret);
/* NULL when there is no such number. */
const ProofRule *proof_set_rule(const ProofSet *set, Str number);

typedef enum ProofPart { PROOF_TITLE, PROOF_SUMMARY, PROOF_BODY, PROOF_PICTURE } ProofPart;

typedef struct ProofDraft {
    ProofLang lang;
    Str title, summary;
    Str body;        /* plain text, a paragraph a line */
    const Str *alts; /* what pictures say to who does not see them */
    size_t alt_count;
    bool has_sources;        /* the story names some */
    const ProofNames *names; /* or NULL */
} ProofDraft;

typedef struct ProofFinding {
    const ProofRule *rule;
    ProofPart part;
    size_t picture;              /* from 1, of PROOF_PICTURE; else 0 */
    size_t paragraph;            /* from 1 */
    size_t from_bytes, to_bytes; /* in the text of that part */
    size_t from_chars, to_chars; /* Unicode scalar values, the same place */
    Str word;                    /* what was found; masked where it is somebody's */
    Str before, after;           /* what surrounds it in its sentence, as found */
    Str suggestion, reason;      /* of the rule, with what the check worked out */
} ProofFinding;
typedef struct ProofFindings {
    ProofFinding *items; /* by part, picture, place and rule number */
    size_t len, cap;
    bool is_cut; /* there are more than PROOF_FINDINGS_MAX */
} ProofFindings;

/*
 * Linear in the length of the draft, whatever the number of rules. The draft is borrowed and must live as long as
 * *ret, which lives in arena. ERR_INVALID (not UTF-8), ERR_LIMIT (PROOF_TEXT_BYTES, the arena's budget).
 * Repeating gives the same.
 */
CHECKED Err proof_draft(Arena *arena, const ProofSet *set, const ProofDraft *draft,
                        ProofFindings *ret);
/* What another list found in the same draft, each at its place. */
void proof_findings_join(Arena *arena, ProofFindings *all, const ProofFindings *more);

#endif
