// tests/browser/journeys/look.mjs - an operator gives the alliance a look of its own, mends one that is broken, and takes it back.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../../lib/server.mjs';
import { root } from '../browser.mjs';
import { Visit } from '../visit.mjs';

export const sentence = 'An administrator names the alliance anew, its operator switches the look, a broken template is named and not used, and back';

/** Once is enough: it starts the server three times. */
export const views = ['phone'];

const sample = join(root, 'docs/samples/look');

/** As docs/operators.md says: files into look/ of the data folder, and the server is started again. */
async function restarts(world, changes) {
    await world.looker?.end(); // it still asks for style sheets
    await world.alliance.stop();
    changes(join(world.alliance.data, 'look'));
    await world.alliance.start('demo');
}

async function withVisit(world, setting, told, act) {
    const visit = await Visit.open(world, setting, told);
    try {
        await act(visit);
    } catch (error) {
        await visit.keep(`look-${setting.lang}`);
        throw error;
    } finally {
        await visit.close();
    }
}

/** What a person sees of the look on a page: the accent as it is drawn, the name at the top, the icon. */
async function seen(visit) {
    // Without scripts of the page the driver's own still run.
    return visit.page.evaluate(() => {
        const probe = document.createElement('i');
        probe.style.color = 'var(--acc)';
        document.body.append(probe);
        const accent = getComputedStyle(probe).color;
        probe.remove();
        return { accent, name: document.querySelector('.brand')?.innerText ?? '', icon: document.querySelector('link[rel="icon"]')?.href ?? '' };
    });
}

async function setName(visit, name) {
    await visit.go('/admin/settings');
    const before = await visit.field('name').inputValue();
    await visit.send('/admin/settings', { name });
    return before;
}

/** Readers' pages, the sign-in, then the desk and the settings: all have the name, the accent and the icon. */
async function looks(visit, what, { name, used, accent, other }) {
    const pages = [];
    for (const path of ['/', '/outlets', '/refusals', '/signin']) {
        await visit.go(path);
        pages.push([path, await seen(visit)]);
    }
    await visit.signIn('kang.shining');
    pages.push(['/desk', await seen(visit)]);
    await visit.go('/admin/settings');
    pages.push(['/admin/settings', await seen(visit)]);
    for (const [path, page] of pages) {
        visit.check(`${what}: ${path} has the name`, page.name.includes(name), page.name);
        visit.check(`${what}: ${path} has one accent`, accent ? page.accent === accent : page.accent !== other, page.accent);
    }
    await visit.shows(`${what}: the settings count its files`, `${visit.words('Files in use:')} ${used}`);
    return { accent: pages[0][1].accent, icon: pages[0][1].icon };
}

const judged = (folder) => spawnSync(program, ['template', 'check', '--look', folder]);

export async function run(world, setting, told) {
    const name = setting.lang === 'zh' ? '改名后的联盟' : 'The renamed alliance';
    let before, plain, own;
    await withVisit(world, setting, told, async (visit) => {
        await visit.signIn('kang.shining');
        before = await setName(visit, name);
    });
    await withVisit(world, setting, told, async (visit) => { plain = await looks(visit, 'built in', { name, used: 0 }); });

    told('the program finds no fault in the sample', judged(sample).status === 0, judged(sample).stderr.toString());
    await restarts(world, (folder) => cpSync(sample, folder, { recursive: true }));
    await withVisit(world, setting, told, async (visit) => {
        own = await looks(visit, 'own look', { name, used: 3, other: plain.accent });
        visit.check('the icon is the alliance\'s', own.icon !== plain.icon, own.icon);
        visit.check('it names no fault', await visit.main.getByRole('alert').count() === 0, await visit.text());
        await visit.look('settings, own look');
        await visit.go('/refusals');
        await visit.shows('its template is used', name);
        await visit.look('refusals, own look');
    });

    await restarts(world, (folder) => {
        mkdirSync(join(folder, 'portal'), { recursive: true });
        writeFileSync(join(folder, 'portal/home.mustache'), '<p>{{nobody_knows_this}}</p>');
        writeFileSync(join(folder, 'notes.txt'), 'x');
    });
    told('the program names the fault beforehand', judged(join(world.alliance.data, 'look')).status !== 0, '');
    await withVisit(world, setting, told, async (visit) => {
        await looks(visit, 'with a broken template', { name, used: 3, accent: own.accent });
        const said = await visit.main.getByRole('alert').allInnerTexts();
        for (const file of ['portal/home.mustache', 'notes.txt'])
            visit.check(`the settings name ${file}, and why`, said.some((text) => text.includes(file) && text.includes(visit.words('is not used:')) && text.length > file.length + 20), said.join(' | '));
        visit.equal('and nothing else', said.length, 2);
        await visit.look('settings, broken look');
        await visit.go('/');
        visit.check('the built-in front page is used', await visit.main.getByRole('heading').count() > 3, await visit.text());
        await visit.hides('and nothing of the broken one', 'nobody_knows_this');
    });

    await restarts(world, (folder) => rmSync(folder, { recursive: true }));
    await withVisit(world, setting, told, async (visit) => {
        const back = await looks(visit, 'back again', { name, used: 0, accent: plain.accent });
        visit.equal('the icon is the built-in one', new URL(back.icon).pathname, new URL(plain.icon).pathname);
        await setName(visit, before);
        await visit.isInLog('each change of the name is in the log', 'Settings changed');
    });
}
