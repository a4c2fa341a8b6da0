// tests/http/bad_input.mjs - hostile and mistaken requests: the right status, a sentence that names the field, nothing changed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/server.mjs';
import { OUR, entryCount, makeStory, raw } from './lib.mjs';

const isTranslated = (sentence) => {
    const entry = readFileSync(join(root, 'po/zh_CN.po'), 'utf8').split(`msgid "${sentence}"\nmsgstr "`)[1];
    return entry !== undefined && !entry.startsWith('"');
};
const FORM = 'application/x-www-form-urlencoded';

/** [what, body as bytes or text, expected statuses, field]; all go to POST /articles as the reporter. */
function formCases(csrf) {
    const good = `csrf=${csrf}&outlet=${OUR}&kind=${encodeURIComponent('消息')}&title=t&text=x`;
    const without = (name) => good.split('&').filter((pair) => !pair.startsWith(name + '=')).join('&');
    return [
        ['an unknown field', good + '&published_at=1', [422], 'published_at'],
        ['a forbidden field', good + '&outlet_id=1', [422], 'outlet_id'],
        ['a role in the body', good + '&role=x', [422], 'role'],
        ['a field twice', good + '&title=u', [422], 'title'],
        ['an unknown word', without('kind') + '&kind=x', [422], 'kind'],
        ['no title', without('title'), [422], 'title'],
        ['a blank title', without('title') + '&title=%20%20', [422], 'title'],
        ['a title too long', without('title') + '&title=' + 'x'.repeat(500), [422], 'title'],
        ['a summary too long', good + '&summary=' + 'x'.repeat(2000), [422], 'summary'],
        ['a title of two lines', without('title') + '&title=a%0Ab', [422], 'title'],
        ['a NUL', without('title') + '&title=a%00b', [422], 'title'],
        ['a control', without('title') + '&title=a%07b', [422], 'title'],
        ['a control in the text', without('text') + '&text=a%1Bb', [422], 'text'],
        ['invalid UTF-8', without('title') + '&title=%FF%FE', [422], 'title'],
        ['an overlong form', without('title') + '&title=%C0%AF', [422], 'title'],
        ['a lone surrogate', without('title') + '&title=%ED%A0%80', [422], 'title'],
        ['half a sequence', without('title') + '&title=%E4%BD', [422], 'title'],
        ['a picture that is no number', good + '&picture=abc', [422], 'picture'],
        ['a picture of twenty digits', good + '&picture=99999999999999999999', [422], 'picture'],
        ['a picture below zero', good + '&picture=-1', [422], 'picture'],
        ['a picture that is not there', good + '&picture=12345&alt=a', [404, 422], 'picture'],
        ['an outlet that is no word', without('outlet') + '&outlet=%27%20OR%201%3D1', [422], 'outlet'],
        ['an outlet that is not there', without('outlet') + '&outlet=NONE', [404], null],
        ['no outlet', without('outlet'), [403], null],
        ['a broken percent', good + '&summary=%zz', [400], null],
        ['far too many fields', good + '&a=b'.repeat(5000), [400, 413, 422], null],
        ['a wrong token', good.replace(csrf, 'x'.repeat(csrf.length)), [403], null],
        ['no token', without('csrf'), [403], null],
    ];
}

const jsonCases = [
    ['a number for a text', '{"title":1}', [422]],
    ['an object for a text', '{"title":{"a":1}}', [422]],
    ['a list for a text', '{"title":["a"]}', [422]],
    ['an unknown member', '{"titel":"a"}', [422]],
    ['a repeated member', '{"title":"a","title":"b"}', [400, 422]],
    ['a list at the top', '[]', [400, 422]],
    ['a text at the top', '"x"', [400, 422]],
    ['nothing', '', [400, 422]],
    ['half an object', '{"title":', [400]],
    ['trailing data', '{} {}', [400]],
    ['a lone surrogate', '{"title":"\\ud800"}', [400, 422]],
    ['a number beyond a double', '{"title":1e999}', [400, 422]],
    ['deep nesting', '{"title":' + '['.repeat(5000) + ']'.repeat(5000) + '}', [400, 413, 422]],
    ['a comment', '{/* */}', [400]],
    ['a byte order mark', '\ufeff{}', [400, 422]],
];

