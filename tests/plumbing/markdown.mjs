// tests/plumbing/markdown.mjs - `markdown render`: CommonMark with `--unsafe`, cleaned without, and Chinese emphasis both ways.
import { readFileSync } from 'node:fs';
import { each, readJson } from './lib.mjs';

/** Where we differ, by file and number, each with its reason; one that passes after all is a failure too. */
const deviations = JSON.parse(readFileSync(new URL('commonmark-deviations.json', import.meta.url), 'utf8'));
const files = {
    commonmark: { least: 0.99 },
    regression: { least: 0 },
    'gfm-spec': { least: 0, skip: { autolink: 'literal autolinks are off', tagfilter: 'the tag filter is off: cleaning takes its place' } },
    'gfm-extensions': { least: 0 },
};

const blocks = 'address|blockquote|dd|details|div|dl|dt|figure|h[1-6]|hr|li|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul';
/** White space between block tags does not count, nor how an empty element or an attribute without value is written. */
export function normal(html) {
    return html.split(/(<pre[\s>][\s\S]*?<\/pre>)/).map((part, i) => i % 2 ? part
        : part.replace(new RegExp(`\\s*(</?(?:${blocks})(?:\\s[^<>]*)?>)\\s*`, 'g'), '$1')).join('').trim();
}

async function commonmark(suite) {
    for (const [file, { least, skip = {} }] of Object.entries(files)) {
        const tests = readJson(`commonmark/${file}.json`), listed = deviations[file] ?? {};
        let equal = 0, judged = 0;
        await each(tests, async (test) => {
            if (skip[test.extensions]) {
                suite.skip(`${file} ${test.extensions}: ${skip[test.extensions]}`);
                return;
            }
            const what = `${file} ${test.example}`;
            const answer = await suite.run(what, ['markdown', 'render', '--unsafe'], test.markdown);
            if (!answer) return;
            const is = answer.status === 0 && normal(answer.out.toString()) === normal(test.html);
            judged++;
            equal += is ? 1 : 0;
            if (listed[test.example]) {
                if (suite.check(`${what} is listed as different`, !is)) suite.passed--;
                suite.skip(`${file}, listed: ${listed[test.example]}`);
            } else {
                suite.check(what, is, JSON.stringify([test.markdown, answer.out.toString(), test.html]));
            }
        });
        console.log(`commonmark ${file}: ${equal} of ${judged} equal (${(100 * equal / judged).toFixed(2)} %)`);
        if (suite.check(`${file} reaches its share`, equal >= least * judged, `${equal} of ${judged}`)) suite.passed--;
    }
}

// CommonMark's flanking rule needs blanks around words, which Chinese does not write: [text, as a story, with --unsafe].
const emphasis = [
    ['**中文。**后面', '<p><strong>中文。</strong>后面</p>', '<p>**中文。**后面</p>\n'],
    ['前面**“中文”**后面', '<p>前面<strong>“中文”</strong>后面</p>', '<p>前面**“中文”**后面</p>\n'],
    ['前*（中）*后', '<p>前<em>（中）</em>后</p>', '<p>前*（中）*后</p>\n'],
    ['**中文**后面', '<p><strong>中文</strong>后面</p>', '<p><strong>中文</strong>后面</p>\n'],
    ['**完了！**Next', '<p><strong>完了！</strong>Next</p>', '<p>**完了！**Next</p>\n'],
    ['**かな。**かな', '<p><strong>かな。</strong>かな</p>', '<p>**かな。**かな</p>\n'],
    ['**한글.**한글', '<p><strong>한글.</strong>한글</p>', '<p>**한글.**한글</p>\n'],
    ['`**中文。**后面`', '<p><code>**中文。**后面</code></p>', '<p><code>**中文。**后面</code></p>\n'],
    ['\\**中文。**后面', null, '<p>**中文。**后面</p>\n'],
    ['2 * 3 * 4', '<p>2 * 3 * 4</p>', '<p>2 * 3 * 4</p>\n'],
    ['**a.**b', '<p>**a.**b</p>', '<p>**a.**b</p>\n'],
];

async function chinese(suite) {
    await each(emphasis, async ([text, story, unsafe]) => {
        const answers = [await suite.run(text, ['markdown', 'render'], text), await suite.run(text, ['markdown', 'render', '--unsafe'], text)];
        if (answers[0] && story !== null) suite.check(`${text} as a story`, answers[0].out.toString().trim() === story, answers[0].out);
        if (answers[1]) suite.check(`${text} as CommonMark`, answers[1].out.toString() === unsafe, answers[1].out);
    });
}

const cleaned = [
    ['raw HTML is text', '<b>x</b>', '&lt;b&gt;x&lt;/b&gt;'], ['no literal link', 'see https://a.example', '<p>see https://a.example</p>'],
    ['a marked one', '<https://a.example>', '<a href="https://a.example" rel="nofollow noopener">'],
    ['a script as address', '[x](javascript:alert(1))', '<p>x</p>'],
    ['a table', '|a|\n|---|\n|b|', '<table>'], ['struck out', '~~x~~', '<del>x</del>'],
    ['a task', '- [x] y', '<input type="checkbox" checked disabled>'], ['an open task', '- [ ] y', '<input type="checkbox" disabled>'],
    ['no footnote', 'x[^1]\n\n[^1]: y z', '[^1]: y z'],
];

async function story(suite) {
    await each(cleaned, async ([what, text, part]) => {
        const answer = await suite.run(what, ['markdown', 'render'], text);
        if (answer) suite.check(what, answer.status === 0 && answer.out.toString().includes(part), answer.out);
    });
    const most = 'a'.repeat(256 * 1024);
    for (const [text, status] of [[most, 0], [`${most}a`, 3]]) {
        const answer = await suite.run(`${text.length} bytes`, ['markdown', 'render'], text);
        if (answer) suite.check(`${text.length} bytes`, answer.status === status, `status ${answer.status}`);
    }
}

export const markdownSuites = [
    { name: 'commonmark', cases: 685, judge: commonmark },
    { name: 'markdown-chinese', cases: 21, needsShared: false, judge: chinese },
    { name: 'markdown-story', cases: cleaned.length + 2, needsShared: false, judge: story },
];
