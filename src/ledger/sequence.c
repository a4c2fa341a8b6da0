/* ledger/sequence.c - gives pending entries their places: entries, hashes and one checkpoint at a time. */
#include "db/lease.h"
#include "ledger/entry.h"
#include "ledger/ledger.h"
#include "ledger/tiles.h"
#include "sec/note.h"

static const int64_t LEASE_MS = 10000;

typedef struct Round {
    Pending *pending;
    size_t len;
    uint64_t size;   /* of the tree before this round */
    int64_t last_at; /* of its last entry */
} Round;

static Err has_pending(Ctx *ctx, bool *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT id FROM ledger_pending LIMIT 1", NO_ARGS));
    *ret = db_next(&rows);
    return db_end(&rows);
}

static Err read_pending(Ctx *ctx, int batch, Round *round) {
    DB_ROWS(rows);

    round->pending = arena_array(ctx->arena, (size_t)batch, sizeof(Pending));
    TRY(db_query(ctx, &rows,
                 "SELECT id, kind, subject_id, outlet_no, at_ms, salt, payload FROM ledger_pending"
                 " ORDER BY id LIMIT $1",
                 ARGS(INT(batch))));
    while (db_next(&rows))
        round->pending[round->len++] = (Pending){ .id = db_int(&rows, 0),
                                                  .kind = db_text(&rows, 1),
                                                  .subject_id = db_int(&rows, 2),
                                                  .outlet_no = db_text(&rows, 3),
                                                  .at_ms = db_int(&rows, 4),
                                                  .salt = db_blob(&rows, 5),
                                                  .payload = db_text(&rows, 6) };
    return db_end(&rows);
}

static Err read_head(Ctx *ctx, Round *round) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT position, at_ms FROM ledger_entry ORDER BY position DESC LIMIT 1",
                 NO_ARGS));
    if (db_next(&rows)) {
        round->size = (uint64_t)db_int(&rows, 0) + 1;
        round->last_at = db_int(&rows, 1);
    }
    return db_end(&rows);
}

static Err place(Ctx *ctx, const Pending *p, uint64_t position, Str entry) {
    TRY(db_exec(
        ctx,
        "INSERT INTO ledger_entry (position, entry_id, kind, subject_id, outlet_no, at_ms, entry)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        ARGS(INT((int64_t)position), INT(p->id), TXT(p->kind), INT(p->subject_id),
             TXT(p->outlet_no), INT(p->at_ms), BLOB(entry))));
    TRY(db_exec(ctx, "INSERT INTO ledger_sealed (entry_id, salt, payload) VALUES ($1, $2, $3)",
                ARGS(INT(p->id), BLOB(p->salt), TXT(p->payload))));
    return db_exec(ctx, "DELETE FROM ledger_pending WHERE id = $1", ARGS(INT(p->id)));
}

static Err write_entries(Ctx *ctx, Round *round, TileSet *tiles, MerkleEdge *edge) {
    for (size_t i = 0; i < round->len; i++) {
        Pending *p = &round->pending[i];
        Str entry;

        if (p->at_ms < round->last_at) /* the clock ran backwards; entry times never do */
            p->at_ms = round->last_at;
        round->last_at = p->at_ms;
        TRY(entry_bytes(ctx->arena, p, &entry));
        TRY(place(ctx, p, edge->size, entry));
        Hash leaf = merkle_leaf(entry);
        TRY(merkle_edge_add(edge, &leaf, tiles_store, tiles));
    }
    return tiles_write(tiles);
}

static Err write_checkpoint(Ctx *ctx, const LedgerKey *key, const MerkleEdge *edge) {
    NoteKey name;
    Str text;
    Checkpoint checkpoint = { .origin = key->origin,
                              .size = edge->size,
                              .root = merkle_edge_root(edge) };
    Note note = { .text = checkpoint_print(ctx->arena, &checkpoint), .signature_count = 1 };

    TRY(note_key_make(key->origin, NOTE_ED25519, &key->key.public, &name));
    NoteSignature signature = note_sign(ctx->arena, &name, &key->key, note.text);
    note.signatures = &signature;
    TRY(note_print(ctx->arena, &note, &text));
    return db_exec(ctx, "INSERT INTO ledger_checkpoint (size, at_ms, note) VALUES ($1, $2, $3)",
                   ARGS(INT((int64_t)edge->size), INT(ctx->now_ms), TXT(text)));
}

static void tag_subjects(Ctx *ctx, const Round *round, LedgerTag tag) {
    int64_t *subjects = arena_array(ctx->arena, round->len + 1, sizeof(int64_t));

    for (size_t i = 0; i < round->len; i++)
        subjects[i] = round->pending[i].subject_id;
    tag(ctx, subjects, round->len);
}

static Err run_round(Ctx *ctx, const LedgerKey *key, Str owner, int batch, LedgerTag tag,
                     Round *round) {
    Lease lease;
    MerkleEdge edge;
    TileSet tiles = tiles_open(ctx);
    DB_TX(tx);

    TRY(db_begin_alone(ctx, &tx));
    TRY(lease_take(ctx, S("sequencer"), owner, LEASE_MS, &lease));
    TRY(read_pending(ctx, batch, round));
    TRY(read_head(ctx, round));
    if (round->len > 0) {
        TRY(merkle_edge_read(tiles_reader(&tiles), round->size, &edge));
        TRY(write_entries(ctx, round, &tiles, &edge));
        TRY(write_checkpoint(ctx, key, &edge));
        if (tag)
            tag_subjects(ctx, round, tag);
    }
    TRY(lease_check(ctx, &lease));
    return db_commit(&tx);
}

Err ledger_sequence(Ctx *ctx, const LedgerKey *key, Str owner, int batch, LedgerTag tag,
                    int64_t *ret) {
    Round round = { 0 };
    bool is_any;

    TRY(has_pending(ctx, &is_any));
    if (!is_any || !key->may_sign) {
        *ret = 0;
        return OK;
    }
    TRY(run_round(ctx, key, owner, batch, tag, &round));
    *ret = (int64_t)round.len;
    return OK;
}
