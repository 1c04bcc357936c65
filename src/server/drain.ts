import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import type { Context } from '../graphql/context';
import type { HttpServer } from './http';

/**
 * Ends the server when Apollo ends: nothing new is let in, requests that have arrived are answered, and then every
 * connection is closed, also one that has never said anything and that Node.js would wait for.
 */
export function drainOf(http: HttpServer): ApolloServerPlugin<Context> {
  const running = new Set<FastifyRequest>();
  let onNone = (): void => undefined;
  // Here a request has arrived whole: half of one is nothing that was accepted.
  http.addHook('preHandler', (request, _reply, done) => {
    running.add(request);
    done();
  });
  http.addHook('onResponse', (request, _reply, done) => {
    if (running.delete(request) && running.size === 0) onNone();
    done();
  });
  http.addHook('onSend', (_request, reply, _payload, done) => {
    // Nobody may keep a connection that would keep a server from ending.
    if (!http.server.listening) reply.header('connection', 'close');
    done();
  });

  return {
    serverWillStart: () =>
      Promise.resolve({
        drainServer: async () => {
          const closed = http.close();
          if (running.size > 0)
            await new Promise<void>((resolve) => {
              onNone = resolve;
            });
          http.server.closeAllConnections();
          await closed;
        },
      }),
  };
}
