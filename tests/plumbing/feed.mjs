// tests/plumbing/feed.mjs - `feed parse` over feeds that others collected: what they expect, and no crash or mojibake.
//
// feedparser-table.tsv holds our judgement on each of feedparser's cases, a line each: its name and "mapped", "not mapped: why"
// or "differs: why" (mapped, but we decided otherwise; it counts as failed). `node feed.mjs table` writes it anew and
// keeps the reasons of those that differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { each, filesOf, protocolFault, run, suites } from './lib.mjs';
import { cleanFault } from './html.mjs';
import { equality, scope } from './feedparser.mjs';
import { evaluate, NotMapped, strings } from './python.mjs';
import { gofeedDiffers, gofeedFaults } from './gofeed.mjs';

const tablePath = join(dirname(fileURLToPath(import.meta.url)), 'feedparser-table.tsv');
const site = 'http://127.0.0.1:8097/';

/** Every HTML member below a value, and every text. */
function* membersOf(value, name = '') {
    if (typeof value === 'string') yield [name, value];
    else if (Array.isArray(value)) for (const item of value) yield* membersOf(item, name);
    else if (value && typeof value === 'object') for (const [key, item] of Object.entries(value)) yield* membersOf(item, key);
}

/** What must hold for the output of any feed, whatever the feed was; null when it does. */
export function outputFault(output, bytes) {
    const hasMark = bytes.includes('\ufffd') || /&(?:amp;)*#(?:x0*fffd|65533);/i.test(bytes.toString('latin1'));
    if (output.version !== 'https://jsonfeed.org/version/1.1' || !Array.isArray(output.items)) return 'no JSON Feed 1.1';
    for (const item of output.items) if (!item.id) return 'an item without id';
    for (const [name, text] of membersOf(output)) {
        const fault = name.endsWith('_html') ? cleanFault(text) : null;
        if (fault) return `${name}: ${fault} in ${text.slice(0, 200)}`;
        if (text.includes('\ufffd') && !hasMark && !output._liandong.problems.includes('invalid-bytes')) return `U+FFFD in ${name}: ${text.slice(0, 100)}`;
        if (/^(date_|updated$|published$|created$|expired$)/.test(name) && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) return `${name} is ${text}`;
    }
    return null;
}

/** Parses a file: { status, output, fault }. */
async function parse(bytes, words = []) {
    const answer = await run(['feed', 'parse', ...words], bytes), fault = protocolFault(answer);
    if (fault || answer.status !== 0) return { status: answer.status, err: answer.err.toString().trim(), fault };
    if (answer.out.at(-1) !== 10) return { status: 0, fault: 'no line feed at the end' };
    const text = new TextDecoder('utf-8', { fatal: true }).decode(answer.out), output = JSON.parse(text);
    return { status: 0, output, fault: outputFault(output, bytes) };
}

const chunk = 60;

/** Many files at a time, a line of output each: Map of path to what parse() gives. Alone again where that went wrong. */
async function parseAll(paths) {
    const found = new Map(), groups = [];
    for (let from = 0; from < paths.length; from += chunk) groups.push(paths.slice(from, from + chunk));
    await each(groups, async (group) => {
        const answer = group.length > 1 ? await run(['feed', 'parse', ...group]) : null;
        const lines = answer && !protocolFault(answer) && answer.status <= 1 ? answer.out.toString().split('\n').slice(0, -1) : [];
        for (const [i, path] of group.entries()) {
            const output = lines.length === group.length ? JSON.parse(lines[i]) : null, bytes = readFileSync(path);
            if (!output) found.set(path, await parse(bytes));
            else if (output._liandong.refused) found.set(path, { status: output._liandong.status, err: output._liandong.refused });
            else found.set(path, { status: 0, output, fault: outputFault(output, bytes) });
        }
    });
    return found;
}

/* ---- feedparser ---- */

function textOf(bytes) {
    const zeros = [0, 1, 2, 3].map((i) => (bytes[i] === 0 ? '0' : 'x')).join('');
    if (bytes.subarray(0, 4).equals(Buffer.from([0x4C, 0x6F, 0xA7, 0x94]))) return '';
    if (zeros.includes('0') || bytes[0] >= 0xFE) return bytes.toString('latin1').replaceAll('\0', '');
    return new TextDecoder().decode(bytes);
}

const knownTypes = { '.xml': 'application/xml', '.json': 'application/json' };
const cleaned = new Map();

