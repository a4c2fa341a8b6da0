/* app/plumb_ledger.c - plumbing over the log's mathematics: RFC 6962 proofs, C2SP notes, Ed25519. */
#include "app/commands.h"
#include "sec/merkle.h"
#include "sec/note.h"
#include "text/json_read.h"

static Err bad_input(const char *member) {
    return FAIL_ARGS(ERR_INVALID, NULL, N_("The input lacks \"{0}\", or it has another form."),
                     str_from_c(member));
}

static Err read_input(Cli *cli, size_t index, Json **ret) {
    Str text;

    TRY(cli_input(cli, index, &text));
    TRY(json_read(cli->arena, text, JSON_READ_DEPTH, ret));
    return (*ret)->type == JSON_OBJECT ? OK : bad_input("{}");
}

/* A whole number >= 0; absent is the error of `is_required` only. */
static Err get_number(const Json *object, const char *name, bool is_required, uint64_t *ret,
                      bool *ret_found) {
    const Json *value = json_get(object, name);

    *ret_found = value && value->type != JSON_NULL;
    if (!*ret_found)
        return is_required ? bad_input(name) : OK;
    if (value->type == JSON_REAL && value->real >= 0x1p63) {
        *ret = UINT64_MAX; /* no log is that long */
        return OK;
    }
    if (value->type != JSON_INT || value->integer < 0)
        return bad_input(name);
    *ret = (uint64_t)value->integer;
    return OK;
}

/* Bytes in base64 where a hash belongs; with another length than a hash's no proof over them holds. */
static Err get_bytes(Arena *arena, const Json *value, const char *name, Str *ret) {
    if (!value || value->type != JSON_STRING ||
        base64_decode(arena, value->string, ret).code != ERR_OK)
        return bad_input(name);
    return OK;
}

static bool to_hash(Str bytes, Hash *ret) {
    if (bytes.len != HASH_BYTES)
        return false;
    memcpy(ret->bytes, bytes.ptr, HASH_BYTES);
    return true;
}

/*
 * null is the empty proof, as the published suite writes it. *ret_is_whole is false when one of its
 * members is no hash.
 */
static Err get_proof(Arena *arena, const Json *object, MerkleProof *ret, bool *ret_is_whole) {
    const Json *list = json_get(object, "proof");

    *ret = (MerkleProof){ 0 };
    *ret_is_whole = true;
    if (!list || list->type == JSON_NULL)
        return list ? OK : bad_input("proof");
    if (list->type != JSON_ARRAY)
        return bad_input("proof");
    ret->items = arena_array(arena, list->array.len + 1, sizeof(Hash));
    for (size_t i = 0; i < list->array.len; i++) {
        Str bytes;
        TRY(get_bytes(arena, list->array.items[i], "proof", &bytes));
        *ret_is_whole = to_hash(bytes, &ret->items[i]) && *ret_is_whole;
    }
    ret->len = list->array.len;
    return OK;
}

static Err get_leaves(Arena *arena, const Json *object, MerkleLeaves *ret) {
    const Json *list = json_get(object, "entries");

    if (!list || list->type != JSON_ARRAY)
        return bad_input("entries");
    Hash *hashes = arena_array(arena, list->array.len + 1, sizeof(Hash));
    for (size_t i = 0; i < list->array.len; i++) {
        const Json *item = list->array.items[i];
        Str entry;
        if (item->type != JSON_STRING || base64_decode(arena, item->string, &entry).code != ERR_OK)
            return bad_input("entries");
        hashes[i] = merkle_leaf(entry);
    }
    *ret = (MerkleLeaves){ hashes, list->array.len };
    return OK;
}

static Json *hash_json(Arena *arena, const Hash *hash) {
    return json_str(arena, base64_encode(arena, hash_str(hash)));
}

static Json *proof_json(Arena *arena, MerkleProof proof) {
    Json *list = json_arr(arena);

    for (size_t i = 0; i < proof.len; i++)
        json_push(list, hash_json(arena, &proof.items[i]));
    return list;
}

static Err write_object(Cli *cli, const Json *object) {
    Buf out = buf_new(cli->arena, 0);

    json_write(&out, object);
    buf_add_char(&out, '\n');
    return cli_write(buf_str(&out));
}

