// tests/peers/servers.mjs - servers on loopback addresses that answer, byte by byte, as their script says.
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** One connection's side of a request: what was asked, and the ways to answer. */
class Turn {
    constructor(peer, socket, head) {
        this.peer = peer;
        this.socket = socket;
        this.head = head;
        [, this.path] = head.split(' ');
        this.times = peer.asked.length; // which request of this server it is, from 1
    }

    header(name) { return new RegExp(`^${name}: (.*)$`, 'im').exec(this.head)?.[1].trim(); }

    /** False once the other side has gone. */
    async send(bytes) {
        if (this.socket.destroyed) return false;
        if (!this.socket.write(bytes)) await Promise.race([new Promise((done) => { this.socket.once('drain', done); }), this.gone()]);
        return !this.socket.destroyed;
    }

    /** A whole answer; headers are lines. */
    answer(status, headers, body = '') {
        const bytes = Buffer.from(body);
        return this.send(Buffer.concat([Buffer.from([`HTTP/1.1 ${status} Word`, ...headers, `Content-Length: ${bytes.length}`, '', ''].join('\r\n')), bytes]));
    }

    head200(...headers) { return this.send(['HTTP/1.1 200 OK', ...headers, '', ''].join('\r\n')); }

    /** Until the other side has had enough. */
    gone() {
        this.left ??= new Promise((done) => { if (this.socket.destroyed) done(); else this.socket.once('close', done); });
        return this.left;
    }

    /** Pours it again and again, so many times, as fast as it is taken. */
    async pour(block, times) {
        for (let i = 0; i < times && await this.send(block); i++);
    }

    /** A byte each second. */
    async drip(text) {
        for (const byte of text) {
            if (!await this.send(byte)) return;
            await Promise.race([wait(1000), this.gone()]);
        }
    }
}

/** A server on one address. script(turn) answers a request; what it throws ends the connection. */
class Peer {
    constructor(host, script, gate) {
        Object.assign(this, { host, script, gate, asked: [], open: 0, openMost: 0, sockets: new Set() });
        this.server = net.createServer((socket) => this.take(socket));
    }

    listen(port) {
        return new Promise((done, fail) => this.server.once('error', fail).listen(port, this.host, () => done(this.server.address().port)));
    }

    take(socket) {
        let text = '', busy = Promise.resolve();
        this.openMost = Math.max(this.openMost, ++this.open);
        this.sockets.add(socket);
        socket.setNoDelay(true);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => { this.open--; this.sockets.delete(socket); });
        socket.on('data', (bytes) => {
            text += bytes.toString('latin1');
            for (let end; (end = text.indexOf('\r\n\r\n')) >= 0;) {
                const head = text.slice(0, end + 2);
                text = text.slice(end + 4);
                busy = busy.then(() => this.serve(socket, head)).catch(() => socket.destroy());
            }
        });
    }

    async serve(socket, head) {
        this.asked.push({ at: Date.now(), head });
        const turn = new Turn(this, socket, head);
        await this.gate();
        await this.script(turn);
    }

    close() {
        for (const socket of this.sockets) socket.destroy();
        return new Promise((done) => this.server.close(done));
    }
}

/** A server for each script, on 127.0.1.1, 127.0.1.2, ... and one port. Nobody answers before gate() resolves. */
export async function startPeers(scripts, gate) {
    const peers = scripts.map((script, i) => new Peer(`127.0.1.${i + 1}`, script, gate));
    const port = await peers[0].listen(0);
    for (const peer of peers.slice(1)) await peer.listen(port);
    for (const peer of peers) peer.url = `http://${peer.host}:${port}/feed`;
    return { peers, close: () => Promise.all(peers.map((peer) => peer.close())) };
}
