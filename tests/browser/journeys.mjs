// tests/browser/journeys.mjs - people at work in a real browser, each journey told as a sentence.
//
// node tests/browser/journeys.mjs [WORD...]: a fresh demo alliance, Debian's Chromium. Every journey runs in Chinese on a
// phone without scripts and in English at a desk with them; each kind of page that a journey meets is looked at once
// per language (axe-core in light and dark, four widths). WORDs run only the journeys whose files have these names;
// LIANDONG_LOOK=FOLDER runs them under an alliance's own look.
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Alliance, Report } from '../lib/server.mjs';
import { here, launchChromium } from './browser.mjs';
import { Looker, findPackage } from './visit.mjs';

const settings = [
    { lang: 'zh', view: 'phone', scripts: false },
    { lang: 'en', view: 'desktop', scripts: true },
];
const names = ['reader', 'newsroom', 'own_story', 'word_file', 'planned', 'pitch', 'proof', 'house_rules', 'review', 'adoption', 'register', 'annual', 'people', 'second_step', 'keyboard', 'subscribe', 'deposit', 'long_work', 'look'];
const only = process.argv.slice(2), look = process.env.LIANDONG_LOOK;
const kinds = 58; /* of pages that the journeys meet, at least */

async function runOne(world, report, name, setting) {
    const journey = await import(`./journeys/${name}.mjs`);
    if (journey.views && !journey.views.includes(setting.view)) return;
    const start = Date.now(), before = { passed: report.passed, failed: report.failures.length };
    const how = `${setting.lang}, ${setting.view}, ${setting.scripts ? 'with' : 'without'} scripts`;
    try {
        await journey.run(world, setting, (what, is, detail) => report.check(`${name} (${how}): ${what}`, is, detail));
    } catch (error) {
        report.check(`${name} (${how}): comes to its end`, false, error.stack);
        if (world.alliance.exit) console.log(`The server has ended: ${JSON.stringify(world.alliance.exit)} ${world.alliance.log.slice(-2000)}`);
    }
    const failed = report.failures.length - before.failed;
    console.log(`${failed ? 'FAILED' : 'ok'}  ${journey.sentence} (${how}): ${report.passed - before.passed} checks, ` +
        `${failed} failed, ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

/** The look is read when a server starts. */
async function startDemo(alliance) {
    await alliance.start('demo');
    if (!look) return;
    await alliance.stop();
    cpSync(look, join(alliance.data, 'look'), { recursive: true });
    await alliance.start('demo');
}

async function main() {
    const playwright = findPackage('playwright-core'), report = new Report(look ? 'browser-look' : 'browser');
    if (playwright === null || !existsSync(join(here, 'node_modules/axe-core'))) {
        console.log('The packages of the browser tests are not installed: run tools/web.sh.');
        process.exitCode = 1;
        return;
    }
    const world = { alliance: new Alliance('sqlite', { settings: { 'net.allow': '127.0.0.1/32', 'http.hosts': 'news.example,127.0.0.1' } }) };
    try {
        await startDemo(world.alliance);
        world.browser = await launchChromium(playwright);
        world.looker = await Looker.open(world.browser, (what, is, detail) => report.check(what, is, detail));
        for (const name of names)
            for (const setting of settings)
                if (only.length === 0 ? !look || name !== 'look' : only.includes(name)) await runOne(world, report, name, setting);
        await world.looker.end();
        console.log(`Pages looked at in light and dark, at four widths: ${world.looker.pages}`);
        if (only.length === 0) report.check('every kind of page was looked at in both languages', world.looker.pages >= 2 * kinds, `${world.looker.pages}`);
    } finally {
        await world.browser?.close();
        await world.alliance.remove();
    }
    report.end();
}

await main();