async function checkProblem(suite, what, answer, field) {
    const problem = answer.json;
    suite.check(`${what}: a problem document`, problem?.type && problem.title && problem.detail && problem.status === answer.status &&
        answer.headers.get('content-type').startsWith('application/problem+json'), answer.text.slice(0, 200));
    if (field) suite.equal(`${what}: names the field`, problem?.field, field);
    suite.check(`${what}: tells nothing of the inside`, !/sqlite|SELECT|postgres|src\/|\.c:\d/i.test(answer.text), answer.text.slice(0, 300));
}

async function testForms(world) {
    const { suite, people } = world, client = people.reporter;
    for (const [what, body, statuses, field] of formCases(client.csrf)) {
        const answer = await client.request('POST', '/articles', { json: true, body,
            headers: { 'Content-Type': FORM, Origin: client.alliance.origin } });
        suite.check(`${what} is ${statuses}`, statuses.includes(answer.status), `${answer.status} ${answer.text.slice(0, 200)}`);
        await checkProblem(suite, what, answer, field);
    }
    const bad = { outlet: OUR, kind: '消息', title: '<i>kept</i>', text: '' };
    for (const [lang, word] of [['zh', /[\u4e00-\u9fff]{4}/], ['en', /^[ -~]+$/]]) {
        if (lang === 'zh' && !isTranslated('Fill in this field.')) { suite.skip(1, 'po/zh_CN.po does not have the sentence'); continue; }
        client.lang = lang;
        const answer = await client.post('/articles', bad, { json: true });
        suite.check(`the sentence is in ${lang}`, answer.status === 422 && answer.json.field === 'text' && word.test(answer.json.detail), answer.text);
    }
    client.lang = 'en';
    const page = await client.post('/articles', bad);
    suite.check('a browser sees its form again with what was typed', page.status === 422 && page.text.includes('&lt;i&gt;kept&lt;/i&gt;') &&
        !page.text.includes('<i>kept'), page.status);
}

async function testJson(world) {
    const { suite, people } = world, client = people.reporter;
    const headers = { 'Content-Type': 'application/json', Origin: client.alliance.origin, 'X-CSRF-Token': client.csrf };
    for (const [what, body, statuses] of jsonCases) {
        const answer = await client.request('POST', '/articles', { json: true, body, headers });
        suite.check(`JSON: ${what} is ${statuses}`, [...statuses, 403].includes(answer.status) && answer.status !== 500, `${answer.status} ${answer.text.slice(0, 200)}`);
        await checkProblem(suite, `JSON: ${what}`, answer);
    }
    const type = await client.request('POST', '/articles', { json: true, body: 'x', headers: { ...headers, 'Content-Type': 'text/xml' } });
    suite.equal('another type is 415', type.status, 415);
    const parts = await client.request('POST', `/outlets/${OUR}/media`, { json: true, body: 'no parts here',
        headers: { ...headers, 'Content-Type': 'multipart/form-data; boundary=x' } });
    suite.check('broken parts are 400', [400, 422].includes(parts.status), `${parts.status} ${parts.text}`);
}

