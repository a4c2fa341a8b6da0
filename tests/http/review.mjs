// tests/http/review.mjs - 三审三校 from outside: by forms and by programs, at once, by whom it is not, by a one-time link.
import { CHECKED, Client, OUR, STEPS, decideStep, entryCount, makeChecked, stepPerson, ticked } from './lib.mjs';

const desk = async (who, id) => (await who.get(`/desk/articles/${id}`, { json: true })).json;
const release = (who, story) => who.post(`/articles/${story.id}/release`, { version: story.version }, { json: true });

/** By role, by having written it, or by having reviewed or proofread it already. */
const wrong = { review1: ['photographer', 'proof2'], review2: ['photographer', 'deskhead'], review3: ['deskhead', 'head', 'proof3'], proof1: [],
    proof2: ['photographer'], proof3: ['photographer', 'proof2'] };

async function checkWay(world) {
    const { suite, people, reader } = world;
    let story = await makeChecked(world, suite, { title: 'Review: the whole way' });
    for (const [i, step] of STEPS.entries()) {
        const page = await desk(people.deskhead, story.id);
        suite.check(`${step} is at hand`, page.review.step === step && page.review.steps[i].is_now && page.state === 'submitted', JSON.stringify(page.review));
        suite.check(`before ${step} nobody releases`, (await release(people.chief, story)).status === 409 && !(await desk(people.chief, story.id)).may_release);
        for (const who of wrong[step])
            suite.equal(`${step} is not of ${who}`, (await decideStep(people[who], story, step)).status, 403);
        story = (await decideStep(stepPerson(world, step), story, step)).json;
        suite.acted('manuscript.reviewed', story.id);
    }
    suite.check('then it may be released', (await desk(people.chief, story.id)).may_release);
    suite.equal('but not by who may not do the last review', (await release(people.deskhead, story)).status, 403);
    const out = await release(people.chief, story);
    suite.check('the chief does', out.status === 200 && out.json.state === 'published', out.text);
    suite.acted('manuscript.released', story.id);
    const slip = await reader.get(`/articles/${story.id}/slip`, { json: true }), page = await reader.get(`/articles/${story.id}?lang=zh`);
    suite.check('the slip names steps, people and time', slip.json.review.is_complete && slip.json.review.counted === 6 && slip.json.review.people >= 5 &&
        slip.json.review.steps.every((one) => one.is_done && one.person && one.role && one.opened && one.decided), slip.text);
    suite.check('so does the page, and that it was hasty', page.text.includes('三审三校') && slip.json.review.is_hasty, page.text.slice(0, 500));
    const [other] = (await reader.get(`/outlets/${OUR}`, { json: true })).json.stories;
    suite.equal('a story of two persons has no steps', (await reader.get(`/articles/${other.id}/slip`, { json: true })).json.review, null);
}

async function checkForms(world) {
    const { suite, people, reader } = world;
    const story = await makeChecked(world, suite, { title: 'Review: forms' }), before = await entryCount(reader);
    const page = await people.deskhead.get(`/desk/articles/${story.id}`);
    suite.check('the page has the list and the buttons', page.text.includes('name="check4"') && page.text.includes('name="outcome" value="reject"'));
    const half = await people.deskhead.post(`/articles/${story.id}/steps`, { version: story.version, step: 'review1', outcome: 'pass', check1: '1' });
    suite.check('a point that is not ticked is asked for', half.status === 422 && half.text.includes('class="err"'), half.status);
    const silent = await people.deskhead.post(`/articles/${story.id}/steps`, { version: story.version, step: 'review1', outcome: 'return' });
    suite.equal('so is a reason', silent.status, 422);
    const kept = await people.deskhead.post(`/articles/${story.id}/comments`, { quote: 'no such words', body: 'A remark <b>' });
    suite.check('a remark on words that are not there comes back as typed', kept.status === 422 && kept.text.includes('A remark &lt;b&gt;'), kept.status);
    suite.equal('none of it was an act', await entryCount(reader), before);
    const remark = await people.deskhead.post(`/articles/${story.id}/comments`, { quote: 'Text.', body: 'Whose words?' });
    suite.equal('a remark', remark.status, 303);
    const done = await people.deskhead.post(`/articles/${story.id}/steps`, { version: story.version, step: 'review1', outcome: 'pass', ...ticked });
    suite.acted('manuscript.reviewed', story.id);
    suite.check('a form decides', done.status === 303 && (await desk(people.head, story.id)).review.step === 'review2', done.status);
    const after = await desk(people.head, story.id);
    suite.check('the remark is counted with it', after.review.steps[0].comments === 1 && after.comments[0].quote === 'Text.', JSON.stringify(after.review.steps[0]));
    const todo = (await people.head.get('/desk', { json: true })).json.steps, other = (await people.proof2.get('/desk', { json: true })).json.steps;
    suite.check('the next person has it to do, others have not', todo.some((row) => row.id === story.id) && !other.some((row) => row.id === story.id));
}

