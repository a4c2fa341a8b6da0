// tests/proof/lib.mjs - what the proofs of the proofreader share: the real news, chance that repeats, the program over many texts.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { program, shared } from '../lib/server.mjs';

const archive = join(shared, 'corpora/text/news/xwlb-2022-09_2024-12.jsonl.gz');
export const isHere = existsSync(shared);
export const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** mulberry32: the same numbers for the same seed, everywhere. */
export function chance(seed) {
    return () => {
        seed = (seed + 0x6D2B79F5) | 0;
        let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

/** The published texts. A line that their collector put below some of them is none of the broadcaster's. */
export function readNews() {
    return gunzipSync(readFileSync(archive)).toString('utf8').trim().split('\n')
        .map((line) => JSON.parse(line).text.replace(/\n*\(更新时间戳: \d+\)\s*$/, ''));
}

/** What the program finds in each text, in their order. */
export function findings(texts, words = []) {
    const folder = mkdtempSync(join(tmpdir(), 'liandong-proof-')), all = texts.map(() => []);
    try {
        texts.forEach((text, i) => writeFileSync(join(folder, `${i}.txt`), text));
        for (let from = 0; from < texts.length; from += 1000) {
            const some = texts.slice(from, from + 1000).map((_, i) => join(folder, `${from + i}.txt`));
            if (some.length === 1) some.push(join(folder, `${from}.txt`)); // of one text no name would be told
            const done = spawnSync(program, ['text', 'proof', ...words, ...some], { maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
            if (done.status > 1 || done.status === null) throw new Error(`text proof: ${done.status} ${done.stderr}`);
            for (const line of done.stdout.toString().split('\n').filter(Boolean)) {
                const one = JSON.parse(line);
                all[Number(/(\d+)\.txt$/.exec(one.file)[1])].push(one);
            }
        }
    } finally {
        rmSync(folder, { recursive: true });
    }
    return all;
}

/** Twenty characters around a finding: ten before its end of the left, ten behind its beginning. */
export function contextOf(text, one) {
    const characters = [...text];
    return characters.slice(Math.max(0, one.from_chars - 10), one.from_chars + 10).join('');
}
