// tests/plumbing/hostile.mjs - bytes nobody should send, through every plumbing command: no crash, the right status, in time.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { each, filesOf, isFull, readJson, readLines, run, protocolFault, slowness, suites } from './lib.mjs';

const mega = 1 << 20;
const cpuSeconds = 2 * slowness;
const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'; // of the C2SP specification

/** Every plumbing command with the bytes as its main input. */
function commands(scratch) {
    const plain = scratch.file('plain.mustache', '<p>{{x}}</p>');
    return {
        'html clean': ['html', 'clean'], 'html clean voice': ['html', 'clean', '--profile', 'voice', '--base', 'https://a.example/b/'],
        'markdown render': ['markdown', 'render'], 'markdown render --unsafe': ['markdown', 'render', '--unsafe'],
        'feed parse': ['feed', 'parse', '--url', 'https://a.example/b/'], 'json canonical': ['json', 'canonical'], 'template data': ['template', 'render', plain, '--data', '-', '--lenient'],
        'text proof': ['text', 'proof', '--markdown'], 'text proof en': ['text', 'proof', '--lang', 'en'], 'ledger root': ['ledger', 'root'], 'ledger prove': ['ledger', 'prove'], 'ledger check-inclusion': ['ledger', 'check-inclusion'],
        'ledger check-consistency': ['ledger', 'check-consistency'], 'ledger note-verify': ['ledger', 'note-verify', '--key', vkey],
        'ledger sig-verify': ['ledger', 'sig-verify', '--key', '00'.repeat(32), '--sig', '00'.repeat(64)],
    };
}

/** The same bytes as a template, both ways, and as its data's text. */
async function asTemplate(suite, scratch, number, text) {
    const path = scratch.file(`t${number}`, text);
    for (const words of [[], ['--lenient']]) {
        const answer = await suite.run(`template ${number}`, ['template', 'render', path, ...words]);
        if (answer) suite.check(`template ${number} ${words}`, true);
    }
}

const sample = (texts, most) => isFull || texts.length <= most ? texts
    : texts.filter((_, i) => Math.floor(i * most / texts.length) !== Math.floor((i - 1) * most / texts.length));

/** Each text alone through the template's strict escaping, many together through every command. */
async function throughAll(suite, scratch, texts, { alone = 60, together = 400 } = {}) {
    const escaped = scratch.file('escape.mustache', '<p title="{{x}}">{{x}}</p>');
    const groups = [];
    for (let from = 0; from < texts.length; from += together) groups.push(texts.slice(from, from + together));
    // One JSON document with every text: it must come back exactly, whatever the text is (well-formed UTF-8 only).
    await each(groups, async (group) => {
        const written = JSON.stringify(group), answer = await suite.run('json', ['json', 'canonical'], written);
        const list = answer?.status === 0 ? JSON.parse(answer.out.toString()) : [];
        group.forEach((text, i) => suite.check(`comes back through JSON: ${JSON.stringify(text)}`, list[i] === text, list[i]));
    });
    const escape = (text) => text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]);
    const chosen = sample(texts, alone);
    await each(chosen, async (text, i) => {
        const shown = await suite.run('template', ['template', 'render', escaped, '--data', '-'], JSON.stringify({ x: text }));
        if (shown && shown.out.toString() !== `<p title="${escape(text)}">${escape(text)}</p>`)
            suite.check(`is shown escaped: ${JSON.stringify(text)}`, false, shown.out);
        for (const [name, words] of Object.entries(commands(scratch))) {
            const answer = await run(words, text), fault = protocolFault(answer);
            if (fault) suite.check(`${name}: ${JSON.stringify(text)}`, false, fault);
        }
        await asTemplate(suite, scratch, `x${i}`, text);
        suite.passed -= 2; // the cases are the texts
    });
    await each(groups, async (group) => {
        for (const [name, words] of Object.entries(commands(scratch))) {
            const answer = await run(words, group.join('\n')), fault = protocolFault(answer);
            if (fault) suite.check(`${name}, ${group.length} texts`, false, fault);
        }
    });
}

