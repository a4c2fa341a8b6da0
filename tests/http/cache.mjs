// tests/http/cache.mjs - after each event no page shows the row as it was, and pages of other outlets are still hits.
import { OTHER, OUR, escaped, makeStory, metricsOf, until } from './lib.mjs';

const feeds = ['/feed.atom', '/feed.rss', '/feed.json'];

async function readAll(reader, paths) {
    const out = new Map();
    for (const path of paths) out.set(path, await reader.get(path));
    return out;
}

/** Reads each twice and says which of them the page cache answered the second time. */
async function hitsOf(reader, paths) {
    const hits = [];
    for (const path of paths) {
        const before = (await metricsOf(reader)).cache_hits_total;
        await reader.get(path);
        if ((await metricsOf(reader)).cache_hits_total > before) hits.push(path);
    }
    return hits;
}

/**
 * Warms the pages, runs the event, and looks again: `fresh` must hold the new word and no old one, `far` are
 * pages of another outlet that must still be hits.
 */
async function event(world, what, act, { pages, far, has, lacks, gone = [] }) {
    const { suite, reader } = world;
    /* An entry that gets its place changes the page of its story. */
    await until('the log is at rest', async () => (await reader.get('/log', { json: true })).json.pending === 0);
    await readAll(reader, [...pages, ...far, ...gone]);
    const warm = await hitsOf(reader, [...pages, ...far]);
    suite.equal(`${what}: before it all pages are hits`, warm.length, pages.length + far.length);
    const zh = { 'Accept-Language': 'zh' };
    for (const path of pages) await reader.get(path, { headers: zh });
    const answer = await act();
    suite.check(`${what}: happens`, [200, 201].includes(answer.status), `${answer.status} ${answer.text.slice(0, 200)}`);
    suite.equal(`${what}: pages of the other outlet are still hits`, (await hitsOf(reader, far)).join(), far.join());
    for (const headers of [{}, zh])
        for (const path of pages) {
            const page = await reader.get(path, { headers });
            if (has) suite.check(`${what}: ${path} shows it`, page.text.includes(has) || page.text.includes(escaped(has)), page.status);
            /* Who made a picture is told by its story, in the words of that day. */
            if (lacks) suite.check(`${what}: ${path} shows nothing old`, !page.text.replaceAll(`${lacks} 制图`, '').includes(lacks), page.status);
        }
    for (const path of gone) suite.check(`${what}: ${path} is gone`, [404, 410].includes((await reader.get(path)).status), path);
    return answer.json;
}

