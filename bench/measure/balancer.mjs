/**
 * A plain TCP balancer: each new connection goes to the next target, bytes are passed on unread.
 *
 *   node balancer.mjs 4600 4601 4602 4603    listens on the first port, passes on to the others
 */
import { connect, createServer } from 'node:net';

const [port, ...targets] = process.argv.slice(2).map(Number);
let turn = 0;

createServer({ noDelay: true }, (caller) => {
  const target = connect({ port: targets[turn++ % targets.length], host: '127.0.0.1', noDelay: true });
  for (const [from, to] of [
    [caller, target],
    [target, caller],
  ]) {
    from.pipe(to);
    from.on('error', () => to.destroy()).on('close', () => to.destroy());
  }
}).listen({ port, host: '127.0.0.1', backlog: 4096 });
