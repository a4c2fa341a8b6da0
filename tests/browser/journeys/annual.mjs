// tests/browser/journeys/annual.mjs - the office opens the annual review of all outlets; two answer, one passes, one is to rectify.
import { Visit } from '../visit.mjs';

export const sentence = 'The office opens the annual review of all outlets, two answer their self-check, one passes and one is to rectify, and readers see it; one is handed over';

const first = 'CC002', second = 'CC003'; /* of the desk people below; other journeys work at others */
const dayFromNow = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);

/** Once an alliance: the second run of the journey, in the other language, finds it open. */
async function opens(keeper) {
    await keeper.go('/admin/outlets');
    await keeper.follow(keeper.link('/admin/reviews'));
    if (await keeper.form('/admin/reviews').count()) {
        await keeper.look('annual review, due');
        await keeper.send('/admin/reviews', { answer_by: '2020-01-01' }, 422);
        await keeper.refusedAt('a day that is past', 'answer_by', keeper.words('Choose a day from today to a year ahead.'));
        await keeper.go('/admin/reviews');
        await keeper.send('/admin/reviews', { answer_by: dayFromNow(30) });
    }
    await keeper.hides('nothing is due any more', keeper.words('Open the review'));
    const rows = await keeper.main.getByRole('row').count();
    keeper.check('each outlet stands in the list', rows > 50, rows);
    await keeper.look('annual review, all');
    await keeper.isInLog('the log has each', 'Annual review opened');
}

async function answers(editor, no, tickAll) {
    await editor.go('/desk');
    await editor.look('to do with reviews');
    await editor.follow(editor.link(`/desk/outlets/${no}/review`));
    await editor.look('self-check');
    for (let n = 1; n <= 8; n++) await editor.field(`y${n}`).setChecked(tickAll || n !== 6);
    if (!tickAll) {
        await editor.send(`/outlets/${no}/review`, {}, 422);
        await editor.refusedAt('a no without a word', 'r6', editor.words('Tick question {0}, or say what is not so and why.', { 0: '6' }));
        editor.check('what was ticked stays ticked', await editor.field('y1').isChecked());
        await editor.look('self-check refused');
    }
    await editor.send(`/outlets/${no}/review`, tickAll ? {} : { r6: '号码已停用，新号码周五前登记。' });
    await editor.shows('it waits for the office', editor.words('waits for the decision'));
}

async function decides(keeper, no, fields) {
    await keeper.go('/desk');
    await keeper.follow(keeper.link(`/admin/outlets/${no}/review`));
    await keeper.look('review to decide');
    const { decision, ...rest } = fields;
    await keeper.page.locator(`input[name="decision"][value="${decision}"]`).check();
    await keeper.send(`/admin/outlets/${no}/review`, rest);
    await keeper.look('review decided');
}

async function reads(reader, no, ...sentences) {
    await reader.go(`/outlets/${no}`);
    for (const sentence of sentences) await reader.shows('the public page shows it', sentence);
    await reader.look('outlet with a review');
}

/** Proposed by the editor, signed by the office; then the unit's page, as it goes on paper. */
async function handsOver(editor, keeper, no) {
    await editor.go(`/desk/outlets/${no}/handover`);
    await editor.send(`/outlets/${no}/handover`, {}, 422);
    await editor.refusedAt('nothing to hand over', 'first_responsible', editor.words('Nothing would change: name who takes over.'));
    await editor.send(`/outlets/${no}/handover`, { operators: '新来的同学', note: '毕业换届' });
    await editor.shows('it waits', editor.words('waits for the other signature'));
    await editor.look('handover proposed');
    editor.equal('who proposed is offered no signature', await editor.main.locator('form[action$="/sign"]').count(), 0);
    await keeper.go('/desk');
    await keeper.look('to do with a handover');
    await keeper.follow(keeper.link(`/desk/outlets/${no}/handover`));
    await keeper.after(() => keeper.main.locator('form[action$="/sign"] button').click());
    await keeper.shows('both have signed', keeper.words('signed by both'));
    await keeper.look('handover signed');
    await keeper.isInLog('and the log has it', 'Handover signed');
    await editor.go('/desk');
    await editor.follow(editor.main.locator('a[href^="/desk/units/"]').first());
    await editor.shows('what is due for the unit', editor.words('Links without a feed'));
    await editor.look('due in a unit');
    const size = editor.page.viewportSize();
    await editor.page.setViewportSize({ width: 672, height: 1000 }); /* A4 between its margins */
    await editor.page.emulateMedia({ media: 'print' });
    const wide = await editor.page.evaluate(() => document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth);
    editor.check('on paper nothing stands beside the page', wide);
    await editor.keep(`unit-${editor.lang}-print`);
    await editor.page.emulateMedia({ media: null });
    await editor.page.setViewportSize(size);
}

export async function run(world, setting, told) {
    const keeper = await Visit.open(world, setting, told), editor = await Visit.open(world, setting, told), reader = await Visit.open(world, setting, told);
    const outlets = setting.lang === 'zh' ? [first, second] : ['CC005', 'CC006'];
    const people = setting.lang === 'zh' ? ['pei.qinghe', 'shen.ruogu'] : ['kong.lingwen', 'jian.yinuo'];
    try {
        await keeper.signIn('wei.zhixing');
        await opens(keeper);
        for (const [i, no] of outlets.entries()) {
            const visit = i ? editor : await Visit.open(world, setting, told);
            await visit.signIn(people[i]);
            await answers(visit, no, i === 0);
            if (visit !== editor) await visit.close();
        }
        await decides(keeper, outlets[0], { decision: 'passed', findings: '八项齐全。', reason: '更新及时，差错都更正过。' });
        await decides(keeper, outlets[1], { decision: 'rectify', findings: '应急联系失效。', measure: '补登应急联系人和电话。', due_on: dayFromNow(20), reason: '应急联系电话已停用。' });
        await keeper.isInLog('and the log has the decision', 'Annual review decided');
        await reads(reader, outlets[0], reader.words('review passed'), '更新及时，差错都更正过。', '韦之行');
        await reads(reader, outlets[1], reader.words('to rectify'), '补登应急联系人和电话。', '韦之行');
        await handsOver(editor, keeper, outlets[1]);
        await reads(reader, outlets[1], '新来的同学');
    } catch (error) {
        for (const [who, visit] of Object.entries({ keeper, editor, reader })) await visit.keep(`annual-${setting.lang}-${who}`);
        throw error;
    } finally {
        for (const visit of [keeper, editor, reader]) await visit.close();
    }
}
