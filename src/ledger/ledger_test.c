/* ledger/ledger_test.c - the log: with the act or not at all, each place once, provable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "db/lease.h"
#include "ledger/entry.h"
#include "ledger/ledger.h"
#include "sec/merkle.h"
#include "sec/note.h"
#include "testing/world.h"
#include "text/json_read.h"

extern const Migration ledger_migrations[];
extern const size_t ledger_migrations_count;

static LedgerKey key;

static World start(void) {
    World w = world_new();

    world_migrate(&w, ledger_migrations, ledger_migrations_count);
    key = (LedgerKey){ .origin = S("test.invalid/log"),
                       .key = sign_key_new(w.ctx->chance),
                       .may_sign = true };
    w.ctx->actor = ACTOR_PERSON;
    w.ctx->person_id = 42;
    w.ctx->person_name = S("林知遥");
    w.ctx->role = S("记者");
    w.ctx->outlet_no = S("CC001");
    return w;
}

static Err act(Ctx *ctx, int64_t subject) {
    Json *payload = json_obj(ctx->arena);
    DB_TX(tx);

    json_set(payload, "title", json_str(ctx->arena, S("标题")));
    TRY(db_begin(ctx, &tx));
    TRY(ledger_append(ctx, "thing.done", subject, payload));
    return db_commit(&tx);
}

static void append_many(World *w, int count) {
    for (int i = 0; i < count; i++)
        assert_int_equal(act(w->ctx, 7).code, ERR_OK);
}

static int64_t sequence_all(World *w) {
    int64_t placed, total = 0;

    do {
        assert_int_equal(ledger_sequence(w->ctx, &key, S("me"), 256, NULL, &placed).code, ERR_OK);
        total += placed;
    } while (placed > 0);
    return total;
}

static Checkpoint head_of(World *w, LedgerHead *head) {
    Note note;
    NoteKey name;
    Checkpoint checkpoint;

    assert_int_equal(ledger_head(w->ctx, head).code, ERR_OK);
    assert_int_equal(note_parse(w->ctx->arena, head->checkpoint, &note).code, ERR_OK);
    assert_int_equal(note_key_make(key.origin, NOTE_ED25519, &key.key.public, &name).code, ERR_OK);
    assert_true(note_is_signed(w->ctx->arena, &note, &name, NULL));
    assert_int_equal(checkpoint_parse(note.text, &checkpoint).code, ERR_OK);
    return checkpoint;
}

/* All entries of the tiles, as a stranger with the addresses of /log alone would read them. */
static MerkleLeaves leaves_of(World *w, uint64_t size) {
    Hash *hashes = arena_array(w->ctx->arena, size + 1, sizeof(Hash));

    for (uint64_t i = 0; i < size;) {
        int width = size - i < 256 ? (int)(size - i) : 256;
        Str tile;
        assert_int_equal(ledger_entry_tile(w->ctx, (int64_t)(i / 256), width, &tile).code, ERR_OK);
        for (size_t at = 0; at < tile.len; i++) {
            size_t len = (size_t)(unsigned char)tile.ptr[at] << 8 | (unsigned char)tile.ptr[at + 1];
            hashes[i] = merkle_leaf(str_slice(tile, at + 2, at + 2 + len));
            at += 2 + len;
        }
    }
    return (MerkleLeaves){ hashes, size };
}

static void an_act_and_its_entry_are_stored_together_or_not_at_all(void **state) {
    (void)state;
    for (int step = 0;; step++) {
        World w = start();
        db_fail_at(w.ctx->db, step);
        Err err = act(w.ctx, 7);
        db_fail_at(w.ctx->db, -1);
        assert_int_equal(world_count(&w, "ledger_pending"), err.code == ERR_OK ? 1 : 0);
        world_free(&w);
        if (err.code == ERR_OK)
            break;
    }
}

static void who_acts_is_written_by_the_log_itself(void **state) {
    World w = start();
    LedgerPlaces places;
    Json *payload, *forged = json_obj(w.ctx->arena);
    DB_TX(tx);

    (void)state;
    assert_int_equal(ledger_append(w.ctx, "x", 1, json_obj(w.ctx->arena)).code, ERR_BUG);
    append_many(&w, 1);
    assert_int_equal(ledger_of_subject(w.ctx, 7, 10, &places).code, ERR_OK);
    assert_int_equal(places.len, 1);
    assert_int_equal(places.items[0].index, -1);
    assert_int_equal(ledger_payload(w.ctx, places.items[0].entry_id, &payload).code, ERR_OK);
    assert_true(str_eq(json_get_text(json_get(payload, "actor"), "name"), S("林知遥")));
    json_set(forged, "actor", json_str(w.ctx->arena, S("nobody")));
    assert_int_equal(db_begin(w.ctx, &tx).code, ERR_OK);
    assert_int_equal(ledger_append(w.ctx, "x", 1, forged).code, ERR_BUG);
    db_tx_close(&tx);
    world_free(&w);
}

