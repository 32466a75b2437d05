/**
 * A TCP proxy that can be cut: how a page behaves when its line really breaks. `cut` ends every
 * connection and refuses new ones, `mend` lets them in again, `mute` swallows what the server
 * says while the client can still speak.
 */

import net from 'node:net';

export async function cutProxy(target) {
  const { hostname, port } = new URL(target);
  const sockets = new Set();
  let isCut = false;
  let isMuted = false;
  const server = net.createServer((client) => {
    if (isCut) return client.destroy();
    const upstream = net.connect(Number(port || 80), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => isMuted || client.write(bytes));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const destroyAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut() {
      isCut = true;
      destroyAll();
    },
    mend() {
      isCut = false;
      isMuted = false;
    },
    mute() {
      isMuted = true;
    },
    close() {
      destroyAll();
      server.close();
    },
  };
}
