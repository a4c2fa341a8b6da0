// tests/http/planning.mjs - pitches: proposed, discussed, decided by a second person, by programs and by forms.
import { wallTime } from '../lib/server.mjs';
import { OTHER, OUR, assignedPitch, entryCount, until } from './lib.mjs';

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

const act = (who, id, name, fields) => who.post(`/assignments/${id}/${name}`, fields, { json: true });

/** Assigned, moved, begun as a draft; another one taken back. */
async function checkAssignments({ suite, people, reader }) {
    const { pitch, assignment, version, person } = await assignedPitch(people);
    suite.acted('assignment.made', pitch);
    const seen = await page(people.reporter, pitch);
    suite.check('the page of the pitch tells who writes it', seen.pitch.state === 'assigned' && seen.assignments.length === 1 &&
        seen.assignments[0].people[0].id === person && seen.assignments[0].due.local === '2035-01-05T18:00', JSON.stringify(seen.assignments));
    suite.check('only an editor assigns', !seen.may_assign && seen.colleagues.length === 0 && (await page(people.editor, pitch)).may_assign);
    const before = await entryCount(reader), good = { person, kind: '消息', due_at: '2035-01-05T18:00', version: seen.pitch.version };
    for (const [fields, field] of [[{ person: '1' }, 'person'], [{ person: 'x' }, 'person'], [{ person: [person, person] }, 'person'], [{ kind: '诗' }, 'kind'], [{ due_at: '2020-01-01T08:00' }, 'due_at'],
        [{ due_at: 'soon' }, 'due_at'], [{ due_zone: 'Mars/Base' }, 'due_zone'], [{ outlet: 'NO-1' }, 'outlet'], [{ outlet: OTHER }, 'outlet']]) {
        const answer = await people.editor.post(`/pitches/${pitch}/assign`, { ...good, ...fields }, { json: true });
        suite.check(`${JSON.stringify(fields)} is refused by ${field}`, answer.status === 422 && answer.json.field === field, answer.text);
    }
    suite.equal('not without a version', (await people.editor.post(`/pitches/${pitch}/assign`, { person, kind: '消息', due_at: '2035-01-05T18:00' }, { json: true })).status, 428);
    suite.equal('who is not assigned begins nothing', (await act(people.editor, assignment, 'begin', { version })).status, 403);
    suite.equal('a reporter moves nothing', (await act(people.reporter, assignment, 'move', { version, due_at: '2035-02-01T08:00' })).status, 404);
    suite.equal('none of it was an act', await entryCount(reader), before);
    const moved = await act(people.editor, assignment, 'move', { version, due_at: '2031-03-09T02:30', due_zone: 'America/New_York' });
    suite.acted('assignment.moved', pitch);
    const one = (await people.reporter.get(`/desk/assignments/${assignment}`, { json: true })).json;
    suite.check('its page says what clocks make of the time', one.assignment.due.fit === 'gap' && one.assignment.due.at === '2031-03-09T07:00:00Z' && one.assignment.due.note.length > 20, JSON.stringify(one.assignment.due));
    const todo = (await people.reporter.get('/desk', { json: true })).json;
    suite.check('it stands in the to-do page of who writes it', todo.assigned.some((row) => row.id === assignment && !row.is_overdue));
    const begun = await act(people.reporter, assignment, 'begin', { version: moved.json.version });
    suite.acted('assignment.begun', pitch);
    suite.acted('manuscript.filed', begun.json.story_id);
    suite.check('who is assigned begins the story', begun.status === 200 && begun.json.state === 'begun', begun.text);
    const story = (await people.reporter.get(`/desk/articles/${begun.json.story_id}`, { json: true })).json;
    suite.check('which is a draft of that kind and title', story.state === 'draft' && story.title === 'Assigned', story.state);
    suite.equal('the page of the pitch leads to it', (await page(people.editor, pitch)).assignments[0].story_id, begun.json.story_id);
    suite.equal('once', (await act(people.reporter, assignment, 'begin', { version: begun.json.version })).status, 409);
    const other = await assignedPitch(people), silent = await act(people.editor, other.assignment, 'drop', { version: other.version, reason: ' ' });
    suite.check('nobody takes it back without a reason', silent.status === 422 && silent.json.field === 'reason', silent.text);
    const dropped = await act(people.editor, other.assignment, 'drop', { version: other.version, reason: '活动取消了。' });
    suite.acted('assignment.dropped', other.pitch);
    suite.equal('taken back', dropped.json?.state, 'dropped');
    suite.equal('another outlet sees no assignment', (await people.author.get(`/desk/assignments/${assignment}`, { json: true })).status, 404);
}

