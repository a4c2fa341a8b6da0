// tests/browser/journeys/proof.mjs - a writer proofreads a draft, corrects it, lets one word pass; an editor lets one pass for all.
import { Visit } from '../visit.mjs';

export const sentence = 'A writer reads what the proofreader found, corrects the draft, lets a right word pass, and an editor decides for the outlet';

const outlet = 'CC001';
const draft = '实验楼的灯关了,门也锁了。\n\n既使下雨，公用钥匙仍放在门房。当天是2026年11月28日（星期五）。\n\n值班室的记录里有“截止目前”四个字，原文如此。';
const better = draft.replace(',', '，').replace('既使', '即使').replace('星期五', '星期六');

async function found(visit) {
    return visit.page.locator('ol.proofs > li.proof > p.tail b').allInnerTexts();
}

async function proofreads(author, title) {
    await author.go(`/desk/articles/new?outlet=${outlet}`);
    await author.send('/articles', { title, text: draft });
    const id = /\d+$/.exec(author.path)[0];
    await author.after(() => author.page.click(`a[href="/desk/articles/${id}/proof"]`), 200);
    author.equal('what is found, in its order', (await found(author)).join(' '), 'P001 W001 N014 G034');
    await author.shows('why', '让步要用“即”');
    await author.shows('and which weekday it is', '这一天是星期六');
    author.equal('the place is marked', await author.page.locator('ol.proofs mark').nth(1).innerText(), '既使');
    await author.look('proofread story');
    author.equal('a reporter is not asked about the outlet', await author.page.getByText(author.words('Right in all our stories')).count(), 0);
    return id;
}

async function corrects(author, id, title) {
    await author.go(`/desk/articles/${id}/edit`);
    await author.send(`/articles/${id}`, { title, text: better });
    await author.go(`/desk/articles/${id}/proof`);
    author.equal('what was corrected is found no more', (await found(author)).join(' '), 'G034');
    await author.send(`/articles/${id}/proof/ignored`);
    author.equal('back on the page, nothing is left', (await found(author)).length, 0);
    await author.shows('which is no proof, it says', author.words('The rules find nothing. That is no proof that all is right: read it once more aloud.'));
    await author.shows('what passed stands there with its person', '唐一舟');
    await author.look('proofread clean');
    await author.send(`/articles/${id}/proof/heeded`);
    author.equal('taken back it is found again', (await found(author)).join(' '), 'G034');
}

async function decides(editor, id) {
    await editor.go(`/desk/articles/${id}/proof`);
    await editor.send(`/outlets/${outlet}/proof/ignored`);
    editor.equal('for all stories of the outlet', (await found(editor)).length, 0);
    await editor.go(`/desk/outlets/${outlet}/proof`);
    await editor.shows('the outlet\'s list has it', '截止目前');
    await editor.look('what an outlet lets pass');
    await editor.isInLog('and the log', 'Word let pass by the proofreader');
    await editor.go(`/desk/outlets/${outlet}/proof`);
    await editor.send(`/outlets/${outlet}/proof/heeded`);
    await editor.hides('taken back it is gone', '截止目前');
}

export async function run(world, setting, told) {
    const author = await Visit.open(world, setting, told), editor = await Visit.open(world, setting, told);
    const title = `灯与钥匙 ${setting.lang} ${Date.now().toString(36)}`;
    try {
        await author.signIn('tang.yizhou');
        await editor.signIn('pei.qinghe');
        const id = await proofreads(author, title);
        await corrects(author, id, title);
        await decides(editor, id);
    } catch (error) {
        await author.keep(`proof-${setting.lang}`);
        await editor.keep(`proof-editor-${setting.lang}`);
        throw error;
    } finally {
        await author.close();
        await editor.close();
    }
}
