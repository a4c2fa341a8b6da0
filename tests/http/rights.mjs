// tests/http/rights.mjs - without sign-in, with the wrong role, and as operator: what is not allowed does not happen.
import { OUR, assignedPitch, entryCount, makeStory, raw, routesOf } from './lib.mjs';
import http from 'node:http';
import { join } from 'node:path';

const pathOf = (row, id, feed, pitch, assignment) => row.pattern.replace('{feed}', feed).replace('{pitch}', pitch).replace('{assignment}', assignment).replace('{kind}', 'rules').replace('{id}', id).replace('{comment}', '1').replace(/\{(no|card)\}/, OUR).replace('{act}', row.pattern.includes('/long-work/') ? 'resume' : 'retry');

/** A request over the local socket: the caller is the operator. */
function local(alliance, method, path, body) {
    return new Promise((done, fail) => {
        const request = http.request({ socketPath: join(alliance.data, 'run/liandong.sock'), method, path,
            headers: { Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } : {}) } },
        (answer) => {
            let text = '';
            answer.on('data', (part) => { text += part; });
            answer.on('end', () => done({ status: answer.statusCode, text }));
        });
        request.on('error', fail);
        request.end(body);
    });
}

async function checkSignedOut(world, row, path) {
    const { suite, alliance, reader } = world, what = `${row.method} ${row.pattern} without sign-in`;
    const isPost = row.method === 'POST';
    const page = await reader.request(row.method, path, isPost ? { body: '', headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: alliance.origin } } : {});
    suite.check(`${what}: a browser is sent to sign in`, page.status === 303 && page.location.startsWith('/signin?next='), `${page.status} ${page.location}`);
    const program = await reader.request(row.method, path, { json: true, body: isPost ? '{}' : undefined, headers: isPost ? { 'Content-Type': 'application/json' } : {} });
    suite.check(`${what}: a program gets 401`, program.status === 401 && program.headers.get('www-authenticate') === 'Bearer', program.status);
    const bearer = await reader.request(row.method, path, { json: true, body: isPost ? '{}' : undefined,
        headers: { Authorization: 'Bearer ' + 'A'.repeat(43), ...(isPost ? { 'Content-Type': 'application/json' } : {}) } });
    suite.equal(`${what}: nor does an unknown token help`, bearer.status, 401);
}

/** Roles that do not hold the right of a row. */
const wrong = {
    file: ['teacher', 'registrar', 'admin'], drafts: ['registrar', 'admin'], release: ['reporter', 'teacher', 'registrar', 'admin'],
    correct: ['reporter', 'teacher', 'registrar', 'admin'], withdraw: ['reporter', 'teacher', 'registrar', 'admin'],
    media: ['teacher', 'registrar', 'admin'], import_stories: ['reporter', 'editor', 'teacher'],
    subscriptions: ['reporter', 'teacher'], register: ['reporter', 'editor', 'chief', 'teacher'], people: ['reporter', 'editor', 'chief', 'teacher'],
    hand_over: ['reporter'],
    answer: ['reporter', 'registrar', 'admin'],
    settings: ['reporter', 'editor', 'chief', 'teacher', 'registrar'], jobs: ['reporter', 'editor', 'chief', 'teacher', 'registrar'], rules: ['reporter', 'editor', 'teacher', 'registrar'],
};

async function checkWrongRoles(world, row, path) {
    const { suite, people } = world;
    for (const role of wrong[row.capability] ?? []) {
        const isUpload = row.flags.includes('upload');
        const fields = { version: '1', ...(row.capability === 'import_stories' || ['/articles', '/articles/word', '/admin/feeds', '/admin/feeds/first', '/admin/feeds/import'].includes(row.pattern) ? { outlet: OUR } : {}) };
        if (isUpload) delete fields.version;
        const answer = row.method === 'GET'
            ? await people[role].get(path + (/^\/desk\/articles\/(new|word)$/.test(row.pattern) ? `?outlet=${OUR}` : ''), { json: true })
            : await people[role].post(path, fields, { json: true });
        suite.equal(`${row.method} ${row.pattern} as ${role}`, answer.status, row.isPerOutlet ? 404 : 403);
    }
}

