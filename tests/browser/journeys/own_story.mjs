// tests/browser/journeys/own_story.mjs - two persons: who may release others' stories may not release the own one.
import { Visit } from '../visit.mjs';

export const sentence = 'An editor files a story of their own and cannot release it, by the page or by hand';

export async function run(world, setting, told) {
    const visit = await Visit.open(world, setting, told);
    try {
        await visit.signIn('pei.qinghe');
        await visit.follow(visit.link('/desk/articles/new?outlet=CC001'));
        await visit.send('/articles', { title: `编辑自己写的一篇 ${Date.now()}`, text: '自己写的，别人来签发。' });
        const id = /\d+$/.exec(visit.path)[0];
        await visit.send(`/articles/${id}/submit`);
        await visit.shows('the page says that another person decides', visit.words('You wrote this text; another person decides.'));
        for (const act of ['release', 'return'])
            visit.equal(`the own story has no button: ${act}`, await visit.form(`/articles/${id}/${act}`).count(), 0);
        const version = await visit.context.request.get(`${visit.origin}/desk/articles/${id}`, { headers: { Accept: 'application/json', Cookie: await visit.cookie() } });
        const answer = await visit.force(`/articles/${id}/release`, { version: String((await version.json()).version) });
        visit.equal('a release sent by hand is refused', answer.status(), 403);
        visit.check('the refusal names the rule', (await answer.text()).includes(
            visit.words('You wrote this text: another person must read and decide (two persons).')), (await answer.text()).slice(0, 300));
        const nowhere = await visit.force('/articles', { title: 'x', text: 'x', kind: '消息' });
        visit.check('a story for no outlet is refused by R1', nowhere.status() === 403 && (await nowhere.text()).includes('/refusals/R1'),
            `${nowhere.status()} ${(await nowhere.text()).slice(0, 300)}`);
        await visit.go('/account');
        await visit.look('account');
        await visit.after(() => visit.page.getByRole('banner').locator('form[action^="/signout"]').getByRole('button').click());
        visit.equal('signing out ends at the front page', visit.path, '/');
        visit.equal('signing out leaves no cookie', (await visit.context.cookies()).length, 0);
        await visit.go('/desk');
        visit.equal('the desk asks to sign in again', visit.path, '/signin');
    } catch (error) {
        await visit.keep(`own-story-${setting.lang}`);
        throw error;
    } finally {
        await visit.close();
    }
}
