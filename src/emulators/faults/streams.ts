import { Readable } from 'node:stream';

const block = Buffer.alloc(64 * 1024, 'a');
const head = '{"padding":"';
const tail = '"}';

/** Valid JSON of exactly that many bytes, made as it is read, so that no size is ever held in memory. */
export function paddedJson(bytes: number): Readable {
  return Readable.from(pieces(Math.max(0, bytes - head.length - tail.length)), { objectMode: false });
}

function* pieces(padding: number): Generator<Buffer> {
  yield Buffer.from(head);
  for (let left = padding; left > 0; left -= block.length) {
    yield left < block.length ? block.subarray(0, left) : block;
  }
  yield Buffer.from(tail);
}

/** The size of `paddedJson(bytes)`, which cannot be smaller than its frame. */
export const paddedLength = (bytes: number): number => Math.max(bytes, head.length + tail.length);
