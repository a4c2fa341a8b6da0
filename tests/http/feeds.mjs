// tests/http/feeds.mjs - Atom, RSS and JSON Feed of alliance and outlets: well formed, absolute, without drafts and withdrawn stories.
import { spawnSync } from 'node:child_process';
import { OUR, makeStory } from './lib.mjs';

const paths = ['atom', 'rss', 'json'].flatMap((kind) => [`/feed.${kind}`, `/outlets/${OUR}/feed.${kind}`]);
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;

function checkXml(suite, path, text) {
    if (!hasXmllint) { suite.skip(1, 'xmllint is not here'); return; }
    const { status, stderr } = spawnSync('xmllint', ['--nonet', '--noout', '-'], { input: text });
    suite.equal(`${path} is well formed ${stderr}`, status, 0);
}

function checkEntries(suite, origin, path, text) {
    const kind = path.split('.').pop();
    const entries = kind === 'json' ? JSON.parse(text).items : text.split(kind === 'atom' ? /<entry[ >]/ : /<item[ >]/).slice(1);
    suite.check(`${path} has entries`, entries.length > 0);
    const ids = new Set();
    for (const entry of entries) {
        const one = kind === 'json' ? JSON.stringify(entry) : entry;
        const link = kind === 'json' ? entry.url : kind === 'atom' ? /href="([^"]+)"/.exec(entry)[1] : /<link>([^<]+)/.exec(entry)[1];
        const id = kind === 'json' ? entry.id : /<(?:id|guid[^>]*)>([^<]+)/.exec(entry)[1];
        suite.check(`${path} links absolutely`, link.startsWith(`${origin}/articles/`), link);
        suite.check(`${path} has an id of its own`, id && !ids.has(id), id);
        ids.add(id);
        suite.check(`${path} has no relative link or picture`, !/(?:href|src)=(?:"|&quot;|\\")\/(?!\/)/.test(one), one.slice(0, 400));
        /* In XML the HTML is escaped once more; in JSON &lt;script is the text of a story about scripts. */
        suite.check(`${path} carries nothing active`, !(kind === 'json' ? /<script|onerror=|javascript:/i : /&lt;script|<script|onerror=|javascript:/i).test(one));
        suite.check(`${path} has a date with its zone`, kind === 'rss' ? /<pubDate>\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}</.test(one)
            : /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/.test(one), one.slice(0, 300));
    }
}

async function checkConditional(suite, reader, path) {
    const first = await reader.get(path), etag = first.headers.get('etag');
    suite.check(`${path} has an ETag`, etag);
    const again = await reader.get(path, { headers: { 'If-None-Match': etag } });
    suite.check(`${path} unchanged is 304 without a body`, again.status === 304 && again.text === '', again.status);
    suite.equal(`${path} with another tag is whole`, (await reader.get(path, { headers: { 'If-None-Match': '"other"' } })).status, 200);
    const plain = await reader.get(path, { headers: { 'Accept-Encoding': 'identity' } });
    suite.check(`${path} is the same in each coding`, plain.text === first.text && plain.headers.get('etag') !== etag, plain.headers.get('etag'));
    return etag;
}

export async function testFeeds(world) {
    const { suite, reader, people, alliance } = world, team = { author: people.reporter, releaser: people.editor };
    const text = 'A [link](/outlets) & <b>bold</b>.\n\n- one\n- ]]> two';
    const shown = await makeStory(suite, { ...team, title: 'Feed: <shown> & "quoted" ]]>', text });
    const gone = await makeStory(suite, { ...team, title: 'Feed: to be withdrawn', text });
    const draft = await makeStory(suite, { ...team, title: 'Feed: a draft', to: 'draft' });
    const waiting = await makeStory(suite, { ...team, title: 'Feed: waiting', to: 'submitted' });
    const tags = new Map();
    for (const path of paths) {
        const answer = await reader.get(path), type = answer.headers.get('content-type');
        suite.equal(path, answer.status, 200);
        suite.check(`${path} says its type`, type.startsWith({ atom: 'application/atom+xml', rss: 'application/rss+xml', json: 'application/feed+json' }[path.split('.').pop()]), type);
        if (!path.endsWith('json')) checkXml(suite, path, answer.text);
        checkEntries(suite, alliance.origin, path, answer.text);
        suite.check(`${path} has what was published`, answer.text.includes(shown.id) && answer.text.includes(gone.id));
        suite.check(`${path} has no draft`, !answer.text.includes(draft.id) && !answer.text.includes(waiting.id) && !answer.text.includes('a draft'));
        suite.check(`${path} is marked as a demo`, answer.text.includes('演示'));
        tags.set(path, await checkConditional(suite, reader, path));
    }
    const withdrawn = await people.editor.post(`/articles/${gone.id}/withdraw`, { version: gone.version, reason: 'Feed test' }, { json: true });
    suite.equal('one is withdrawn', withdrawn.status, 200);
    suite.acted('manuscript.withdrawn', gone.id);
    for (const path of paths) {
        const answer = await reader.get(path, { headers: { 'If-None-Match': tags.get(path) } });
        suite.check(`${path} changed`, answer.status === 200, answer.status);
        suite.check(`${path} has it no more`, !answer.text.includes(gone.id) && answer.text.includes(shown.id));
    }
    suite.equal('an outlet that is not there has no feed', (await reader.get('/outlets/NONE/feed.atom')).status, 404);
}
