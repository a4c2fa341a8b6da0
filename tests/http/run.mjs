// tests/http/run.mjs - the built program from outside, on one database: routes, rights, input, cost, cache, feeds, log, commands.
//     node tests/http/run.mjs sqlite        tools/with_pg.sh node tests/http/run.mjs postgres
// Further words run only the groups they name.
import { Alliance } from '../lib/server.mjs';
import { Client, Suite, signInAll } from './lib.mjs';
import { testAdoption } from './adoption.mjs';
import { testAnnual } from './annual.mjs';
import { testBadInput } from './bad_input.mjs';
import { testCache } from './cache.mjs';
import { testCommands } from './commands.mjs';
import { testCost } from './cost.mjs';
import { testDocx } from './docx.mjs';
import { testFeeds } from './feeds.mjs';
import { testHandover } from './handover.mjs';
import { testHub } from './hub.mjs';
import { testIntake } from './intake.mjs';
import { testKeys } from './keys.mjs';
import { testLedger, firstCheckpoint } from './ledger.mjs';
import { testLongWork } from './long_work.mjs';
import { testNodes } from './nodes.mjs';
import { testPlanning } from './planning.mjs';
import { testPlans } from './plans.mjs';
import { testProof } from './proof.mjs';
import { testReview } from './review.mjs';
import { testRefusals } from './refusals.mjs';
import { testRights } from './rights.mjs';
import { testRoutes } from './routes.mjs';
import { testSignIn } from './sign_in.mjs';
import { testService } from './service.mjs';
import { testStrangers } from './strangers.mjs';
import { testTexts } from './texts.mjs';
import { testFields } from './texts_fields.mjs';

const driver = process.argv[2] ?? 'sqlite', only = process.argv.slice(3);
const suite = new Suite(driver === 'postgres' ? 'http-postgres' : 'http');
const alliance = new Alliance(driver, { settings: { 'http.show_cost': 'true', 'net.allow': '127.0.0.1/32' } });
const groups = [
    ['routes', testRoutes], ['strangers', testStrangers], ['rights', testRights], ['refusals', testRefusals], ['bad-input', testBadInput],
    ['annual', testAnnual], ['handover', testHandover], ['docx', testDocx], ['keys', testKeys], ['plans', testPlans], ['planning', testPlanning], ['review', testReview], ['adoption', testAdoption], ['proof', testProof], ['sign-in', testSignIn], ['texts', testTexts], ['fields', testFields], ['cache', testCache], ['feeds', testFeeds], ['intake', testIntake], ['hub', testHub], ['ledger', testLedger],
    ['cost', testCost], ['nodes', testNodes], ['long-work', testLongWork], ['service', testService], ['commands', testCommands],
];

try {
    await alliance.start('demo');
    const world = { driver, suite, alliance, reader: new Client(alliance), people: await signInAll(alliance) };
    world.first = await firstCheckpoint(world);
    for (const [name, test] of groups)
        if (!only.length || only.includes(name)) await suite.group(name, () => test(world));
} finally {
    await alliance.remove();
}
suite.end();
