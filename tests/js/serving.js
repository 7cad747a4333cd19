/** Real servers for tests of what talks to one: on a free port, gone after their test. */

import { createServer } from "node:http";
import { afterEach, mock } from "node:test";

/** @import {RequestListener, Server} from "node:http" */

/** @type {Server[]} */
const servers = [];
afterEach(() => {
  mock.restoreAll();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** @param {RequestListener} listener */
export async function listening(listener) {
  const server = createServer(listener);
  servers.push(server);
  await new Promise((/** @type {(value: void) => void} */ ready) => void server.listen(0, "127.0.0.1", ready));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { api: `http://127.0.0.1:${port}/api`, server, port };
}

/** @param {import("node:http").IncomingMessage} request */
export async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
}