async function naughty(suite, scratch) {
    await throughAll(suite, scratch, readJson('naughty-strings/blns.json'), { alone: 262 / 4 });
}

async function injections(suite, scratch) {
    const texts = filesOf(join(suites, 'injection-payloads'), '.txt').flatMap((file) =>
        readFileSync(file, 'utf8').split('\n').filter(Boolean)).filter((text) => !/[\ud800-\udfff]/u.test(text));
    await throughAll(suite, scratch, texts, { alone: 40, together: 2000 });
    // Format strings as data are printed unchanged (security-checklist 6), also where they are arguments.
    const formats = readLines('injection-payloads/format-strings/format-strings.txt');
    const template = scratch.file('f', '{{{x}}}');
    await each(formats, async (text) => {
        const answer = await suite.run(text, ['template', 'render', template, '--lenient', '--data', '-'], JSON.stringify({ x: text }));
        if (answer) suite.check(`unchanged: ${text}`, answer.out.toString() === text, answer.out);
        const refused = await suite.run(text, ['json', 'canonical', `/nobody/${text}`]);
        if (refused) suite.check(`named unchanged: ${text}`, refused.status === 2 && refused.err.toString().includes(`/nobody/${text}`), refused.err);
    });
}

/** Characters of the Unicode test files, as text in pages, templates and JSON. */
async function unicode(suite, scratch) {
    const rows = readLines('unicode/NormalizationTest.txt').filter((line) => /^[0-9A-F]/.test(line));
    const texts = rows.map((line) => line.split(';')[0].split(' ').map((code) => String.fromCodePoint(Number.parseInt(code, 16))).join(''));
    const breaks = readLines('unicode/GraphemeBreakTest.txt').filter((line) => /^÷/.test(line)).map((line) =>
        line.split('#')[0].match(/[0-9A-F]{2,}/g).map((code) => String.fromCodePoint(Number.parseInt(code, 16))).join(''));
    const confusable = readLines('unicode/confusables.txt').filter((line) => /^[0-9A-F]/.test(line)).map((line) =>
        String.fromCodePoint(Number.parseInt(line, 16)));
    const all = [...texts, ...breaks, ...confusable].filter((text) => !/[\ud800-\udfff]/u.test(text));
    await throughAll(suite, scratch, all, { alone: 20, together: 4000 });
    // Text in a paragraph is not changed by cleaning.
    const kept = all.filter((text) => !/[\0-\x20<>&\x7f-\x9f\p{Noncharacter_Code_Point}]/u.test(text));
    const answer = await suite.run('paragraphs', ['html', 'clean'], kept.map((text) => `<p>${text}</p>`).join(''));
    const got = answer?.out.toString().slice(3, -4).split('</p><p>') ?? [];
    kept.forEach((text, i) => { if (got[i] !== text) suite.check(`stays in a paragraph: ${JSON.stringify(text)}`, false, JSON.stringify(got[i])); });
    suite.check('every paragraph came back', got.length === kept.length, `${got.length} of ${kept.length}`);
    suite.passed--;
}

/** Whether these are read rightly is the matter of src/text/charset_test.c: no plumbing command guesses an encoding. */
async function encodings(suite, scratch) {
    await each([...filesOf(join(suites, 'encodings-derived'), '.xml'), join(suites, 'encodings-derived/gbk-text.txt')], async (path) => {
        const bytes = readFileSync(path);
        let fault = null;
        for (const [name, words] of Object.entries(commands(scratch))) {
            const answer = await run(words, bytes);
            fault ??= protocolFault(answer) && `${name}: ${protocolFault(answer)}`;
        }
        suite.check(path, fault === null, fault);
    });
}

/** Bytes that look random and are the same each time. */
function noise(size) {
    const parts = [];
    for (let i = 0; parts.length * 32 < size; i++) parts.push(createHash('sha256').update(`noise ${i}`).digest());
    return Buffer.concat(parts).subarray(0, size);
}

