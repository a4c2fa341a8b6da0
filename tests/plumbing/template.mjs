// tests/plumbing/template.mjs - `template render`: the published specification, and what ours adds to it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../lib/server.mjs';
import { each, readJson } from './lib.mjs';

const required = ['comments', 'delimiters', 'interpolation', 'inverted', 'partials', 'sections'];
const optional = {
    '~lambdas': 'values that are programs: a model here is JSON, which holds none',
    '~inheritance': 'blocks and parents are not claimed: pages share their frame through partials',
    '~dynamic-names': 'a partial chosen by data is not claimed: partials are checked when the program starts',
};

/** Renders through files, as the command line takes them. */
async function render(suite, scratch, number, { name, template, data, partials = {} }, words) {
    const path = scratch.file(`${number}/template`, template);
    const folder = scratch.file(`${number}/partials/.keep`, '').slice(0, -'/.keep'.length);
    for (const [partial, text] of Object.entries(partials)) scratch.file(`${number}/partials/${partial}.mustache`, text);
    return suite.run(name, ['template', 'render', path, '--data', scratch.file(`${number}/data`, JSON.stringify(data)),
        '--partials', folder, ...words]);
}

async function specification(suite, scratch) {
    const tests = required.flatMap((module) => readJson(`mustache-spec/${module}.json`).tests.map((test) => ({ module, ...test })));
    await each(tests, async (test, number) => {
        const answer = await render(suite, scratch, number, test, ['--lenient']);
        if (answer) suite.check(`${test.module}: ${test.name}`, answer.status === 0 && answer.out.toString() === test.expected,
            `got ${JSON.stringify(answer.out.toString())}`);
    });
    for (const [module, why] of Object.entries(optional))
        suite.skip(`${module} is not mapped: ${why}`, readJson(`mustache-spec/${module}.json`).tests.length);
}

const strict = [
    // name, template, data, status, expected
    ['escapes & < > " and the apostrophe', '{{x}}', { x: `&<>"'` }, 0, '&amp;&lt;&gt;&quot;&#39;'],
    ['the same without strictness', '{{x}}', { x: `&<>"'` }, 0, '&amp;&lt;&gt;&quot;&#39;', ['--lenient']],
    ['an address that runs a script', '<a href="{{x}}">a</a>', { x: 'javascript:alert(1)' }, 0, '<a href="#">a</a>'],
    ['the same with blanks', '<a href="{{x}}">a</a>', { x: ' \tjava\nscript:alert(1)' }, 0, '<a href="#">a</a>'],
    ['an address of data', '<img src="{{x}}" alt="">', { x: 'data:text/html,x' }, 0, '<img src="#" alt="">'],
    ['a part of an address', '<a href="/s?q={{x}}">a</a>', { x: 'a b&c="' }, 0, '<a href="/s?q=a%20b%26c%3D%22">a</a>'],
    ['a name that is nowhere', '{{x}}', {}, 2], ['a section that is nowhere', '{{#x}}{{/x}}', {}, 2],
    ['an inverted one', '{{^x}}y{{/x}}', {}, 2], ['a member that is nowhere', '{{a.b}}', { a: {} }, 2],
    ['null is present', '[{{x}}]', { x: null }, 0, '[]'], ['a parent has it', '{{#a}}{{x}}{{/a}}', { a: {}, x: 1 }, 0, '1'],
    ['an item has it', '{{#a}}{{x}}{{/a}}', { a: [{ x: 2 }, {}], x: 1 }, 0, '21'],
    ['a missing partial', '{{>x}}', {}, 2], ['a tag that is not closed', '{{x', {}, 2],
    ['a section that is not closed', '{{#x}}', { x: 1 }, 2], ['another one closed', '{{#x}}{{/y}}', { x: 1, y: 1 }, 2],
    ['an attribute without quotes', '<p class={{x}}>', { x: 'a' }, 2], ['without a value too', '<p class=a>', {}, 2],
    ['an inline script', '<script>1</script>', {}, 2], ['an inline style', '<p style="color:red">', {}, 2],
    ['an event attribute', '<p onclick="x()">', {}, 2], ['a value as a name', '<p {{x}}="a">', { x: 'a' }, 2],
    ['a section that changes the place', '{{#x}}<p title="{{/x}}">', { x: 1 }, 2],
    ['a raw value that nobody cleaned', '{{{x}}}', { x: '<b>' }, 2], ['the other spelling', '{{&x}}', { x: '<b>' }, 2],
    ['lenient: nothing for what is nowhere', '[{{x}}{{>y}}{{#z}}a{{/z}}]', {}, 0, '[]', ['--lenient']],
    ['lenient: raw is raw', '{{{x}}}', { x: '<b>' }, 0, '<b>', ['--lenient']],
    ['lenient: an unclosed tag', '{{x', {}, 2, '', ['--lenient']],
];

