// tests/http/handover.mjs - an outlet is handed over by two persons; the page of a unit shows what is due to those it concerns.
import { OUR, OTHER, entryCount } from './lib.mjs';

const propose = (who, fields, no = OUR) => who.post(`/outlets/${no}/handover`, fields, { json: true });
const act = (who, id, what, no = OUR) => who.post(`/outlets/${no}/handover/${id}/${what}`, {}, { json: true });
const cardOf = async (who) => (await who.get(`/outlets/${OUR}`, { json: true })).json.outlet;

async function checkWrong({ suite, people, reader }) {
    const before = await entryCount(reader), fields = { operators: '某人' };
    for (const role of ['reporter', 'author', 'stranger'])
        suite.equal(`no ${role} proposes it`, (await propose(people[role], fields)).status, 404);
    suite.equal('nor a stranger', (await propose(reader, fields)).status, 401);
    const card = await cardOf(reader);
    const same = await propose(people.editor, { operators: card.operators });
    suite.check('nothing to hand over', same.status === 422 && same.json.field === 'first_responsible', same.text);
    suite.equal('an address of another outlet', (await propose(people.editor, fields, OTHER)).status, 404);
    suite.equal('one that is not there', (await act(people.editor, '1', 'sign')).status, 404);
    suite.equal('none of it was an act', await entryCount(reader), before);
}

async function checkSigning({ suite, people, reader }) {
    const old = await cardOf(reader), fields = { operators: '唐一舟、新来的人', first_responsible: '柳闻溪', note: 'End of term' };
    const made = await propose(people.editor, fields);
    suite.acted('handover.proposed', old.id);
    suite.check('the editor proposes', made.status === 201 && made.json.state === 'open', made.text);
    const twice = await propose(people.teacher, fields);
    suite.check('one at a time', twice.status === 409, twice.text);
    suite.equal('the card says what it said', (await cardOf(reader)).operators, old.operators);
    const own = await act(people.editor, made.json.id, 'sign');
    suite.check('who proposed does not sign', own.status === 403 && own.json.detail.length > 20, own.text);
    for (const role of ['reporter', 'author']) suite.equal(`nor a ${role}`, (await act(people[role], made.json.id, 'sign')).status, 404);
    suite.equal('nor under another outlet', (await act(people.admin, made.json.id, 'sign', OTHER)).status, 404);
    for (const role of ['teacher', 'registrar']) {
        const todo = (await people[role].get('/desk', { json: true })).json;
        suite.check(`it waits for the ${role}`, todo.handovers.some((row) => row.no === OUR), JSON.stringify(todo.handovers));
    }
    suite.check('and not for who proposed it', !(await people.editor.get('/desk', { json: true })).json.handovers.some((row) => row.no === OUR));
    const both = await Promise.all([act(people.teacher, made.json.id, 'sign'), act(people.registrar, made.json.id, 'sign')]);
    const won = both.findIndex((answer) => answer.status === 200), lost = both[1 - won];
    suite.acted('handover.signed', old.id);
    suite.check('of two signers at once one is the second', both.filter((answer) => answer.status === 200).length === 1 && lost.status === 409, both.map((one) => one.text).join(' '));
    suite.check('and the other sees who it was', lost.json.detail.includes(['吴渐', '韦之行'][won]), lost.text);
    const card = await cardOf(reader);
    suite.check('the public card has changed', card.operators === fields.operators && card.first_responsible === fields.first_responsible, card.operators);
    const page = await people.teacher.get(`/desk/outlets/${OUR}/handover`, { json: true });
    suite.check('both stand on the page', page.json.handovers[0].proposed_by === '裴青禾' && page.json.handovers[0].ended_by === ['吴渐', '韦之行'][won], JSON.stringify(page.json.handovers[0]));
    const back = await propose(people.teacher, { operators: old.operators, first_responsible: old.first_responsible });
    suite.check('back again', back.status === 201, back.text);
    const closed = await act(people.editor, back.json.id, 'close'), late = await act(people.registrar, back.json.id, 'sign');
    suite.acted('handover.closed', old.id);
    suite.check('declined, nobody signs it', closed.status === 200 && late.status === 409 && late.json.detail.includes('裴青禾'), late.text);
    const again = await propose(people.teacher, { operators: old.operators, first_responsible: old.first_responsible });
    suite.equal('proposed anew it is signed', (await act(people.editor, again.json.id, 'sign')).status, 200);
}

async function checkUnit({ suite, people, reader }) {
    const { unit_id } = await cardOf(reader), path = `/desk/units/${unit_id}`;
    const page = await people.editor.get(path, { json: true });
    suite.check('a unit\'s page is there for its people', page.status === 200 && page.json.outlet_count > 0 && page.json.has_drafts, page.text.slice(0, 300));
    suite.check('the to-do page leads there', (await people.editor.get('/desk', { json: true })).json.units.some((unit) => unit.url === path));
    const office = await people.registrar.get(path, { json: true });
    suite.check('the office sees it without stories', office.status === 200 && !office.json.has_drafts && office.json.drafts.length === 0, office.text.slice(0, 300));
    suite.equal('others do not', (await people.author.get(path)).status, 404);
    suite.equal('nor strangers', (await reader.get(path, { json: true })).status, 401);
    suite.equal('a unit that is not there', (await people.registrar.get('/desk/units/1')).status, 404);
    const html = await people.editor.get(path);
    suite.check('it is a page', html.status === 200 && html.text.includes('class="due"'));
}

export async function testHandover(world) {
    await checkWrong(world);
    await checkSigning(world);
    await checkUnit(world);
}