const fill = (text, size = mega) => text.repeat(Math.ceil(size / text.length)).slice(0, size);
const quarter = 256 * 1024;
const cruel = {
    'random bytes': noise(mega), zeros: Buffer.alloc(mega), 'bytes of 0xFF': Buffer.alloc(mega, 0xFF), blanks: fill(' '), 'line feeds': fill('\n'),
    '[[[[': fill('['), '[](': fill('[]('), '[a](<b': fill('[a](<b'), '![[]()': fill('![[]()'), '<b><b>': fill('<b>'), '</b></b>': fill('</b>'),
    '<b></p>': fill('<b></p>'), '<a href=': fill('<a href='), '<<<<': fill('<'), '&&&&': fill('&'), '&amp;': fill('&amp;'), '&#': fill('&#'),
    '&notanentity': fill('&notanentity'), '****': fill('*'), '*a_': fill('*a_'), '**a *b': fill('**a *b '), '_ _': fill('_ '), '```': fill('`'),
    '`a``': fill('`a``b```c'), '> > >': fill('> '), '> nested lists': fill('> - '), '- - -': fill('- '), '1. 1.': fill('1. '), '|a|': fill('|a'),
    'a wide table': fill(`|${'a|'.repeat(500)}\n|${'-|'.repeat(500)}\n`), '~~~': fill('~~a'), '<!--': fill('<!--'), '<!-- -': fill('<!-- - '),
    '<![CDATA[': fill('<![CDATA['), '<?': fill('<?'), '<table><tr>': fill('<table><tr><td>'), '<table> without cells': fill('<table>x'),
    '<p><div>': fill('<p><div>'), '<svg>': fill('<svg><a><svg>'), '<select>': fill('<select><option>'), '<script': fill('<script'), '<style><': fill('<style><'),
    'attributes': `<p ${fill('a=b ', mega - 4)}>`.slice(0, mega), 'many attributes': fill(`<p ${'a1 b2 c3 d4 e5 f6 '.repeat(10)}>`),
    'a long attribute': `<a href="${fill('a', mega - 20)}">`, 'dots in an address': `<a href="/${fill('a/../', mega - 20)}">`,
    '{{{{': fill('{{'), '{{#a}}': fill('{{#a}}'), '{{a}}': fill('{{a}}'), '{{=<% %>=}}': fill('{{=<% %>=}}<%={{ }}=%>'), '{{>a}}': fill('{{>a}}'), '{{!': fill('{{!'),
    'open objects': fill('{"a":'), 'many names': `{${Array.from({ length: 60_000 }, (_, i) => `"name${i}":0`)}}`, 'one long text': `"${fill('a', mega - 2)}"`,
    'escapes': `"${fill('\\u0000', mega - 4)}"`, 'digits': fill('1'), 'a number': `1${fill('0', mega - 3)}e1`, 'minus signs': fill('-'), 'quotes': fill('"'),
    'backslashes': `"${fill('\\', mega - 2)}"`, 'zeros in an array': `[${fill('0,', mega - 4)}0]`, 'empty arrays': `[${fill('[],', mega - 6)}[]]`,
    'empty objects': `[${fill('{},', mega - 6)}{}]`, 'entries': `{"entries":[${fill('"",', mega - 20)}""]}`,
    'a proof': `{"leafIdx":0,"treeSize":1,"root":"${'A'.repeat(43)}=","leafHash":"${'A'.repeat(43)}=","proof":[${fill(`"${'A'.repeat(43)}=",`, mega - 200)}"${'A'.repeat(43)}="]}`,
    'signatures': `a\n\n${fill('\u2014 a AAAAAAA=\n', 500_000)}`, '中': fill('中', mega / 3 | 0), '**中。**后': fill('**中。**后', mega / 14 | 0),
    'link definitions': fill('[a]: b\n'), 'other definitions': Array.from({ length: 60_000 }, (_, i) => `[a${i}]: b`).join('\n').slice(0, mega),
    'references': fill('[a][b]'), 'setext': fill('a\n-\n'), 'hard breaks': fill('a  \n'), 'headings': fill('# a\n'), 'tabs': fill('\t- a\n'),
    'combining marks': fill('a\u0301', mega / 3 | 0), 'ill-formed UTF-8': fill(Buffer.from([0xE4, 0xB8]).toString('latin1')),
};
// Markdown takes 256 KB, notes 64 KB: beyond, the answer is the limit; so these get their own largest input too.
const ownLimit = { 'markdown render': quarter, 'markdown render --unsafe': quarter, 'ledger note-verify': 64 * 1024 };

