// tests/http/keys.mjs - Idempotency-Key: the same act once, another body refused, all at the same time too.
import { Client, OUR, entryCount, makeStory } from './lib.mjs';

const fields = (title) => ({ outlet: OUR, kind: '消息', title, text: 'Once.' });

export async function testKeys(world) {
    const { suite, people, reader } = world, client = people.reporter;
    const send = (title, key, who = client) => who.post('/articles', fields(title), { json: true, headers: { 'Idempotency-Key': key } });
    const before = await entryCount(reader);
    const first = await send('Key one', 'key-1'), again = await send('Key one', 'key-1');
    suite.acted('manuscript.filed', first.json.id);
    suite.equal('the first is an act', first.status, 201);
    suite.check('the second is its answer', again.status === 201 && again.text === first.text &&
        again.headers.get('idempotency-replayed') === 'true' && again.location === first.location, again.text);
    suite.equal('another body under it is 422', (await send('Key two', 'key-1')).status, 422);
    const other = await send('Key one', 'key-1', people.editor);
    suite.check('another person\'s key is another', other.status === 201 && other.json.id !== first.json.id, other.text);
    suite.acted('manuscript.filed', other.json.id);
    suite.equal('a key too long is refused', (await send('Key three', 'k'.repeat(201))).status, 422);
    suite.equal('two acts', await entryCount(reader), before + 2);

    const refused = await send('', 'key-2'), mended = await send('Key mended', 'key-2');
    suite.check('a refusal is not kept', refused.status === 422 && mended.status === 201, `${refused.status} ${mended.status}`);
    suite.acted('manuscript.filed', mended.json.id);

    const many = await Promise.all(Array.from({ length: 12 }, () => send('At once', 'key-3')));
    const done = many.filter((answer) => answer.status === 201);
    suite.check('of twelve at once all that are done are one', done.length > 0 && new Set(done.map((answer) => answer.json.id)).size === 1,
        many.map((answer) => answer.status).join());
    suite.check('the others say conflict or busy', many.every((answer) => [201, 409, 503].includes(answer.status)), many.map((answer) => answer.status).join());
    suite.acted('manuscript.filed', done[0].json.id);
    suite.equal('and there is one entry', await entryCount(reader), before + 4);

    const story = await makeStory(suite, { author: client, title: 'Key and act', to: 'draft' });
    const submit = () => client.post(`/articles/${story.id}/submit`, { version: story.version }, { json: true, headers: { 'Idempotency-Key': 'key-4' } });
    const one = await submit(), two = await submit();
    suite.check('an act with a version repeats its answer, not a conflict', one.status === 200 && two.status === 200 && one.text === two.text, `${one.status} ${two.status}`);
    suite.acted('manuscript.submitted', story.id);
    const page = await new Client(world.alliance).get('/signin');
    suite.check('a sign-in keeps no key', page.status === 200);
    const twice = await client.post('/articles', { ...fields('Form key'), idempotency_key: 'key-5' });
    const form = await client.post('/articles', { ...fields('Form key'), idempotency_key: 'key-5' });
    suite.check('a form may carry it', twice.status === 303 && form.location === twice.location, `${twice.status} ${form.status} ${form.location}`);
    suite.acted('manuscript.filed', twice.location.split('/').pop());
}
