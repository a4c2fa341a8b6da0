// tests/plumbing/run.mjs - the plumbing commands of the built program against the published suites: exact bytes, exit codes.
//
// node run.mjs [SUITE…]   (-SUITE: all but that)   LIANDONG_PROGRAM names another build (sanitizers), LIANDONG_MODE=full runs every case of all suites.
import { existsSync } from 'node:fs';
import { Scratch, Suite, suites } from './lib.mjs';
import { canonicalSuites } from './json.mjs';
import { markdownSuites } from './markdown.mjs';
import { templateSuites } from './template.mjs';
import { htmlSuites } from './html.mjs';
import { ledgerSuites } from './ledger.mjs';
import { hostileSuites } from './hostile.mjs';
import { docxSuites } from './docx.mjs';
import { feedSuites } from './feed.mjs';

const words = process.argv.slice(2), chosen = words.filter((word) => !word.startsWith('-')), left = words.filter((word) => word.startsWith('-')).map((word) => word.slice(1));
const isHere = existsSync(suites);
let isGood = true;

/** Suites that need the shared data name how many cases they have there. */
for (const { name, cases, needsShared = true, judge } of
    [...canonicalSuites, ...templateSuites, ...markdownSuites, ...htmlSuites, ...ledgerSuites, ...feedSuites, ...docxSuites, ...hostileSuites]) {
    if (left.includes(name) || (chosen.length && !chosen.includes(name))) continue;
    if (needsShared && !isHere) {
        console.log(`${name}: 0 cases passed, 0 failed, ${cases} skipped (the shared test data is not here)`);
        continue;
    }
    const suite = new Suite(name, cases), scratch = new Scratch();
    try {
        await judge(suite, scratch);
    } finally {
        scratch.remove();
    }
    isGood = suite.end() && isGood;
}
process.exitCode = isGood ? 0 : 1;
