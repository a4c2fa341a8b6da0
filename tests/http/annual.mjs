// tests/http/annual.mjs - the annual review of a whole alliance: opened, answered, decided, corrected, by whom and by whom not.
import { Alliance } from '../lib/server.mjs';
import { Client, OUR, entryCount, signInAll, until } from './lib.mjs';

const yes = (more = {}) => ({ ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`y${n}`, 'true'])), ...more });
const office = (no) => `/admin/outlets/${no}/review`, desk = (no) => `/desk/outlets/${no}/review`;
const pass = { decision: 'passed', findings: 'All is there.', reason: 'Kept up to date.' };
const order = (due_on) => ({ decision: 'rectify', findings: 'One is missing.', measure: 'Name an emergency contact.', due_on, reason: 'No emergency contact.' });
const dayFromNow = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
const openIt = (who, fields) => who.post('/admin/reviews', fields, { json: true });
const send = (who, no, version, fields) => who.post(`/outlets/${no}/review`, { version, ...fields }, { json: true });
const decide = (who, no, version, fields) => who.post(office(no), { version, ...fields }, { json: true });
const pageOf = async (who, no) => (await who.get(office(no), { json: true })).json;

async function checkOpening({ suite, people, reader, year, until_day }) {
    const before = await entryCount(reader), fields = { year, answer_by: until_day };
    for (const role of ['reporter', 'editor', 'chief', 'teacher'])
        suite.equal(`no ${role} opens it`, (await openIt(people[role], fields)).status, 403);
    suite.equal('nor a stranger', (await openIt(reader, fields)).status, 401);
    for (const [bad, field] of [[{ year: year + 1 }, 'year'], [{ year: year - 2 }, 'year'], [{ answer_by: '2026-02-30' }, 'answer_by'], [{ answer_by: '2020-01-01' }, 'answer_by'], [{ answer_by: dayFromNow(800) }, 'answer_by']]) {
        const answer = await openIt(people.registrar, { ...fields, ...bad });
        suite.check(`${JSON.stringify(bad)} is refused by ${field}`, answer.status === 422 && answer.json.field === field, answer.text);
    }
    suite.equal('an outlet that is not there', (await openIt(people.registrar, { ...fields, outlet: 'XX999' })).status, 404);
    suite.equal('none of it was an act', await entryCount(reader), before);
    const { json: list } = await people.registrar.get('/admin/reviews', { json: true });
    suite.check('all of the demo are due', list.due_total >= 50 && list.reviews.length === 0, JSON.stringify(list).slice(0, 300));
    const one = await openIt(people.registrar, { ...fields, outlet: OUR }), again = await openIt(people.admin, { ...fields, outlet: OUR });
    suite.check('one is opened', one.status === 200 && one.json.opened === 1, one.text);
    suite.check('once', again.status === 409 && again.json.field === 'outlet', again.text);
    const both = await Promise.all([openIt(people.registrar, fields), openIt(people.admin, fields)]);
    suite.check('two who open the rest at once open it once', both.every((answer) => answer.status === 200) && both[0].json.opened + both[1].json.opened === list.due_total - 1,
        both.map((answer) => answer.text).join(' '));
    const third = await openIt(people.registrar, fields);
    suite.check('then nothing is due', third.status === 200 && third.json.opened === 0 && third.json.left === 0, third.text);
    const { json: after } = await people.admin.get('/admin/reviews', { json: true });
    suite.check('and the list says so', after.due_total === 0 && after.counts.open === list.due_total, JSON.stringify(after.counts));
    const page = await reader.get(`/outlets/${OUR}`, { json: true });
    suite.check('readers see the state', page.json.outlet.state === 'in_review' && page.json.outlet.review_year === year, page.json.outlet.state);
    suite.equal('an entry each, and one for the state', await entryCount(reader), before + 2 * list.due_total);
}

async function checkOneWay({ suite, people, reader }) {
    const before = await entryCount(reader), card = (await people.admin.get(`/admin/outlets/${OUR}`, { json: true })).json;
    suite.check('the card offers no step of the review', card.moves.every((move) => !['in_review', 'passed', 'rectify', 'suspended'].includes(move.to)), JSON.stringify(card.moves));
    for (const to of ['passed', 'rectify', 'suspended', 'in_review']) {
        const answer = await people.admin.post(`/admin/outlets/${OUR}/state`, { version: card.version, to, reason: 'Because.' }, { json: true });
        suite.check(`no other way to ${to}`, answer.status === 409 && answer.json.field === 'to', answer.text);
    }
    suite.equal('none of it was an act', await entryCount(reader), before);
}