static Err run_root(Cli *cli, int *ret_status) {
    Json *input, *out = json_obj(cli->arena);
    MerkleLeaves leaves;
    Hash root;

    (void)ret_status;
    TRY(read_input(cli, 0, &input));
    TRY(get_leaves(cli->arena, input, &leaves));
    TRY(merkle_root(merkle_leaves_reader(&leaves), leaves.len, &root));
    json_set(out, "size", json_int(cli->arena, (int64_t)leaves.len));
    json_set(out, "root", hash_json(cli->arena, &root));
    return write_object(cli, out);
}

static Err prove_inclusion(Cli *cli, const MerkleLeaves *leaves, uint64_t index, uint64_t size) {
    Json *out = json_obj(cli->arena);
    MerkleProof proof;
    MerkleReader reader = merkle_leaves_reader(leaves);
    Hash root;

    if (size > leaves->len)
        return bad_input("size");
    if (index >= size)
        return bad_input("index");
    TRY(merkle_prove_inclusion(cli->arena, reader, index, size, &proof));
    TRY(merkle_root(reader, size, &root));
    json_set(out, "leafIdx", json_int(cli->arena, (int64_t)index));
    json_set(out, "treeSize", json_int(cli->arena, (int64_t)size));
    json_set(out, "root", hash_json(cli->arena, &root));
    json_set(out, "leafHash", hash_json(cli->arena, &leaves->items[index]));
    json_set(out, "proof", proof_json(cli->arena, proof));
    return write_object(cli, out);
}

static Err prove_consistency(Cli *cli, const MerkleLeaves *leaves, uint64_t size1, uint64_t size2) {
    Json *out = json_obj(cli->arena);
    MerkleProof proof;
    MerkleReader reader = merkle_leaves_reader(leaves);
    Hash root1, root2;

    if (size2 > leaves->len)
        return bad_input("size2");
    TRY(merkle_prove_consistency(cli->arena, reader, size1, size2, &proof));
    TRY(merkle_root(reader, size1, &root1));
    TRY(merkle_root(reader, size2, &root2));
    json_set(out, "size1", json_int(cli->arena, (int64_t)size1));
    json_set(out, "size2", json_int(cli->arena, (int64_t)size2));
    json_set(out, "root1", hash_json(cli->arena, &root1));
    json_set(out, "root2", hash_json(cli->arena, &root2));
    json_set(out, "proof", proof_json(cli->arena, proof));
    return write_object(cli, out);
}

static Err run_prove(Cli *cli, int *ret_status) {
    Json *input;
    MerkleLeaves leaves;
    uint64_t a = 0, b = 0;
    bool is_found;

    (void)ret_status;
    TRY(read_input(cli, 0, &input));
    TRY(get_leaves(cli->arena, input, &leaves));
    TRY(get_number(input, "index", false, &a, &is_found));
    if (is_found) {
        TRY(get_number(input, "size", true, &b, &is_found));
        return prove_inclusion(cli, &leaves, a, b);
    }
    TRY(get_number(input, "size1", true, &a, &is_found));
    TRY(get_number(input, "size2", true, &b, &is_found));
    return prove_consistency(cli, &leaves, a, b);
}

static Err run_check_inclusion(Cli *cli, int *ret_status) {
    Json *input;
    uint64_t index = 0, size = 0;
    bool is_found, is_whole;
    Str leaf_bytes, root_bytes;
    Hash leaf, root;
    MerkleProof proof;

    TRY(read_input(cli, 0, &input));
    TRY(get_number(input, "leafIdx", true, &index, &is_found));
    TRY(get_number(input, "treeSize", true, &size, &is_found));
    TRY(get_bytes(cli->arena, json_get(input, "leafHash"), "leafHash", &leaf_bytes));
    TRY(get_bytes(cli->arena, json_get(input, "root"), "root", &root_bytes));
    TRY(get_proof(cli->arena, input, &proof, &is_whole));
    is_whole = to_hash(leaf_bytes, &leaf) && to_hash(root_bytes, &root) && is_whole;
    *ret_status = is_whole && merkle_verify_inclusion(index, size, &leaf, proof, &root) ? 0 : 1;
    return OK;
}

