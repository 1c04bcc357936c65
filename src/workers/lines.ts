import type { Readable } from 'node:stream';

/** Passes on whole lines only, so that what several processes write does not run into one another. */
export function passLines(from: Readable, write: (lines: string) => void): void {
  let begun = '';
  from.setEncoding('utf8').on('data', (chunk: string) => {
    const end = chunk.lastIndexOf('\n') + 1;
    if (end > 0) {
      write(begun + chunk.slice(0, end));
      begun = '';
    }
    // What a process leaves unfinished when it is killed is no line.
    begun += chunk.slice(end);
  });
}
