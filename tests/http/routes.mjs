// tests/http/routes.mjs - every row of the route table answers: status, headers, and one model for page and program.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/server.mjs';
import { OUR, assignedPitch, makeChecked, routesOf, raw, storiesOf, upload } from './lib.mjs';

/** Pages of the desk that an editor may not see. */
const adminsOnly = new Set(['/long-work/{id}', '/desk/outlets/{no}/import']);

/** Real values of the names in the paths. */
async function valuesOf(world) {
    const { reader, people, suite } = world;
    const [story] = (await reader.get(`/outlets/${OUR}`, { json: true })).json.stories;
    const versions = (await reader.get(`/articles/${story.id}/versions`, { json: true })).json.versions;
    const [person] = (await people.admin.get('/admin/people', { json: true })).json.people;
    const pictures = (await storiesOf(reader)).filter((one) => one.picture);
    const link = await people.admin.post(`/admin/people/${person.id}/invitation`, {}, { json: true });
    const application = await people.editor.post('/outlets/apply', { name: '试刊', platform: '微信', tier: '三级',
        unit: '试刊社' }, { json: true });
    const deposit = await people.editor.post(`/outlets/${OUR}/deposits`, { title: 'Routes', url: 'https://routes.example/1' }, { json: true });
    const feed = await people.admin.post('/admin/feeds', { outlet: OUR, url: 'https://routes.example/feed' }, { json: true });
    const work = await people.admin.post('/admin/long-work', { kind: 'search.rebuild' }, { json: true });
    const word = await upload(people.reporter, '/articles/word', { outlet: OUR }, 'routes.docx', readFileSync(join(root, 'tests/docx/headings.docx')));
    suite.acted('manuscript.filed', word.json.id);
    const checked = await makeChecked(world, suite, { title: 'Routes: by a link', passed: 2 });
    const signed = await people.deskhead.post(`/articles/${checked.id}/links`, { step: 'review3', login: 'jing.hesheng' }, { json: true });
    suite.acted('manuscript.link_made', checked.id);
    const pitch = await people.reporter.post(`/outlets/${OUR}/pitches`, { title: 'Routes', why: 'Why' }, { json: true });
    const { assignment } = await assignedPitch(people);
    const calendar = (await people.reporter.post('/account/calendar', {}, { json: true })).json.link;
    const { version } = (await people.chief.get('/desk/proofreading/rules', { json: true })).json;
    await people.chief.post('/proofreading/rules', { version, text: `liandong-proof 1\n# routes ${version}`, note: 'Routes.' }, { json: true });
    const unit = (await reader.get(`/outlets/${OUR}`, { json: true })).json.outlet.unit_id;
    return { unit, kind: 'rules', sign: signed.json.link.split('/').pop(), pitch: pitch.json.id, assignment, calendar: calendar.split('/').pop().replace('.ics', ''), word: word.json.id, work: work.json.id, deposit: deposit.json.id, feed: feed.json.id, application: application.json.id, no: OUR, card: OUR, id: story.id, n: String(versions[0].n), a: '1', b: '1', name: 'R7',
        hash: pictures[0].picture.hash, token: link.json.link.split('/').pop(), level: '0', person: person.id };
}

function pathOf(row, values) {
    if (row.pattern.startsWith('/log/tile/')) return row.pattern.replace('{level}', '0').replace('{n}', '000.p/1');
    const path = row.pattern.replace(/\{(\w+)\}/g, (_, name) =>
        row.pattern.startsWith('/admin/people') ? values.person
            : /^(\/admin)?\/long-work\//.test(row.pattern) ? values.work
            : row.pattern === '/desk/articles/{id}/word' ? values.word
            : row.pattern === '/sign/{token}' ? values.sign
            : row.pattern.startsWith('/calendar/') ? values.calendar
            : row.pattern === '/desk/units/{id}' ? values.unit
            : row.pattern.startsWith('/deposits/') && name === 'id' ? values.deposit
            : row.pattern.startsWith('/outlets/applications') ? values.application : values[name]);
    const needed = row.parameters.filter((one) => one.in === 'query' && one.required).map((one) => `${one.name}=${OUR}`);
    return needed.length ? `${path}?${needed.join('&')}` : path;
}

function checkHeaders(suite, what, answer, isPublic) {
    const header = (name) => answer.headers.get(name) ?? '';
    suite.equal(`${what} nosniff`, header('x-content-type-options'), 'nosniff');
    suite.check(`${what} has a CSP that runs nothing inline`, /default-src 'none'/.test(header('content-security-policy')) &&
        !/unsafe/.test(header('content-security-policy')), header('content-security-policy'));
    suite.check(`${what} says Referrer-Policy`, header('referrer-policy') === 'same-origin', header('referrer-policy'));
    suite.check(`${what} says Cache-Control`, header('cache-control') !== '');
    suite.check(`${what} tells no version of the server`, !/[0-9]/.test(header('server')), header('server'));
    if (/html/.test(header('content-type')))
        for (const word of ["object-src 'none'", "base-uri 'none'", 'frame-ancestors'])
            suite.check(`${what} CSP ${word}`, header('content-security-policy').includes(word));
    if (isPublic) {
        suite.check(`${what} has an ETag`, header('etag') !== '');
        suite.equal(`${what} sets no cookie`, header('set-cookie'), '');
    } else {
        suite.check(`${what} is not stored`, header('cache-control').includes('no-store'), header('cache-control'));
    }
}

