// tests/http/adoption.mjs - one story at six outlets: offered, carried, adapted, declined; a correction and a withdrawal reach all of them at once.
import { Client, OTHER, OUR, entryCount, makeStory } from './lib.mjs';

/* Outlets that may publish, each with a 责任编辑 of the demo who can sign in. */
const carriers = [['CC002', 'pei.qinghe'], ['CC003', 'shen.ruogu'], ['CC004', 'zhai.zhiheng'], ['CC005', 'kong.lingwen'], ['CC006', 'jian.yinuo'], [OTHER, 'bi.yichuan']];

const carry = (who, no, story, mode = 'taken') => who.post(`/outlets/${no}/carried`, { story, mode }, { json: true });
const spread = async (reader, id) => (await reader.get(`/articles/${id}/spread`, { json: true })).json;

async function checkRefusals({ suite, people, reader }, story) {
    const before = await entryCount(reader), offer = (who, fields) => who.post(`/articles/${story.id}/offers`, fields, { json: true });
    for (const fields of [{}, { to: 'CC999' }, { to: OUR }, { tier: '四级' }, { to: 'x'.repeat(5000) }]) {
        const answer = await offer(people.editor, fields);
        suite.check(`an offer ${JSON.stringify(fields).slice(0, 40)} is refused`, answer.status === 422, answer.text);
    }
    suite.equal('a reporter offers nothing', (await offer(people.reporter, { to: OTHER })).status, 404);
    suite.equal('nor does another outlet', (await offer(people.releaser, { to: OTHER })).status, 404);
    suite.equal('nobody carries the own story', (await carry(people.editor, OUR, story.id)).status, 409);
    suite.equal('nor one that there is not', (await carry(people.releaser, OTHER, '12345')).status, 404);
    suite.equal('nor for an outlet that is not the own', (await carry(people.releaser, OUR, story.id)).status, 404);
    suite.equal('none of it was an act', await entryCount(reader), before);
}

async function carryEverywhere(world, story, editors) {
    const { suite, people, reader } = world;
    const offered = await people.editor.post(`/articles/${story.id}/offers`, { to: carriers.map(([no]) => no).join(' ') }, { json: true });
    suite.acted('story.offered', story.id);
    suite.check('offered to six', offered.status === 200 && offered.json.count === 6, offered.text);
    suite.equal('once', (await people.editor.post(`/articles/${story.id}/offers`, { to: 'CC002' }, { json: true })).json.count, 0);
    const copies = [];
    for (const [i, [no]] of carriers.entries()) {
        const page = await editors[i].get(`/desk/outlets/${no}/offers`, { json: true });
        suite.check(`${no} sees the offer`, page.json.offers.some((one) => one.story === story.id), page.text.slice(0, 200));
        const answer = await carry(editors[i], no, story.id, i < 4 ? 'taken' : 'adapted');
        suite.acted('story.taken', story.id);
        suite.check(`${no} carries it`, answer.status === 200 && answer.json.mode === (i < 4 ? 'taken' : 'adapted'), answer.text);
        if (i >= 4) copies.push(/articles\/(\d+)\/edit/.exec(answer.json.url)[1]);
        suite.equal(`${no} does so once`, (await carry(editors[i], no, story.id)).status, 409);
        suite.check(`${no}'s readers find it`, (await reader.get(`/outlets/${no}/carried`)).text.includes(`/articles/${story.id}"`));
    }
    const tree = await spread(reader, story.id);
    suite.check('the page of where it went has all six', tree.carried === 6 && tree.copies.length === 6 && tree.copies.every((one) => one.copy_url === null), JSON.stringify(tree.copies));
    return copies;
}

/** What is adapted goes through its own outlet's check; its page names the origin. */
async function publishCopy(world, id, editor, releaser) {
    const { suite, reader } = world, text = { kind: '消息', title: 'Adapted: one story', text: 'Our words.' };
    const draft = (await editor.get(`/desk/articles/${id}`, { json: true })).json;
    suite.equal('readers see no draft', (await reader.get(`/articles/${id}`)).status, 404);
    const changed = await editor.post(`/articles/${id}`, { version: draft.version, ...text }, { json: true });
    const sent = await editor.post(`/articles/${id}/submit`, { version: changed.json.version }, { json: true });
    const out = await releaser.post(`/articles/${id}/release`, { version: sent.json.version }, { json: true });
    for (const kind of ['manuscript.changed', 'manuscript.submitted', 'manuscript.released']) suite.acted(kind, id);
    suite.check('the copy is published by a second person', out.status === 200, out.text);
    const page = await reader.get(`/articles/${id}`, { json: true });
    suite.check('and names its origin, whatever was written', page.json.origin.outlet.length > 0 && !page.json.origin.is_corrected && !page.json.origin.is_updated, JSON.stringify(page.json.origin));
}

