/** Something that a test file started; undefined where its `beforeAll` failed before that. */
type Started = { close(): unknown } | { stop(): unknown } | undefined;

/**
 * For `afterAll` and `afterEach`: closes what a test file started, one after the other, and what stands in an array
 * together. Leaves out what never started, and closes the rest also when one of them cannot be closed; rejects with the
 * first such error.
 */
export async function closeAll(...started: readonly (Started | readonly Started[])[]): Promise<void> {
  const results: PromiseSettledResult<unknown>[] = [];
  for (const group of started) results.push(...(await Promise.allSettled([group].flat().map(close))));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function close(started: Started): Promise<void> {
  if (started) await ('close' in started ? started.close() : started.stop());
}