async function testWhence(world) {
    const { suite, people, alliance } = world, client = people.reporter;
    const fields = { outlet: OUR, kind: '消息', title: 't', text: 'x' };
    for (const [what, headers] of [['a foreign Origin', { Origin: 'http://evil.example' }], ['Origin null', { Origin: 'null' }],
        ['another port', { Origin: 'http://127.0.0.1:1' }], ['cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
        ['same-site', { 'Sec-Fetch-Site': 'same-site' }], ['a foreign Origin at the sign-in', { Origin: 'http://evil.example' }]]) {
        const path = what.includes('sign-in') ? '/signin' : '/articles';
        const answer = await client.post(path, path === '/signin' ? { login: 'a', password: 'b' } : fields, { json: true, headers });
        suite.equal(`${what} is refused`, answer.status, 403);
    }
    const mixed = await client.post('/articles', fields, { json: true, headers: { Authorization: 'Bearer ' + 'B'.repeat(43) } });
    suite.equal('a bad token with a good cookie is no sign-in', mixed.status, 401);
    const cookie = await raw(alliance.port, `GET /desk HTTP/1.1\r\nHost: 127.0.0.1:${alliance.port}\r\nAccept: application/json\r\n` +
        `Cookie: __Host-liandong=${'A'.repeat(43)}\r\nConnection: close\r\n\r\n`);
    suite.equal('an unknown session is none', cookie.status, 401);
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example/', 'javascript:alert(1)', '/%2f/evil.example', '/\t/evil.example', '\\\\evil']) {
        const page = await world.reader.get('/signin?next=' + encodeURIComponent(next));
        suite.check(`next=${next} leads nowhere else`, !/name="next" value="[^"]*evil|value="javascript/.test(page.text) || page.status === 422, next);
    }
}

async function testVersions(world) {
    const { suite, people } = world, client = people.reporter;
    const story = await makeStory(suite, { author: client, title: 'Versions', to: 'draft' });
    const fields = { kind: '消息', title: 'Versions', text: 'New text' };
    const absent = await client.post(`/articles/${story.id}`, fields, { json: true });
    suite.equal('no version is 428', absent.status, 428);
    for (const tag of ['"99"', '"99-abc"', 'W/"99"', '*', '"x"', '1']) {
        const answer = await client.post(`/articles/${story.id}`, fields, { json: true, headers: { 'If-Match': tag } });
        suite.check(`If-Match ${tag} changes nothing`, [400, 412, 422, 428].includes(answer.status), `${answer.status} ${answer.text.slice(0, 200)}`);
    }
    const stale = await client.post(`/articles/${story.id}`, { ...fields, version: 99 }, { json: true });
    suite.equal('a stale version in the form is a conflict', stale.status, 409);
    const page = await client.get(`/desk/articles/${story.id}`);
    const changed = await client.post(`/articles/${story.id}`, fields, { json: true, headers: { 'If-Match': page.headers.get('etag') } });
    suite.equal('the page\'s own ETag is taken', changed.status, 200);
    suite.acted('manuscript.changed', story.id);
    const again = await client.post(`/articles/${story.id}`, fields, { json: true, headers: { 'If-Match': page.headers.get('etag') } });
    suite.equal('once', again.status, 412);
}

async function testQueries(world) {
    const { suite, reader, people } = world;
    for (const after of ['x', '1', '-', 'zz-zz', '11111111111111111-1', '1-', "1'--", '1-1-1', 'ffffffffffffffff-ffffffffffffffff', '8000000000000000-1'])
        for (const path of ['/', '/outlets', `/outlets/${OUR}`, '/search?q=x', '/log']) {
            const answer = await reader.get(`${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`, { json: true });
            suite.check(`${path} after=${after}`, [200, 422].includes(answer.status), `${answer.status} ${answer.text.slice(0, 100)}`);
        }
    for (const [path, statuses] of [['/search?q=' + 'x'.repeat(101), [422]], ['/search?q=%FF', [422]], ['/search?q=%00', [422]],
        ['/outlets?tier=x', [422]], ['/search?q=a&q=b', [422]], ['/search?outlet=NONE&q=a', [404]], ['/?lang=xx', [200]], ['/?lang=zh&lang=en', [200, 422]]]) {
        const answer = await reader.get(path, { json: true });
        suite.check(`${path.slice(0, 40)} is ${statuses}`, statuses.includes(answer.status), `${answer.status} ${answer.text.slice(0, 100)}`);
    }
    suite.equal('a program\'s unknown query is refused', (await reader.get('/?utm_source=x', { json: true })).status, 422);
    suite.equal('a browser\'s is ignored', (await reader.get('/?utm_source=x')).status, 200);
    suite.equal('a job that is not there', (await people.admin.post('/admin/jobs/123/retry', {}, { json: true })).status, 404);
    suite.equal('an act that is none', (await people.admin.post('/admin/jobs/123/destroy', {}, { json: true })).status, 404);
}