async function checkOperator(world, rows, story, submitted) {
    if (world.driver === 'postgres') { world.suite.skip(1, 'a server on PostgreSQL has no local socket; its commands run in their own process'); return; }
    const { suite, alliance } = world;
    const content = new Set(['file', 'drafts', 'release', 'correct', 'withdraw', 'media', 'rules', 'answer', 'hand_over']);
    for (const row of rows.filter((one) => content.has(one.capability) || one.capability === 'signed_in')) {
        const path = pathOf(row, row.capability === 'release' ? submitted.id : story.id);
        const body = row.method === 'POST' ? JSON.stringify(row.flags.includes('if-match') ? { version: submitted.version } : {}) : undefined;
        const answer = await local(alliance, row.method, path + (/^\/desk\/articles\/(new|word)$/.test(row.pattern) ? `?outlet=${OUR}` : ''), body);
        suite.check(`${row.method} ${row.pattern} as operator is refused`, [403, 404, 415, 422].includes(answer.status), `${answer.status} ${answer.text.slice(0, 200)}`);
    }
    const filed = await local(alliance, 'POST', '/articles', JSON.stringify({ outlet: OUR, kind: '消息', title: 'x', text: 'y' }));
    suite.equal('the operator files nothing', filed.status, 404);
    for (const path of ['/admin/people', '/admin/jobs', '/admin/settings', '/admin/outlets'])
        suite.equal(`the operator reads ${path}`, (await local(alliance, 'GET', path)).status, 200);
    const net = await raw(alliance.port, `GET /admin/people HTTP/1.1\r\nHost: 127.0.0.1:${alliance.port}\r\nAccept: application/json\r\nConnection: close\r\n\r\n`);
    suite.equal('over the network nobody is operator', net.status, 401);
}

export async function testRights(world) {
    const { suite, reader, people } = world;
    const rows = (await routesOf(reader)).filter((row) => row.capability !== 'read');
    const team = { author: people.reporter, releaser: people.editor };
    const story = await makeStory(suite, { ...team, title: 'Rights: published' });
    const submitted = await makeStory(suite, { ...team, title: 'Rights: waiting', to: 'submitted' });
    const feed = await people.admin.post('/admin/feeds', { outlet: OUR, url: 'https://rights.example/feed' }, { json: true });
    const pitch = await people.reporter.post(`/outlets/${OUR}/pitches`, { title: 'Rights', why: 'Why' }, { json: true });
    const { assignment } = await assignedPitch(people);
    const before = await entryCount(reader);
    for (const row of rows) {
        const path = pathOf(row, row.pattern.endsWith('/release') || row.pattern.endsWith('/return') ? submitted.id : story.id, feed.json.id, pitch.json.id, assignment);
        await checkSignedOut(world, row, path);
        await checkWrongRoles(world, row, path);
    }
    await checkOperator(world, rows, story, submitted);
    const own = await people.reporter.post(`/articles/${submitted.id}/release`, { version: submitted.version }, { json: true });
    suite.check('no author releases the own story', own.status === 404 || own.status === 403, own.status);
    suite.equal('none of it was an act', await entryCount(reader), before);
    const both = await makeStory(suite, { author: people.editor, title: 'Rights: by an editor', to: 'submitted' });
    const self = await people.editor.post(`/articles/${both.id}/release`, { version: both.version }, { json: true });
    suite.check('nor does an editor who wrote it', self.status === 403 && self.json.detail.length > 20, self.text);
    const later = await people.editor.post(`/articles/${both.id}/plan`, { version: both.version, plan_at: '2035-01-01T08:00' }, { json: true });
    suite.check('nor for a later time', later.status === 403 && later.json.detail.length > 20, later.text);
    const planned = await makeStory(suite, { ...team, title: 'Rights: planned', to: 'planned' });
    for (const act of ['plan', 'unplan']) {
        const answer = await people.reporter.post(`/articles/${planned.id}/${act}`, { version: planned.version, plan_at: '2036-01-01T08:00' }, { json: true });
        suite.check(`no reporter moves it: ${act}`, answer.status === 404, answer.text);
    }
}