async function checkRaces(world) {
    const { suite, people } = world;
    const story = await makeChecked(world, suite, { title: 'Review: two at once', passed: 1 });
    await people.head.get(`/desk/articles/${story.id}`);
    await people.chief.get(`/desk/articles/${story.id}`);
    const fields = { version: story.version, step: 'review2', outcome: 'pass', ...ticked };
    const both = await Promise.all([people.head, people.chief].map((who) => who.post(`/articles/${story.id}/steps`, fields, { json: true })));
    const won = both.filter((one) => one.status === 200), lost = both.find((one) => one.status !== 200);
    suite.check('of two who decide at once one wins', won.length === 1 && [409, 503].includes(lost.status), both.map((one) => one.status).join());
    suite.acted('manuscript.reviewed', story.id);
    if (lost.status === 409) suite.check('the other is told who', /傅兰亭|方晴|step|version/.test(lost.text) && lost.json.detail.length > 10, lost.text);
    const stale = await decideStep(people.chief, { id: story.id, version: won[0].json.version }, 'review2');
    suite.check('a step that is done is not at hand', stale.status === 409 && stale.json.field === 'step', stale.text);
    const unseen = await makeChecked(world, suite, { title: 'Review: unseen' });
    const blind = await people.deskhead.post(`/articles/${unseen.id}/steps`, { version: unseen.version, step: 'review1', outcome: 'pass', ...ticked }, { json: true });
    suite.check('nobody signs what was not before them', blind.status === 409 && blind.json.field === 'opened', blind.text);
}

/** An edit after the final review: everything is asked again, and an open page decides nothing any more. */
async function checkEdit(world) {
    const { suite, people } = world;
    const story = await makeChecked(world, suite, { title: 'Review: edited late', passed: 5 });
    await people.proof3.get(`/desk/articles/${story.id}`);
    const edited = await people.photographer.post(`/articles/${story.id}`, { version: story.version, kind: '消息', title: 'Review: edited late', text: 'Other.' }, { json: true });
    suite.acted('manuscript.changed', story.id);
    const late = await people.proof3.post(`/articles/${story.id}/steps`, { version: story.version, step: 'proof3', outcome: 'pass', ...ticked }, { json: true });
    suite.check('an open page decides on nothing else', late.status === 409 && late.json.field === 'version', late.text);
    const again = await people.photographer.post(`/articles/${story.id}/submit`, { version: edited.json.version }, { json: true });
    suite.acted('manuscript.submitted', story.id);
    const page = await desk(people.chief, story.id);
    suite.check('every step is open', page.review.step === 'review1' && page.review.counted === 0 && page.review.history.length === 5, JSON.stringify(page.review));
    suite.equal('and there is no release', (await release(people.chief, again.json)).status, 409);
}

async function checkRevoked(world) {
    const { suite, people } = world;
    const story = await makeChecked(world, suite, { title: 'Review: revoked', passed: 4 });
    await people.proof2.get(`/desk/articles/${story.id}`);
    const person = (await people.admin.get('/admin/people?login=tao.zhixin', { json: true })).json.people[0];
    const grant = (await people.admin.get(`/admin/people/${person.id}`, { json: true })).json.grants[0];
    await people.admin.post(`/admin/grants/${grant.id}/end`, {}, { json: true });
    const late = await people.proof2.post(`/articles/${story.id}/steps`, { version: story.version, step: 'proof2', outcome: 'pass', ...ticked }, { json: true });
    suite.check('whose role has ended decides nothing from an open page', [403, 404].includes(late.status), late.text);
    await people.admin.post(`/admin/people/${person.id}/grants`, { role: '校对员', outlet: CHECKED }, { json: true });
    people.proof2 = await new Client(world.alliance).signIn('tao.zhixin');
}

