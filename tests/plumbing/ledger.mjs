// tests/plumbing/ledger.mjs - `ledger …`: RFC 6962 trees and proofs, C2SP notes, Ed25519 (merkle-rfc6962, wycheproof).
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { each, filesOf, readJson, suites } from './lib.mjs';

const base64 = (hex) => Buffer.from(hex, 'hex').toString('base64');
const hashList = (list) => (list ?? []).map(base64);

async function answerOf(suite, what, command, value) {
    const answer = await suite.run(what, ['ledger', command], typeof value === 'string' ? value : JSON.stringify(value));
    return answer && { ...answer, json: answer.status === 0 && answer.out.length ? JSON.parse(answer.out.toString()) : null };
}

/** A file of the suite is the very input that the command reads; wantErr says whether the proof must fail. */
async function proofs(suite, folder, command) {
    await each(filesOf(join(suites, 'merkle-rfc6962', folder), '.json'), async (path) => {
        const text = readFileSync(path, 'utf8'), test = JSON.parse(text), what = `${folder} ${path.split('/').slice(-2).join('/')}`;
        const answer = await answerOf(suite, what, command, text);
        if (!answer) return;
        // A size of 0, or hashes of another length, is no proof at all: status 2.
        const is = test.wantErr ? answer.status === 1 || answer.status === 2 : answer.status === 0;
        suite.check(what, is && answer.out.length === 0, `status ${answer.status}, wantErr ${test.wantErr}`);
    });
}

async function known(suite) {
    const data = readJson('merkle-rfc6962/known-answers.json'), entries = data.leaf_inputs_hex.map(base64);
    for (const [size, root] of data.roots_by_tree_size_0_to_8.entries()) {
        const answer = await answerOf(suite, `root of ${size}`, 'root', { entries: entries.slice(0, size) });
        suite.check(`root of ${size}`, answer?.out.toString() === `{"size":${size},"root":"${base64(root)}"}\n`, answer?.out);
    }
    for (const [i, hash] of data.leaf_hashes.entries()) {
        const answer = await answerOf(suite, `leaf ${i}`, 'prove', { entries, index: i, size: entries.length });
        suite.check(`leaf ${i}`, answer?.json?.leafHash === base64(hash), answer?.out);
    }
    for (const { leaf_index: index, tree_size: size, path } of data.inclusion) {
        const what = `inclusion of ${index} in ${size}`, answer = await answerOf(suite, what, 'prove', { entries, index, size });
        const { leafIdx, treeSize, proof } = answer?.json ?? {};
        suite.check(what, leafIdx === index && treeSize === size && JSON.stringify(proof) === JSON.stringify(hashList(path)), answer?.out);
        const checked = await answerOf(suite, what, 'check-inclusion', answer?.out.toString() ?? '');
        suite.check(`${what} holds`, checked?.status === 0, checked?.status);
    }
    for (const { size1, size2, proof } of data.consistency) {
        const what = `consistency of ${size1} and ${size2}`, answer = await answerOf(suite, what, 'prove', { entries, size1, size2 });
        suite.check(what, JSON.stringify(answer?.json?.proof) === JSON.stringify(hashList(proof)), answer?.out);
        const checked = await answerOf(suite, what, 'check-consistency', answer?.out.toString() ?? '');
        suite.check(`${what} holds`, checked?.status === 0, checked?.status);
    }
}

async function merkle(suite) {
    await known(suite);
    await proofs(suite, 'inclusion', 'check-inclusion');
    await proofs(suite, 'consistency', 'check-consistency');
    const left = ['subtreeinclusion', 'subtreeconsistency'].flatMap((name) => filesOf(join(suites, 'merkle-rfc6962', name), '.json'));
    suite.skip('subtree proofs have no command: src/sec/merkle_test.c judges them', left.length);
}

// ---- our own: what the commands refuse ----

