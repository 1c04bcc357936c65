const start = performance.now();

/** Says on stderr what is going on, and how long it has been. */
export function progress(line) {
  const seconds = ((performance.now() - start) / 1000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${line}\n`);
}