async function checkReach(world, story, copy, editors) {
    const { suite, people, reader } = world, origin = async () => (await reader.get(`/articles/${copy}`, { json: true })).json.origin;
    const corrected = await people.editor.post(`/articles/${story.id}/corrections`, { version: story.version, text: 'It was five, not six.' }, { json: true });
    suite.acted('correction.issued', story.id);
    suite.check('a correction stands on the adapted page at once', (await origin()).is_corrected);
    suite.check('its outlet reads of it', (await editors[5].get(`/desk/outlets/${OTHER}/offers`, { json: true })).json.carried.some((one) => one.story === story.id && one.is_corrected));
    for (const [no] of carriers.slice(0, 4)) {
        const path = /href="(\/articles\/\d+)"/.exec((await reader.get(`/outlets/${no}/carried`)).text)[1];
        suite.check(`readers of ${no} come to the corrected story`, (await reader.get(path)).text.includes('It was five, not six.'));
    }
    const changed = await people.reporter.post(`/articles/${story.id}`, { version: corrected.json.version, kind: '消息', title: 'One story', text: 'New text.' }, { json: true });
    const sent = await people.reporter.post(`/articles/${story.id}/submit`, { version: changed.json.version }, { json: true });
    const out = await people.editor.post(`/articles/${story.id}/release`, { version: sent.json.version }, { json: true });
    for (const kind of ['manuscript.changed', 'manuscript.submitted', 'manuscript.released']) suite.acted(kind, story.id);
    const now = await origin();
    suite.check('so does a newer version', now.is_updated && now.now_n === 2 && now.n === 1, JSON.stringify(now));
    const gone = await people.editor.post(`/articles/${story.id}/withdraw`, { version: out.json.version, reason: 'Wrong.' }, { json: true });
    suite.acted('manuscript.withdrawn', story.id);
    suite.check('and a withdrawal', gone.status === 200 && (await origin()).is_withdrawn && (await reader.get(`/articles/${copy}`)).text.includes('class="note bad'), gone.text);
    suite.check('the lists of the others say so too', (await reader.get('/outlets/CC002/carried', { json: true })).json.stories.find((one) => one.story === story.id).is_withdrawn);
}

async function checkDecline(world) {
    const { suite, people, reader } = world;
    const story = await makeStory(suite, { author: people.reporter, releaser: people.editor, title: 'Declined by one' });
    await people.editor.post(`/articles/${story.id}/offers`, { tier: '二级' }, { json: true });
    suite.acted('story.offered', story.id);
    const answer = await people.releaser.post(`/outlets/${OTHER}/declined`, { story: story.id, reason: 'Not for our readers.' });
    suite.acted('story.declined', story.id);
    suite.check('declined by a form', answer.status === 303, answer.status);
    suite.check('the offering outlet reads why', (await people.editor.get(`/desk/articles/${story.id}/spread`)).text.includes('Not for our readers.'));
    suite.check('readers do not', !(await reader.get(`/articles/${story.id}/spread`)).text.includes('Not for our readers.'));
    suite.equal('twice it is a conflict', (await people.releaser.post(`/outlets/${OTHER}/declined`, { story: story.id }, { json: true })).status, 409);
}

export async function testAdoption(world) {
    const { suite, people } = world, editors = [];
    for (const [, login] of carriers) editors.push(await new Client(world.alliance).signIn(login));
    const story = await makeStory(suite, { author: people.reporter, releaser: people.editor, title: 'One story' });
    await checkRefusals(world, story);
    const [, copy] = await carryEverywhere(world, story, editors);
    await publishCopy(world, copy, people.releaser, await otherEditor(world));
    await checkReach(world, story, copy, editors);
    await checkDecline(world);
}

/** A second person at OTHER, who may release what the first adapted. */
async function otherEditor({ people, alliance }) {
    const person = (await people.admin.get('/admin/people?login=qin.xiaochuan', { json: true })).json.people[0];
    await people.admin.post(`/admin/people/${person.id}/grants`, { role: '责任编辑', outlet: OTHER }, { json: true });
    return new Client(alliance).signIn('qin.xiaochuan');
}
