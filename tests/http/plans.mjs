// tests/http/plans.mjs - releases for a later time: by programs and by forms, at their time, missed, held, before an embargo.
import { Alliance, wallTime } from '../lib/server.mjs';
import { Client, OUR, entryCount, makeStory, metricsOf, until } from './lib.mjs';

const plan = (who, story, fields, options = {}) => who.post(`/articles/${story.id}/plan`, { version: story.version, ...fields }, { json: true, ...options });
const desk = async (who, id) => (await who.get(`/desk/articles/${id}`, { json: true })).json;
const kindsOf = (story) => story.entries.map((entry) => entry.kind);

async function checkFields({ suite, people, reader }) {
    const story = await makeStory(suite, { author: people.reporter, title: 'Plan: fields', to: 'submitted' });
    const before = await entryCount(reader);
    const cases = [[{}, 'plan_at'], [{ plan_at: 'soon' }, 'plan_at'], [{ plan_at: '2027-02-30T08:00' }, 'plan_at'], [{ plan_at: '2020-01-01T08:00' }, 'plan_at'],
        [{ plan_at: '2030-01-01T08:00', plan_zone: 'Mars/Base' }, 'plan_zone'], [{ plan_at: '2030-01-01T08:00', plan_zone: '+08:00' }, 'plan_zone'],
        [{ plan_at: '2030-01-01T08:00', published_at: '1' }, 'published_at']];
    for (const [fields, field] of cases) {
        const answer = await plan(people.editor, story, fields);
        suite.check(`${JSON.stringify(fields)} is refused by ${field}`, answer.status === 422 && answer.json.field === field, answer.text);
    }
    suite.equal('without a version: 428', (await people.editor.post(`/articles/${story.id}/plan`, { plan_at: '2030-01-01T08:00' }, { json: true })).status, 428);
    suite.equal('an older one: 412', (await plan(people.editor, story, { plan_at: '2030-01-01T08:00' }, { headers: { 'If-Match': '"1"' } })).status, 412);
    suite.equal('nor by its author', (await plan(people.reporter, story, { plan_at: '2030-01-01T08:00' })).status, 404);
    suite.equal('none of it was an act', await entryCount(reader), before);
}

async function checkActs({ suite, people, reader }) {
    let story = await makeStory(suite, { author: people.reporter, title: 'Plan: acts', to: 'submitted' });
    const key = { headers: { 'Idempotency-Key': 'plan-1' } };
    const first = await plan(people.editor, story, { plan_at: '2030-12-01T08:00' }, key), again = await plan(people.editor, story, { plan_at: '2030-12-01T08:00' }, key);
    suite.acted('manuscript.planned', story.id);
    suite.check('planned, with the alliance\'s zone', first.status === 200 && first.json.state === 'planned' && first.json.plan.text === '2030-12-01 08:00 Asia/Shanghai' &&
        first.json.plan.at === '2030-12-01T00:00:00Z' && first.json.plan.note === '', first.text);
    suite.check('the same key is the same answer', again.text === first.text && again.headers.get('idempotency-replayed') === 'true', again.text);
    let page = await desk(people.reporter, story.id);
    suite.check('its author sees it and by whom', page.plan.is_waiting && page.plan.person.length > 0 && page.state === 'planned' && !page.may_plan, JSON.stringify(page.plan));
    const list = await people.reporter.get(`/desk/articles?outlet=${OUR}`, { json: true });
    suite.equal('so does the list', list.json.stories.find((one) => one.id === story.id).planned, '2030-12-01 08:00 Asia/Shanghai');
    for (const who of ['reporter', 'editor']) {
        const todo = await people[who].get('/desk', { json: true });
        suite.check(`and the to-do page of the ${who}`, todo.json.planned.some((row) => row.id === story.id && row.planned === '2030-12-01 08:00 Asia/Shanghai'), JSON.stringify(todo.json.planned));
    }
    suite.equal('readers see nothing of it', (await reader.get(`/articles/${story.id}`)).status, 404);
    story = (await plan(people.editor, { id: story.id, version: first.json.version }, { plan_at: '2031-03-09T02:30', plan_zone: 'America/New_York' })).json;
    suite.acted('manuscript.planned', story.id);
    suite.check('a time that clocks skip is decided and told', story.plan.at === '2031-03-09T07:00:00Z' && story.plan.note.includes('America/New_York'), JSON.stringify(story.plan));
    story = (await plan(people.editor, story, { plan_at: '2031-11-02T01:30', plan_zone: 'America/New_York' })).json;
    suite.check('so is one that they show twice', story.plan.at === '2031-11-02T05:30:00Z' && story.plan.note.length > 20, JSON.stringify(story.plan));
    const changed = await people.reporter.post(`/articles/${story.id}`, { version: story.version, kind: '消息', title: 'Plan: acts', text: 'Other.' }, { json: true });
    suite.acted('manuscript.unplanned', story.id);
    suite.equal('an edit leads out of it', changed.json.state, 'draft');
    page = await desk(people.editor, story.id);
    suite.check('and the page says so', page.plan.is_ended && page.plan.state === 'edited' && page.plan.ended_text.length > 20, JSON.stringify(page.plan));
    const todo = await people.editor.get('/desk', { json: true });
    suite.check('the to-do page of who released it too', todo.json.planned.some((row) => row.id === story.id), JSON.stringify(todo.json.planned));
    const submitted = await people.reporter.post(`/articles/${story.id}/submit`, { version: changed.json.version }, { json: true });
    story = (await plan(people.editor, submitted.json, { plan_at: '2031-11-02T01:30' })).json;
    const taken = await people.editor.post(`/articles/${story.id}/unplan`, { version: story.version }, { json: true });
    suite.check('taken back it waits again', taken.status === 200 && taken.json.state === 'submitted' && taken.json.plan.state === 'cancelled', taken.text);
}

