import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { getVariableValues, type GraphQLSchema } from 'graphql';
import type { Logger } from '../log';
import type { Context } from './context';
import { createFormatError } from './errors';
import { selectedFields } from './selection';

/**
 * Apollo Server over our schema. Nothing in it hooks every field, which would cost more than the fields; but for a router
 * that asks for a trace.
 */
export function createApolloServer(options: {
  schema: GraphQLSchema;
  introspection: boolean;
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
    formatError: createFormatError(options.logMasked),
    // Shutdown belongs to main: a library must not listen for signals beside it.
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginInlineTrace(),
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
        const given = operation?.variableDefinitions ?? [];
        const { coerced } = getVariableValues(schema, given, request.variables ?? {});
        // Variables that do not fit are refused in a moment, by graphql-js itself.
        if (operation && coerced) contextValue.select(selectedFields(schema, document, operation, coerced));
        return Promise.resolve();
      },
    }),
};
