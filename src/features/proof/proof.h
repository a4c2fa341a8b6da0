/* features/proof/proof.h - the proofreader on the desk: what it finds in an outlet's own draft, what is ignored, own lists. */
#ifndef FEATURES_PROOF_PROOF_H
#define FEATURES_PROOF_PROOF_H

#include "base/ctx.h"
#include "features/manuscript/manuscript.h"
#include "features/register/register.h"
#include "http/route.h"
#include "text/proof.h"

/*
 * R14: it reads stories of the desk and nothing that readers send. Its rows need the right to see an outlet's drafts,
 * its functions take a version of a story; no function here takes a text.
 */
enum {
    PROOF_WORD_CHARS = 100,   /* of a word that is ignored */
    PROOF_IGNORED_MAX = 1000, /* words of a story, and of an outlet */
    PROOF_OWN_CHARS = 100000, /* of a list of the alliance's own */
    PROOF_OWN_RULES_MAX = 1000,
    PROOF_NOTE_CHARS = 200,
    PROOF_VERSIONS_MAX = 50 /* of one page of their list */
};

/* A word that a rule is not to find, in one story or in all of an outlet. */
typedef struct ProofIgnored {
    int64_t id;
    int64_t outlet_id;
    int64_t manuscript_id; /* 0: in all stories of the outlet */
    Str rule, word;
    int64_t by_id; /* person */
    int64_t at_ms;
} ProofIgnored;
typedef struct ProofIgnoredList {
    ProofIgnored *items;
    size_t len;
} ProofIgnoredList;

/* The rules that the program carries, made ready once; they live as long as the process. ERR_BUG when they are faulty. */
CHECKED Err proof_shipped(const ProofSet **ret);
/* How many they are, once proof_shipped was asked. */
size_t proof_shipped_count(void);

/* What a reading of a version found, and by which lists of the alliance's own. */
typedef struct ProofReading {
    ProofFindings found;      /* without what is ignored for the story or its outlet */
    ProofIgnoredList ignored; /* for the story */
    size_t rules;             /* that were asked */
    int64_t rules_n, names_n; /* versions of the alliance's lists; 0: there is none */
} ProofReading;
/*
 * By the program's rules and the alliance's, with the alliance's names and the people of the outlet's card. outlet is
 * the story's. Four statements. Errors of proof_draft.
 */
CHECKED Err proof_of_version(Ctx *ctx, const Manuscript *story, const ManuscriptVersion *version,
                             const Outlet *outlet, ProofReading *ret);

/* The word under which a finding is ignored: one line, without blanks around it, PROOF_WORD_CHARS at most. */
Str proof_word_of(Arena *arena, const ProofFinding *finding);

/*
 * The rule no longer finds the word in the story; with manuscript_id 0 in any story of ctx->outlet_id, which is the
 * log entry "proof.ignored" (subject: the outlet; payload: rule, word). A masked word (what is somebody's) is ignored
 * for one story only. By a person (else ERR_FORBIDDEN). ERR_NOT_FOUND (no such story of the outlet), ERR_INVALID
 * field "rule" (no such rule) or "word" (empty), ERR_LIMIT field "word" (PROOF_WORD_CHARS, PROOF_IGNORED_MAX). What
 * is ignored already stays as it is: repeating is safe.
 */
CHECKED Err proof_ignore(Ctx *ctx, int64_t manuscript_id, Str rule, Str word);
/* Takes it back; log entry "proof.heeded" for an outlet's. ERR_NOT_FOUND when it is not ignored. */
CHECKED Err proof_heed(Ctx *ctx, int64_t manuscript_id, Str rule, Str word);
/* Of a story, or with 0 of an outlet: newest first, at most PROOF_IGNORED_MAX. */
CHECKED Err proof_ignored_of(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id,
                             ProofIgnoredList *ret);

/* ---- the alliance's own lists: each change is a numbered version, public and for ever ---- */

/* Rules after text/proof.h, their numbers beginning with H; names with titles, in their order. */
typedef enum ProofListKind { PROOF_OWN_RULES, PROOF_OWN_NAMES } ProofListKind;
Str proof_list_word(ProofListKind kind); /* "rules", "names": in addresses and in the log */

typedef struct ProofVersion {
    int64_t id;
    int64_t n;     /* from 1; 0: there is none */
    Str text;      /* empty in a list of versions */
    Str note;      /* why, in a line */
    int64_t by_id; /* person */
    int64_t at_ms;
} ProofVersion;
typedef struct ProofVersionList {
    ProofVersion *items;
    size_t len;
} ProofVersionList;

/* The newest, or one with n 0 and no text. */
CHECKED Err proof_list_now(Ctx *ctx, ProofListKind kind, ProofVersion *ret);
/* ERR_NOT_FOUND. */
CHECKED Err proof_list_version(Ctx *ctx, ProofListKind kind, int64_t n, ProofVersion *ret);
/* Newest first, at most PROOF_VERSIONS_MAX, those before version before_n (0: from the newest). */
CHECKED Err proof_list_versions(Ctx *ctx, ProofListKind kind, int64_t before_n,
                                ProofVersionList *ret);
/*
 * The next version: its row and the log entry "proof.changed" (subject: the row; payload: kind, n, note, sha256 of the
 * text), in one transaction. n is the version that was changed; -1 for whatever is the newest. By a person (else
 * ERR_FORBIDDEN). ERR_CONFLICT field "version" when n is no longer the newest; ERR_INVALID field `field` names the
 * first line that is no good and why, field "note" when it is empty; ERR_LIMIT (PROOF_OWN_CHARS, PROOF_OWN_RULES_MAX,
 * PROOF_NOTE_CHARS). A text that is the newest already stays the version it is: repeating is safe.
 */
CHECKED Err proof_list_change(Ctx *ctx, ProofListKind kind, int64_t n, Str text, Str note,
                              const char *field, int64_t *ret_n);
/* The people whom the register's cards name, with their titles there, as a list of names to go on with. */
CHECKED Err proof_register_names(Ctx *ctx, Str *ret);

extern const Route proof_routes[];
extern const Route proof_list_routes[];

#endif