async function checkLink(world) {
    const { suite, people, alliance } = world;
    const story = await makeChecked(world, suite, { title: 'Review: by a link', passed: 2 }), visitor = new Client(alliance);
    for (const [who, status] of [['photographer', 404], ['proof2', 404], ['reporter', 404], ['head', 422]])
        suite.equal(`a link by ${who} for a person who can sign in, or by whom it is not`, (await people[who].post(`/articles/${story.id}/links`, { step: 'review3', login: 'fang.qing' }, { json: true })).status, status);
    const made = await people.deskhead.post(`/articles/${story.id}/links`, { step: 'review3', login: 'jing.hesheng' }, { json: true });
    suite.acted('manuscript.link_made', story.id);
    suite.check('a link', made.status === 201 && made.json.link.startsWith(alliance.origin + '/sign/'), made.text);
    const path = '/sign/' + made.json.link.split('/').pop(), page = await visitor.get(path);
    suite.check('it shows what is signed, to nobody\'s cache', page.status === 200 && page.text.includes('Review: by a link') && page.text.includes('景和声') &&
        page.headers.get('cache-control').includes('no-store'), page.text.slice(0, 300));
    const half = await visitor.post(path, { outcome: 'pass', check1: '1' });
    suite.equal('the list is asked for', half.status, 422);
    const signed = await visitor.post(path, { outcome: 'pass', ...ticked }, { json: true });
    suite.acted('manuscript.reviewed', story.id);
    suite.check('it signs', signed.status === 200 && signed.json.state === 'submitted', signed.text);
    suite.equal('once', (await visitor.post(path, { outcome: 'pass', ...ticked }, { json: true })).status, 410);
    suite.equal('and shows nothing then', (await visitor.get(path)).status, 410);
    suite.equal('a link that there is not', (await visitor.get('/sign/' + 'A'.repeat(43))).status, 404);
    const after = await desk(people.deskhead, story.id);
    suite.check('the page says by link, in the leader\'s name', after.review.steps[2].is_by_link && after.review.steps[2].person === '景和声' && after.review.steps[2].role === '分管领导', JSON.stringify(after.review.steps[2]));
}

async function checkFlows(world) {
    const { suite, people, reader } = world, path = `/admin/outlets/CC054/checking`;
    suite.equal('an editor does not choose how it is checked', (await people.editor.post(path, { flow: 'two-person' }, { json: true })).status, 403);
    for (const [fields, field] of [[{ flow: 'none' }, 'flow'], [{ flow: 'four' }, 'flow'], [{ flow: 'three-review', kind: '诗' }, 'kind'], [{ flow: 'flash', kind: '图片' }, 'flow'], [{ flow: 'three-review', proofs: '2' }, 'proofs']]) {
        const answer = await people.registrar.post(path, fields, { json: true });
        suite.check(`${JSON.stringify(fields)} is refused by ${field}`, answer.status === 422 && answer.json.field === field, answer.text);
    }
    const before = await entryCount(reader);
    const set = await people.registrar.post(path, { flow: 'three-review', proofs: '1' }), again = await people.registrar.post(path, { flow: 'three-review', proofs: '1' });
    suite.check('set, once in the log', set.status === 303 && again.status === 303 && await entryCount(reader) === before + 1, set.status);
    const page = await people.registrar.get(path, { json: true });
    suite.check('and shown with who chose it', page.json.flows.length === 1 && page.json.flows[0].proofs === 1 && page.json.flows[0].person.length > 0, page.text);
    await people.registrar.post(path, { flow: 'two-person' }, { json: true });
}

export async function testReview(world) {
    await checkWay(world);
    await checkForms(world);
    await checkRaces(world);
    await checkEdit(world);
    await checkLink(world);
    await checkFlows(world);
    await checkRevoked(world);
}
