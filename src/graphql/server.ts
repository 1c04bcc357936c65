import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { nobody } from '../accounts';
import type { Logger } from '../log';
import type { Context } from './context';
import { createFormatError, unauthenticated } from './errors';
import { type DocumentLimits, limitRules, rootFields } from './limits';
import { selectedFields } from './selection';

/** Apollo Server over our schema. Nothing in it hooks every field: that would cost more than the fields. */
export function createApolloServer(options: {
  schema: GraphQLSchema;
  introspection: boolean;
  limits: DocumentLimits & { readonly tokens: number };
  plugins: readonly ApolloServerPlugin<Context>[];
  log: Logger;
  /** Hears of each operation when it has been answered. */
  onDone: (context: Context) => void;
  logMasked: (correlationId: string, error: unknown) => void;
}): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema: options.schema,
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
    validationRules: limitRules(options.limits),
    parseOptions: { maxLexicalTokens: options.limits.tokens },
    formatError: createFormatError(options.logMasked),
    // Shutdown belongs to main: a library must not listen for signals beside it.
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      admit(options.limits),
      selectFields,
      {
        requestDidStart: () =>
          Promise.resolve({
            willSendResponse: ({ contextValue }) => {
              options.onDone(contextValue);
              return Promise.resolve();
            },
          }),
      },
      ...options.plugins,
    ],
  });
}

/** Tells the context what the operation selects, before anything is resolved. */
const selectFields: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ schema, document, operation, request, contextValue }) => {
        if (operation)
          contextValue.select(selectedFields(schema, document, operation, request.variables ?? {}));
        return Promise.resolve();
      },
    }),
};

/** Decides by its root fields who may run an operation at all; what it may see is for the scopes to say. */
const admit = ({ representations }: DocumentLimits): ApolloServerPlugin<Context> => ({
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ document, operation, request, contextValue }) => {
        if (!operation) return Promise.resolve();
        const fields = rootFields(document, operation.selectionSet);
        const forRouter = fields.has('_service') || fields.has('_entities');
        const withoutUser =
          contextValue.router === true &&
          [...fields].every((field) => field === '_service' || field === '__typename');
        if (forRouter && contextValue.router === false)
          throw unauthenticated('The router alone may ask this.');
        if (contextValue.viewer === nobody && !withoutUser) throw unauthenticated();
        for (const value of Object.values(request.variables ?? {}))
          if (fields.has('_entities') && Array.isArray(value) && value.length > representations)
            throw new GraphQLError(`At most ${representations} representations may be asked for at once.`, {
              extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
            });
        return Promise.resolve();
      },
    }),
});
