/* features/proof/proof.h - the proofreader on the desk: what it finds in an outlet's own draft, and what is ignored. */
#ifndef FEATURES_PROOF_PROOF_H
#define FEATURES_PROOF_PROOF_H

#include "base/ctx.h"
#include "features/manuscript/manuscript.h"
#include "http/route.h"
#include "text/proof.h"

/*
 * R14: it reads stories of the desk and nothing that readers send. Its rows need the right to see an outlet's drafts,
 * its functions take a version of a story; no function here takes a text.
 */
enum {
    PROOF_WORD_CHARS = 100,  /* of a word that is ignored */
    PROOF_IGNORED_MAX = 1000 /* words of a story, and of an outlet */
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

/*
 * What is found in a version, without what is ignored for the story or its outlet; *ret_ignored is what is ignored for
 * the story. Two statements. Errors of proof_draft.
 */
CHECKED Err proof_of_version(Ctx *ctx, const Manuscript *story, const ManuscriptVersion *version,
                             ProofFindings *ret, ProofIgnoredList *ret_ignored);

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

extern const Route proof_routes[];

#endif
