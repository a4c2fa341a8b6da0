// tests/bench/proofs.mjs - `text proof` over real news beside `grep -F -f` with the words of the same rules, whole processes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, root } from '../lib/server.mjs';
import { isHere, readNews } from '../proof/lib.mjs';

const PART = 1 << 18, PARTS = 64; // bytes; a draft with more than 500 findings is not read to its end
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Seconds of processor time of a whole process. Through a pipe: to /dev/null grep stops at the first match. */
function cpu(call) {
    const timed = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@" 2>/dev/null | cat >/dev/null', 'bash', ...call], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    const [user, system] = timed.stderr.toString().trim().split('\n').at(-1).split(' ').map(Number);
    return user + system;
}

/** What the rules of Chinese text look for, without the conditions around it. */
function wordsOfRules() {
    const folder = join(root, 'src/features/proof/rules');
    return readdirSync(folder).filter((name) => name.startsWith('zh')).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
        .map((line) => line.split(' | ')).filter((row) => row[1] === 'word').flatMap((row) => row[2].split(' ! ')[0].split(' / '))
        .flatMap((word) => word.split('…')).map((word) => word.replace(/[#&]/g, '').trim()).filter(Boolean);
}

export function proofs(say, rounds) {
    if (!isHere) {
        say('proofreading', 'not measured: the news is not here');
        return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'liandong-bench-'));
    try {
        const words = join(folder, 'words'), files = [], times = { ours: [], empty: [], theirs: [] };
        let part = '', bytes = 0;
        writeFileSync(words, wordsOfRules().join('\n') + '\n');
        for (const text of readNews()) {
            part += text + '\n';
            if (Buffer.byteLength(part) < PART || files.length === PARTS) continue;
            files.push(join(folder, `${files.length}.txt`));
            writeFileSync(files.at(-1), part);
            bytes += Buffer.byteLength(part);
            part = '';
        }
        const empty = files.map((_, i) => join(folder, `empty-${i}`));
        for (const path of empty) writeFileSync(path, '');
        for (let round = 0; round < rounds; round++) {
            times.ours.push(cpu([program, 'text', 'proof', ...files]));
            times.empty.push(cpu([program, 'text', 'proof', ...empty]));
            times.theirs.push(cpu(['grep', '-o', '-F', '-f', words, ...files]));
        }
        const rate = (seconds) => `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`;
        say(`proofreading ${(bytes / 1e6).toFixed(1)} MB of news, a process`, `${(median(times.ours) * 1000).toFixed(0)} ms, ${rate(median(times.ours))}; without its start ${rate(median(times.ours) - median(times.empty))}`);
        say('  grep -o -F with the words of the same rules', `${(median(times.theirs) * 1000).toFixed(0)} ms, ${rate(median(times.theirs))}`);
    } finally {
        rmSync(folder, { recursive: true });
    }
}

if (process.argv[1]?.endsWith('bench/proofs.mjs'))
    proofs((what, value) => console.log(`${what.padEnd(62)} ${value}`), Number(process.env.LIANDONG_ROUNDS ?? 5));
