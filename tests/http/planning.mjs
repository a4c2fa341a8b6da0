// tests/http/planning.mjs - pitches: proposed, discussed, decided by a second person, by programs and by forms.
import { OTHER, OUR, entryCount } from './lib.mjs';

const propose = (who, fields = {}, options = { json: true }) => who.post(`/outlets/${OUR}/pitches`, { title: '夜里的灯', why: '路修好了，灯没有亮。', ...fields }, options);
const decide = (who, pitch, act, fields = {}, options = {}) => who.post(`/pitches/${pitch.id}/${act}`, { version: pitch.version, ...fields }, { json: true, ...options });
const page = async (who, id) => (await who.get(`/desk/pitches/${id}`, { json: true })).json;

async function checkFields({ suite, people, reader }) {
    const before = await entryCount(reader);
    const cases = [[{ title: '' }, 'title'], [{ title: 'x'.repeat(121) }, 'title'], [{ why: '' }, 'why'], [{ kind: '诗' }, 'kind'], [{ wished_on: '2099-02-30' }, 'wished_on'],
        [{ wished_on: '2020-01-01' }, 'wished_on'], [{ wished_on: 'soon' }, 'wished_on'], [{ state: 'accepted' }, 'state']];
    for (const [fields, field] of cases) {
        const answer = await propose(people.reporter, fields);
        suite.check(`${JSON.stringify(fields).slice(0, 40)} is refused by ${field}`, answer.status === 422 && answer.json.field === field, answer.text);
    }
    suite.equal('none of it was an act', await entryCount(reader), before);
}

async function checkActs({ suite, people, reader }) {
    const first = await propose(people.reporter, { kind: '通讯', wished_on: '2099-01-05' });
    suite.acted('pitch.proposed', first.json.id);
    suite.check('a reporter proposes', first.status === 201 && first.json.state === 'proposed', first.text);
    const before = await entryCount(reader);
    for (const who of ['reporter', 'teacher']) suite.equal(`a ${who} does not accept`, (await decide(people[who], first.json, 'accept')).status, 404);
    suite.equal('without a version: 428', (await people.editor.post(`/pitches/${first.json.id}/accept`, {}, { json: true })).status, 428);
    const silent = await decide(people.editor, first.json, 'decline', { reason: ' ' });
    suite.check('nobody declines without a reason', silent.status === 422 && silent.json.field === 'reason', silent.text);
    suite.equal('only who proposed it takes it back', (await decide(people.editor, first.json, 'withdraw')).status, 403);
    suite.equal('none of it was an act', await entryCount(reader), before);
    const note = await people.teacher.post(`/pitches/${first.json.id}/notes`, { text: '先问后勤处。' }, { json: true });
    suite.acted('pitch.noted', first.json.id);
    suite.equal('the teacher adds a note', note.status, 201);
    const declined = await decide(people.editor, first.json, 'decline', { reason: '上周写过。' });
    suite.acted('pitch.declined', first.json.id);
    suite.check('an editor declines with a reason', declined.status === 200 && declined.json.state === 'declined', declined.text);
    const seen = await page(people.reporter, first.json.id);
    suite.check('its page tells each step by name', seen.steps.map((step) => step.act).join() === 'propose,note,decline' && seen.steps.every((step) => step.person) &&
        seen.steps[2].text === '上周写过。' && !seen.may_accept && !seen.may_withdraw, JSON.stringify(seen.steps));
    suite.equal('decided is decided', (await decide(people.chief, declined.json, 'accept')).status, 409);
    const second = await propose(people.reporter), accepted = await decide(people.editor, second.json, 'accept');
    suite.acted('pitch.proposed', second.json.id);
    suite.acted('pitch.accepted', second.json.id);
    suite.equal('a second one is accepted', accepted.json?.state, 'accepted');
    const own = await propose(people.editor), alone = await decide(people.editor, own.json, 'accept');
    suite.acted('pitch.proposed', own.json.id);
    suite.check('not by the editor who proposed it', alone.status === 403, alone.text);
    const back = await decide(people.editor, own.json, 'withdraw');
    suite.acted('pitch.withdrawn', own.json.id);
    suite.equal('who takes it back instead', back.json?.state, 'withdrawn');
    for (const [state, id] of [['declined', first.json.id], ['accepted', second.json.id], ['withdrawn', own.json.id]]) {
        const list = (await people.reporter.get(`/desk/outlets/${OUR}/pitches?state=${state}`, { json: true })).json;
        suite.check(`the list of ${state} ones`, list.pitches[0].id === id && list.pitches.every((one) => one.state === state), JSON.stringify(list.pitches));
    }
    suite.equal('another outlet sees nothing', (await people.author.get(`/desk/pitches/${second.json.id}`, { json: true })).status, 404);
    suite.equal('nor its list', (await people.reporter.get(`/desk/outlets/${OTHER}/pitches`, { json: true })).status, 404);
}

/** A browser without scripts: the form, a refusal beside its field, and the page. */
async function checkForms({ suite, people }) {
    const bad = await propose(people.reporter, { why: '', title: '留着的题' }, {});
    suite.check('a refusal keeps what was typed', bad.status === 422 && bad.text.includes('id="e-why"') && bad.text.includes('value="留着的题"'), bad.status);
    const made = await propose(people.reporter, { title: '<b>题</b>' }, {});
    suite.check('done, it leads to its page', made.status === 303 && made.location.startsWith('/desk/pitches/'), `${made.status} ${made.location}`);
    const id = made.location.split('/').pop();
    suite.acted('pitch.proposed', id);
    const shown = await people.editor.get(made.location);
    suite.check('the editor sees both forms', shown.text.includes(`/pitches/${id}/accept`) && shown.text.includes(`/pitches/${id}/decline`) && shown.text.includes('&lt;b&gt;'));
    const silent = await people.editor.post(`/pitches/${id}/decline`, { version: 1, reason: '' });
    suite.check('declined without a reason the page says so', silent.status === 422 && silent.text.includes('id="e-reason"'), silent.status);
}

export async function testPlanning(world) {
    await checkFields(world);
    await checkActs(world);
    await checkForms(world);
}