async function ours(suite, scratch) {
    await each(strict, async ([name, template, data, status, expected = '', words = []], number) => {
        const answer = await render(suite, scratch, number, { name, template, data }, words);
        if (answer) suite.check(name, answer.status === status && answer.out.toString() === expected,
            `status ${answer.status}, ${answer.out}${answer.err}`);
    });
    const loop = { name: 'a partial in itself', template: '{{>x}}', data: {}, partials: { x: '{{>x}}' } };
    for (const [i, words] of [[], ['--lenient']].entries()) {
        const answer = await render(suite, scratch, `loop${i}`, loop, words);
        if (answer) suite.check(`${loop.name} ${words}`, answer.status === 3, `status ${answer.status}`);
    }
    // A partial's name may not climb out of its folder.
    scratch.file('outside.mustache', 'secret');
    for (const name of ['../outside', '../../outside', `${scratch.folder}/outside`, '..', '.', '/etc/passwd']) {
        const test = { name: `partial ${name}`, template: `{{>${name}}}`, data: {}, partials: { a: '' } };
        const answer = await render(suite, scratch, `climb${name.replaceAll('/', '_')}`, test, []);
        if (answer) suite.check(test.name, answer.status === 2, `status ${answer.status}, ${answer.out}`);
    }
    const path = scratch.file('plain', 'a');
    for (const [words, status] of [[[path], 0], [[], 2], [['/nobody/has/this'], 2], [[path, '--data', '/nobody'], 2],
        [[path, '--data', scratch.file('bad.json', '{')], 2], [[path, '--data'], 2], [[path, '--other'], 2]]) {
        const answer = await suite.run(`template render ${words}`, ['template', 'render', ...words]);
        if (answer) suite.check(`template render ${words}`, answer.status === status, `status ${answer.status}`);
    }
    const answer = await suite.run('data from standard input', ['template', 'render', scratch.file('x', '{{x}}'), '--data', '-'],
        '{"x":"中"}');
    if (answer) suite.check('data from standard input', answer.out.toString() === '中', answer.out);
}

/** A look of one's own is judged before a server shows it: what holds together, and the first file that does not. */
const looks = [
    ['the sample look', null, 0], ['a style sheet alone', { 'look.css': ':root { --acc: #063 }' }, 0],
    ['a template that knows its model', { 'portal/refusals.mustache': '<ul>{{#refusals}}<li>{{what}}</li>{{/refusals}}</ul>' }, 0],
    ['a key that the model has not', { 'portal/home.mustache': '<p>{{nothing}}</p>' }, 2, /portal\/home:1.*nothing/],
    ['a key of another page', { 'portal/refusals.mustache': '<p>{{lead}}</p>' }, 2, /portal\/refusals/],
    ['a script', { 'portal/home.mustache': '<script>alert(1)</script>' }, 2, /portal\/home/],
    ['an attribute without quotes', { 'portal/home.mustache': '<p class={{title}}>' }, 2, /portal\/home/],
    ['a template that nobody shows', { 'portal/other.mustache': '<p>a</p>' }, 2, /portal\/other\.mustache/],
    ['a file that is none of a look', { 'readme.txt': 'a' }, 2, /readme\.txt/],
    ['a file beyond the bound', { 'look.css': 'a'.repeat(262145) }, 3, /look\.css/],
    ['too many files', Object.fromEntries([...Array(201)].map((_, i) => [`portal/a${i}.mustache`, 'a'])), 3, /200/],
    ['an empty folder', {}, 2, /look\.css/],
];

async function looksOfOnesOwn(suite, scratch) {
    await each(looks, async ([name, files, status, words = /^$/], number) => {
        const folder = files ? join(scratch.folder, `look${number}`) : join(root, 'docs/samples/look');
        for (const [file, text] of Object.entries(files ?? {})) {
            mkdirSync(dirname(join(folder, file)), { recursive: true });
            writeFileSync(join(folder, file), text);
        }
        if (files) mkdirSync(folder, { recursive: true });
        const answer = await suite.run(name, ['template', 'check', '--look', folder]);
        if (answer) suite.check(name, answer.status === status && words.test(answer.err.toString().trim()), `status ${answer.status}, ${answer.err}`);
    });
}

export const templateSuites = [
    { name: 'mustache-spec', cases: 96, judge: specification },
    { name: 'template-strict', cases: strict.length + 16, needsShared: false, judge: ours },
    { name: 'template-look', cases: looks.length, needsShared: false, judge: looksOfOnesOwn },
];
