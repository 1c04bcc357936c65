import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';

/**
 * Throws GRAPHQL_PARSE_FAILED (HTTP 400) if the GraphQL document of a request is larger than allowed, in its body or in its
 * URL. Called before it is parsed or hashed. A persisted query was as large when it was registered.
 */
export function checkDocumentBytes({ body, query: parameters }: FastifyRequest, most: number): void {
  for (const source of [body, parameters]) {
    const document = (source as { query?: unknown } | null | undefined)?.query;
    // A byte is at least a third of a UTF-16 unit: most documents need not be measured.
    if (typeof document !== 'string' || document.length * 3 <= most) continue;
    if (Buffer.byteLength(document) > most)
      throw new GraphQLError(
        `The document is larger than ${most} bytes (limits.documentBytes), comments included.`,
        { extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400 } } },
      );
  }
}
