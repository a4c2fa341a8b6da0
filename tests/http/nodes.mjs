// tests/http/nodes.mjs - several processes on one database: what one of them changed is not shown old by another.
import { Alliance } from '../lib/server.mjs';
import { Client, OUR, makeStory, metricsOf, until } from './lib.mjs';

/** Reads until the cache answers: what comes then comes from memory. */
async function warm(reader, path) {
    await until(`${path} is kept`, async () => {
        const before = (await metricsOf(reader)).cache_hits_total;
        await reader.get(path);
        return (await metricsOf(reader)).cache_hits_total > before;
    });
}

async function seenBy(suite, reader, what, path, word, act) {
    await warm(reader, path);
    suite.check(`${what}: not there yet`, !(await reader.get(path)).text.includes(word));
    const answer = await act();
    suite.check(`${what}: happens`, answer.status === 0 || [200, 201].includes(answer.status), `${answer.status} ${answer.text ?? answer.err}`);
    let seen = false;
    await until(what, async () => (seen = (await reader.get(path)).text.includes(word)), 100).catch(() => null);
    suite.check(`${what}: the other node shows it`, seen, path);
    return answer.json;
}

export async function testNodes(world) {
    const { suite, people, alliance } = world;
    if (world.driver !== 'postgres') return; /* a folder on SQLite has one server: see commands */
    const node = Alliance.beside(alliance), third = Alliance.beside(alliance);
    try {
        await node.start();
        const reader = new Client(node), { reporter: author, editor } = people;
        const waiting = await makeStory(suite, { author, title: 'Nodes-title', text: 'Nodes-text', to: 'submitted' });
        const story = `/articles/${waiting.id}`;
        const now = await seenBy(suite, reader, 'a story is released', '/', 'Nodes-title', () => editor.post(`${story}/release`, { version: waiting.version }, { json: true }));
        await seenBy(suite, reader, 'it is corrected', story, 'Nodes-correction', () => editor.post(`${story}/corrections`, { version: now.version, text: 'Nodes-correction' }, { json: true }));
        const old = JSON.stringify({ title: 'Nodes-old-story', text: 'Old text.', date: new Date(Date.now() - 3600e3).toISOString().slice(0, 10) });
        await seenBy(suite, reader, 'a command takes a story in', `/outlets/${OUR}`, 'Nodes-old-story', () => third.runPatiently(['import', 'stories', '-', '--outlet', OUR], { input: old }));

        alliance.sql("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'");
        const later = await makeStory(suite, { author, title: 'Nodes-later', text: 'Nodes-later-text', to: 'submitted' });
        await seenBy(suite, reader, 'a story is released after the connection was lost', '/', 'Nodes-later', () => editor.post(`/articles/${later.id}/release`, { version: later.version }, { json: true }));
    } finally {
        await node.remove();
        await third.remove();
    }
}
