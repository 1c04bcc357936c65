import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The most requests that wait on one connection. */
const MAX_PIPELINED = 100;
/** How often connections that are turned away are reported, at most. */
const REPORT_MS = 10_000;

/**
 * Bounds the connections of a server, and the requests that a client sends on one of them without waiting for answers. What
 * is beyond that is closed: nothing else stops Node.js from reading on.
 *
 * @param onDrop Is given how many connections were turned away since it was called last.
 */
export function boundConnections(
  http: FastifyInstance,
  most: number,
  onDrop: (connections: number) => void,
): void {
  const server: Server = http.server;
  server.maxConnections = most;
  let dropped = 0;
  let reportedAt = -Infinity;
  server.on('drop', () => {
    dropped++;
    if (performance.now() - reportedAt < REPORT_MS) return;
    reportedAt = performance.now();
    onDrop(dropped);
    dropped = 0;
  });

  const waiting = new WeakMap<Socket, Set<ServerResponse>>();
  const waitingOn = (socket: Socket): Set<ServerResponse> => {
    const known = waiting.get(socket);
    if (known) return known;
    const responses = new Set<ServerResponse>();
    waiting.set(socket, responses);
    // Node.js says so to the response whose turn it is, and leaves the others waiting for ever.
    socket.once('close', () => {
      for (const response of responses) response.emit('close');
    });
    return responses;
  };
  http.addHook('onRequest', ({ raw: { socket } }, reply, done) => {
    const responses = waitingOn(socket);
    if (responses.size >= MAX_PIPELINED) {
      socket.destroy();
      reply.hijack();
      return;
    }
    responses.add(reply.raw);
    reply.raw.once('close', () => responses.delete(reply.raw));
    done();
  });
}