static Err run_check_consistency(Cli *cli, int *ret_status) {
    Json *input;
    uint64_t size1 = 0, size2 = 0;
    bool is_found, is_whole;
    Str bytes1, bytes2;
    Hash root1, root2;
    MerkleProof proof;

    TRY(read_input(cli, 0, &input));
    TRY(get_number(input, "size1", true, &size1, &is_found));
    TRY(get_number(input, "size2", true, &size2, &is_found));
    if (size1 == 0)
        return FAIL(ERR_INVALID, "size1", N_("A proof from the empty log says nothing."));
    TRY(get_bytes(cli->arena, json_get(input, "root1"), "root1", &bytes1));
    TRY(get_bytes(cli->arena, json_get(input, "root2"), "root2", &bytes2));
    TRY(get_proof(cli->arena, input, &proof, &is_whole));
    /* A tree is consistent with itself, whatever its root is (RFC 9162, 2.1.4.2). */
    if (size1 == size2 && proof.len == 0) {
        *ret_status = str_eq(bytes1, bytes2) ? 0 : 1;
        return OK;
    }
    is_whole = to_hash(bytes1, &root1) && to_hash(bytes2, &root2) && is_whole;
    *ret_status =
        is_whole && merkle_verify_consistency(size1, size2, &root1, &root2, proof) ? 0 : 1;
    return OK;
}

static Err run_note_verify(Cli *cli, int *ret_status) {
    Str text;
    Note note;
    NoteKey key;

    if (!cli_has(cli, "--key"))
        return FAIL(ERR_INVALID, "--key", N_("Give the verifier key of who signed."));
    TRY(note_key_parse(cli_value(cli, "--key"), &key));
    TRY(cli_input(cli, 0, &text));
    TRY(note_parse(cli->arena, text, &note));
    if (!note_is_signed(cli->arena, &note, &key, NULL)) {
        *ret_status = 1;
        return OK;
    }
    return cli_write(note.text);
}

static Err run_sig_verify(Cli *cli, int *ret_status) {
    Str message, key, signature;
    SignPublic public;

    if (hex_decode(cli->arena, cli_value(cli, "--key"), &key).code != ERR_OK ||
        key.len != SIGN_PUBLIC_BYTES)
        return FAIL(ERR_INVALID, "--key", N_("The key is 64 hexadecimal digits."));
    if (hex_decode(cli->arena, cli_value(cli, "--sig"), &signature).code != ERR_OK)
        return FAIL(ERR_INVALID, "--sig", N_("The signature is hexadecimal digits."));
    memcpy(public.bytes, key.ptr, SIGN_PUBLIC_BYTES);
    TRY(cli_input(cli, 0, &message));
    *ret_status = sign_verify(&public, message, signature) ? 0 : 1;
    return OK;
}

static const CliOption no_options[] = { { 0 } };
static const CliOption note_options[] = {
    { "--key", true, N_("verifier key: name+hash+base64") },
    { 0 },
};
static const CliOption sig_options[] = {
    { "--key", true, N_("public key, 64 hexadecimal digits") },
    { "--sig", true, N_("signature, 128 hexadecimal digits") },
    { 0 },
};

const Command plumb_ledger_commands[] = {
    { "ledger root", "[FILE]", N_("The root of a list of entries."), no_options, run_root, 0, 1 },
    { "ledger prove", "[FILE]", N_("An inclusion or consistency proof over a list of entries."),
      no_options, run_prove, 0, 1 },
    { "ledger check-inclusion", "[FILE]", N_("Does this inclusion proof hold?"), no_options,
      run_check_inclusion, 0, 1 },
    { "ledger check-consistency", "[FILE]", N_("Does this consistency proof hold?"), no_options,
      run_check_consistency, 0, 1 },
    { "ledger note-verify", "--key VKEY [FILE]", N_("Is this note signed by that key?"),
      note_options, run_note_verify, 0, 1 },
    { "ledger sig-verify", "--key HEX --sig HEX [FILE]",
      N_("Is this the Ed25519 signature of standard input?"), sig_options, run_sig_verify, 0, 1 },
    { 0 },
};