/** A browser without scripts: the page, the form, a refusal beside its field, and back. */
async function checkForm({ suite, people }) {
    const story = await makeStory(suite, { author: people.reporter, title: 'Plan: form', to: 'submitted' });
    let page = await people.editor.get(`/desk/articles/${story.id}`);
    suite.check('the form begins with the alliance\'s zone', /name="plan_at" type="datetime-local"/.test(page.text) && page.text.includes('value="Asia/Shanghai"'));
    page = await people.editor.post(`/articles/${story.id}/plan`, { version: story.version, plan_at: '2020-01-01T08:00', plan_zone: 'Europe/London' });
    suite.check('a refusal keeps what was typed', page.status === 422 && page.text.includes('id="e-plan"') && page.text.includes('value="2020-01-01T08:00"') &&
        page.text.includes('value="Europe/London"'), page.status);
    page = await people.editor.post(`/articles/${story.id}/plan`, { version: story.version, plan_at: '2030-12-01T08:00', plan_zone: 'Europe/London' });
    suite.check('done, it leads back to the story', page.status === 303 && page.location === `/desk/articles/${story.id}`, `${page.status} ${page.location}`);
    page = await people.editor.get(page.location);
    suite.check('which says when and where', page.text.includes('2030-12-01 08:00 Europe/London'));
    page = await new Client(people.editor.alliance, { lang: 'zh' }).get('/signin');
    suite.check('in both languages', page.status === 200);
}

async function checkEmbargo({ suite, people }) {
    const fields = { outlet: OUR, kind: '消息', title: 'Plan: embargo', text: 'Not yet.' };
    const bad = await people.reporter.post('/articles', { ...fields, embargo_at: 'later' }, { json: true });
    suite.check('an embargo that is no time is refused', bad.status === 422 && bad.json.field === 'embargo_at', bad.text);
    const none = await people.reporter.post('/articles', { ...fields, embargo_at: '2031-01-01T00:00', embargo_zone: 'Nowhere' }, { json: true });
    suite.check('nor is a zone', none.status === 422 && none.json.field === 'embargo_zone', none.text);
    const filed = await people.reporter.post('/articles', { ...fields, embargo_at: '2031-01-01T00:00', embargo_zone: 'UTC' }, { json: true });
    suite.acted('manuscript.filed', filed.json.id);
    const edit = await people.reporter.get(`/desk/articles/${filed.json.id}/edit`);
    suite.check('the writing page gives it back', edit.text.includes('value="2031-01-01T00:00"') && edit.text.includes('value="UTC"'));
    const { json: story } = await people.reporter.post(`/articles/${filed.json.id}/submit`, { version: filed.json.version }, { json: true });
    suite.equal('the story\'s page says it', (await desk(people.editor, story.id)).embargo.text, '2031-01-01 00:00 UTC');
    const release = await people.editor.post(`/articles/${story.id}/release`, { version: story.version }, { json: true });
    suite.check('no release before it', release.status === 422 && release.json.field === 'embargo_at' && release.json.detail.includes('2031-01-01 00:00 UTC'), release.text);
    const early = await plan(people.editor, story, { plan_at: '2031-01-01T07:59' });
    suite.check('no plan before it', early.status === 422 && early.json.field === 'plan_at' && early.json.detail.includes('2031-01-01 00:00 UTC'), early.text);
    suite.equal('but at it', (await plan(people.editor, story, { plan_at: '2031-01-01T08:00' })).status, 200);
}

