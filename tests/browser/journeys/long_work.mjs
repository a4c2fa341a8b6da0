// tests/browser/journeys/long_work.mjs - an archive of thousands of stories comes in: seen, stopped, gone on with.
import { Visit } from '../visit.mjs';

export const sentence = 'A chief editor takes an archive in, sees how far it is, stops it and goes on; the administrator has the search index made anew';

const STORIES = 3000, OUTLET = 'CC001';
const row = (lang, i) => JSON.stringify({ title: `${lang === 'zh' ? '旧报' : 'Archive'} ${i}`, text: '河边的路修好了，施工队撤走了最后一台机器。\n'.repeat(8) + i, date: '2016-09-01',
    url: `https://archive.invalid/${lang}/${i}` });
const fileOf = (lang, tail = '') => ({ name: 'archive.jsonl', mimeType: 'application/x-ndjson',
    buffer: Buffer.from(Array.from({ length: STORIES }, (_, i) => row(lang, i)).join('\n') + '\n' + tail) });
const doneOf = async (visit) => Number(/\d+/.exec(await visit.main.getByRole('status').first().innerText())[0]);

async function checks(visit) {
    const page = `/desk/outlets/${OUTLET}/import`;
    await visit.go(`/desk/articles?outlet=${OUTLET}`);
    await visit.follow(visit.link(page));
    await visit.look('take old stories in');
    await visit.send(page, { file: fileOf(visit.lang, '{"title":"x"}\n') }, 422);
    await visit.shows('one row to mend: nothing is written', visit.words('Nothing was written'));
    await visit.shows('its line is named', String(STORIES + 1));
    await visit.look('old stories refused');
    await visit.follow(visit.link(page));
    await visit.field('dry_run').setChecked(true);
    await visit.send(page, { file: fileOf(visit.lang) });
    await visit.shows('a check only says so', visit.words('Every row is good. Nothing was written, for it was only a check.'));
    await visit.follow(visit.link(page));
}

async function stopsAndGoesOn(visit) {
    await visit.send(`/desk/outlets/${OUTLET}/import`, { file: fileOf(visit.lang) });
    visit.check('the answer leads to the page of the work', /^\/long-work\/\d+$/.test(visit.path), visit.path);
    const path = visit.path;
    await visit.look('long work');
    await visit.keep(`long-work-running-${visit.lang}`);
    await visit.send('/stop');
    await visit.look('long work stopped');
    await visit.keep(`long-work-stopped-${visit.lang}`);
    await visit.shows('it says that it is stopped', visit.words('stopped'));
    const done = await doneOf(visit);
    visit.check('it was stopped half-way', done < STORIES, done);
    await visit.page.waitForTimeout(400);
    await visit.go(path);
    visit.equal('and stays so', await doneOf(visit), done);
    await visit.send('/resume');
    for (let tries = 0; tries < 300 && (await visit.main.locator('form[action$="/stop"]').count()) > 0; tries++) {
        await visit.page.waitForTimeout(100);
        await visit.go(path);
    }
    await visit.shows('it comes to its end', visit.words('{0} of {1} stories').replace('{0}', STORIES).replace('{1}', STORIES));
    await visit.look('long work done');
    await visit.go('/long-work');
    await visit.shows('it stands in the list of one\'s own', visit.words('Taking old stories in'));
    await visit.look('my long work');
}

async function rebuilds(visit) {
    await visit.go('/admin/jobs');
    await visit.follow(visit.link('/admin/long-work'));
    await visit.look('all long work');
    await visit.send('/admin/long-work');
    await visit.shows('the page is that of the new index', visit.words('Making the search index anew'));
    const path = visit.path;
    for (let tries = 0; tries < 300 && (await visit.main.locator('form[action$="/stop"]').count()) > 0; tries++) {
        await visit.page.waitForTimeout(100);
        await visit.go(path);
    }
    await visit.shows('it comes to its end', visit.words('done'));
    await visit.go(`/search?q=${encodeURIComponent(visit.lang === 'zh' ? `旧报 ${STORIES - 1}` : `Archive ${STORIES - 1}`)}`);
    visit.check('and what was taken in is found', (await visit.main.locator('a[href^="/articles/"]').count()) > 0);
    await visit.keep(`long-work-found-${visit.lang}`);
}

export async function run(world, setting, told) {
    const chief = await Visit.open(world, setting, told);
    try {
        await chief.signIn('fang.qing');
        await checks(chief);
        await stopsAndGoesOn(chief);
    } finally {
        await chief.close();
    }
    const admin = await Visit.open(world, setting, told);
    try {
        await admin.signIn('kang.shining');
        await rebuilds(admin);
    } finally {
        await admin.close();
    }
}
