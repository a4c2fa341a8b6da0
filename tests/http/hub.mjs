// tests/http/hub.mjs - a feed that names a hub (WebSub), with a scripted hub that keeps its word and one that lies, seen from outside.
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { Alliance } from '../lib/server.mjs';
import { Client, OUR, raw, signInAll, until } from './lib.mjs';

const item = (id) => `<item><guid isPermaLink="false">${id}</guid><title>${id}</title><link>https://x.example/${id}</link></item>`;
const rss = (...items) => `<?xml version="1.0"?><rss version="2.0"><channel><title>院刊</title><link>https://x.example/</link><description/>${items.join('')}</channel></rss>`;

/** Site and hub in one: the site's feed names the hub in a header; the hub keeps what it was asked. */
function startHub(state) {
    const server = http.createServer((req, res) => {
        const parts = [];
        req.on('data', (part) => parts.push(part));
        req.on('end', () => {
            if (req.url === '/hub') {
                state.asked.push(Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString())));
                res.writeHead(state.status, { 'Content-Type': 'text/plain' }).end(state.words);
                return;
            }
            state.fetched++;
            res.writeHead(200, { 'Content-Type': 'application/rss+xml', Link: `</hub>; rel="hub", <${req.url}>; rel="self"` }).end(rss(...state.items));
        });
    });
    return new Promise((done) => server.listen(0, '127.0.0.1', () => {
        state.url = `http://127.0.0.1:${server.address().port}`;
        done(() => new Promise((end) => { server.closeAllConnections(); server.close(end); }));
    }));
}

const pathOf = (asked) => new URL(asked['hub.callback']).pathname;

/** As a hub asks: no session, and any client's Accept. */
function verify(visitor, path, fields) {
    return visitor.request('GET', `${path}?${new URLSearchParams(fields)}`, { headers: { Accept: '*/*' } });
}

function deliver(visitor, path, body, { secret, method = 'sha256', signature } = {}) {
    const headers = { 'Content-Type': 'application/rss+xml', Link: '<https://elsewhere.example/>; rel="hub"' };
    if (secret) headers['X-Hub-Signature'] = `${method}=${createHmac(method, secret).update(body).digest('hex')}`;
    if (signature) headers['X-Hub-Signature'] = signature;
    return visitor.request('POST', path, { body, headers });
}

const pageOf = async (world, id) => (await world.people.editor.get(`/admin/feeds/${id}`, { json: true })).json;
const titles = async (world) => (await world.reader.get(`/deposits?outlet=${OUR}`, { json: true })).json.deposits.map((one) => one.title);

async function begin(world, state, path) {
    const { suite, people } = world, count = state.asked.length;
    const added = await people.editor.post('/admin/feeds', { outlet: OUR, url: state.url + path }, { json: true });
    suite.equal('a feed is added', added.status, 201);
    const asked = await until('the hub is asked', async () => state.asked[count] ?? null);
    return { id: added.json.id, asked, path: pathOf(asked), topic: state.url + path };
}

async function testSubscribing(world, state) {
    const { suite, reader } = world, one = await begin(world, state, '/feed'), { asked, path, topic } = one;
    suite.check('it is asked as the standard says', asked['hub.mode'] === 'subscribe' && asked['hub.topic'] === topic && Number(asked['hub.lease_seconds']) > 0
        && asked['hub.secret'].length >= 40, JSON.stringify(asked));
    suite.check('the callback is under the public name', asked['hub.callback'].startsWith('https://news.example/websub/in/'), asked['hub.callback']);
    const good = { 'hub.mode': 'subscribe', 'hub.topic': topic, 'hub.challenge': ' a+b&c ', 'hub.lease_seconds': '864000' };
    for (const [what, change] of [['another topic', { 'hub.topic': topic + '2' }], ['a lease of none', { 'hub.lease_seconds': '0' }], ['no challenge', { 'hub.challenge': '' }],
        ['to stop, which nobody wished', { 'hub.mode': 'unsubscribe' }], ['another mode', { 'hub.mode': 'publish' }]])
        suite.equal(`asked for ${what}: no`, (await verify(reader, path, { ...good, ...change })).status, 404);
    suite.equal('an unknown callback', (await verify(reader, path + 'x', good)).status, 404);
    const yes = await verify(reader, path, { ...good, 'hub.more': '1' });
    suite.check('the challenge is given back as it came', yes.status === 200 && yes.text === ' a+b&c ' && yes.headers.get('content-type').startsWith('text/plain'), `${yes.status} ${yes.text}`);
    suite.equal('once', (await verify(reader, path, good)).status, 404);
    const { hub } = await pageOf(world, one.id);
    suite.check('the page says so', hub.state === 'active' && hub.look === 'ok' && hub.url === state.url + '/hub' && hub.lease.iso > new Date().toISOString(), JSON.stringify(hub));
    return { ...one, secret: asked['hub.secret'] };
}