async function testWire(world) {
    const { suite, alliance } = world, port = alliance.port, host = `Host: 127.0.0.1:${port}\r\nConnection: close\r\n`;
    const cases = [
        ['a method nobody knows', `BREW / HTTP/1.1\r\n${host}\r\n`, [405, 501]],
        ['TRACE', `TRACE / HTTP/1.1\r\n${host}\r\n`, [405, 501]],
        ['PUT where there is none', `PUT /articles/1 HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`, [405]],
        ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', [400]],
        ['two Hosts', `GET / HTTP/1.1\r\nHost: a\r\n${host}\r\n`, [400]],
        ['many headers', `GET / HTTP/1.1\r\n${host}${Array.from({ length: 2000 }, (_, i) => `X-${i}: y\r\n`).join('')}\r\n`, [431]],
        ['a long header', `GET / HTTP/1.1\r\n${host}X: ${'y'.repeat(40000)}\r\n\r\n`, [431]],
        ['a long address', `GET /${'a'.repeat(10000)} HTTP/1.1\r\n${host}\r\n`, [414]],
        ['NUL in a path', `GET /articles/%00 HTTP/1.1\r\n${host}\r\n`, [400]],
        ['dots that climb', `GET /assets/../keys/log.key HTTP/1.1\r\n${host}\r\n`, [400, 404]],
        ['dots in disguise', `GET /assets/%2e%2e/keys/log.key HTTP/1.1\r\n${host}\r\n`, [400, 404]],
        ['dots twice disguised', `GET /assets/%252e%252e/keys HTTP/1.1\r\n${host}\r\n`, [400, 404]],
        ['a body without a length', `POST /signin HTTP/1.1\r\n${host}Content-Type: ${FORM}\r\n\r\n`, [411]],
        ['two lengths', `POST /signin HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, [400]],
        ['a signed length', `POST /signin HTTP/1.1\r\n${host}Content-Length: +1\r\n\r\na`, [400]],
        ['length and chunks', `POST /signin HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, [400]],
        ['an unknown transfer coding', `POST /signin HTTP/1.1\r\n${host}Transfer-Encoding: gzip\r\n\r\nx`, [400, 501]],
        ['a body too large', `POST /signin HTTP/1.1\r\n${host}Content-Type: ${FORM}\r\nContent-Length: 3000000\r\n\r\n`, [413]] /* refused by its length, before any of it is sent */,
        ['a length without end', `POST /signin HTTP/1.1\r\n${host}Content-Type: ${FORM}\r\nContent-Length: 99999999999999999999\r\n\r\n`, [400, 413]],
        ['a range nobody serves', `GET / HTTP/1.1\r\n${host}Range: bytes=0-1,1-2\r\n\r\n`, [200]],
        ['a forwarded name from nowhere', `GET /metrics HTTP/1.1\r\n${host}X-Forwarded-For: 1.2.3.4\r\n\r\n`, [404]],
        ['HTTP/9', `GET / HTTP/9.9\r\n${host}\r\n`, [0, 400, 505]],
        ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', [0, 400]],
    ];
    for (const [what, bytes, statuses] of cases) {
        const start = Date.now();
        const answer = await raw(port, Buffer.from(bytes, 'latin1'));
        suite.check(`${what} is ${statuses}`, statuses.includes(answer.status), `${answer.status} ${answer.body.slice(0, 200)}`);
        suite.check(`${what} is answered in time`, Date.now() - start < 5000, Date.now() - start);
    }
    suite.equal('and the server lives', (await world.reader.get('/healthz')).status, 200);
}

export async function testBadInput(world) {
    const before = await entryCount(world.reader), acts = world.suite.acts.length;
    await testForms(world);
    await testJson(world);
    await testWhence(world);
    await testQueries(world);
    await testWire(world);
    world.suite.equal('none of it was an act', await entryCount(world.reader), before + world.suite.acts.length - acts);
    await testVersions(world);
}
