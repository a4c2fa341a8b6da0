// tests/http/ledger.mjs - the public log from outside: tiles, root, proofs and key agree, and every act of this run has its entry.
import { createHash } from 'node:crypto';
import { until } from './lib.mjs';

const TILE = 256;

/** A checkpoint as C2SP writes it. */
function parseCheckpoint(text) {
    const [origin, size, root] = text.split('\n');
    return { text, origin, size: Number(size), root };
}

export async function firstCheckpoint({ reader }) {
    return parseCheckpoint((await reader.get('/log/checkpoint')).text);
}

const tilePath = (n) => n < 1000 ? String(n).padStart(3, '0') : `x${String(Math.floor(n / 1000)).padStart(3, '0')}/${String(n % 1000).padStart(3, '0')}`;

async function bytesOf(alliance, path) {
    const answer = await fetch(alliance.origin + path);
    return { status: answer.status, cache: answer.headers.get('cache-control'), bytes: Buffer.from(await answer.arrayBuffer()) };
}

/** All entries below size, from the tiles of entries; each is two bytes of length and the entry. */
async function entriesOf(suite, alliance, size) {
    const entries = [];
    for (let n = 0; n * TILE < size; n++) {
        const width = Math.min(TILE, size - n * TILE), part = width < TILE ? `.p/${width}` : '';
        const { status, bytes, cache } = await bytesOf(alliance, `/log/tile/entries/${tilePath(n)}${part}`);
        suite.equal(`tile ${n} of entries`, status, 200);
        suite.check(`tile ${n} may be kept for ever`, /immutable/.test(cache), cache);
        let at = 0, count = 0;
        while (at < bytes.length) {
            const length = bytes.readUInt16BE(at);
            entries.push(bytes.subarray(at + 2, at + 2 + length));
            at += 2 + length;
            count++;
        }
        suite.check(`tile ${n} of entries is whole`, at === bytes.length && count === width, `${count} of ${width}`);
    }
    return entries;
}

async function checkHashTiles(suite, alliance, entries) {
    for (let n = 0; n * TILE < entries.length; n++) {
        const slice = entries.slice(n * TILE, (n + 1) * TILE), part = slice.length < TILE ? `.p/${slice.length}` : '';
        const { bytes } = await bytesOf(alliance, `/log/tile/0/${tilePath(n)}${part}`);
        const hashes = slice.map((entry) => createHash('sha256').update(Buffer.from([0])).update(entry).digest());
        suite.check(`tile ${n} of hashes is that of its entries`, bytes.equals(Buffer.concat(hashes)), bytes.length);
    }
}

function checkProofs(suite, alliance, entries, first, last) {
    const list = entries.map((entry) => entry.toString('base64'));
    const ledger = (words, input) => alliance.run(['ledger', ...words], { input: typeof input === 'string' ? input : JSON.stringify(input) });
    suite.equal('the root of the entries is the checkpoint\'s', JSON.parse(ledger(['root'], { entries: list }).out).root, last.root);
    suite.equal('so was the first one\'s', JSON.parse(ledger(['root'], { entries: list.slice(0, first.size) }).out).root, first.root);
    for (const index of [0, 1, Math.floor(last.size / 2), first.size, last.size - 1]) {
        const proof = ledger(['prove'], { entries: list, index, size: last.size });
        const parsed = JSON.parse(proof.out);
        suite.equal(`entry ${index} is proved under the checkpoint's root`, parsed.root, last.root);
        suite.equal(`its proof holds`, ledger(['check-inclusion'], proof.out).status, 0);
        suite.equal(`under another root it does not`, ledger(['check-inclusion'], { ...parsed, root: first.root }).status, 1);
    }
    const proof = ledger(['prove'], { entries: list, size1: first.size, size2: last.size }), parsed = JSON.parse(proof.out);
    suite.check('the later checkpoint is consistent with the first', parsed.root1 === first.root && parsed.root2 === last.root &&
        ledger(['check-consistency'], proof.out).status === 0, proof.err);
    suite.equal('a forged first root is not', ledger(['check-consistency'], { ...parsed, root1: last.root }).status, 1);
}

function checkNotes(suite, alliance, vkey, checkpoints) {
    for (const { text, size } of checkpoints) {
        const good = alliance.run(['ledger', 'note-verify', '--key', vkey], { input: text });
        suite.check(`the checkpoint of ${size} is signed`, good.status === 0 && good.out.split('\n')[1] === String(size), good.err);
        const bad = alliance.run(['ledger', 'note-verify', '--key', vkey], { input: text.replace(`\n${size}\n`, `\n${size + 1}\n`) });
        suite.equal(`of ${size + 1} it is not`, bad.status, 1);
    }
}

/** Every (kind, subject) the pages of the log show, newest first, down to the start of this run. */
async function shownActs(reader, downTo) {
    const seen = new Map();
    for (let path = '/log'; path;) {
        const { json } = await reader.get(path, { json: true });
        for (const entry of json.entries) {
            const key = `${entry.kind} ${entry.subject}`;
            seen.set(key, (seen.get(key) ?? 0) + 1);
        }
        const last = json.entries.at(-1);
        path = json.next && last.position > downTo ? `/log?after=${encodeURIComponent(json.next)}` : null;
    }
    return seen;
}

export async function testLedger(world) {
    const { suite, alliance, reader, first } = world;
    await until('all entries have a place', async () => (await reader.get('/log', { json: true })).json.pending === 0);
    const last = parseCheckpoint((await reader.get('/log/checkpoint')).text);
    const vkey = (await reader.get('/log/key')).text.trim();
    suite.check('the log grew', last.size >= first.size && last.origin === first.origin, `${first.size} ${last.size}`);
    const entries = await entriesOf(suite, alliance, last.size);
    suite.equal('as many entries as the checkpoint says', entries.length, last.size);
    await checkHashTiles(suite, alliance, entries);
    checkProofs(suite, alliance, entries, first, last);
    checkNotes(suite, alliance, vkey, [first, last]);
    const seen = await shownActs(reader, first.size), counts = new Map();
    for (const { kind, subject } of suite.acts) {
        const key = `${kind} ${subject}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, count] of counts) suite.check(`the log has ${key}`, (seen.get(key) ?? 0) >= count, `${seen.get(key)} of ${count}`);
    for (const path of [`/log/tile/entries/${tilePath(Math.floor(last.size / TILE) + 1)}`, '/log/tile/0/000.p/0', '/log/tile/0/000.p/256', '/log/tile/0/0', '/log/tile/0/-01',
        '/log/tile/8/000', '/log/tile/0/x000/000/000', '/log/tile/entries/000.p/01'])
        suite.equal(`${path} is no tile`, (await reader.get(path)).status, 404);
    console.log(`  ${last.size} entries, ${suite.acts.length} acts of this run found`);
}