export async function testCache(world) {
    const { suite, reader, people } = world;
    const author = people.reporter, editor = people.editor;
    const [other] = (await reader.get(`/outlets/${OTHER}`, { json: true })).json.stories;
    const far = [`/outlets/${OTHER}`, `/articles/${other.id}`, `/articles/${other.id}/versions`, '/refusals', '/refusals/R7'];
    const lists = ['/', `/outlets/${OUR}`, ...feeds, ...['atom', 'rss', 'json'].map((kind) => `/outlets/${OUR}/feed.${kind}`)];

    const waiting = await makeStory(suite, { author, title: 'Cache-first-title', text: 'Cache-first-text', to: 'submitted' });
    const story = `/articles/${waiting.id}`;
    let now = await event(world, 'publishing', () => editor.post(`${story}/release`, { version: waiting.version }, { json: true }),
        { pages: lists, far, has: 'Cache-first-title' });
    suite.acted('manuscript.released', now.id);

    const change = await author.post(story, { version: now.version, kind: '消息', title: 'Cache-second-title', text: 'Cache-second-text', note: 'Cache-note' }, { json: true });
    suite.equal('the next version is written', change.status, 200);
    suite.acted('manuscript.changed', now.id);
    const sent = await author.post(`${story}/submit`, { version: change.json.version }, { json: true });
    suite.acted('manuscript.submitted', now.id);
    for (const path of [...lists, story]) suite.check(`${path} knows nothing of a draft`, !(await reader.get(path)).text.includes('Cache-second'));
    now = await event(world, 'a new version', () => editor.post(`${story}/release`, { version: sent.json.version }, { json: true }),
        { pages: [...lists, story], far, has: 'Cache-second-title', lacks: 'Cache-first-title' });
    suite.acted('manuscript.released', now.id);
    suite.check('the versions page lists both', (await reader.get(`${story}/versions`)).text.includes('Cache-note'));
    suite.check('the difference is public', /<(ins|del)/.test((await reader.get(`${story}/diff/1..2`)).text));

    const pages = ['/', '/corrections', `/outlets/${OUR}`, story, ...feeds];
    const correction = await event(world, 'a correction', () => editor.post(`${story}/corrections`, { version: now.version, text: 'Cache-correction-text' }, { json: true }),
        { pages, far });
    suite.acted('correction.issued', now.id);
    for (const path of ['/corrections', story]) suite.check(`${path} shows the correction`, (await reader.get(path)).text.includes('Cache-correction-text'));

    const card = await people.admin.get(`/admin/outlets/${OUR}`, { json: true });
    const values = Object.fromEntries(Object.entries(card.json.form.values).filter(([name]) => name !== 'no'));
    const rename = (name, version) => () => people.admin.post(`/admin/outlets/${OUR}`, { ...values, no: OUR, name, version }, { json: true });
    const outletPages = ['/', '/outlets', `/outlets/${OUR}`, story, ...feeds, `/outlets/${OUR}/feed.atom`];
    let version = card.json.version;
    for (const [name, before] of [['缓存一号校报', null], ['缓存二号校报', '缓存一号校报'], [values.name, '缓存二号校报']]) {
        const renamed = await event(world, `the outlet's name ${name}`, rename(name, version), { pages: outletPages, far: ['/refusals'], has: name, lacks: before });
        suite.acted('outlet.changed', renamed.id);
        version = renamed.version;
    }

    const deposit = await event(world, 'a deposit', () => editor.post(`/outlets/${OUR}/deposits`, { title: 'Cache-deposit', url: 'https://cache.example/1' }, { json: true }),
        { pages: [`/outlets/${OUR}`], far: ['/', `/outlets/${OTHER}`, story, ...feeds], has: 'Cache-deposit' });
    suite.acted('deposit.made', deposit.id);

    const view = await editor.get(`/desk${story}`, { json: true });
    await event(world, 'a withdrawal', () => editor.post(`${story}/withdraw`, { version: view.json.version, reason: 'Cache-reason' }, { json: true }),
        { pages: lists, far, lacks: 'Cache-second-title', gone: [`${story}/versions/1`, `${story}/versions/2`, `${story}/diff/1..2`] });
    suite.acted('manuscript.withdrawn', now.id);
    const tomb = await reader.get(story);
    suite.check('a tombstone stays at the address', tomb.status === 410 && tomb.text.includes('Cache-reason') && !tomb.text.includes('Cache-second-text'), tomb.status);

    const site = (await people.admin.get('/admin/settings', { json: true })).json;
    await event(world, 'a new name of the alliance', () => people.admin.post('/admin/settings', { name: '缓存联盟', tagline: site.tagline, zone: site.zone }, { json: true }),
        { pages: ['/', '/outlets', `/outlets/${OTHER}`, `/articles/${other.id}`, '/refusals', '/corrections', ...feeds], far: [], has: '缓存联盟' });
    await people.admin.post('/admin/settings', { name: site.name, tagline: site.tagline, zone: site.zone }, { json: true });

    const state = await people.admin.get(`/admin/outlets/CC047`, { json: true });
    await event(world, 'a suspension', () => people.admin.post('/admin/outlets/CC047/state', { version: state.json.version, to: 'suspended', reason: 'Cache-suspended' }, { json: true }),
        { pages: ['/outlets', '/outlets/CC047'], far });
    suite.equal('the page says so', (await reader.get('/outlets/CC047', { json: true })).json.outlet.state, 'suspended');
    suite.check('to people too', /suspended/i.test((await reader.get('/outlets/CC047')).text));
    suite.acted('outlet.state', state.json.outlet.id);
    suite.check('a correction has its own number', correction.id !== waiting.id);
}