/** Feeds that cost most where the parser is careless. */
const inFeed = (text) => Buffer.from(`<rss version="2.0"><channel><item><description>${text}`);
const inHtml = (text) => inFeed(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
const bomb = (levels, width) => `<!DOCTYPE rss [<!ENTITY e0 "x">${Array.from({ length: levels }, (_, i) =>
    `<!ENTITY e${i + 1} "${`&e${i};`.repeat(width)}">`).join('')}]><rss><channel><title>&e${levels};</title></channel></rss>`;
const cruelFeeds = {
    items: Buffer.from(`<rss><channel>${fill('<item>', mega - 20)}`), 'empty items': Buffer.from(`<rss><channel>${fill('<item/>', mega - 20)}`),
    entries: Buffer.from(`<feed>${fill('<entry><id>a</id>', mega - 20)}`), 'end tags': inFeed(fill('</b>')), 'start tags': inFeed(fill('<b>')),
    'open and close': inFeed(fill('<b></b>')), 'crossed tags': inFeed(fill('<a><b></a>')), 'references': inFeed(fill('&nbsp;')), 'ampersands': inFeed(fill('&')),
    'long names': inFeed(`<${fill('a', mega - 200)}>`), 'one tag of attributes': inFeed(`<b ${Array.from({ length: 120_000 }, (_, i) => `a${i}=""`).join(' ')}>`),
    'many attributes': inFeed(fill(`<b ${Array.from({ length: 120 }, (_, i) => `a${i}=""`).join(' ')}/>`)), 'open comments': inFeed(fill('<!--')),
    'open CDATA': inFeed(fill('<![CDATA[')), 'short CDATA': inFeed(fill('<![CDATA[]]>')), 'brackets': inFeed(fill(']]>')), 'declarations': Buffer.from(fill('<!DOCTYPE a [')),
    'a laughing bomb': Buffer.from(bomb(30, 10)), 'a wide bomb': Buffer.from(bomb(3, 60)), 'a flat bomb': Buffer.from(`<!DOCTYPE rss [<!ENTITY a "${fill('a', 60_000)}">]><rss>${fill('&a;', 900_000)}`),
    'an empty bomb': Buffer.from(bomb(25, 4).replace('"x"', '""')), 'entities': Buffer.from(`<!DOCTYPE rss [${fill('<!ENTITY a "b">')}`),
    'links': Buffer.from(`<feed>${fill('<link href="/a/b/../c"/>')}`), 'categories': Buffer.from(`<feed>${Array.from({ length: 50_000 }, (_, i) => `<category term="${i}"/>`).join('')}`),
    'authors': Buffer.from(`<feed>${Array.from({ length: 25_000 }, (_, i) => `<author><name>${i}</name></author>`).join('')}`), 'dates': Buffer.from(`<feed>${fill('<updated>Mon, 1 Jan 2024 00:00:00 +0000</updated>')}`),
    'namespaces': Buffer.from(`<feed>${Array.from({ length: 15_000 }, (_, i) => `<a xmlns:n${i}="urn:${i}"/>`).join('')}`), 'bases': Buffer.from(`<feed>${fill('<a xml:base="b/c/d"><link href="e"/></a>')}`),
    'markup': inHtml(fill('<b>')), 'paragraphs': inHtml(fill('<p>x')), 'tables': inHtml(fill('<table><tr><td>')), 'small texts': Buffer.from(`<feed>${fill('<entry><title type="html">&lt;b>x&lt;/b></title></entry>')}`),
    'nested bases': Buffer.from(`<feed>${'<a xml:base="b/c/d">'.repeat(190)}${fill('<link href="e"/>', 900_000)}`), 'keywords': Buffer.from(`<rss><channel><keywords>${fill('a,b,c')}`),
    'JSON items': Buffer.from(`{"version":"https://jsonfeed.org/version/1.1","title":"","items":[${fill('{"content_html":"<b>x</b>"},', mega - 100)}{}]}`),
    'cut JSON': Buffer.from(`{"version":"https://jsonfeed.org/version/1.1","title":"","items":[${fill('{"a":[{}]},', mega - 100)}`), 'open JSON': Buffer.from(`{"items":${fill('[{"a":')}`),
    'Latin letters': inFeed(fill('\xc1\xaa')), 'lone bytes': Buffer.concat([inFeed(''), Buffer.alloc(mega, 0xC1)]), 'UTF-16': Buffer.from('\ufeff' + inFeed(fill('联动', mega / 2)).toString(), 'utf16le'),
};

async function feedsInTime(suite) {
    let slowest = { ms: 0 };
    for (const [what, bytes] of Object.entries(cruelFeeds)) {
        const answer = await run(['feed', 'parse', '--url', 'https://a.example/'], bytes, { cpuSeconds });
        if (answer.ms > slowest.ms) slowest = { ms: answer.ms, what };
        const fault = answer.status === 'SIGXCPU' ? `more than ${cpuSeconds} s of processor time` : protocolFault(answer);
        const mustStop = /bomb/.test(what) && answer.status !== 3 ? `status ${answer.status}` : null;
        suite.check(`feed parse, ${what}`, (fault ?? mustStop) === null, fault ?? mustStop);
    }
    console.log(`feed-time: each within ${cpuSeconds} s of processor time; the slowest took ${Math.round(slowest.ms)} ms: ${slowest.what}`);
}

async function inTime(suite, scratch) {
    const all = commands(scratch);
    let slowest = { ms: 0 };
    const judge = async (name, what, words, input) => {
        const answer = await run(words, input, { cpuSeconds });
        const fault = answer.status === 'SIGXCPU' ? `more than ${cpuSeconds} s of processor time` : protocolFault(answer);
        if (answer.ms > slowest.ms) slowest = { ms: answer.ms, what: `${name}, ${what}` };
        suite.check(`${name}, ${what}`, fault === null, fault);
    };
    for (const [what, text] of Object.entries(cruel)) {
        const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text);
        for (const [name, words] of Object.entries(all)) {
            await judge(name, what, words, bytes);
            if (ownLimit[name]) await judge(`${name} at its limit`, what, words, bytes.subarray(0, ownLimit[name]));
        }
        const path = scratch.file('cruel.mustache', bytes);
        await judge('template render', what, ['template', 'render', path]);
        await judge('template render --lenient', what, ['template', 'render', path, '--lenient', '--data', scratch.file('d', '{"a":[1,2]}')]);
    }
    console.log(`plumbing-time: each within ${cpuSeconds} s of processor time; on the clock the slowest took ${Math.round(slowest.ms)} ms: ${slowest.what}`);
}

export const hostileSuites = [
    { name: 'naughty-strings', cases: 262, judge: naughty },
    { name: 'injection-payloads', cases: 12000, judge: injections },
    { name: 'unicode', cases: 12000, judge: unicode },
    { name: 'encodings-derived', cases: 22, judge: encodings },
    { name: 'feed-time', cases: Object.keys(cruelFeeds).length, needsShared: false, judge: feedsInTime },
    { name: 'plumbing-time', cases: Object.keys(cruel).length * 20, needsShared: false, judge: inTime },
];
