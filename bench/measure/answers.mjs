/** Whether peers answer alike, before anything is timed. */
/** One operation, its answer whole. */
export async function ask({ url, headers, respell }, operation) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(respelled(operation, respell)),
  });
  return response.json();
}

/** The operation in the words of a peer that cannot have some of ours; answers stay the same. */
export const respelled = (operation, words = []) => ({
  ...operation,
  query: words.reduce((query, [ours, theirs]) => query.replaceAll(ours, theirs), operation.query),
});

/** Fails unless every peer answers the first operations of a workload as the first peer does. */
export async function checkAnswers(peers, workload, facts, count, run) {
  for (let index = 0; index < count; index++) {
    const operation = { operationName: workload.name, ...workload.operation(facts, index, run) };
    const [first, ...others] = peers;
    const expected = normalise(await ask(first, operation));
    for (const peer of others) {
      const answer = normalise(await ask(peer, operation));
      const difference = findDifference(answer, expected, 'answer');
      if (difference)
        throw new Error(`${peer.name} is not like ${first.name} on ${workload.name}: ${difference}`);
    }
  }
}

/** Lists of things with ids have no order of their own; fields have none either. */
function normalise(value) {
  if (Array.isArray(value)) {
    const items = value.map(normalise);
    return items.every((item) => item?.id) ? items.sort((a, b) => (a.id < b.id ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, normalise(item)]),
  );
}

/** The first place where two answers differ, and how; null if they do not. */
function findDifference(one, other, path) {
  if (one === other) return null;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return `${path} is ${JSON.stringify(one)?.slice(0, 500)}, not ${JSON.stringify(other)?.slice(0, 500)}`;
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = findDifference(one[key], other[key], `${path}.${key}`);
    if (found) return found;
  }
  return null;
}