static void every_entry_gets_one_place_and_the_tree_is_the_suite_s_tree(void **state) {
    static const int rounds[] = { 1, 2, 254, 1, 300, 7 };
    World w = start();
    uint64_t size = 0;
    Checkpoint before = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rounds); i++) {
        LedgerHead head;
        append_many(&w, rounds[i]);
        assert_int_equal(sequence_all(&w), rounds[i]);
        size += (uint64_t)rounds[i];
        Checkpoint now = head_of(&w, &head);
        MerkleLeaves leaves = leaves_of(&w, size);
        Hash root;
        assert_int_equal(now.size, size);
        assert_int_equal(merkle_root(merkle_leaves_reader(&leaves), size, &root).code, ERR_OK);
        assert_memory_equal(root.bytes, now.root.bytes, HASH_BYTES);
        if (before.size) {
            MerkleProof proof;
            assert_int_equal(merkle_prove_consistency(w.ctx->arena, merkle_leaves_reader(&leaves),
                                                      before.size, size, &proof)
                                 .code,
                             ERR_OK);
            assert_true(
                merkle_verify_consistency(before.size, size, &before.root, &now.root, proof));
        }
        before = now;
    }
    assert_int_equal(world_count(&w, "ledger_pending"), 0);
    assert_int_equal(world_count(&w, "ledger_sealed"), (int64_t)size);
    world_free(&w);
}

static void tiles_are_served_by_the_rules_of_tlog_tiles(void **state) {
    World w = start();
    Str tile, full;

    (void)state;
    append_many(&w, 600);
    (void)sequence_all(&w);
    MerkleLeaves leaves = leaves_of(&w, 600);
    assert_int_equal(ledger_tile(w.ctx, 0, 0, 256, &full).code, ERR_OK);
    assert_memory_equal(full.ptr, leaves.items, 256 * HASH_BYTES);
    assert_int_equal(ledger_tile(w.ctx, 0, 2, 88, &tile).code, ERR_OK);
    assert_int_equal(tile.len, 88 * HASH_BYTES);
    assert_int_equal(ledger_tile(w.ctx, 0, 2, 89, &tile).code, ERR_NOT_FOUND);
    assert_int_equal(ledger_tile(w.ctx, 1, 0, 2, &tile).code, ERR_OK);
    MerkleLeaves part = { leaves.items, 256 };
    Hash root;
    assert_int_equal(merkle_root(merkle_leaves_reader(&part), 256, &root).code, ERR_OK);
    assert_memory_equal(tile.ptr, root.bytes, HASH_BYTES);
    assert_int_equal(ledger_tile(w.ctx, 1, 0, 3, &tile).code, ERR_NOT_FOUND);
    assert_int_equal(ledger_tile(w.ctx, -1, 0, 1, &tile).code, ERR_NOT_FOUND);
    assert_int_equal(ledger_tile(w.ctx, 0, 0, 257, &tile).code, ERR_NOT_FOUND);
    assert_int_equal(ledger_entry_tile(w.ctx, 9, 1, &tile).code, ERR_NOT_FOUND);
    world_free(&w);
}

static void the_header_holds_no_personal_data_and_the_commitment_binds_the_payload(void **state) {
    World w = start();
    LedgerPlaces places;
    Str tile;
    Json *entry;

    (void)state;
    append_many(&w, 1);
    (void)sequence_all(&w);
    assert_int_equal(ledger_entry_tile(w.ctx, 0, 1, &tile).code, ERR_OK);
    Str bytes = str_slice(tile, 2, tile.len);
    assert_false(str_contains(bytes, S("林")));
    assert_false(str_contains(bytes, S("42")));
    assert_int_equal(json_read(w.ctx->arena, bytes, 8, &entry).code, ERR_OK);
    assert_int_equal(entry->object.len, 6);
    assert_int_equal(ledger_of_subject(w.ctx, 7, 10, &places).code, ERR_OK);
    assert_int_equal(places.items[0].index, 0);
    DB_ROWS(rows);
    assert_int_equal(
        db_query(w.ctx, &rows, "SELECT salt, payload FROM ledger_sealed", NO_ARGS).code, ERR_OK);
    assert_true(db_next(&rows));
    Hash commit = entry_commit(db_blob(&rows, 0), db_text(&rows, 1));
    assert_true(
        str_eq(json_get_text(entry, "commit"), base64_encode(w.ctx->arena, hash_str(&commit))));
    db_rows_close(&rows);
    world_free(&w);
}