async function checkSelfCheck({ suite, people, reader }) {
    const before = await entryCount(reader);
    for (const role of ['reporter', 'admin', 'registrar', 'author'])
        suite.equal(`no ${role} answers for it`, (await send(people[role], OUR, 1, yes())).status, 404);
    const missing = await send(people.editor, OUR, 1, yes({ y4: 'false' }));
    suite.check('a no says why', missing.status === 422 && missing.json.field === 'r4', missing.text);
    suite.equal('without a version: 428', (await people.editor.post(`/outlets/${OUR}/review`, yes(), { json: true })).status, 428);
    suite.equal('another number of questions', (await send(people.editor, OUR, 1, yes({ y9: 'true' }))).status, 422);
    const early = await decide(people.registrar, OUR, 1, pass);
    suite.check('the office waits for it', early.status === 409 && early.json.detail.length > 20, early.text);
    suite.equal('none of it was an act', await entryCount(reader), before);
    const form = await people.editor.post(`/outlets/${OUR}/review`, { version: 1, y1: '1', r2: 'Typed & kept' });
    suite.check('a refused form keeps what was typed', form.status === 422 && form.text.includes('Typed &amp; kept') && form.text.includes('id="e-r3"') &&
        /name="y1" value="1" checked/.test(form.text) && !/name="y2" value="1" checked/.test(form.text), form.status);
    const shown = (await people.editor.get(desk(OUR), { json: true })).json;
    suite.check('beside each question stands what is known', shown.questions.length === 8 && shown.questions[0].fact.message.length > 0 && shown.may_answer, JSON.stringify(shown.questions[0]));
    const todo = (await people.editor.get('/desk', { json: true })).json;
    suite.check('it stands on the to-do page', todo.reviews.some((row) => row.no === OUR && row.stand === 'open'), JSON.stringify(todo.reviews));
    const sent = await send(people.editor, OUR, 1, yes({ y6: 'false', r6: 'The number has changed.' }));
    suite.check('the editor sends it', sent.status === 200 && sent.json.stand === 'answered' && sent.json.version === 2, sent.text);
    const twice = await send(people.teacher, OUR, 1, yes());
    suite.check('who comes second sees who was first', twice.status === 409 && twice.json.detail.includes('裴青禾'), twice.text);
    const second = await send(people.teacher, OUR, 2, yes({ y6: 'false', r6: 'The number has changed.' }));
    suite.check('and may send another', second.status === 200 && second.json.version === 3, second.text);
    const waits = (await people.registrar.get('/desk', { json: true })).json;
    suite.check('now it waits for the office', waits.reviews.some((row) => row.no === OUR && row.stand === 'answered' && row.url === office(OUR)), JSON.stringify(waits.reviews));
    suite.check('and for the outlet no more', !(await people.editor.get('/desk', { json: true })).json.reviews.some((row) => row.no === OUR));
}

