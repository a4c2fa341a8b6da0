// tests/browser/sanitize.mjs - what the HTML cleaner lets through, judged by a browser's own parser (sec_10, sec_11).
//
// node sanitize.mjs [CLEAN_LINES]: every published payload is cleaned by tests/browser/clean_lines.c, put into a page
// and read by Chromium, which must see exactly the elements that the cleaned text spells out, none beyond the list,
// no request but for pictures that the text names, no dialog and no console message. Cleaned twice is cleaned once.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findPackage, launchChromium, root } from './browser.mjs';

const shared = process.env.LIANDONG_SHARED ?? resolve(root, '../shared');
const suites = join(shared, 'corpora/conformance');
const cleaner = process.argv[2] ?? process.env.CLEAN_LINES ?? join(root, 'build/asan/tests/browser/clean_lines');
const batchSize = 250;
const soupCases = Number(process.env.SOUP ?? 4000);
const expectedCases = 6500;

function filesOf(folder, ending) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((item) =>
        item.isDirectory() ? filesOf(join(folder, item.name), ending)
            : item.name.endsWith(ending) ? [join(folder, item.name)] : []);
}

const readText = (...path) => readFileSync(join(...path), 'utf8');
const readJson = (...path) => JSON.parse(readText(...path));

function readCases() {
    const groups = {
        'html-sanitizer': ['dompurify', 'bluemonday'].flatMap((name) =>
            readJson(suites, 'html-sanitizer', `${name}.json`).map((one) => one.payload)),
        'xss-payloads': [
            ...readJson(suites, 'xss-payloads/owasp-filter-evasion.json'),
            ...filesOf(join(suites, 'xss-payloads'), '.txt').flatMap((file) => readText(file).split('\n')),
            ...filesOf(join(suites, 'xss-payloads/files'), '').map((file) => readText(file)),
        ],
        'html5lib tree-construction': filesOf(join(suites, 'html5lib/tree-construction'), '.dat').flatMap((file) =>
            readText(file).split(/(?:^|\n)#data\n/).slice(1).map((block) => block.split('\n#errors')[0])),
        'html5lib tokenizer': filesOf(join(suites, 'html5lib/tokenizer'), '.test').flatMap((file) =>
            (readJson(file).tests ?? []).map((one) => one.input)),
        'naughty-strings': readJson(suites, 'naughty-strings/blns.json'),
        'tag soup': tagSoup(soupCases),
    };
    // The cleaner's cases are separated by NUL; what NUL becomes is a unit test's matter.
    return Object.entries(groups).flatMap(([suite, texts]) =>
        texts.filter((text) => text !== '').map((text) => ({ suite, text: text.replaceAll('\0', '') })));
}

/** Tags in disorder, the same ones each time: nestings that no suite thought of. */
function tagSoup(count) {
    const names = ['a', 'address', 'b', 'blockquote', 'br', 'caption', 'center', 'code', 'col', 'dd', 'details', 'div', 'dl',
        'dt', 'em', 'figure', 'font', 'form', 'h1', 'h2', 'hr', 'i', 'img src=x', 'input type=checkbox', 'label', 'li',
        'math', 'menu', 'object', 'ol', 'option', 'p', 'pre', 'rp', 'rt', 'ruby', 's', 'script', 'section', 'select', 'span',
        'summary', 'svg', 'table', 'tbody', 'td', 'template', 'th', 'thead', 'title', 'tr', 'ul', 'a href=y', 'q', 'small'];
    const texts = ['x', ' ', '\n', '&lt;', '&amp;amp;', '<!-- -->', '\n\n', '字'];
    let state = 20261124;
    const chance = (below) => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return (state >>> 8) % below;
    };
    const piece = () => {
        const name = names[chance(names.length)], dice = chance(100);
        return dice < 45 ? `<${name}>` : dice < 75 ? `</${name.split(' ')[0]}>` : texts[chance(texts.length)];
    };
    return Array.from({ length: count }, () => Array.from({ length: 2 + chance(40) }, piece).join(''));
}

/** One answer per text: { ok, html }. */
function clean(mode, texts) {
    const run = spawnSync(cleaner, [mode], {
        input: texts.map((text) => `${text}\0`).join(''), encoding: 'utf8', maxBuffer: 1 << 30,
    });
    if (run.error || run.status !== 0)
        throw new Error(`${cleaner} ${mode}: ${run.error ?? run.stderr}`);
    const answers = run.stdout.split('\0').slice(0, -1);
    if (answers.length !== texts.length)
        throw new Error(`${texts.length} cases, ${answers.length} answers`);
    return answers.map((answer) => ({ ok: answer[0] === '0', html: answer.slice(1) }));
}

// What may be in a page. Written apart from the cleaner's own list: the two must agree.
const inline = ['a', 'b', 'br', 'code', 'del', 'em', 'i', 's', 'strong'];
const allowed = {
    voice: [...inline, 'blockquote', 'div', 'li', 'ol', 'p', 'pre', 'ul'],
    article: [...inline, 'abbr', 'bdi', 'bdo', 'blockquote', 'caption', 'cite', 'dd', 'details', 'dfn', 'div', 'dl', 'dt',
        'figcaption', 'figure', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'img', 'input', 'ins', 'kbd', 'li',
        'mark', 'ol', 'p', 'pre', 'q', 'rp', 'rt', 'ruby', 'samp', 'small', 'span', 'sub', 'summary', 'sup', 'table',
        'tbody', 'td', 'tfoot', 'th', 'thead', 'time', 'tr', 'u', 'ul', 'var', 'wbr'],
};
const attributes = {
    '*': ['id', 'lang', 'dir', 'title'], a: ['href', 'rel'], img: ['src', 'alt', 'width', 'height'],
    blockquote: ['cite'], q: ['cite'], del: ['cite', 'datetime'], ins: ['cite', 'datetime'], time: ['datetime'],
    code: ['class'], details: ['open'], ol: ['start', 'type', 'reversed'], li: ['value'],
    td: ['colspan', 'rowspan', 'align'], th: ['colspan', 'rowspan', 'align', 'scope'],
    input: ['type', 'checked', 'disabled'],
};

/** Runs in the page: for each case what is wrong with it, or null; and the pictures that may be asked for. */
function judge({ htmls, elements, attributes }) {
    const voids = new Set(['br', 'hr', 'img', 'input', 'wbr']);
    const flags = new Set(['checked', 'disabled', 'open', 'reversed']);
    const escapeText = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
    const write = (node) => {
        if (node.nodeType === Node.TEXT_NODE)
            return escapeText(node.data);
        if (node.nodeType !== Node.ELEMENT_NODE)
            return `<!-- a node of type ${node.nodeType} -->`;
        const name = node.localName;
        const list = [...node.attributes].map((one) => flags.has(one.name) ? ` ${one.name}`
            : ` ${one.name}="${escapeText(one.value).replaceAll('"', '&quot;')}"`);
        const lost = name === 'pre' && node.firstChild?.data?.startsWith('\n') ? '\n' : '';
        const inner = voids.has(name) ? '' : `>${lost}${[...node.childNodes].map(write).join('')}</${name}`;
        return `<${name}${list.join('')}${inner}>`;
    };
    const isAddress = (value, element) => {
        const address = new URL(value, document.baseURI);
        return ['http:', 'https:'].includes(address.protocol) || (element === 'a' && address.protocol === 'mailto:') ||
            (element === 'img' && /^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=?=?$/i.test(value));
    };
    const faultOf = (element) => {
        const name = element.localName;
        if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml' || !elements.includes(name))
            return `element ${name}`;
        for (const { name: attribute, value } of element.attributes) {
            if (!attributes['*'].includes(attribute) && !attributes[name]?.includes(attribute))
                return `attribute ${attribute} of ${name}`;
            if (attribute === 'id' && !value.startsWith('content-'))
                return `id ${value}`;
            if (attribute === 'class' && !/^language-[\w+#.-]+$/.test(value))
                return `class ${value}`;
            if (['href', 'src', 'cite'].includes(attribute) && URL.canParse(value, document.baseURI) && !isAddress(value, name))
                return `address ${value}`;
        }
        if (name === 'input' && (element.type !== 'checkbox' || !element.disabled))
            return 'a live input';
        if (name === 'a' && element.origin !== location.origin && /^http/.test(element.protocol) &&
            !/^nofollow noopener( ugc)?$/.test(element.rel))
            return `rel ${element.rel} of ${element.href}`;
        return null;
    };
    const boxes = [...document.body.children];
    if (boxes.length !== htmls.length || boxes.some((box, i) => box.dataset.case !== String(i)))
        return { faults: htmls.map(() => 'the page around it was changed'), pictures: [] };
    return {
        faults: boxes.map((box, i) => {
            const fault = [...box.querySelectorAll('*')].map(faultOf).find((one) => one !== null);
            const seen = [...box.childNodes].map(write).join('');
            return fault ?? (seen === htmls[i] ? null : `another tree: ${seen}`);
        }),
        pictures: [...document.images].map((image) => image.src),
    };
}

const dot = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACADs=', 'base64');

/** Puts the cleaned texts into one page and lists what went wrong. */
async function judgePage(context, htmls, elements) {
    const page = await context.newPage();
    const wrong = [], asked = [];
    const body = `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,">` +
        `</head><body>${htmls.map((html, i) => `<div data-case="${i}">${html}</div>`).join('')}</body></html>`;

    page.on('dialog', async (dialog) => { wrong.push(`dialog ${dialog.message()}`); await dialog.dismiss(); });
    page.on('console', (message) => wrong.push(`console ${message.text()}`));
    page.on('pageerror', (error) => wrong.push(`error ${error}`));
    await page.route('**/*', async (route) => {
        const request = route.request();
        if (request.url() === 'http://page.test/') {
            await route.fulfill({ contentType: 'text/html; charset=utf-8', body });
            return;
        }
        asked.push({ url: request.url(), type: request.resourceType() });
        await route.fulfill({ contentType: 'image/gif', body: dot });
    });
    await page.goto('http://page.test/', { waitUntil: 'load' });
    const { faults, pictures } = await page.evaluate(judge, { htmls, elements, attributes });
    for (const { url, type } of asked) {
        if (type !== 'image' || !pictures.some((picture) => picture.split('#')[0] === url))
            wrong.push(`request ${type} ${url}`);
    }
    await page.close();
    return { wrong, faults };
}

async function main() {
    const playwright = findPackage('playwright-core');
    if (!existsSync(suites) || playwright === null) {
        console.log(`sanitize: 0 cases passed, 0 failed, ${expectedCases} skipped: ${playwright === null ? 'playwright-core is not installed'
            : 'the shared test data is not here'}`);
        return 0;
    }
    const cases = readCases();
    const browser = await launchChromium(playwright);
    const context = await browser.newContext();
    let judged = 0, refused = 0;
    const failures = [];

    for (const mode of ['article', 'voice', 'markdown']) {
        const answers = clean(mode, cases.map((one) => one.text));
        const kept = answers.map((answer, i) => ({ ...cases[i], ...answer })).filter((one) => one.ok);
        const again = clean(mode === 'voice' ? 'voice' : 'article', kept.map((one) => one.html));

        refused += answers.length - kept.length;
        kept.forEach((one, i) => {
            if (again[i].html !== one.html)
                failures.push({ mode, why: 'cleaned twice differs', text: one.text, html: one.html });
        });
        for (let from = 0; from < kept.length; from += batchSize) {
            const part = kept.slice(from, from + batchSize);
            const { wrong, faults } = await judgePage(context, part.map((one) => one.html),
                allowed[mode === 'voice' ? 'voice' : 'article']);
            wrong.forEach((why) => failures.push({ mode, why }));
            faults.forEach((why, i) => why && failures.push({ mode, why, text: part[i].text, html: part[i].html }));
            judged += part.length;
        }
    }
    await browser.close();
    failures.slice(0, 50).forEach((one) => console.log(JSON.stringify(one)));
    console.log(`${cases.length} payloads as story, voice and Markdown; ${refused} results refused by a limit`);
    console.log(`sanitize: ${judged - failures.length} cases passed, ${failures.length} failed`);
    if (cases.length < expectedCases + soupCases)
        console.log(`sanitize: at least ${expectedCases + soupCases} payloads were expected`);
    return failures.length === 0 && cases.length >= expectedCases + soupCases ? 0 : 1;
}

process.exitCode = await main();
