// tests/corpus/run.mjs - real input: thousands of dated news items imported, paged, opened, carried out in feeds and
// searched, every sampled word found as often as it stands there.   node tests/corpus/run.mjs sqlite|postgres
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Alliance, Client, Report, root, shared } from '../lib/server.mjs';

const driver = process.argv[2] ?? 'sqlite';
const report = new Report(`corpus ${driver}`);
const archive = join(shared, 'corpora/text/news/xwlb-2022-09_2024-12.jsonl.gz');
const ITEMS = 11411;
const NO = 'CC001';
const sampled = process.env.LIANDONG_MODE === 'full' ? { one: 3000, two: 12000 } : { one: 300, two: 1200 };

if (!existsSync(shared)) {
    console.log(`corpus-${driver}: 0 cases passed, 0 failed, ${ITEMS} skipped: the folder of corpora is not here`);
    process.exit(0);
}

/** The items as an outlet would hand them in: a day as people write it. */
function readItems() {
    return gunzipSync(readFileSync(archive)).toString('utf8').trim().split('\n').map((line) => {
        const item = JSON.parse(line);
        return { ...item, date: item.date.replace(/^(....)(..)(..)$/, '$1-$2-$3') };
    });
}

const outcomes = (text) => {
    const count = {};
    for (const line of text.trim().split('\n')) {
        const outcome = JSON.parse(line).outcome;
        if (outcome) count[outcome] = (count[outcome] ?? 0) + 1;
    }
    return count;
};

/** An alliance with one outlet and nothing else, so that every count is the corpus's own. */
async function startWithOneOutlet() {
    const alliance = new Alliance(driver);
    report.equal('init', alliance.run(['init', '--data', alliance.data]).status, 0);
    const rows = readFileSync(join(root, 'demo/outlets.csv'), 'utf8').split('\n');
    const roster = join(alliance.folder, 'one.csv');
    writeFileSync(roster, rows.slice(0, 2).join('\n') + '\n');
    await alliance.start('serve');
    report.equal('one outlet imported', alliance.run(['import', 'outlets', roster]).status, 0);
    return alliance;
}

function importAll(alliance, items) {
    const file = join(alliance.folder, 'news.jsonl');
    writeFileSync(file, items.map((item) => JSON.stringify(item)).join('\n') + '\n');
    const words = ['import', 'stories', file, '--outlet', NO, '--json'];
    for (const [flags, expected] of [[['--dry-run'], 'new'], [[], 'new'], [[], 'same']]) {
        const { status, out, err } = alliance.runPatiently([...words, ...flags]);
        report.equal(`import ${flags} ends with 0 ${err}`, status, 0);
        report.equal(`import ${flags}`, outcomes(out)[expected], items.length);
    }
}

async function waitForIndex(alliance) {
    for (let tries = 0; tries < 1200; tries++) {
        const { out } = alliance.run(['job', 'list', '--json']);
        const owed = out.trim().split('\n').filter(Boolean).map(JSON.parse).filter((job) => job.kind === 'search.index');
        const stuck = owed.find((job) => job.state === 'dead');
        if (stuck) { report.check('no index job dies', false, JSON.stringify(stuck)); return; }
        if (owed.length === 0) return;
        await new Promise((done) => setTimeout(done, 250));
    }
    report.check('the index is made', false);
}

/** Every story of the outlet once, newest first. */
async function pageThrough(reader) {
    const seen = new Map();
    let last = Infinity, path = `/outlets/${NO}`;
    for (let pages = 0; path && pages < 2000; pages++) {
        const { json } = await reader.get(path, { json: true });
        for (const story of json.stories) {
            const at = Date.parse(story.published.iso);
            if (at > last || seen.has(story.id)) report.check('pages neither overlap nor go back', false, story.id);
            last = at;
            seen.set(story.id, story);
        }
        path = json.next ? `/outlets/${NO}?after=${encodeURIComponent(json.next)}` : null;
    }
    report.equal('stories met by paging through the outlet', seen.size, ITEMS);
    return seen;
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;').replaceAll("'", '&#39;');

async function openSome(reader, stories) {
    let n = 0;
    for (const story of stories.values()) {
        if (n++ % 97) continue;
        const page = await reader.get(story.url);
        report.equal(`opens ${story.url}`, page.status, 200);
        report.check('shows its title', page.text.includes(escaped(story.title)), story.title);
        report.check('says that it is from before', page.text.includes('补录'), story.url);
        report.check('is marked in JSON', (await reader.get(story.url, { json: true })).json.imported !== null, story.url);
    }
}

async function readFeeds(reader, stories) {
    const newest = [...stories.values()][0];
    for (const kind of ['atom', 'rss', 'json'])
        for (const path of [`/feed.${kind}`, `/outlets/${NO}/feed.${kind}`]) {
            const { status, text } = await reader.get(path);
            report.equal(path, status, 200);
            const title = kind === 'json' ? JSON.stringify(newest.title).slice(1, -1) : escaped(newest.title);
            report.check(`${path} carries the newest story`, text.includes(title), newest.title);
            report.check(`${path} says that it is from before`, text.includes('补录'));
        }
}

/** Different words of Han characters in the texts, chosen by a fixed stride so that each run asks the same. */
function sampleWords(texts, length, count) {
    const all = new Set();
    for (const text of texts)
        for (const [run] of text.matchAll(/\p{Script=Han}+/gu)) {
            const characters = [...run];
            for (let i = 0; i + length <= characters.length; i++) all.add(characters.slice(i, i + length).join(''));
        }
    const sorted = [...all].sort();
    const step = Math.max(1, Math.floor(sorted.length / count));
    return sorted.filter((_, i) => i % step === 0).slice(0, count);
}

async function searchWords(reader, texts) {
    for (const [length, count] of [[1, sampled.one], [2, sampled.two]]) {
        let asked = 0, wrong = 0, first = '';
        for (const word of sampleWords(texts, length, count)) {
            const { json } = await reader.get(`/search?q=${encodeURIComponent(word)}`, { json: true });
            const expected = texts.reduce((sum, text) => sum + text.includes(word), 0);
            asked++;
            if (json.total !== expected) { wrong++; first ||= `${word}: found ${json.total}, stands in ${expected}`; }
        }
        report.check(`${asked} words of ${length} characters are found as often as they stand there`, wrong === 0, `${wrong} not: ${first}`);
        report.passed += wrong === 0 ? asked - 1 : 0;
    }
}

const items = readItems();
report.equal('items of the corpus', items.length, ITEMS);
const alliance = await startWithOneOutlet();
try {
    importAll(alliance, items);
    const reader = new Client(alliance, { lang: 'zh' });
    await waitForIndex(alliance);
    const stories = await pageThrough(reader);
    await openSome(reader, stories);
    await readFeeds(reader, stories);
    await searchWords(reader, items.map((item) => `${item.title}\n${item.text}`.normalize('NFKC').toLowerCase()));
} catch (error) {
    report.check('the run goes through', false, `${error.stack} ${JSON.stringify(alliance.exit)} ${alliance.log.slice(-600)}`);
} finally {
    await alliance.remove();
}
report.end();
