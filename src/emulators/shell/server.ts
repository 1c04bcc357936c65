import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { toIso } from '../clock';
import type { EmulatorClock, SeenRequest } from '../emulator';
import { playOnSocket } from '../faults/socket-faults';
import { exchange, type Call, type ExchangeParts } from './exchange';
import type { Log } from './log';
import { addSideDoor, sideDoorPath, type SideDoor } from './side-door';
import type { Route } from './vendor';
import { toWire, write } from './write';

/** What a server is made of. */
export interface ServerParts extends ExchangeParts {
  readonly clock: EmulatorClock;
  readonly requests: Log<SeenRequest>;
  readonly sideDoor: SideDoor;
}

/** The web server of one vendor: records every request, then exchanges it for an answer or a fault. */
export function createServer(parts: ServerParts) {
  const app = fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 16_384 },
    frameworkErrors: (_error, request, reply) => {
      serve((unknown) => parts.vendor.unknownRoute(unknown))(request, reply);
    },
  });
  const calls = new WeakMap<FastifyRequest['raw'], Call>();
  const requestsOf = new WeakMap<Socket, number>();

  function open(request: FastifyRequest, reply: FastifyReply): Call {
    const { raw } = request;
    const url = raw.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = mark < 0 ? '' : url.slice(mark + 1);
    const { method } = request;
    const headers = flat(raw.headers);
    const seen = { at: toIso(parts.clock.now()), method, path, query, headers, body: '', status: null };
    const count = (requestsOf.get(raw.socket) ?? 0) + 1;
    requestsOf.set(raw.socket, count);
    const call: Call = {
      seen,
      request: { method, path, query, params: {}, headers: raw.headers, body: '' },
      account: parts.vendor.accountOf({ path, headers: raw.headers }),
      response: reply.raw,
      socket: raw.socket,
      reusedSocket: count > 1,
    };
    parts.requests.add(seen);
    calls.set(raw, call);
    return call;
  }

  function serve(handle: Route['handle']) {
    return (request: FastifyRequest, reply: FastifyReply): void => {
      const call = calls.get(request.raw) ?? open(request, reply);
      const body = typeof request.body === 'string' ? request.body : '';
      call.seen.body = body.slice(0, 16_384);
      reply.hijack();
      exchange(parts, { ...call, request: { ...call.request, params: params(request), body } }, handle);
    };
  }

  app.addHook('onRequest', (request, reply, done) => {
    if (request.raw.url?.startsWith(sideDoorPath) === true) {
      done();
      return;
    }
    const call = open(request, reply);
    // Before the body is read: a socket that went stale takes nothing more.
    const fault = parts.faults.takeStale({ ...call.seen, ...call });
    if (fault) {
      reply.hijack();
      playOnSocket(fault, { ...call, timers: parts.timers, real: toWire(parts.vendor, { status: 200 }) });
      return;
    }
    done();
  });

  // Bodies reach the handlers as text: what a vendor makes of a content type is its own affair.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });

  addSideDoor(app, parts.sideDoor);
  // A reset puts a new vendor in the place of the old one: routes stay, their handlers are looked up.
  for (const [index, { method, path }] of parts.vendor.routes.entries()) {
    const handle: Route['handle'] = (request) =>
      (parts.vendor.routes[index]?.handle ?? parts.vendor.unknownRoute)(request);
    app.route({ method, url: `${parts.vendor.basePath}${path}`, handler: serve(handle) });
  }
  app.setNotFoundHandler(serve((request) => parts.vendor.unknownRoute(request)));
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const call = calls.get(request.raw);
    const wire = toWire(parts.vendor, parts.vendor.failure(error.statusCode ?? 500));
    if (call) call.seen.status = wire.status;
    reply.hijack();
    write(reply.raw, wire);
  });
  return app;
}

function params(request: FastifyRequest): Record<string, string> {
  const found = request.params;
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, String(value)]));
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
