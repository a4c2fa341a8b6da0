/*
 * features/proof/proof_shipped.c - the rules that the program carries. Shared state: `shipped`, filled once under
 * pthread_once by whoever asks first and read-only from then on.
 */
#include <pthread.h>

#include "base/embed.h"
#include "features/proof/proof.h"

extern const Embedded proof_rule_files[];
extern const size_t proof_rule_files_count;

static struct {
    Arena *arena; /* for the life of the process */
    ProofRules rules;
    const ProofSet *set; /* NULL: the files are faulty */
} shipped;

static void make(void) {
    ProofFaults faults = { 0 };

    shipped.arena = arena_new(0);
    for (size_t i = 0; i < proof_rule_files_count; i++) {
        Str text = { (const char *)proof_rule_files[i].bytes, proof_rule_files[i].len };
        if (proof_rules_read(shipped.arena, text, &shipped.rules, &faults).code != ERR_OK)
            return;
    }
    if (faults.len > 0 || proof_set_new(shipped.arena, &shipped.rules, &shipped.set).code != ERR_OK)
        shipped.set = NULL;
}

Err proof_shipped(const ProofSet **ret) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (pthread_once(&once, make) != 0 || !shipped.set)
        return FAIL(ERR_BUG, NULL, N_("The rules of the proofreader are faulty."));
    *ret = shipped.set;
    return OK;
}

size_t proof_shipped_count(void) {
    return shipped.rules.len;
}