async function checkGet(world, row, path) {
    const { suite, reader, people } = world;
    const isPublic = row.capability === 'read';
    const client = isPublic ? reader : (row.capability === 'signed_in' || row.isPerOutlet) && !adminsOnly.has(row.pattern) ? people.editor : people.admin;
    const page = await client.get(path), what = `GET ${row.pattern}`;
    if (row.pattern.startsWith('/websub/in/')) return void suite.equal(`${what} knows nobody who was not asked`, page.status, 404); /* hub.mjs */
    suite.equal(`${what} as a page`, page.status, 200);
    checkHeaders(suite, what, page, isPublic);
    const head = await client.request('HEAD', path);
    suite.check(`${what} HEAD`, head.status === 200 && head.text === '', head.status);
    if (row.flags.includes('raw')) return;
    const data = await client.get(path, { json: true });
    suite.equal(`${what} as JSON`, data.status, 200);
    suite.check(`${what} JSON type`, data.headers.get('content-type').startsWith('application/json'));
    checkHeaders(suite, `${what} JSON`, data, isPublic);
    for (const key of row.keys) suite.check(`${what} model has ${key}`, key in data.json);
    for (const key of Object.keys(data.json))
        suite.check(`${what} names ${key} in its model`, row.keys.includes(key) || key === 'form' || key === 'page', key);
    const title = data.json.title;
    if (title && !/[&<>"']/.test(title)) suite.check(`${what} page and model are one`, page.text.includes(title), title);
    suite.check(`${what} page is a document with a language`, /^<!doctype html>/i.test(page.text) && /<html[^>]* lang="/.test(page.text));
    const fragment = await client.get(path, { headers: { 'HX-Request': 'true' } });
    suite.check(`${what} fragment has no frame`, fragment.status === 200 && !/<html/i.test(fragment.text), fragment.status);
    if (isPublic) {
        const again = await client.get(path, { headers: { 'If-None-Match': page.headers.get('etag') } });
        suite.check(`${what} unchanged is 304`, again.status === 304 && again.text === '' || path === '/log', again.status);
    }
}

async function checkMethods(world, row, path, rows) {
    const { suite, alliance } = world;
    const known = rows.filter((one) => one.pattern === row.pattern).map((one) => one.method);
    const options = await raw(alliance.port, `OPTIONS ${path} HTTP/1.1\r\nHost: 127.0.0.1:${alliance.port}\r\nConnection: close\r\n\r\n`);
    suite.check(`OPTIONS ${row.pattern} lists ${known}`,
        options.status === 204 && known.every((method) => options.headers.allow?.includes(method)), JSON.stringify(options.headers));
    const answer = await raw(alliance.port, `DELETE ${path} HTTP/1.1\r\nHost: 127.0.0.1:${alliance.port}\r\nConnection: close\r\n\r\n`);
    suite.check(`DELETE ${row.pattern} is 405 with Allow`, answer.status === 405 && answer.headers.allow, answer.status);
}

export async function testRoutes(world) {
    const { suite, reader } = world;
    const rows = await routesOf(reader), values = await valuesOf(world);
    suite.check('the table has its rows', rows.length > 60, rows.length);
    for (const row of rows) {
        suite.check(`${row.method} ${row.pattern} names its right`, row.capability !== '' && row.capability !== undefined);
        const path = pathOf(row, values);
        if (row.method === 'GET') await checkGet(world, row, path);
        await checkMethods(world, row, path, rows);
    }
    for (const [path, status] of [['/nothing', 404], ['/articles/1', 404], ['/articles/99999999999999999999', 404],
        ['/articles/x', 404], ['/outlets/NONE', 404], ['/refusals/R99', 404], ['/log/tile/0/x00', 404], ['/log/tile/0/999', 404],
        [`/articles/${values.id}/versions/999`, 404], [`/articles/${values.id}/diff/1..999`, 404], ['/outlets/', 308]]) {
        const answer = await reader.get(path);
        suite.equal(`GET ${path}`, answer.status, status);
        if (status !== 404) continue;
        checkHeaders(suite, `GET ${path}`, answer, false);
        const problem = await reader.get(path, { json: true });
        suite.check(`GET ${path} as a problem`, problem.json?.status === 404 && problem.json.type && problem.json.title &&
            problem.headers.get('content-type').startsWith('application/problem+json'), problem.text);
    }
    const zh = await reader.get('/?lang=zh'), en = await reader.get('/?lang=en');
    suite.check('?lang= decides the language', /<html[^>]* lang="zh/.test(zh.text) && /<html[^>]* lang="en/.test(en.text));
    const cookies = await reader.get('/', { headers: { Cookie: 'x=1' } });
    suite.equal('a foreign cookie changes nothing', cookies.status, 200);
}