async function checkDecision({ suite, people, reader, due_day }) {
    const before = await entryCount(reader);
    for (const role of ['reporter', 'editor', 'chief', 'teacher'])
        suite.equal(`no ${role} decides`, (await decide(people[role], OUR, 3, pass)).status, 403);
    for (const [fields, field] of [[{ ...pass, decision: 'struck' }, 'decision'], [{ ...pass, findings: ' ' }, 'findings'], [{ ...pass, reason: '' }, 'reason'],
        [{ ...pass, measure: 'More.' }, 'measure'], [{ ...pass, due_on: due_day }, 'due_on'], [{ ...order(due_day), measure: '' }, 'measure'], [order(''), 'due_on'], [order('2020-01-01'), 'due_on']]) {
        const answer = await decide(people.registrar, OUR, 3, fields);
        suite.check(`${JSON.stringify(fields)} is refused by ${field}`, answer.status === 422 && answer.json.field === field, answer.text);
    }
    suite.equal('none of it was an act', await entryCount(reader), before);
    suite.equal('readers have seen the page', (await reader.get(`/outlets/${OUR}`)).status, 200);
    const both = await Promise.all([decide(people.registrar, OUR, 3, order(due_day)), decide(people.admin, OUR, 3, pass)]);
    const won = both.findIndex((answer) => answer.status === 200), lost = both[1 - won];
    suite.check('of two deciders at once one wins', both.filter((answer) => answer.status === 200).length === 1 && lost.status === 409, both.map((one) => one.text).join(' '));
    suite.check('and the other sees who it was and what', lost.json.detail.includes(['韦之行', '康时宁'][won]) && lost.json.detail.includes(['to rectify', 'review passed'][won]), lost.text);
    const state = ['rectify', 'passed'][won];
    let page = (await reader.get(`/outlets/${OUR}`, { json: true })).json;
    suite.check('the public page shows it', page.outlet.state === state && page.reviews.length === 1 && page.reviews[0].decision === state && page.reviews[0].person === ['韦之行', '康时宁'][won] &&
        page.reviews[0].role === ['登记员', '管理员'][won] && page.reviews[0].decided_on.length > 6, JSON.stringify(page.reviews));
    suite.check('without the findings', !(await reader.get(`/outlets/${OUR}`)).text.includes(won ? 'All is there.' : 'One is missing.'));
    const other = won ? order(due_day) : pass;
    const corrected = await decide(people.admin, OUR, 4, other);
    suite.check('a correction is a new decision', corrected.status === 200 && corrected.json.version === 5, corrected.text);
    page = (await reader.get(`/outlets/${OUR}`, { json: true })).json;
    suite.check('both stay to be seen', page.reviews.length === 2 && !page.reviews[0].is_replaced && page.reviews[1].is_replaced && page.outlet.state === other.decision, JSON.stringify(page.reviews));
    const late = await send(people.editor, OUR, 5, yes());
    suite.check('a decided review takes no self-check', late.status === 409, late.text);
    await until('the log has it', async () => {
        const { entries } = (await reader.get('/log', { json: true })).json;
        return entries.filter((entry) => entry.kind === 'review.decided' && entry.outlet === OUR).length === 2;
    });
}

/** Who holds both offices answers or decides, never both; an order to rectify waits for the outlet. */
async function checkBothSides({ suite, alliance, people, due_day }) {
    const no = 'CC036', sent = await send(people.teacher, no, 1, yes());
    suite.check('the teacher answers for the other outlet', sent.status === 200, sent.text);
    const { json } = await people.admin.get('/admin/people?login=wu.jian', { json: true });
    const granted = await people.admin.post(`/admin/people/${json.people[0].id}/grants`, { role: '登记员' }, { json: true });
    suite.equal('and becomes a registrar', granted.status, 200);
    const both = await new Client(alliance).signIn('wu.jian');
    const own = await decide(both, no, 2, pass);
    suite.check('who answered does not decide', own.status === 403 && own.json.detail.length > 20, own.text);
    suite.equal('nothing was decided', (await pageOf(people.registrar, no)).decisions.length, 0);
    const done = await decide(people.registrar, no, 2, order(due_day));
    suite.check('another does', done.status === 200 && done.json.stand === 'rectify', done.text);
    const todo = (await both.get('/desk', { json: true })).json;
    suite.check('the order waits for the outlet', todo.reviews.some((row) => row.no === no && row.stand === 'rectify' && row.due === due_day), JSON.stringify(todo.reviews));
    const html = (await people.reporter.get(`/outlets/${no}`)).text;
    suite.check('readers see what is to be mended and by when', html.includes('Name an emergency contact.') && html.includes(due_day));
    const rectified = await decide(people.registrar, no, 3, pass);
    suite.check('mended, it passes', rectified.status === 200 && rectified.json.stand === 'passed', rectified.text);
}

export async function testAnnual({ driver, suite }) {
    const alliance = new Alliance(driver);
    try {
        await alliance.start('demo');
        const people = await signInAll(alliance), reader = new Client(alliance), year = Number(new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 4));
        const world = { suite, alliance, people, reader, year, until_day: dayFromNow(30), due_day: dayFromNow(60) };
        for (const check of [checkOpening, checkOneWay, checkSelfCheck, checkDecision, checkBothSides]) await check(world);
    } finally {
        await alliance.remove();
    }
}
