// tests/http/service.mjs - health, readiness, counters; and a stop that answers who was already being served.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { Client, metricsOf, parseAnswer, raw, until } from './lib.mjs';

/** A request on a connection of its own, whose answer is read to its end. */
function open(port) {
    return new Promise((done, fail) => {
        const socket = net.connect(port, '127.0.0.1', () => done(socket));
        socket.on('error', fail);
    });
}

function ask(socket, bytes) {
    return new Promise((done) => {
        const parts = [];
        socket.on('data', (part) => parts.push(part));
        socket.on('error', () => done(parseAnswer(Buffer.concat(parts))));
        socket.on('close', () => done(parseAnswer(Buffer.concat(parts))));
        socket.write(bytes);
    });
}

export async function testService(world) {
    const { suite, alliance, reader } = world, port = alliance.port;
    for (const [path, text] of [['/healthz', 'ok\n'], ['/readyz', 'ready\n']]) {
        const answer = await reader.get(path);
        suite.check(path, answer.status === 200 && answer.text === text, answer.text);
    }
    const before = await metricsOf(reader);
    await reader.get('/nothing');
    const after = await metricsOf(reader);
    suite.check('counters count', after.parked_total > before.parked_total && after.sql_statements_total > before.sql_statements_total);
    const { text } = await reader.get('/metrics');
    suite.check('counters are Prometheus text', text.split('\n').filter(Boolean).every((line) => /^(# TYPE \S+ (counter|gauge)|[a-z_]+(\{[a-z]+="\w+"\})? \d+)$/.test(line)), text);
    const failed = alliance.log.split('\n').filter((line) => / http\.failed | status=500 /.test(line) && !/busy/i.test(line));
    suite.check('nothing failed inside in this run', failed.length === 0, failed.slice(0, 5).join(' | '));

    /* Sign-ins wait for one another: many are under way when the signal comes. */
    const logins = ['tang.yizhou', 'wen.yuning', 'he.tiantian', 'miao.yuan', 'lu.yiming', 'yao.xingyao', 'fang.kege', 'zou.tingxue', 'kong.lingwen', 'mu.yang'];
    const sockets = await Promise.all(logins.map(() => open(port)));
    const parked = (await metricsOf(reader)).parked_total;
    const answers = sockets.map((socket, i) => {
        const body = new URLSearchParams({ login: logins[i], password: alliance.password }).toString();
        return ask(socket, `POST /signin HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${alliance.origin}\r\nAccept: application/json\r\nConnection: close\r\n` +
            `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    let looks = 0;
    await until('the requests are under way', async () => (await metricsOf(reader)).parked_total >= parked + logins.length + ++looks);
    const stopped = alliance.stop();
    const statuses = (await Promise.all(answers)).map((answer) => answer.status);
    suite.equal('all that were under way are answered', statuses.join(), logins.map(() => 200).join());
    const exit = await stopped;
    suite.check('the program ends by itself with 0', exit.code === 0 && exit.signal === null, JSON.stringify(exit));
    suite.equal('nobody listens any more', (await raw(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).status, 0);
    await alliance.start('serve');
    suite.equal('and it starts again with what it had', (await new Client(alliance).get('/')).status, 200);
    suite.check('the log is whole', (await new Client(alliance).get('/log', { json: true })).json.size > 1000);
    suite.check('each answer is a line of the log', alliance.log.includes(' http.answer '));

    await alliance.stop();
    alliance.settings = { ...alliance.settings, 'log.level': 'warn' };
    await alliance.start('demo');
    suite.equal('it answers at log.level = warn', (await new Client(alliance).get('/')).status, 200);
    await alliance.stop();
    suite.check('and then writes no line for each answer', !alliance.log.includes(' http.answer '), alliance.log.slice(-300));

    await ownLook(world);
}

/** A look of one's own: what holds together is shown, what does not is left out and named on the page of settings. */
async function ownLook({ suite, alliance }) {
    const look = join(alliance.data, 'look');
    mkdirSync(join(look, 'portal'), { recursive: true });
    writeFileSync(join(look, 'look.css'), ':root { --acc: #0b5d4e }');
    writeFileSync(join(look, 'portal/refusals.mustache'), '<ul class="own">{{#refusals}}<li>{{what}}</li>{{/refusals}}</ul>');
    writeFileSync(join(look, 'portal/home.mustache'), '<p>{{nothing}}</p>');
    await alliance.start('demo');
    const reader = new Client(alliance), admin = await new Client(alliance).signIn('kang.shining');
    const page = (await reader.get('/refusals')).text, sheet = /href="(\/assets\/look\.[0-9a-f]+\.css)"/.exec(page)?.[1];
    suite.check('an own template is shown', page.includes('<ul class="own"><li>'), page.slice(0, 500));
    suite.equal('the own style sheet is served', (await reader.get(sheet ?? '/nothing')).text, ':root { --acc: #0b5d4e }');
    suite.check('a template with a fault is left out', /<h2/.test((await reader.get('/')).text));
    const settings = await admin.get('/admin/settings'), told = (await admin.get('/admin/settings', { json: true })).json.look;
    suite.check('and the settings name it', settings.text.includes('portal/home.mustache') && told.used === 2 &&
        told.faults.length === 1 && told.faults[0].file === 'portal/home.mustache' && told.faults[0].why.includes('nothing'), JSON.stringify(told));
    await alliance.stop();
    rmSync(look, { recursive: true });
    await alliance.start('demo');
    suite.check('without the folder all is as it was', !(await reader.get('/refusals')).text.includes('look.'));
}