/** RFC 6962, 2.1, written anew. */
const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaf = (entry) => sha(Buffer.from([0]), Buffer.from(entry));
const rootOf = (leaves) => {
    if (leaves.length === 0) return sha();
    if (leaves.length === 1) return leaves[0];
    const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
    return sha(Buffer.from([1]), rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
};

const wrong = {
    root: ['', '[]', '{}', '{"entries":1}', '{"entries":["%"]}', '{"entries":["QQ"]}', '{"entries":[1]}', '{"entries":[]} x',
        '{"entries":[],"entries":[]}'],
    prove: ['{}', '{"entries":[]}', '{"entries":["QQ=="],"index":1,"size":1}', '{"entries":["QQ=="],"index":0,"size":2}',
        '{"entries":["QQ=="],"index":0}', '{"entries":["QQ=="],"index":-1,"size":1}', '{"entries":["QQ=="],"index":0.5,"size":1}',
        '{"entries":["QQ=="],"index":"0","size":1}', '{"entries":["QQ=="],"size1":0,"size2":1}', '{"entries":["QQ=="],"size1":2,"size2":1}',
        '{"entries":["QQ=="],"size1":1,"size2":2}', '{"entries":["QQ=="],"size1":1}'],
    'check-inclusion': ['{}', '[]', 'x', '{"leafIdx":0,"treeSize":1,"root":"?","leafHash":"AAAA","proof":[]}'],
    'check-consistency': ['{}', '{"size1":1,"size2":1,"root1":"x","root2":"x","proof":[]}'],
};

async function refusals(suite) {
    for (const [command, texts] of Object.entries(wrong))
        await each(texts, async (text) => {
            const answer = await answerOf(suite, `${command} ${text}`, command, text);
            if (answer) suite.check(`${command} ${text}`, answer.status === 2, `status ${answer.status}`);
        });
    const root = sha().toString('base64');
    const zero = await answerOf(suite, 'size1 = 0', 'check-consistency', { size1: 0, size2: 1, root1: root, root2: root, proof: [] });
    suite.check('a proof from the empty log is refused', zero?.status === 2, zero?.status);
}

/** Each tree up to 33 entries: its root as computed here, every proof holds, and no other one does. */
async function trees(suite) {
    const sizes = Array.from({ length: 34 }, (_, i) => i).filter((n) => n < 10 || n % 7 === 3 || n > 30);
    await each(sizes, async (size) => {
        const texts = Array.from({ length: size }, (_, i) => `entry ${i} 中`), entries = texts.map((text) => Buffer.from(text).toString('base64'));
        const answer = await answerOf(suite, `root of ${size}`, 'root', { entries });
        suite.check(`root of ${size} entries`, answer?.json?.root === rootOf(texts.map(leaf)).toString('base64'), answer?.out);
        if (size === 0) return;
        const index = Math.floor(size * 2 / 3), size1 = Math.max(1, Math.floor(size / 2));
        const inclusion = (await answerOf(suite, 'prove', 'prove', { entries, index, size }))?.json;
        const consistency = (await answerOf(suite, 'prove', 'prove', { entries, size1, size2: size }))?.json;
        const wrongHash = Buffer.alloc(32, 1).toString('base64');
        const status = async (command, value) => (await answerOf(suite, command, command, value))?.status;
        suite.check(`inclusion in ${size}`, await status('check-inclusion', inclusion) === 0);
        suite.check(`another leaf in ${size}`, await status('check-inclusion', { ...inclusion, leafHash: wrongHash }) === 1);
        suite.check(`one hash too many in ${size}`, await status('check-inclusion', { ...inclusion, proof: [...inclusion.proof, wrongHash] }) === 1);
        suite.check(`consistency with ${size}`, await status('check-consistency', consistency) === 0);
        suite.check(`another first root than ${size}'s`, await status('check-consistency', { ...consistency, root1: wrongHash }) === 1);
    });
}

function noteKey(name) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const public32 = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32), tagged = Buffer.concat([Buffer.from([1]), public32]);
    const id = sha(Buffer.from(`${name}\n`), tagged).subarray(0, 4);
    return { name, privateKey, public32, id, vkey: `${name}+${id.toString('hex')}+${tagged.toString('base64')}` };
}
const signLine = (key, text, signature = sign(null, Buffer.from(text), key.privateKey)) =>
    `\u2014 ${key.name} ${Buffer.concat([key.id, signature]).toString('base64')}\n`;

