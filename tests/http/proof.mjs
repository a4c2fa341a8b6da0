// tests/http/proof.mjs - the proofreader: whose it is (R14), what it finds, what is let pass, pages without scripts.
import { OUR, entryCount, makeStory, routesOf } from './lib.mjs';

const draft = (suite, people, title, text) => makeStory(suite, { author: people.reporter, title, text, to: 'draft' });
const found = async (who, id) => (await who.get(`/desk/articles/${id}/proof`, { json: true })).json;
const rulesOf = (page) => page.findings.map((one) => one.rule);

/** R14: no list is applied to readers. No row of readers knows the proofreader, and none of its rows lets a reader in. */
async function checkReaders({ suite, reader, people }) {
    const rows = (await routesOf(reader)).filter((row) => row.pattern.includes('proof'));
    suite.equal('rows of the proofreader', rows.length, 6);
    suite.check('each is of an outlet and needs a right', rows.every((row) => row.isPerOutlet && ['drafts', 'file', 'release'].includes(row.capability)), JSON.stringify(rows));
    const story = await draft(suite, people, 'Proof: readers', '既使下雨。');
    for (const path of [`/desk/articles/${story.id}/proof`, `/desk/outlets/${OUR}/proof`])
        suite.equal(`${path} for a reader`, (await reader.get(path, { json: true })).status, 401);
    for (const path of ['/', '/search?q=既使', `/articles/${story.id}`, '/refusals/R14']) {
        const page = await reader.get(path);
        suite.check(`${path} offers no proofreading`, !/\/proof\b/.test(page.text), path);
    }
    suite.equal('the refusal stands in the list', (await reader.get('/refusals/R14')).status, 200);
}

async function checkFindings({ suite, people }) {
    const story = await draft(suite, people, '定于2026年2月30日开幕', '他来了,又走了。\n\n既使下雨，请打13912345678。');
    const page = await found(people.reporter, story.id);
    suite.equal('what is found, in the order of the text', rulesOf(page).join(' '), 'N013 P001 W001 S001');
    const [title, comma, word, phone] = page.findings;
    suite.check('the title is a part', title.part === 'title' && title.word === '2026年2月30日', JSON.stringify(title));
    suite.check('a place in its sentence', comma.paragraph === 1 && comma.from_chars === 3 && comma.before === '他来了' && comma.after === '又走了。', JSON.stringify(comma));
    suite.check('why, and what instead', word.suggestion === '即使' && word.reason.length > 8 && word.paragraph === 2, JSON.stringify(word));
    suite.check('what is somebody\'s is masked', phone.is_personal && phone.word === '139***78', JSON.stringify(phone));
    suite.equal('the reviewer sees the same', JSON.stringify((await found(people.editor, story.id)).findings), JSON.stringify(page.findings));
    const html = await people.reporter.get(`/desk/articles/${story.id}/proof`);
    suite.check('a page without scripts', html.text.includes('<mark>既使</mark>') && html.text.includes(`action="/articles/${story.id}/proof/ignored"`) && html.text.includes('<mark>139***78</mark>'), html.text.slice(-3000));
    suite.check('only an editor is offered the outlet', !html.text.includes('name="article"') &&
        (await people.editor.get(`/desk/articles/${story.id}/proof`)).text.includes('name="article"'));
    suite.check('the story leads there', (await people.reporter.get(`/desk/articles/${story.id}`)).text.includes(`/desk/articles/${story.id}/proof`));
}

async function checkIgnoring({ suite, people, reader }) {
    const [a, b] = [await draft(suite, people, 'Proof: one', '既使下雨。'), await draft(suite, people, 'Proof: two', '既使刮风。')];
    const word = { rule: 'W001', word: '既使' }, before = await entryCount(reader);
    const own = await people.reporter.post(`/articles/${a.id}/proof/ignored`, word, { json: true });
    suite.check('a word of a story passes', own.status === 200 && own.json.url === `/desk/articles/${a.id}/proof`, own.text);
    const page = await found(people.reporter, a.id);
    suite.check('with who and when', rulesOf(page).length === 0 && page.ignored.length === 1 && page.ignored[0].person.length > 0 && page.ignored[0].iso.endsWith('Z'), JSON.stringify(page));
    suite.equal('in that story only', rulesOf(await found(people.reporter, b.id)).join(), 'W001');
    suite.equal('which is no entry of the log', await entryCount(reader), before);
    suite.equal('a reporter does not decide for the outlet', (await people.reporter.post(`/outlets/${OUR}/proof/ignored`, word, { json: true })).status, 404);
    const form = await people.editor.post(`/outlets/${OUR}/proof/ignored`, { ...word, article: b.id });
    suite.check('an editor does, by a form, and is led back', form.status === 303 && form.location === `/desk/articles/${b.id}/proof`, `${form.status} ${form.location}`);
    const list = (await people.reporter.get(`/desk/outlets/${OUR}/proof`, { json: true })).json;
    suite.check('the outlet\'s list has it', list.ignored.some((one) => one.rule === 'W001' && one.word === '既使'), JSON.stringify(list));
    suite.equal('no story finds it', rulesOf(await found(people.reporter, b.id)).length, 0);
    const back = await people.editor.post(`/outlets/${OUR}/proof/heeded`, word, { json: true });
    suite.check('it is taken back', back.status === 200 && rulesOf(await found(people.reporter, b.id)).join() === 'W001', back.text);
    suite.equal('once', (await people.editor.post(`/outlets/${OUR}/proof/heeded`, word, { json: true })).status, 404);
    await people.reporter.post(`/articles/${a.id}/proof/heeded`, word, { json: true });
    suite.equal('and so in the story', rulesOf(await found(people.reporter, a.id)).join(), 'W001');
}

async function checkInput({ suite, people }) {
    const story = await draft(suite, people, 'Proof: input', '既使。');
    for (const [fields, field] of [[{}, 'rule'], [{ rule: 'W001' }, 'word'], [{ rule: 'X999', word: 'a' }, 'rule'], [{ rule: 'W 1', word: 'a' }, 'rule'],
        [{ rule: 'W001', word: '字'.repeat(101) }, 'word'], [{ rule: 'W001', word: 'a', text: 'b' }, 'text']]) {
        const answer = await people.editor.post(`/articles/${story.id}/proof/ignored`, fields, { json: true });
        suite.check(`${JSON.stringify(fields).slice(0, 40)} is refused by ${field}`, answer.status === 422 && answer.json.field === field, answer.text);
    }
    const page = await people.editor.post(`/outlets/${OUR}/proof/ignored`, { rule: 'S001', word: '139***78' });
    suite.check('what is somebody\'s is not let pass for an outlet; the form says so', page.status === 422 && page.text.includes('id="e-rule"'), page.status);
}

export async function testProof(world) {
    await checkReaders(world);
    await checkFindings(world);
    await checkIgnoring(world);
    await checkInput(world);
}