/** Two planned for one second leave then, in the order of planning; cached pages show them. */
async function checkDue({ suite, people, reader }) {
    const stories = [];
    for (const title of ['Plan: due, written first', 'Plan: due, written second'])
        stories.push(await makeStory(suite, { author: people.reporter, title, to: 'submitted' }));
    const plan_at = wallTime(2500);
    for (const story of [...stories].reverse()) suite.equal('planned', (await plan(people.editor, story, { plan_at })).status, 200);
    for (const path of ['/', `/outlets/${OUR}`, '/feed.json']) suite.check(`${path} does not show it yet`, !(await reader.get(path)).text.includes('Plan: due'));
    await until('they go out', async () => (await reader.get(`/articles/${stories[0].id}`)).status === 200);
    for (const path of ['/', `/outlets/${OUR}`, '/feed.json']) {
        const { text } = await reader.get(path);
        suite.check(`${path}, which was cached, shows both`, text.includes('written first') && text.includes('written second'));
        suite.check(`${path} has them in the order of planning`, text.indexOf('written first') < text.indexOf('written second'));
    }
    for (const story of stories) {
        const page = await desk(people.reporter, story.id), article = (await reader.get(`/articles/${story.id}`, { json: true })).json;
        suite.check('once, by who planned it', kindsOf(page).filter((kind) => kind === 'manuscript.released').length === 1 && article.releaser.name.length > 0 &&
            article.planned !== null && !article.is_late && page.plan === null, JSON.stringify([kindsOf(page), article.releaser, article.planned]));
        suite.acted('manuscript.released', story.id);
        suite.check('nobody was early', Date.parse(article.published.iso) >= Date.parse(article.planned.iso), JSON.stringify(article.published));
    }
}

/** A server that was away for an hour: two stories should have left meanwhile; and then with release.missed = hold. */
async function checkMissed({ driver, suite }) {
    const alliance = new Alliance(driver);
    try {
        await alliance.start('demo');
        const author = await new Client(alliance).signIn('tang.yizhou'), editor = await new Client(alliance).signIn('pei.qinghe');
        const make = (title) => makeStory({ acted: () => {} }, { author, title, to: 'submitted' });
        const away = async (id) => {
            await alliance.stop();
            alliance.exit = undefined;
            alliance.sql(`UPDATE manuscript_plan SET at_ms = ${Date.now() - 3600000} WHERE manuscript_id = ${id}`);
            await alliance.start();
        };
        const late = (await plan(editor, await make('Missed: late'), { plan_at: '2030-12-01T08:00' })).json;
        await away(late.id);
        const page = await until('it goes out at the start', async () => {
            const answer = await author.get(`/articles/${late.id}`);
            return answer.status === 200 && answer;
        });
        suite.check('the page says that it is late', page.text.includes('<b>Late</b>'), page.text.slice(0, 400));
        const { json } = await author.get(`/articles/${late.id}`, { json: true });
        suite.check('so does the model', json.is_late && Date.parse(json.published.iso) - Date.parse(json.planned.iso) >= 3600000, JSON.stringify([json.planned, json.published]));
        suite.check('and the desk', (await desk(editor, late.id)).late !== null);
        const held = (await plan(editor, await make('Missed: held'), { plan_at: '2030-12-01T08:00' })).json;
        alliance.sql(`INSERT INTO site_setting (name, value) VALUES ('release.missed', 'hold')`);
        await away(held.id);
        const state = await until('it is held', async () => {
            const one = await desk(editor, held.id);
            return one.state === 'held' && one;
        });
        suite.check('held, with the reason', state.plan.is_held && state.plan.why.length > 5 && state.may_release && state.may_plan, JSON.stringify(state.plan));
        const todo = (await editor.get('/desk', { json: true })).json;
        suite.check('it waits on the to-do page', todo.waiting.some((row) => row.id === held.id), JSON.stringify(todo.waiting));
        suite.equal('readers see nothing of it', (await author.get(`/articles/${held.id}`)).status, 404);
        suite.equal('until a person releases it', (await editor.post(`/articles/${held.id}/release`, { version: state.version }, { json: true })).status, 200);
        const over = (await plan(editor, await make('Missed: overdue'), { plan_at: '2030-12-01T08:00' })).json;
        alliance.sql(`UPDATE manuscript_plan SET at_ms = ${Date.now() - 61000} WHERE manuscript_id = ${over.id}`); /* and no job for that time */
        const list = (await editor.get(`/desk/articles?outlet=${OUR}`, { json: true })).json.stories.find((row) => row.id === over.id);
        suite.equal('the counters tell it to who is not signed in', (await metricsOf(new Client(alliance))).plans_overdue, 1);
        const jobs = await (await new Client(alliance).signIn('kang.shining')).get('/admin/jobs', { json: true });
        suite.equal('so does the page of jobs', jobs.json.plans_overdue, 1);
        suite.check('overdue is seen when it is read', list.is_overdue && (await desk(editor, over.id)).plan.is_overdue, JSON.stringify(list));
    } finally {
        await alliance.remove();
    }
}

export async function testPlans(world) {
    await checkFields(world);
    await checkActs(world);
    await checkForm(world);
    await checkEmbargo(world);
    await checkDue(world);
    await checkMissed(world);
}
