import { hash } from 'node:crypto';
import type { ApolloServerOptions } from '@apollo/server';
import { type DocumentNode, getOperationAST, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { describeOperation, type OperationFacts } from './operation-facts';

/** The most bytes that all kept documents may hold. */
const MAX_BYTES = 16 * 2 ** 20;
/** A document that holds more is parsed anew for each request. */
const MAX_DOCUMENT_BYTES = MAX_BYTES / 16;
/** What a node of a parsed document holds with its place in the text; measured at 224 on Node 20. */
const NODE_BYTES = 256;
/** What an entry holds besides its text and nodes: its key, its map and what is known of its operations. */
const ENTRY_BYTES = 2048;

/** An operation of a valid document, and what is known of it. */
export interface CachedOperation extends OperationFacts {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** One document: valid, parsed, with its operations by the name that a request gives. */
interface CacheEntry {
  readonly document: DocumentNode;
  readonly operations: Map<string | null, CachedOperation>;
}

/** The valid documents of a process. */
export interface OperationCache {
  /** Finds the operation of a text that has been validated before; null if it is not kept, or has no such operation. */
  find(text: string, operationName: string | null | undefined): CachedOperation | null;
  /** As `find`, by the SHA-256 of the text, in hex: an automatic persisted query. */
  findByHash(hash: string, operationName: string | null | undefined): CachedOperation | null;
  /** The operation of a valid document: the kept one where its document is kept, else one that lives with the request. */
  describe(
    queryHash: string,
    document: DocumentNode,
    operationName: string | null | undefined,
  ): CachedOperation | null;
  /** The same documents as Apollo Server asks for them. */
  readonly documentStore: DocumentStore;
  /** The texts of the same documents by their hash, as Apollo Server asks for automatic persisted queries. */
  readonly persistedQueries: PersistedQueries;
  /** The bytes that all entries hold, as counted. */
  readonly bytes: number;
}

type DocumentStore = NonNullable<ApolloServerOptions<object>['documentStore']>;
type PersistedQueries = NonNullable<
  Exclude<NonNullable<ApolloServerOptions<object>['persistedQueries']>, false>['cache']
>;

/**
 * Keeps what is known of each document under the SHA-256 of its text: the parsed document, and for each of its operations
 * what admission and execution need. Bounded by the bytes that the entries hold, source text included.
 */
export function createOperationCache(maxBytes = MAX_BYTES): OperationCache {
  const entries = new LRUCache<string, CacheEntry>({
    maxSize: maxBytes,
    maxEntrySize: MAX_DOCUMENT_BYTES,
  });

  const describe = (
    entry: CacheEntry | undefined,
    document: DocumentNode,
    operationName: string | null | undefined,
  ): CachedOperation | null => {
    const name = operationName ?? null;
    const known = entry?.operations.get(name);
    if (known) return known;
    const operation = getOperationAST(document, name);
    if (!operation) return null;
    const made = { document, operation, ...describeOperation(document, operation) };
    entry?.operations.set(name, made);
    return made;
  };

  const findByHash: OperationCache['findByHash'] = (queryHash, operationName) => {
    const entry = entries.get(queryHash);
    return entry ? describe(entry, entry.document, operationName) : null;
  };

  return {
    find: (text, operationName) => findByHash(hash('sha256', text), operationName),
    findByHash,
    describe: (queryHash, document, operationName) => {
      const entry = entries.get(queryHash);
      return describe(entry?.document === document ? entry : undefined, document, operationName);
    },
    documentStore: {
      get: (key) => Promise.resolve(entries.get(hashIn(key))?.document),
      set: (key, document) => {
        const size = dropTokens(document);
        entries.set(hashIn(key), { document, operations: new Map() }, { size });
        return Promise.resolve();
      },
      delete: (key) => Promise.resolve(entries.delete(hashIn(key))),
    },
    persistedQueries: {
      get: (key) => Promise.resolve(entries.get(key.slice(APQ_PREFIX.length))?.document.loc?.source.body),
      // The document store keeps each valid text already.
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(false),
    },
    get bytes() {
      return entries.calculatedSize;
    },
  };
}

/** Apollo Server puts a hash of the schema before that of the text; there is one schema here. */
const hashIn = (key: string): string => key.slice(-64);

/** Apollo Server puts this before the hash that a request gives. */
const APQ_PREFIX = 'apq:';

/**
 * Lets go of the tokens that a document was parsed from, and counts the bytes that the rest holds: its text, in two bytes a
 * character at most, and its nodes. Tokens take as much memory as the nodes, comments have some too, and only the places in
 * the text are needed, for the errors that name them.
 */
function dropTokens(document: DocumentNode): number {
  let nodes = 0;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    nodes++;
    if (value.loc) Object.assign(value.loc, { startToken: undefined, endToken: undefined });
    for (const key in value) if (key !== 'loc') visit(value[key as keyof typeof value]);
  };
  visit(document);
  return ENTRY_BYTES + nodes * NODE_BYTES + 2 * (document.loc?.source.body.length ?? 0);
}

const isNode = (value: unknown): value is Pick<DocumentNode, 'loc'> =>
  typeof value === 'object' && value !== null && 'kind' in value;
