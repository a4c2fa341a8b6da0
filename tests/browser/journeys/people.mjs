// tests/browser/journeys/people.mjs - an administrator lets a person in, gives a role and takes it away again.
import { Visit } from '../visit.mjs';

export const sentence = 'An administrator adds a person, whose one-time link works once in a fresh browser, gives a role and ends it';

const password = '晴天里的第三把伞';

async function adds(admin, login, name) {
    await admin.follow(admin.link('/admin/people', admin.page.getByRole('navigation').first()));
    await admin.look('people');
    await admin.send('/admin/people', { login: 'kang.shining', name }, 409);
    admin.equal('a taken sign-in name stays in its field', await admin.field('login').inputValue(), 'kang.shining');
    await admin.refusedAt('a taken sign-in name', 'login', admin.words('This sign-in name is taken: one person has one account (R2).'));
    await admin.look('people, one refused');
    await admin.send('/admin/people', { login, name });
    await admin.shows('the person has a page', login);
    await admin.shows('a person without a role can do nothing', admin.words('No role yet: without one a person can sign in and do nothing.'));
    await admin.look('person without a role');
    return admin.path;
}

async function invites(admin, page) {
    await admin.send('/invitation');
    const link = (await admin.main.locator('code').innerText()).trim();
    admin.check('the link is an address of this site', link.startsWith(`${admin.origin}/invitations/`), link);
    await admin.look('one-time link');
    await admin.go(page);
    admin.check('the link is not shown again', !(await admin.page.content()).includes(link.split('/').pop()));
    return link;
}

async function entersByLink(guest, link, login) {
    await guest.go(link);
    await guest.shows('the link names whom it is for', login);
    await guest.look('invitation');
    await guest.send(new URL(link).pathname, { password: 'short' }, 422);
    await guest.refusedAt('a short password', 'password', guest.words('A password has at least {0} characters.', { 0: '8' }));
    await guest.send(new URL(link).pathname, { password });
    guest.equal('the password is set and the person may sign in', guest.path, '/signin');
    await guest.send('/signin', { login, password });
    guest.equal('the person arrives at the desk', guest.path, '/desk');
    await guest.look('to do of nobody');
    guest.equal('nothing can be written without a role', await guest.main.locator('a[href^="/desk/articles/new"]').count(), 0);
    await guest.go(`/desk/articles/new?outlet=CC001`, 404);
    await guest.go('/admin/people', 403);
    await guest.look('not allowed');
}

async function usedUp(world, setting, told, link) {
    const other = await Visit.open(world, setting, told);
    try {
        await other.go(link, 410);
        await other.shows('a used link says so', other.words('This link was used or has expired: ask for another.'));
        await other.look('used link');
        const answer = await other.context.request.post(link, { form: { password: '另一个人想要的密码' }, headers: { Accept: 'text/html', Origin: other.origin } });
        other.equal('a used link sets no password', answer.status(), 410);
    } finally {
        await other.close();
    }
}

async function givesAndTakes(admin, guest, page) {
    await admin.go(page);
    await admin.send('/grants', { role: '记者', outlet: 'CC999' }, 422);
    await admin.refusedAt('a role at an unknown outlet', 'outlet', admin.words('There is no such outlet.'));
    await admin.send('/grants', { role: '记者', outlet: 'CC001' });
    await admin.shows('the role is listed', 'CC001');
    await admin.look('person with a role');
    await guest.go('/desk');
    await guest.follow(guest.link('/desk/articles/new?outlet=CC001'));
    guest.equal('the role lets the person write', guest.path, '/desk/articles/new');
    await admin.isInLog('the grant is an entry of the log', 'Role given');
    await admin.go(page);
    const end = admin.main.locator('form[action^="/admin/grants/"]').getByRole('button').first();
    await admin.after(() => end.click());
    await admin.go(page);
    await admin.hides('the role is gone', 'CC001');
    await guest.go('/desk/articles/new?outlet=CC001', 404);
    await admin.isInLog('its end is an entry of the log', 'Role ended');
}

async function looksAround(admin) {
    for (const [kind, path] of [['jobs', '/admin/jobs'], ['settings', '/admin/settings'], ['units', '/admin/units']]) {
        await admin.go(path);
        await admin.look(kind);
    }
}

export async function run(world, setting, told) {
    const admin = await Visit.open(world, setting, told), guest = await Visit.open(world, setting, told);
    const login = `ren.${setting.lang}${Date.now().toString(36)}`, name = setting.lang === 'zh' ? '任新宇' : 'Ren Xinyu';
    try {
        await admin.signIn('kang.shining');
        const page = await adds(admin, login, name);
        const link = await invites(admin, page);
        await entersByLink(guest, link, login);
        await usedUp(world, setting, told, link);
        await givesAndTakes(admin, guest, page);
        await looksAround(admin);
    } catch (error) {
        await admin.keep(`people-${setting.lang}-admin`);
        await guest.keep(`people-${setting.lang}-guest`);
        throw error;
    } finally {
        await admin.close();
        await guest.close();
    }
}
