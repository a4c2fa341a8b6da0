// tests/proof/run.mjs - the proofreader over real published news: how much it points at wrongly, what it sees of mistakes that were put in,
// and that it leaves the names of the register alone.   node tests/proof/run.mjs
//
//     node tests/proof/run.mjs sample    prints the sample with its places, for who judges it; reviewed.tsv holds what was judged
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Report, root } from '../lib/server.mjs';
import { kinds } from './errors.mjs';
import { chance, contextOf, findings, hash, isHere, readNews } from './lib.mjs';

const SAMPLE = 100, SEED = 20261128, EACH = process.env.LIANDONG_MODE === 'full' ? 1000 : 200;
const RATE = 1, RECALL = 0.9; // findings per 1,000 characters that are judged false; part of the mistakes that is seen
const report = new Report('proof');
const reviewed = new Map(readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'reviewed.tsv'), 'utf8').split('\n')
    .filter((line) => line && !line.startsWith('#')).map((line) => line.split('\t')).map(([rule, mark, verdict]) => [`${rule} ${mark}`, verdict]));

/** The hundred findings whose marks come first in an order that only the seed decides: a changed rule changes its own ones. */
function sampleOf(texts, found) {
    const seen = new Map();
    texts.forEach((text, item) => found[item].forEach((one) => {
        const context = contextOf(text, one), key = `${one.rule} ${hash(context)}`;
        if (!seen.has(key)) seen.set(key, { key, one, item, context, order: hash(`${SEED} ${key}`) });
    }));
    return [...seen.values()].sort((a, b) => (a.order < b.order ? -1 : 1)).slice(0, SAMPLE);
}

function print(texts, sample) {
    for (const { key, one, item } of sample) {
        const characters = [...texts[item]], from = Math.max(0, one.from_chars - 30);
        const snippet = [...characters.slice(from, one.from_chars), '[', ...characters.slice(one.from_chars, one.to_chars), ']', ...characters.slice(one.to_chars, one.to_chars + 25)];
        console.log(`${key}\t${item}:${one.paragraph}:${one.from_chars}\t${snippet.join('').replaceAll('\n', '¶')}\t${one.suggestion}`);
    }
}

function checkRate(texts, found) {
    const characters = texts.reduce((sum, text) => sum + [...text].length, 0), total = found.reduce((sum, list) => sum + list.length, 0);
    const sample = sampleOf(texts, found);
    const verdicts = sample.map((one) => reviewed.get(one.key));
    sample.forEach((one, i) => report.check(`${one.key} of the sample was judged`, verdicts[i] !== undefined, `${one.one.word}: node tests/proof/run.mjs sample`));
    const wrong = verdicts.filter((verdict) => verdict !== 'right').length / sample.length;
    const rate = total / characters * 1000;
    console.log(`  ${total} findings in ${characters} characters of ${texts.length} items: ${rate.toFixed(3)} per 1,000; of ${sample.length} judged ones ` +
        `${(wrong * 100).toFixed(0)} in 100 false, so ${(rate * wrong).toFixed(3)} per 1,000`);
    report.check(`at most ${RATE} false finding per 1,000 characters`, rate * wrong <= RATE, rate * wrong);
}

/** A text with one mistake of the kind, and the rules that spoke before; null where none can be made. */
function spoil(text, kind, random) {
    const all = kind.of(text);
    if (!all.length) return null;
    const { at, end, put } = all[Math.floor(random() * all.length)];
    return text.slice(0, at) + put + text.slice(end);
}

const asked = (kind) => (one) => (kind.rules ? kind.rules.includes(one.rule) : /^[WG]/.test(one.rule));

function checkRecall(texts, found) {
    const random = chance(SEED), jobs = [];
    for (const kind of kinds) {
        const from = Math.floor(random() * texts.length);
        for (let i = 0, made = 0; i < texts.length && made < EACH; i++) {
            const item = (from + i * 7) % texts.length, text = spoil(texts[item], kind, random);
            if (text !== null) made = jobs.push({ kind, item, text }) && made + 1;
        }
    }
    const after = findings(jobs.map((job) => job.text));
    for (const kind of kinds) {
        const mine = jobs.map((job, i) => ({ ...job, after: after[i] })).filter((job) => job.kind === kind);
        const missed = mine.filter((job) => job.after.filter(asked(kind)).length <= found[job.item].filter(asked(kind)).length);
        const recall = 1 - missed.length / mine.length;
        console.log(`  ${kind.name.padEnd(42)} ${mine.length - missed.length} of ${mine.length}, ${(recall * 100).toFixed(1)} in 100`);
        report.check(`${kind.name}: ${RECALL * 100} in 100 are seen`, mine.length > 20 && recall >= RECALL, `${recall} of ${mine.length}`);
        if (process.argv[2] === 'missed') for (const { item, text } of missed.slice(0, 12)) {
            const old = texts[item];
            let at = 0;
            while (old[at] === text[at]) at++;
            console.log(`      ${item}: ${text.slice(Math.max(0, at - 25), at)}>>${text.slice(at, at + 25)}`.replaceAll('\n', '¶'));
        }
    }
}

const cells = (name) => readFileSync(join(root, 'demo', name), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));

/** Names of outlets, accounts, units and people, alone and in a sentence; as many as there are of each. */
function checkNames() {
    const outlets = cells('outlets.csv');
    const names = new Set([...outlets.flatMap((row) => [row[1], row[3], row[6], row[8], row[9], ...[12, 13, 14, 16, 17].flatMap((i) => row[i].split('、'))]),
        ...cells('people.csv').flatMap((row) => row.filter((cell) => /^\p{Script=Han}{2,}$/u.test(cell)))].filter(Boolean));
    for (const around of [(name) => name, (name) => `本周，${name}发布了三条消息，${name}的编辑作了说明。`, (name) => `“${name}”（${name}）说：《${name}》已经出版。`]) {
        const list = [...names], found = findings(list.map(around));
        list.forEach((name, i) => report.check(`${around(name)} is let alone`, found[i].length === 0, JSON.stringify(found[i])));
    }
}

if (!isHere) {
    checkNames();
    console.log(`proof-corpus: ${report.passed} cases passed, ${report.failures.length} failed, ${SAMPLE + kinds.length + 1} skipped: the folder of corpora is not here`);
    process.exitCode = report.failures.length ? 1 : 0;
} else {
    const texts = readNews(), found = findings(texts);
    if (process.argv[2] === 'sample') {
        print(texts, sampleOf(texts, found));
    } else {
        checkRate(texts, found);
        checkRecall(texts, found);
        checkNames();
        report.end();
    }
}
