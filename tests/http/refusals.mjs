// tests/http/refusals.mjs - what is refused by design: no field, no column, and a try that ends in the refusal for everybody.
import { Client, entryCount, routesOf } from './lib.mjs';

const COUNT = 16;

/** Sends the page's own form, as a browser does. */
function send(client, attempt, json) {
    const { method, path, name } = attempt;
    return method === 'get' ? client.get(`${path}?${name}=1`, { json }) : client.post(path, { [name]: '1' }, { json });
}

/** Whole words between other signs, as the server reads names. */
const holds = (name, word) => /[a-z]/.test(word) ? new RegExp(`(^|[^a-z0-9])${word}([^a-z0-9]|$)`).test(name.toLowerCase()) : name.includes(word);

function columnsOf(alliance) {
    return alliance.sql(alliance.url ? "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
        : "SELECT m.name || '.' || p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'").split('\n');
}

export async function testRefusals(world) {
    const { suite, people, reader, alliance } = world;
    const before = await entryCount(reader), all = [], nobody = new Client(alliance);
    for (let n = 1; n <= COUNT; n++) {
        const { json } = await reader.get(`/refusals/R${n}`, { json: true });
        all.push(json);
        suite.check(`R${n} lists its words`, json.words.length >= 2, json.words);
        suite.check(`R${n} can be tried on its page`, (await reader.get(`/refusals/R${n}`)).text.includes(`action="${json.attempt.path}"><input type="hidden" name="${json.attempt.name}"`));
        for (const [who, client] of [['nobody', nobody], ['an editor', people.editor], ['an administrator', people.admin]]) {
            const program = await send(client, json.attempt, true), page = await send(client, json.attempt, false);
            suite.check(`R${n} tried by ${who}`, program.status === 403 && program.json?.rule === n && program.json.refusal_url === `/refusals/R${n}`, `${program.status} ${program.text.slice(0, 200)}`);
            suite.check(`R${n} tried by ${who} in a browser`, page.status === 403 && page.text.includes(`href="/refusals/R${n}"`), page.status);
        }
        for (const { word } of json.words) {
            const answer = await people.admin.post('/articles', { title: 'x', [`the-${word.toUpperCase()}`]: 'x' }, { json: true });
            suite.check(`R${n}: ${word} is no field`, answer.status === 403 && answer.json?.rule === n, `${answer.status} ${answer.text.slice(0, 120)}`);
        }
    }
    suite.equal('no try was logged', await entryCount(reader), before);

    const names = [...columnsOf(alliance)];
    suite.check('the tables were read', names.length > 200, names.length);
    for (const row of await routesOf(reader)) {
        names.push(...row.parameters.map((one) => one.name), ...row.keys);
        for (const type of Object.values(row.body ?? {})) names.push(...Object.keys(type.schema.properties ?? {}));
    }
    for (const { n, words } of all)
        for (const { word } of words)
            suite.check(`R${n}: no column, field or answer is called ${word}`, !names.some((name) => holds(name, word)), names.find((name) => holds(name, word)));
}
