import { ApolloServer, type ApolloServerOptionsWithGateway, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import type { Logger } from '../log';
import type { Context } from './context';
import type { FormatError } from './errors';
import { knownOperationTypes } from './known-operation-types';
import { type DocumentLimits, limitRules } from './limits';
import type { OperationCache } from './operation-cache';

/** How many mistakes of one document are named; then validation ends, with an error that says so. */
const MAX_MISTAKES = 5;

/**
 * Apollo Server over our schema. Nothing in it hooks every field, which would cost more than the fields; but for a router
 * that asks for a trace.
 */
export function createApolloServer(options: {
  gateway: ApolloServerOptionsWithGateway<Context>['gateway'];
  operations: Pick<OperationCache, 'documentStore' | 'persistedQueries'>;
  introspection: boolean;
  limits: DocumentLimits & { readonly tokens: number };
  plugins: readonly ApolloServerPlugin<Context>[];
  log: Logger;
  formatError: FormatError;
}): ApolloServer<Context> {
  return new ApolloServer<Context>({
    gateway: options.gateway,
    documentStore: options.operations.documentStore,
    persistedQueries: { cache: options.operations.persistedQueries, ttl: null },
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    // Only that something happened: its words may quote what is secret.
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: () => {
        options.log.warn('apollo server warns');
      },
      error: () => {
        options.log.error('apollo server failed at something');
      },
    },
    validationRules: [...limitRules(options.limits), knownOperationTypes],
    // Each mistake costs a search for similar names, and a line of the answer.
    validationOptions: { maxErrors: MAX_MISTAKES },
    parseOptions: { maxLexicalTokens: options.limits.tokens },
    formatError: options.formatError,
    // Shutdown belongs to main: a library must not listen for signals beside it.
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginInlineTrace(),
      ...options.plugins,
    ],
  });
}
