import type { ApolloServerPlugin } from '@apollo/server';
import type { Context } from '../graphql/context';
import type { HttpServer } from './http';

/**
 * Ends the server when Apollo ends: nothing new is let in, requests that have arrived are answered, and then every
 * connection is closed, also one that has never said anything and that Node.js would wait for.
 */
export function drainOf(http: HttpServer, isLeaving: () => boolean): ApolloServerPlugin<Context> {
  let running = 0;
  let onNone = (): void => undefined;
  // Here a request has arrived whole: half of one is nothing that was accepted.
  http.addHook('preHandler', (_request, reply, done) => {
    running++;
    // Also where the caller has left, and no answer ever ends.
    reply.raw.once('close', () => {
      if (--running === 0) onNone();
    });
    done();
  });
  http.addHook('onSend', (_request, reply, _payload, done) => {
    // Nobody may keep a connection that would keep a server from ending, or send his next request as it is closed.
    if (isLeaving()) reply.header('connection', 'close');
    done();
  });

  return {
    serverWillStart: () =>
      Promise.resolve({
        drainServer: async () => {
          const closed = http.close();
          if (running > 0)
            await new Promise<void>((resolve) => {
              onNone = resolve;
            });
          http.server.closeAllConnections();
          await closed;
        },
      }),
  };
}