/** The server's own clock decides when it is overdue. */
async function checkOverdue({ suite, people }) {
    const { pitch, assignment } = await assignedPitch(people, { due_at: wallTime(1500), due_zone: 'Asia/Shanghai' });
    suite.acted('assignment.made', pitch);
    const rows = async (who, list) => (await who.get('/desk', { json: true })).json[list].filter((row) => row.id === assignment);
    const mine = await rows(people.reporter, 'assigned');
    suite.check('it is among the things to do', mine.length === 1, JSON.stringify(mine));
    const [late] = await until('the due time', async () => { const got = await rows(people.editor, 'overdue'); return got.length ? got : null; });
    suite.check('once it is past, who assigned it sees that it is overdue', late.is_overdue && late.url === `/desk/assignments/${assignment}`, JSON.stringify(late));
    suite.check('and so does who should write it', (await rows(people.reporter, 'assigned'))[0].is_overdue);
}

/** Content lines as RFC 5545 has them; what breaks a rule is a failed check. */
function readCalendar(suite, bytes) {
    const text = bytes.toString('utf8'), lines = text.split('\r\n');
    suite.check('every line of the calendar ends with CRLF', text.endsWith('\r\n') && !/[^\r]\n|\r[^\n]/.test(text));
    suite.check('none is longer than 75 octets', lines.every((one) => Buffer.byteLength(one) <= 75), lines.find((one) => Buffer.byteLength(one) > 75));
    suite.check('none cuts a character', !text.includes('\ufffd'));
    const whole = text.replaceAll('\r\n ', '').split('\r\n').slice(0, -1), open = [], events = [];
    for (const one of whole) {
        const found = /^([A-Z0-9-]+)((?:;[A-Z0-9-]+=[^;:,"]+)*):([^\0-\x08\x0a-\x1f\x7f]*)$/.exec(one);
        if (!found) { suite.check('every line is name, parameters, value', false, one); continue; }
        const [, name, parameters, value] = found;
        if (name === 'BEGIN') { open.push(value); if (value === 'VEVENT') events.push({}); }
        else if (name === 'END') suite.equal('components end in their order', open.pop(), value);
        else if (open.at(-1) === 'VEVENT') {
            suite.check(`${name} stands once in its event`, !(name in events.at(-1)), one);
            events.at(-1)[name] = { parameters, value };
        }
    }
    suite.equal('all components end', open.length, 0);
    suite.check('version, product and scale stand first', whole[1] === 'VERSION:2.0' && whole[2].startsWith('PRODID:') && whole[3] === 'CALSCALE:GREGORIAN', whole.slice(0, 4).join());
    suite.check('there is a component', text.includes('BEGIN:V', 10));
    for (const event of events) {
        suite.check('an event has its three properties', event.UID && event.DTSTAMP && event.DTSTART, JSON.stringify(event));
        suite.check('its times are UTC, or a day', /^\d{8}T\d{6}Z$/.test(event.DTSTAMP.value) &&
            (event.DTSTART.parameters === ';VALUE=DATE' ? /^\d{8}$/ : /^\d{8}T\d{6}Z$/).test(event.DTSTART.value), JSON.stringify(event.DTSTART));
    }
    suite.check('what is invented says so', whole.some((one) => one.startsWith('X-WR-CALNAME:【演示】')) && events.every((one) => one.SUMMARY.value.startsWith('【演示】')));
    suite.equal('no identifier stands twice', new Set(events.map((one) => one.UID.value)).size, events.length);
    return events;
}

async function feedOf(reader, link) {
    const path = new URL(link).pathname, answer = await reader.get(path);
    return { status: answer.status, type: answer.headers.get('content-type'), bytes: Buffer.from(answer.text) };
}

async function checkCalendar({ suite, people, reader }) {
    const title = '很长的题目，有；有, 有\\，'.repeat(6), wished_on = new Date(Date.now() + 9 * 86400e3).toISOString().slice(0, 10);
    const wish = await propose(people.reporter, { title, wished_on });
    suite.acted('pitch.proposed', wish.json.id);
    const { pitch, assignment, version } = await assignedPitch(people, { due_at: `${wished_on}T18:30`, due_zone: 'Asia/Shanghai' });
    suite.acted('assignment.made', pitch);
    for (const view of ['week', 'month']) {
        const seen = (await people.editor.get(`/desk/calendar?outlet=${OUR}&view=${view}&day=${wished_on}`, { json: true })).json;
        const day = seen.weeks.flatMap((week) => week.days).find((one) => one.date === wished_on);
        suite.check(`the ${view} shows what is wished and due`, day.entries.some((one) => one.title === title.trim() && one.what === 'pitch') &&
            day.entries.some((one) => one.url === `/desk/assignments/${assignment}` && one.time === '18:30' && one.move_url), JSON.stringify(day));
        suite.check(`the ${view} has whole weeks`, seen.weeks.every((week) => week.days.length === 7) && (view === 'month' || seen.weeks.length === 1));
        suite.check(`a reporter moves nothing in the ${view}`, (await people.reporter.get(`/desk/calendar?outlet=${OUR}&view=${view}&day=${wished_on}`, { json: true })).json
            .weeks.every((week) => week.days.every((one) => one.entries.every((entry) => !entry.move_url))));
    }
    for (const [day, count] of [['2027-02-10', 4], ['2026-11-10', 6], ['2028-02-29', 5], ['2027-12-31', 5]]) {
        const { weeks } = (await people.editor.get(`/desk/calendar?view=month&day=${day}`, { json: true })).json, all = weeks.flatMap((week) => week.days);
        suite.check(`the month of ${day}`, weeks.length === count && all.filter((one) => !one.is_outside).length === new Date(Date.UTC(+day.slice(0, 4), +day.slice(5, 7), 0)).getUTCDate() &&
            new Date(all[0].date).getUTCDay() === 1, `${weeks.length} ${all[0].date}`);
    }
    suite.equal('another outlet is not shown', (await people.reporter.get(`/desk/calendar?outlet=${OTHER}`, { json: true })).status, 404);
    const made = await people.editor.post(`/outlets/${OUR}/calendar`, {}, { json: true }), own = await people.reporter.post('/account/calendar', {}, { json: true });
    suite.check('an address is made', made.status === 200 && /\/calendar\/[\w-]{43,}\.ics$/.test(made.json.link), made.text);
    const feed = await feedOf(reader, made.json.link), events = readCalendar(suite, feed.bytes);
    suite.check('it is iCalendar, without signing in', feed.status === 200 && feed.type === 'text/calendar; charset=utf-8', feed.type);
    const due = events.find((one) => one.UID.value.startsWith(`assignment-${assignment}@`)), wished = events.find((one) => one.UID.value.startsWith(`pitch-${wish.json.id}@`));
    suite.check('due in UTC', due?.DTSTART.value === `${wished_on.replaceAll('-', '')}T103000Z`, JSON.stringify(due));
    suite.check('the wished day is a day', wished?.DTSTART.value === wished_on.replaceAll('-', ''), JSON.stringify(wished));
    suite.check('its title comes back whole', wished?.SUMMARY.value.replace(/\\([\\;,])/g, '$1').endsWith(title.trim()), wished?.SUMMARY.value);
    const mine = readCalendar(suite, (await feedOf(reader, own.json.link)).bytes);
    suite.check('the own calendar holds what is assigned, and no wishes', mine.some((one) => one.UID.value === due.UID.value) && !mine.some((one) => one.UID.value.startsWith('pitch-')));
    const moved = await act(people.editor, assignment, 'move', { version, due_at: `${wished_on}T20:00`, due_zone: 'Asia/Shanghai' });
    suite.acted('assignment.moved', pitch);
    const later = readCalendar(suite, (await feedOf(reader, made.json.link)).bytes).find((one) => one.UID.value === due.UID.value);
    suite.check('moved, it is the same event with a higher sequence', moved.status === 200 && later.DTSTART.value.endsWith('T120000Z') && Number(later.SEQUENCE.value) > Number(due.SEQUENCE.value), JSON.stringify(later));
    const renewed = await people.editor.post(`/outlets/${OUR}/calendar`, {}, { json: true });
    suite.equal('renewed, the old address answers no more', (await feedOf(reader, made.json.link)).status, 404);
    suite.equal('the new one does', (await feedOf(reader, renewed.json.link)).status, 200);
    suite.equal('ended', (await people.editor.post(`/outlets/${OUR}/calendar/end`, {}, { json: true })).status, 200);
    suite.equal('it answers no more', (await feedOf(reader, renewed.json.link)).status, 404);
    suite.equal('a reporter makes none for the outlet', (await people.reporter.post(`/outlets/${OUR}/calendar`, {}, { json: true })).status, 404);
}

export async function testPlanning(world) {
    await checkCalendar(world);
    await checkAssignments(world);
    await checkOverdue(world);
    await checkFields(world);
    await checkActs(world);
    await checkForms(world);
}