async function notes(suite) {
    const key = noteKey('log.example'), other = noteKey('other.example'), same = noteKey('log.example');
    const text = 'log.example\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n', line = signLine(key, text), note = `${text}\n${line}`;
    const bad = Buffer.from(sign(null, Buffer.from(text), key.privateKey));
    bad[0] ^= 1;
    const rows = [ // what, key, note, status, text
        ['a note', key.vkey, note, 0, text], ['with a witness beside', key.vkey, `${note}${signLine(other, text)}`, 0, text],
        ['by the other', other.vkey, note, 1], ['by a key of the same name', same.vkey, note, 1],
        ['a changed text', key.vkey, note.replace('3', '4'), 1], ['a changed signature', key.vkey, `${text}\n${signLine(key, text, bad)}`, 1],
        ['a second, wrong signature of the key', key.vkey, `${note}${signLine(key, text, bad)}`, 1],
        ['no signature', key.vkey, text, 2], ['no blank line', key.vkey, `${text}${line}`, 2], ['nothing', key.vkey, '', 2],
        ['a hyphen for a dash', key.vkey, note.replace('\u2014', '-'), 2], ['no final line feed', key.vkey, note.slice(0, -1), 2],
        ['ill-formed UTF-8', key.vkey, Buffer.concat([Buffer.from([0xFF]), Buffer.from(note)]), 2], ['a control', key.vkey, `\x01${note}`, 2],
        ['a key that is none', 'log.example', note, 2], ['a key with a wrong id', key.vkey.replace(/\+......../, '+00000000'), note, 2],
        ['no key', null, note, 2], ['too long a note', key.vkey, `${'x'.repeat(70_000)}\n\n${line}`, 3],
    ];
    await each(rows, async ([what, vkey, input, status, out = '']) => {
        const answer = await suite.run(what, ['ledger', 'note-verify', ...(vkey === null ? [] : ['--key', vkey])], input);
        if (answer) suite.check(what, answer.status === status && answer.out.toString() === out, `status ${answer.status}: ${answer.out}${answer.err}`);
    });
}

async function ed25519(suite) {
    const groups = readJson('wycheproof/ed25519_test.json').testGroups;
    const tests = groups.flatMap((group) => group.tests.map((test) => ({ ...test, key: group.publicKey.pk })));
    await each(tests, async ({ tcId, key, msg, sig, result, comment, flags }) => {
        const answer = await suite.run(`${tcId}`, ['ledger', 'sig-verify', '--key', key, `--sig=${sig}`], Buffer.from(msg, 'hex'));
        if (!answer) return;
        // An empty signature is no value of an option: status 2 refuses it too.
        const is = result === 'valid' ? answer.status === 0 : answer.status === 1 || (sig === '' && answer.status === 2);
        suite.check(`${tcId} ${comment} ${flags}`, is && answer.out.length === 0, `status ${answer.status}, ${result}`);
    });
}

/** S >= L, as RFC 8032, 5.1.7 wants it refused: a valid signature with L added to S. */
async function malleable(suite) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex'), message = Buffer.from('联动');
    const signature = sign(null, message, privateKey);
    const number = (bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const added = Buffer.from((number(signature.subarray(32)) + order).toString(16).padStart(64, '0'), 'hex').reverse();
    const rows = [
        ['a signature', key, signature.toString('hex'), 0], ['in capitals', key.toUpperCase(), signature.toString('hex').toUpperCase(), 0],
        ['S + L', key, Buffer.concat([signature.subarray(0, 32), added]).toString('hex'), 1],
        ['63 bytes', key, signature.subarray(0, 63).toString('hex'), 1], ['65 bytes', key, `${signature.toString('hex')}00`, 1],
        ['no hexadecimal digits', key, 'zz', 2], ['an odd number of digits', key, 'abc', 2], ['a short key', key.slice(2), signature.toString('hex'), 2],
        ['no key', null, signature.toString('hex'), 2], ['all zero', '00'.repeat(32), '00'.repeat(64), 1],
        ['a key of small order', `01${'00'.repeat(31)}`, `01${'00'.repeat(63)}`, 1],
    ];
    await each(rows, async ([what, k, s, status]) => {
        const answer = await suite.run(what, ['ledger', 'sig-verify', ...(k === null ? [] : ['--key', k]), '--sig', s], message);
        if (answer) suite.check(what, answer.status === status, `status ${answer.status}`);
    });
}

export const ledgerSuites = [
    { name: 'merkle-rfc6962', cases: 282, judge: merkle },
    { name: 'ledger-refusals', cases: Object.values(wrong).flat().length + 1, needsShared: false, judge: refusals },
    { name: 'ledger-trees', cases: 80, needsShared: false, judge: trees },
    { name: 'ledger-notes', cases: 18, needsShared: false, judge: notes },
    { name: 'wycheproof-ed25519', cases: 67, judge: ed25519 },
    { name: 'ledger-signatures', cases: 11, needsShared: false, judge: malleable },
];