async function testDelivering(world, state, { id, path, secret }) {
    const { suite, reader, alliance } = world, body = rss(item('hub-two')), before = await titles(world);
    for (const [what, how] of [['without a signature', {}], ['by sha1', { secret, method: 'sha1' }], ['with another secret', { secret: 'guessed' }],
        ['with half a signature', { signature: 'sha256=00' }]])
        suite.equal(`${what}: taken by the hub's rules`, (await deliver(reader, path, body, how)).status, 200);
    suite.equal('and dropped', (await titles(world)).join(), before.join());
    let page = await pageOf(world, id);
    suite.check('which the page says', page.hub.refused_text.includes('wrong signature') && page.hub.deliveries === 0, JSON.stringify(page.hub));
    for (const [method, name] of [['sha256', 'hub-two'], ['sha384', 'hub-three'], ['sha512', 'hub-four']]) {
        suite.equal(`signed by ${method}`, (await deliver(reader, path, rss(item(name)), { secret, method })).status, 200);
        suite.check('what is new stands there at once', (await titles(world)).includes(name));
    }
    page = await pageOf(world, id);
    suite.check('the feed waits for its hub', page.hub.deliveries === 3 && page.waits.includes('hub') && page.fetches[0].fresh === 1, JSON.stringify(page));
    suite.equal('sent again', (await deliver(reader, path, rss(item('hub-four')), { secret, method: 'sha512' })).status, 200);
    const fetched = state.fetched;
    suite.equal('an old one again', (await deliver(reader, path, body, { secret })).status, 200);
    page = await pageOf(world, id);
    suite.check('is none', page.hub.deliveries === 3 && page.hub.refused_text.includes('before'), JSON.stringify(page.hub));
    suite.equal('too large', (await raw(alliance.port, `POST ${path} HTTP/1.1\r\nHost: news.example\r\nContent-Type: text/xml\r\nContent-Length: ${(1 << 20) + 1}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`)).status, 413);
    suite.equal('for nobody', (await deliver(reader, path.slice(0, -1) + (path.endsWith('A') ? 'E' : 'A'), body, { secret })).status, 410);
    suite.equal('for what is no token', (await deliver(reader, '/websub/in/x', body, { secret })).status, 404);
    suite.check('no request of ours came of it at once', state.fetched === fetched, state.fetched);
    suite.check('no address of a callback is in the log', !alliance.log.includes(path.split('/').at(-1)), 'token');
    const answer = await raw(alliance.port, `HEAD ${path} HTTP/1.1\r\nHost: news.example\r\nConnection: close\r\n\r\n`);
    suite.check('HEAD asks nothing', answer.status === 404, answer.status);
}

async function testEnding(world, state, { id, path, topic, secret }) {
    const { suite, people, reader } = world, count = state.asked.length;
    suite.equal('pause', (await people.editor.post(`/admin/feeds/${id}/pause`, {}, { json: true })).status, 200);
    suite.equal('nothing is taken any more', (await deliver(reader, path, rss(item('hub-late')), { secret })).status, 410);
    const asked = await until('the hub is told', async () => state.asked[count] ?? null);
    suite.check('to stop, at the same callback', asked['hub.mode'] === 'unsubscribe' && pathOf(asked) === path && !asked['hub.secret'], JSON.stringify(asked));
    const yes = await verify(reader, path, { 'hub.mode': 'unsubscribe', 'hub.topic': topic, 'hub.challenge': 'bye' });
    suite.check('which it asks back', yes.status === 200 && yes.text === 'bye', `${yes.status} ${yes.text}`);
    suite.equal('then the callback is gone', (await verify(reader, path, { 'hub.mode': 'denied', 'hub.topic': topic })).status, 404);
    suite.equal('and the page says nothing of a hub', (await pageOf(world, id)).hub, null);
}

async function testRefusing(world, state) {
    const { suite, people, reader } = world;
    state.status = 403;
    state.words = '<b>not</b> this one';
    const refused = await begin(world, state, '/refused');
    const page = await until('the refusal is noted', async () => { const json = await pageOf(world, refused.id); return json.hub?.state === 'refused' ? json : null; });
    suite.equal('in the hub\'s words', page.hub.reason, '<b>not</b> this one');
    const html = await people.editor.get(`/admin/feeds/${refused.id}`);
    suite.check('which run nowhere', html.text.includes('&lt;b&gt;not') && !html.text.includes('<b>not'), html.status);
    state.status = 202;
    const denied = await begin(world, state, '/denied');
    const answer = await verify(reader, denied.path, { 'hub.mode': 'denied', 'hub.topic': denied.topic, 'hub.reason': 'no room' });
    suite.check('a denial is heard', answer.status === 200 && answer.text === '', `${answer.status} ${answer.text}`);
    const { hub } = await pageOf(world, denied.id);
    suite.check('and shown', hub.state === 'denied' && hub.reason === 'no room' && hub.look === 'bad', JSON.stringify(hub));
}

export async function testHub({ driver, suite }) {
    const alliance = new Alliance(driver, { settings: { 'net.allow': '127.0.0.1/32', 'http.hosts': 'news.example,127.0.0.1' } });
    const state = { asked: [], fetched: 0, items: [item('hub-one')], status: 202, words: '' };
    const close = await startHub(state);
    try {
        await alliance.start('demo');
        const world = { suite, alliance, reader: new Client(alliance), people: await signInAll(alliance) };
        const one = await testSubscribing(world, state);
        await testDelivering(world, state, one);
        await testEnding(world, state, one);
        await testRefusing(world, state);
    } finally {
        await close();
        await alliance.remove();
    }
}
