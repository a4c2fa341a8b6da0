// tests/http/proof.mjs - the proofreader: whose it is (R14), what it finds, what is let pass, pages without scripts.
import { OUR, entryCount, makeStory, routesOf, upload } from './lib.mjs';

const draft = (suite, people, title, text) => makeStory(suite, { author: people.reporter, title, text, to: 'draft' });
const found = async (who, id) => (await who.get(`/desk/articles/${id}/proof`, { json: true })).json;
const rulesOf = (page) => page.findings.map((one) => one.rule);

/** R14: no list is applied to readers. No row of readers knows the proofreader, and none of its rows lets a reader in. */
async function checkReaders({ suite, reader, people }) {
    const all = (await routesOf(reader)).filter((row) => row.pattern.includes('proof')), rows = all.filter((row) => !row.pattern.includes('/proofreading/'));
    suite.equal('rows of the proofreader', rows.length, 6);
    suite.check('each is of an outlet and needs a right', rows.every((row) => row.isPerOutlet && ['drafts', 'file', 'release'].includes(row.capability)), JSON.stringify(rows));
    suite.check('nobody without the right sends a list, and nobody a text', all.filter((row) => !rows.includes(row)).every((row) => row.capability === 'rules' || (row.capability === 'read' && row.method === 'GET')), JSON.stringify(all));
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

const HEAD = 'liandong-proof 1\nlang zh\n';
const rule = (number, find) => `${number} | word | ${find} | 食堂 | 本联盟的写法。 | 去${find}吃饭。 | 去食堂吃饭。\n`;
const listOf = async (who, kind) => (await who.get(`/proofreading/${kind}`, { json: true })).json;

/** The alliance's own rules: numbered versions that everybody reads, a bad one refused whole, files for others. */
async function checkOwnRules({ suite, reader, people }) {
    const { chief, admin, reporter } = people, before = await entryCount(reader), from = (await listOf(reader, 'rules')).versions.length;
    const form = (await chief.get('/desk/proofreading/rules', { json: true })).json;
    const made = await chief.post('/proofreading/rules', { version: form.version, text: HEAD + rule('H001', '食堂子'), note: '统一叫法' }, { json: true });
    suite.check('a chief editor of the alliance makes a version', made.status === 200 && made.json.n === from + 1 && made.json.url === `/proofreading/rules/${from + 1}`, made.text);
    suite.equal('which is an entry of the log', await entryCount(reader), before + 1);
    suite.equal('from an old page it is refused', (await admin.post('/proofreading/rules', { version: form.version, text: HEAD, note: 'x' }, { json: true })).status, 409);
    const list = await listOf(reader, 'rules');
    suite.check('readers see it, with who and why', list.text.includes('食堂子') && list.versions[0].note === '统一叫法' && list.versions[0].person === '方晴' && !list.may_change, JSON.stringify(list));
    for (const [text, line] of [['x', 1], [HEAD + rule('W001', '食堂子'), 3], [`${HEAD}H001 | word | # | a | b c d | e | f`, 3], [HEAD + rule('H001', '食堂子') + rule('H001', '饭堂'), 4], [`${HEAD}H001 | word | 饭堂 | a | b c d | 食堂。 | f`, 3]]) {
        const bad = await admin.post('/proofreading/rules', { version: made.json.n + 1, text, note: 'x' }, { json: true });
        suite.check(`a bad line ${line} is named`, bad.status === 422 && bad.json.field === 'text' && new RegExp(`\\b${line}\\b`).test(bad.json.detail ?? bad.text), bad.text);
    }
    const page = await admin.post('/proofreading/rules', { version: String(made.json.n + 1), text: 'liandong-proof 1\nbad', note: 'y' });
    suite.check('the form comes back with the text and the line', page.status === 422 && page.text.includes('id="e-text"') && page.text.includes('liandong-proof 1\nbad'), page.text.slice(-2500));
    suite.equal('nothing of that was stored', (await listOf(reader, 'rules')).versions.length, from + 1);
    const story = await draft(suite, people, 'Proof: own rules', '既使去食堂子吃饭。');
    const read = await found(reporter, story.id);
    suite.check('a story is read by both lists', rulesOf(read).join(' ') === 'W001 H001' && read.rules_n === made.json.n, JSON.stringify(read));
    await checkFiles({ suite, reader, people }, made.json.n);
}

async function checkFiles({ suite, reader, people }, n) {
    const file = await reader.get(`/proofreading/rules/${n}/file`);
    suite.check('a version as a file', file.status === 200 && file.text === HEAD + rule('H001', '食堂子') && /attachment/.test(file.headers.get('content-disposition')), file.text);
    const bad = await upload(people.admin, '/proofreading/rules/import', { note: 'x' }, 'bad.proof', HEAD + 'H001 | word');
    suite.check('a bad file is refused by its line', bad.status === 422 && bad.json.field === 'file' && bad.text.includes('3'), bad.text);
    const taken = await upload(people.admin, '/proofreading/rules/import', { note: '别的联盟的' }, 'other.proof', '\uFEFF' + (HEAD + rule('H002', '饭堂子')).replaceAll('\n', '\r\n'));
    suite.check('another alliance\'s file becomes the next version', taken.status === 200 && taken.json.n === n + 1, taken.text);
    const version = (await reader.get(`/proofreading/rules/${n + 1}`, { json: true })).json;
    suite.check('with what changed', version.has_before && version.parts.some((part) => part.ins) && version.parts.some((part) => part.del) && version.text === HEAD + rule('H002', '饭堂子'), JSON.stringify(version));
    suite.check('older ones stay', (await reader.get(`/proofreading/rules/${n}`)).text.includes('食堂子'));
    suite.equal('one that there is not', (await reader.get(`/proofreading/rules/${n + 2}`)).status, 404);
    suite.equal('nor another kind', (await reader.get('/proofreading/readers')).status, 404);
    const names = await people.chief.get('/desk/proofreading/register');
    suite.check('the people of the register as a list', names.text.startsWith('liandong-names 1\n柳闻溪 | 第一责任人\n'), names.text.slice(0, 300));
    const own = await people.chief.post('/proofreading/names', { version: '1', text: names.text, note: '从登记簿来' }, { json: true });
    suite.check('which is taken as it is', own.status === 200 && own.json.n === 1, own.text);
    const story = await draft(suite, people, 'Proof: names', '指导教师柳闻溪说，今天下雨。');
    suite.equal('and compared with a story', rulesOf(await found(people.reporter, story.id)).join(' '), 'L001');
    await people.admin.post('/proofreading/names', { version: '2', text: 'liandong-names 1', note: '清空' }, { json: true });
    await people.admin.post('/proofreading/rules', { version: n + 2, text: 'liandong-proof 1', note: '清空' }, { json: true });
}

export async function testProof(world) {
    await checkReaders(world);
    await checkFindings(world);
    await checkIgnoring(world);
    await checkInput(world);
    await checkOwnRules(world);
}
