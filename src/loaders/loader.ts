import DataLoader from 'dataloader';
import type { Metrics } from '../metrics';
import { inSpan } from '../tracing';

/** Makes a loader whose batches can be seen: how many keys, among the metrics, and how long, as a span. */
export const createLoader = <Key, Value, CacheKey = Key>(
  name: string,
  metrics: Metrics,
  load: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
  options: DataLoader.Options<Key, Value, CacheKey> = {},
): DataLoader<Key, Value, CacheKey> =>
  new DataLoader<Key, Value, CacheKey>((keys) => {
    metrics.batchSize.observe({ loader: name }, keys.length);
    return inSpan(`load ${name}`, { 'rollcall.keys': keys.length }, () => load(keys));
  }, options);