/** The expected text as our cleaner writes it. */
async function prepare(texts) {
    for (const text of texts) {
        if (!/[<&]/.test(text) || cleaned.has(text)) continue;
        const answer = await run(['html', 'clean', '--base', site], text);
        cleaned.set(text, answer.status === 0 ? answer.out.toString().trim() : null);
    }
}
const equal = equality((text) => cleaned.get(text) ?? text.replace(/>/g, '&gt;'));

/** 'mapped' and a fault or null; or 'not mapped: why'. */
async function judgeFeedparser(path) {
    const bytes = readFileSync(path), text = textOf(bytes);
    const expected = /Expect:\s*(.*)\s*-->/.exec(text)?.[1].trim() ?? /Expect:\s*(.*)/.exec(text)?.[1].trim();
    const header = (name) => new RegExp(`Header:\\s+${name}:(.+)`, 'i').exec(text)?.[1].trim();
    const type = header('Content-type'), location = header('Content-Location');
    const parsed = await parse(bytes, ['--url', location ?? site, ...(type ? ['--content-type', type] : [])]);
    if (parsed.fault) return { verdict: 'mapped', fault: parsed.fault };
    if (expected === undefined) return { verdict: 'not mapped: it says not what it expects', fault: null };
    if (expected === '1') return { verdict: 'mapped', fault: null };
    if (parsed.status !== 0) return { verdict: 'mapped', fault: expected === 'bozo' ? null : `refused: ${parsed.err}` };
    try {
        await prepare(strings(expected));
        const holds = evaluate(expected, scope(parsed.output, bytes), equal);
        return { verdict: 'mapped', fault: holds ? null : `${expected} but ${JSON.stringify(parsed.output)}` };
    } catch (error) {
        if (error instanceof NotMapped) return { verdict: `not mapped: ${error.message}`, fault: null };
        return { verdict: 'mapped', fault: `${error.message}: ${expected}` };
    }
}

function readTable() {
    const rows = readFileSync(tablePath, 'utf8').split('\n').filter((row) => row && !row.startsWith('#'));
    return new Map(rows.map((row) => row.split('\t')));
}

const feedparserFiles = () => filesOf(join(suites, 'feedparser')).filter((path) => !path.endsWith('SOURCE.md'));

async function feedparser(suite) {
    const table = readTable(), root = join(suites, 'feedparser');
    let mapped = 0, passed = 0, differs = 0;
    await each(feedparserFiles(), async (path) => {
        const name = relative(root, path), judged = table.get(name), { verdict, fault } = await judgeFeedparser(path);
        const isMapped = judged === 'mapped' || judged?.startsWith('differs: ');
        mapped += isMapped;
        passed += isMapped && fault === null && verdict === 'mapped';
        differs += judged?.startsWith('differs: ') ?? false;
        if (judged?.startsWith('differs: ')) suite.check(`${name} still differs`, fault !== null, 'it passes: say "mapped" in the table');
        else suite.check(name, fault === null && judged === verdict, fault ?? `the table says ${judged}, now it is ${verdict}`);
    });
    const all = feedparserFiles().length;
    console.log(`feedparser: ${mapped} of ${all} mapped, ${passed} of these pass, ${differs} differ for the reason in the table`);
    if (mapped < 0.8 * all || passed < 0.97 * mapped) suite.check('four fifths are mapped, of these 97 % pass', false);
}

