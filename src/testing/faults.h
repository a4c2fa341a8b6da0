/* testing/faults.h - a call repeated with storage failing at its 1st, 2nd, 3rd ... step: whole, or nothing. */
#ifndef TESTING_FAULTS_H
#define TESTING_FAULTS_H

#include "testing/world.h"

/*
 * READS(&w, person, person_get(w.ctx, id, &person));
 *
 * runs the call with the first storage step failing, then with the second and so on, and at last without a
 * failure, which must succeed. After each failure: the error is ERR_IO and no other, `person` was not touched, no
 * transaction is open, and each table of either file holds what it held before, as another connection sees it.
 * A step that fails and is not told (a short list, an act that goes on) ends the test program with a line
 * that says why, and so does a call that has no storage step at all. A call that commits is also run with its group
 * of commits lost: ERR_BUSY with retry, nothing stored. READS changes no row at its end either; WRITES does.
 *
 * ret is the lvalue that the call sets, NO_RET where there is none, a struct where there are several. The call is
 * evaluated anew for each run, from the same Ctx. tools/check_faults.py reads these lines: a function that may
 * touch storage must stand in one of them.
 */
#define READS(world, ret, call)                                                                    \
    for (Faults faults_ = faults_of((world), #call, FAULTS_READ, &(ret), sizeof(ret));             \
         faults_next(&faults_);)                                                                   \
    faults_.err = (call)
#define WRITES(world, ret, call)                                                                   \
    for (Faults faults_ = faults_of((world), #call, FAULTS_WRITE, &(ret), sizeof(ret));            \
         faults_next(&faults_);)                                                                   \
    faults_.err = (call)
/* For what is called inside the caller's transaction: begun before the call, committed after it. */
#define WRITES_INSIDE(world, ret, call)                                                            \
    for (Faults faults_ = faults_of((world), #call, FAULTS_WRITE, &(ret), sizeof(ret));            \
         faults_next(&faults_);)                                                                   \
    faults_.err = faults_begin(&faults_) ? (call) : faults_.err
/* For a job, of which parts may stay when it fails, each whole: it succeeds then, and once more changes nothing. */
#define REPEATS(world, ret, call)                                                                  \
    for (Faults faults_ = faults_of((world), #call, FAULTS_REPEAT, &(ret), sizeof(ret));           \
         faults_next(&faults_);)                                                                   \
    faults_.err = (call)
/* READS, where the call may as well have no storage step. */
#define MAY_READ(world, ret, call)                                                                 \
    for (Faults faults_ = faults_of((world), #call, FAULTS_MAY_READ, &(ret), sizeof(ret));         \
         faults_next(&faults_);)                                                                   \
    faults_.err = (call)
/* For an act through a runner, which itself runs it again when its commit was lost. */
#define RUNS(world, ret, call)                                                                     \
    for (Faults faults_ = faults_of((world), #call, FAULTS_RUN, &(ret), sizeof(ret));              \
         faults_next(&faults_);)                                                                   \
    faults_.err = (call)
#define NO_RET ((char[1]){ 0 })

typedef enum FaultsKind {
    FAULTS_READ,
    FAULTS_MAY_READ,
    FAULTS_WRITE,
    FAULTS_REPEAT,
    FAULTS_RUN
} FaultsKind;

typedef struct Faults {
    Err err; /* what the call answered */
    World *world;
    const char *call; /* its text */
    FaultsKind kind;
    void *ret;
    size_t ret_bytes;
    int step;          /* the storage call that fails in this run, from 0 */
    bool has_lost;     /* its commit was lost once already */
    bool is_done;      /* it succeeded */
    DbTx tx;           /* of faults_begin */
    bool has_answered; /* inside it, so that the result is set although the commit fails */
    Ctx before;        /* the context as each run finds it */
    struct FaultsEye *eye;
} Faults;

Faults faults_of(World *world, const char *call, FaultsKind kind, void *ret, size_t ret_bytes);
/* Judges the run that was and prepares the next; false when there is none. */
bool faults_next(Faults *faults);
/* Begins the transaction that faults_next commits; false when that failed. */
bool faults_begin(Faults *faults);

/* How many failures were injected so far, as the line that tools/test.sh shows: "media faults: 41 faults passed". */
void faults_report(const char *name);

#endif
