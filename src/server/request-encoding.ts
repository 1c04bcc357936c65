import { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { HttpServer } from './http';

/**
 * Reads request bodies that are sent with `content-encoding: gzip`; any other encoding is 415. The limit counts what comes out,
 * and decompression stops there: a small body that would become a huge one costs no more than `requestBytes`.
 */
export function decompressRequests(http: HttpServer, requestBytes: number): void {
  http.addHook('preParsing', (request, reply, payload, done) => {
    const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
    if (encoding === 'identity') {
      done(null, payload);
      return;
    }
    if (encoding !== 'gzip' && encoding !== 'x-gzip') {
      reply.header('accept-encoding', 'gzip');
      done(refusal(415, 'A body may be sent as it is or with content-encoding gzip.'));
      return;
    }
    const gunzip = createGunzip();
    let bytes = 0;
    const bounded = new Transform({
      transform: (chunk: Buffer, _encoding, next) => {
        bytes += chunk.length;
        if (bytes <= requestBytes) next(null, chunk);
        else stop(refusal(413, 'Request body is too large'));
      },
    });
    // Fastify compares this with the request's content-length.
    const counted = Object.assign(bounded, { receivedEncodedLength: 0 });
    const stop = (error: Error): void => {
      // The rest is read and thrown away: an answer can be written only while the connection stands.
      payload.unpipe(gunzip);
      payload.resume();
      gunzip.destroy();
      bounded.destroy(error);
    };
    payload.on('data', (chunk: Buffer) => {
      counted.receivedEncodedLength += chunk.length;
    });
    payload.on('error', stop);
    gunzip.on('error', () => {
      stop(refusal(400, 'The body is not what its content-encoding says.'));
    });
    payload.pipe(gunzip).pipe(bounded);
    done(null, counted);
  });
}

const refusal = (statusCode: number, message: string): Error & { statusCode: number } =>
  Object.assign(new Error(message), { statusCode });