async function writeTable() {
    const root = join(suites, 'feedparser'), rows = new Map();
    let before = new Map(), failed = 0;
    try { before = readTable(); } catch { /* the first time */ }
    await each(feedparserFiles(), async (path) => {
        const name = relative(root, path), { verdict, fault } = await judgeFeedparser(path), judged = before.get(name);
        rows.set(name, fault && judged?.startsWith('differs: ') ? judged : verdict);
        if (fault) console.log(`${++failed} ${name}: ${fault.slice(0, 700)}`);
    });
    const head = '# Our judgement on the cases of feedparser\'s test suite (names are those of its files); see feed.mjs.\n';
    writeFileSync(tablePath, head + [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map((row) => row.join('\t') + '\n').join(''));
    const count = [...rows.values()].filter((verdict) => !verdict.startsWith('not')).length;
    console.log(`${count} of ${rows.size} mapped (${(count / rows.size * 100).toFixed(1)} %), ${failed} of them fail (${((1 - failed / count) * 100).toFixed(1)} % pass)`);
}

/* ---- the others ---- */

async function gofeed(suite) {
    const root = join(suites, 'gofeed');
    let cases = 0, mapped = 0, passed = 0;
    const isFault = (name, faults) => (gofeedDiffers[name] ? faults.length === 0 : faults.length > 0);
    const expectations = filesOf(root, '.json').filter((path) => !/universal|parser\/json\/.*full|json10_simple|json11_full\.json/.test(path));
    await each(expectations, async (path) => {
        const input = [path.replace(/\.json$/, '.xml'), path.replace(/_expected\.json$/, '.json')].find((name) => {
            try { return name !== path && readFileSync(name); } catch { return false; }
        });
        if (!input) return;
        cases++;
        const parsed = await parse(readFileSync(input)), name = relative(root, path);
        const { count, faults } = parsed.output ? gofeedFaults(JSON.parse(readFileSync(path, 'utf8')), parsed.output) : { count: 1, faults: [parsed.fault ?? parsed.err] };
        mapped += count > 0;
        passed += count > 0 && faults.length === 0;
        suite.check(name, !parsed.fault && !isFault(name, faults), `${gofeedDiffers[name] ?? ''} ${parsed.fault ?? ''} ${faults.join('; ')} in ${JSON.stringify(parsed.output)}`);
    });
    console.log(`gofeed: ${cases} files with an expectation, ${mapped} mapped, ${passed} of these pass`);
    if (passed < 0.97 * mapped) suite.check('of the mapped 97 % pass', false);
}

/** Parsed, or refused with a reason. */
async function anyFeed(suite, folder, { mustParse = () => false, judge = () => null } = {}) {
    const counts = { parsed: 0, refused: 0, items: 0, repaired: 0 };
    const paths = filesOf(join(suites, folder)).filter((path) => !path.endsWith('SOURCE.md'));
    for (const [path, parsed] of await parseAll(paths)) {
        const name = relative(suites, path);
        counts[parsed.output ? 'parsed' : 'refused']++;
        counts.items += parsed.output?.items.length ?? 0;
        counts.repaired += parsed.output?._liandong.repaired ?? false;
        const fault = parsed.fault ?? (!parsed.output && (!parsed.err || mustParse(name, readFileSync(path))) ? `refused: ${parsed.err}` : null)
            ?? judge(name, parsed);
        suite.check(name, fault === null, fault);
    }
    console.log(`${folder}: ${JSON.stringify(counts)}`);
}

const looksLikeFeed = (bytes) => /<(?:\w+:)?(?:rss|RDF|feed|channel)[\s>]/i.test(bytes.toString('latin1').replaceAll('\0', '').replace(/<!--[\s\S]*?-->/g, ''));

async function encodings(suite) {
    const plain = ({ _liandong, ...rest }) => JSON.stringify(rest);
    for (const folder of ['0', '2']) {
        const root = join(suites, 'encodings-derived', folder), reference = (await parse(readFileSync(join(root, 'utf-8.xml')))).output;
        await each(filesOf(root), async (path) => {
            const words = path.includes('http-charset-gbk') ? ['--content-type', 'text/xml; charset=gbk'] : [];
            const { output, err, fault } = await parse(readFileSync(path), words), name = relative(suites, path);
            if (fault || !output) suite.check(name, false, fault ?? err);
            else if (path.includes('truncated'))
                suite.check(name, output._liandong.repaired && output.items.length > 0 && output.items.slice(0, -1).every((item, i) =>
                    JSON.stringify(item) === JSON.stringify(reference.items[i])), JSON.stringify(output).slice(0, 300));
            else if (path.includes('one-bad-byte')) {
                const marks = JSON.stringify(output).match(/\ufffd/g)?.length ?? 0;
                suite.check(name, output._liandong.repaired && marks <= 1 && output.items.length === reference.items.length, `${marks} marks`);
            } else suite.check(name, plain(output) === plain(reference) && output.title && !/\ufffd/.test(plain(output)), JSON.stringify(output).slice(0, 300));
        });
    }
}

if (process.argv[2] === 'table') await writeTable();

export const feedSuites = [
    { name: 'feed-feedparser', cases: 1035, judge: feedparser },
    { name: 'feed-gofeed', cases: 200, judge: gofeed },
    { name: 'feed-feedvalidator', cases: 908, judge: (suite) => anyFeed(suite, 'feedvalidator') },
    { name: 'feed-realworld', cases: 238, judge: (suite) => anyFeed(suite, 'realworld-feeds', { mustParse: (name, bytes) => looksLikeFeed(bytes) }) },
    { name: 'feed-encodings', cases: 22, judge: encodings },
    { name: 'feed-xml-conformance', cases: 734, judge: (suite) => anyFeed(suite, 'xml-conformance', {
        judge: (name, parsed) => parsed.status === 2 || parsed.status === 3 ? null : `status ${parsed.status}` }) },
    { name: 'feed-injection', cases: 30, judge: (suite) => anyFeed(suite, 'injection-payloads') },
];
