// tests/http/strangers.mjs - two outlets: every row with a per-outlet right, tried with the other's ids, is 404 and changes nothing.
import { OTHER, assignedPitch, entryCount, makeStory, routesOf } from './lib.mjs';

const STRANGERS = 'CC010';

/** A body that the row would take, so that only the right is at fault. */
function bodyOf(row) {
    const type = Object.keys(row.body ?? {})[0];
    const fields = {};
    for (const [name, schema] of Object.entries(row.body?.[type]?.schema.properties ?? {})) {
        if (name === 'outlet') fields[name] = OTHER;
        else if (schema.enum) fields[name] = schema.enum[0];
        else if (schema.pattern?.startsWith('^[1-9]') || schema.format === 'binary') continue;
        else fields[name] = schema.type === 'boolean' ? '1' : 'x';
    }
    return { fields, isFile: type === 'multipart/form-data' };
}

async function attempt(client, row, path) {
    if (row.method === 'GET') return client.get(path, { json: true });
    const { fields, isFile } = bodyOf(row);
    fields.version = '1';
    if (!isFile) return client.post(path, fields, { json: true });
    const form = new FormData();
    for (const [name, value] of Object.entries({ csrf: client.csrf, ...fields }))
        if (name !== 'version') form.append(name, value);
    form.append('file', new Blob(['{"title":"x","text":"y","date":"2020-01-01"}\n']), 'x.jsonl');
    const body = new Response(form);
    return client.request('POST', path, { json: true, body: Buffer.from(await body.arrayBuffer()),
        headers: { 'Content-Type': body.headers.get('content-type'), Origin: client.alliance.origin } });
}

async function stateOf(client, id) {
    const { json } = await client.get(`/desk/articles/${id}`, { json: true });
    return JSON.stringify([json.state, json.version, json.title, json.entries.length]);
}

const ownForms = /<form[^>]*method="post"[^>]*action="\/(?!signout|signin)|action="\/(?!signout|signin|search|lang)[^"]*"[^>]*method="post"/;

/** A body that cannot be read is told before it is asked who may: no page of a form may answer it that its reader may not open. */
async function unreadable(suite, client, who, rows, path) {
    const bodies = [['text/plain', 'x'], ['application/x-www-form-urlencoded', 'a=%zz'], ['multipart/form-data; boundary=b', 'x'], ['application/x-www-form-urlencoded', 'anonymous=1']];
    for (const row of rows)
        for (const [type, body] of bodies) {
            const answer = await client.request(row.method, path(row), { headers: { 'Content-Type': type, Origin: client.alliance.origin }, body });
            suite.check(`${who}: ${row.method} ${row.pattern} with an unreadable body`, answer.status >= 400 && answer.status < 500, answer.status);
            suite.check(`${who}: ${row.method} ${row.pattern} shows no form`, !ownForms.test(answer.text), ownForms.exec(answer.text)?.[0]);
        }
}

export async function testStrangers(world) {
    const { suite, people, reader } = world;
    const { json } = await people.admin.get('/admin/people?login=leng.qiubai', { json: true });
    const granted = await people.admin.post(`/admin/people/${json.people[0].id}/grants`, { role: '总编', outlet: STRANGERS }, { json: true });
    suite.equal('the stranger holds every right of the own outlet', granted.status, 200);
    const team = { author: people.author, releaser: people.releaser, no: OTHER };
    const stories = [
        await makeStory(suite, { ...team, title: 'Draft of the other outlet', to: 'draft' }),
        await makeStory(suite, { ...team, title: 'Waiting at the other outlet', to: 'submitted' }),
        await makeStory(suite, { ...team, title: 'Published by the other outlet' }),
        await makeStory(suite, { ...team, title: 'Planned at the other outlet', to: 'planned' }),
    ];
    const feed = await people.admin.post('/admin/feeds', { outlet: OTHER, url: 'https://strangers.example/feed' }, { json: true });
    const pitch = await people.author.post(`/outlets/${OTHER}/pitches`, { title: 'Pitch of the other outlet', why: 'w' }, { json: true });
    suite.equal('the other outlet has a pitch', pitch.status, 201);
    const { assignment } = await assignedPitch({ reporter: people.author, editor: people.releaser }, {}, OTHER);
    const rows = (await routesOf(reader)).filter((row) => row.isPerOutlet);
    suite.check('there are rows per outlet', rows.length >= 10, rows.length);
    const before = await entryCount(reader), states = [];
    for (const story of stories) states.push(await stateOf(people.author, story.id));
    let tried = 0;
    for (const row of rows)
        for (const story of stories) {
            const path = row.pattern.replace('{feed}', feed.json.id).replace('{pitch}', pitch.json.id).replace('{assignment}', assignment).replace('{id}', story.id).replace('{comment}', '1').replace('{no}', OTHER) +
                (row.parameters.some((one) => one.in === 'query' && one.name === 'outlet') ? `?outlet=${OTHER}` : '');
            const answer = await attempt(people.stranger, row, path);
            suite.equal(`${row.method} ${row.pattern} with the other's id`, answer.status, 404);
            suite.check(`${row.pattern} tells nothing of the story`, !answer.text.includes('other outlet'), answer.text);
            tried++;
        }
    const list = await people.stranger.get(`/desk/articles?outlet=${OTHER}`, { json: true });
    suite.check('nor does a list', list.status === 404 || list.json.stories.every((one) => !one.number.startsWith(OTHER)), list.status);
    suite.equal('no act was logged', await entryCount(reader), before);
    for (const [i, story] of stories.entries()) suite.equal('no state changed', await stateOf(people.author, story.id), states[i]);
    const own = await makeStory(suite, { author: people.stranger, no: STRANGERS, title: 'Her own', to: 'draft' });
    suite.check('at the own outlet the same person may', own.id);
    const [draft, waiting, , planned] = stories;
    for (const path of ['/', `/outlets/${OTHER}`, '/feed.atom', '/feed.rss', '/feed.json', `/outlets/${OTHER}/feed.json`, '/search?q=Draft',
        '/search?q=Waiting', '/search?q=Planned', '/corrections', '/outlets.csv']) {
        const { text } = await reader.get(path);
        suite.check(`${path} shows no draft`, !text.includes('Draft of the other') && !text.includes('Waiting at the other') &&
            !text.includes('Planned at the other') && ![draft, waiting, planned].some((one) => text.includes(one.id)));
    }
    for (const story of [draft, waiting, planned])
        for (const path of ['', '/versions', '/versions/1', '/diff/1..1']) {
            const answer = await reader.get(`/articles/${story.id}${path}`);
            suite.check(`/articles/{draft}${path} is not there`, answer.status === 404 && !answer.text.includes('other outlet'), answer.status);
        }
    const forms = (await routesOf(reader)).filter((row) => row.method !== 'GET'), fill = (row) => row.pattern.replace('{feed}', feed.json.id)
        .replace('{id}', draft.id).replace('{no}', OTHER).replace(/\{\w+\*?\}/g, '1');
    const closed = forms.filter((row) => row.capability !== 'read');
    suite.check('there are rows that need a right', closed.length > 40, closed.length);
    await unreadable(suite, reader, 'nobody', closed, fill);
    await unreadable(suite, people.stranger, 'a stranger', closed.filter((row) => (row.isPerOutlet || row.pattern.startsWith('/admin/')) &&
        !row.pattern.startsWith('/admin/feeds')), fill); /* who has an outlet of the own may open the page of feeds */
    console.log(`  ${rows.length} rows per outlet, ${tried} attempts; ${closed.length} rows that need a right`);
}