static void entry_times_never_run_backwards(void **state) {
    World w = start();
    LedgerEntries entries;

    (void)state;
    append_many(&w, 1);
    world_advance(&w, -3600 * 1000);
    append_many(&w, 1);
    (void)sequence_all(&w);
    assert_int_equal(ledger_newest(w.ctx, INT64_MAX, 10, &entries).code, ERR_OK);
    assert_int_equal(entries.len, 2);
    assert_true(entries.items[0].at_ms >= entries.items[1].at_ms);
    world_free(&w);
}

static void a_round_that_fails_places_nothing(void **state) {
    (void)state;
    for (int step = 0;; step++) {
        World w = start();
        int64_t placed = 0;
        append_many(&w, 3);
        db_fail_at(w.ctx->db, step);
        Err err = ledger_sequence(w.ctx, &key, S("me"), 256, NULL, &placed);
        db_fail_at(w.ctx->db, -1);
        db_reset(w.ctx->db);
        bool is_done = err.code == ERR_OK;
        assert_int_equal(world_count(&w, "ledger_entry"), is_done ? 3 : 0);
        assert_int_equal(world_count(&w, "ledger_pending"), is_done ? 0 : 3);
        assert_int_equal(world_count(&w, "ledger_checkpoint"), is_done ? 1 : 0);
        assert_int_equal(sequence_all(&w), is_done ? 0 : 3);
        world_free(&w);
        if (is_done) {
            assert_true(step > 10);
            return;
        }
    }
}

static void only_the_holder_of_the_lease_sequences(void **state) {
    World w = start();
    int64_t placed;

    (void)state;
    append_many(&w, 1);
    (void)sequence_all(&w);
    append_many(&w, 1);
    assert_int_equal(ledger_sequence(w.ctx, &key, S("other"), 256, NULL, &placed).code, ERR_BUSY);
    db_reset(w.ctx->db);
    world_advance(&w, 20000);
    assert_int_equal(ledger_sequence(w.ctx, &key, S("other"), 256, NULL, &placed).code, ERR_OK);
    assert_int_equal(placed, 1);
    world_free(&w);
}

static void a_key_is_read_as_it_was_made_and_never_overwritten(void **state) {
    World w = start();
    LedgerKey made;
    Str vkey, folder = str_from_c(w.folder);

    (void)state;
    assert_int_equal(ledger_key_load(w.ctx, folder, &made).code, ERR_IO);
    assert_int_equal(ledger_key_make(w.ctx, folder, S("test.invalid/log")).code, ERR_OK);
    assert_int_equal(ledger_key_make(w.ctx, folder, S("test.invalid/log")).code, ERR_CONFLICT);
    assert_int_equal(ledger_key_load(w.ctx, folder, &made).code, ERR_OK);
    assert_int_equal(ledger_vkey(w.ctx->arena, &made, &vkey).code, ERR_OK);
    assert_true(str_starts(vkey, S("test.invalid/log+")));
    char *path = str_to_c(w.ctx->arena, str_concat(w.ctx->arena, folder, S("/log.key")));
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(ledger_key_load(w.ctx, folder, &made).code, ERR_IO);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_act_and_its_entry_are_stored_together_or_not_at_all),
        cmocka_unit_test(who_acts_is_written_by_the_log_itself),
        cmocka_unit_test(every_entry_gets_one_place_and_the_tree_is_the_suite_s_tree),
        cmocka_unit_test(tiles_are_served_by_the_rules_of_tlog_tiles),
        cmocka_unit_test(the_header_holds_no_personal_data_and_the_commitment_binds_the_payload),
        cmocka_unit_test(entry_times_never_run_backwards),
        cmocka_unit_test(a_round_that_fails_places_nothing),
        cmocka_unit_test(only_the_holder_of_the_lease_sequences),
        cmocka_unit_test(a_key_is_read_as_it_was_made_and_never_overwritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
