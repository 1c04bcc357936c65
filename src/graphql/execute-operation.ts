import {
  defaultTypeResolver,
  type ExecutionResult,
  GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  locatedError,
  OperationTypeNode,
} from 'graphql';
import { metered } from './metered-resolvers';
import { isPromise, itemsOf, possibleType, serialize } from './complete-value';
import type { Context } from './context';
import { type Path, pathTo, ExecutionErrors } from './execution-errors';
import { fieldsBelow, type PlannedField, type PlannedFields, planFields, type Shape } from './field-plan';
import type { CachedOperation } from './operation-cache';
import { createResolveInfo } from './resolve-info';

/** What one execution is made from. */
export interface ExecutedOperation {
  readonly schema: GraphQLSchema;
  readonly operation: CachedOperation;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: Context;
}

type Results = Record<string, unknown>;

/**
 * Executes an operation as the specification's "Execution" says, and as graphql-js does: the same data and errors in the same
 * order, which is tested over generated operations. It collects the fields and arguments of each selection once, not once for
 * each object of a list, and makes no promise, no path and no `info` where nothing needs one.
 */
export async function executeOperation(executed: ExecutedOperation): Promise<ExecutionResult> {
  const errors = new ExecutionErrors();
  const { schema, operation } = executed;
  const { operation: kind, selectionSet } = operation.operation;
  const root = schema.getRootType(kind);
  if (!root)
    return {
      errors: [
        new GraphQLError(`Schema is not configured to execute ${kind} operation.`, {
          nodes: operation.operation,
        }),
      ],
    };
  let data: Results | null = null;
  try {
    const run = new Run(executed, errors);
    const planned = planFields(run.from, root, [selectionSet]);
    data = await (kind === OperationTypeNode.MUTATION
      ? run.serially(planned)
      : run.fields(planned, undefined, undefined));
  } catch (error) {
    errors.add(error as GraphQLError, undefined);
  }
  return errors.found.length === 0 ? { data } : { errors: errors.found, data };
}

/** One execution. */
class Run {
  readonly from;
  private readonly context: Context;
  private readonly info;

  constructor(
    private readonly executed: ExecutedOperation,
    private readonly errors: ExecutionErrors,
  ) {
    const { schema, operation, variables, context } = executed;
    this.from = { schema, fragments: operation.fragments, variables };
    this.context = context;
    this.info = createResolveInfo(executed);
  }

  /** The root fields of a mutation, each when the one before it has ended. */
  async serially({ fields, hasProto }: PlannedFields): Promise<Results> {
    const results = emptyResults(hasProto);
    for (const planned of fields) results[planned.key] = await this.field(planned, undefined, undefined);
    return results;
  }

  /** The fields of one object. */
  fields(
    { fields, hasProto }: PlannedFields,
    source: unknown,
    path: Path | undefined,
  ): Results | Promise<Results> {
    const results = emptyResults(hasProto);
    const pending: PromiseLike<void>[] = [];
    try {
      for (const planned of fields) {
        const { key } = planned;
        const value = this.field(planned, source, path);
        // Also where it is a promise: the place among the others is taken now.
        results[key] = value;
        if (isPromise(value))
          pending.push(
            value.then((completed) => {
              results[key] = completed;
            }),
          );
      }
    } catch (error) {
      if (pending.length === 0) throw error;
      // The others are waited for, so that none of them fails unheard.
      return Promise.all(pending).then(
        () => raise(error),
        () => raise(error),
      );
    }
    return pending.length === 0 ? results : Promise.all(pending).then(() => results);
  }

  private field(planned: PlannedField, source: unknown, parent: Path | undefined): unknown {
    const { key, field, shape, mistake } = planned;
    let path: Path | undefined;
    try {
      if (mistake) throw mistake;
      if (!field.resolve) {
        const value = metered(this.property(planned, source, parent), this.context, key);
        if (shape.kind === 'leaf' && !isPromise(value))
          return this.complete(planned, shape, value, undefined);
        path = { prev: parent, key, typename: planned.parent.name };
        return this.settle(planned, shape, value, path);
      }
      path = { prev: parent, key, typename: planned.parent.name };
      const value = field.resolve(source, planned.args, this.context, this.info(planned, path));
      return this.settle(planned, shape, value, path);
    } catch (error) {
      return this.failed(planned, shape, error, path ?? { prev: parent, key, typename: planned.parent.name });
    }
  }

  /** What the default resolver of graphql-js gives. */
  private property(planned: PlannedField, source: unknown, parent: Path | undefined): unknown {
    if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
    const { name } = planned.field;
    const value = (source as Record<string, unknown>)[name];
    if (typeof value !== 'function') return value;
    const path = { prev: parent, key: planned.key, typename: planned.parent.name };
    const method = value as (args: object, context: Context, info: GraphQLResolveInfo) => unknown;
    return method.call(source, planned.args, this.context, this.info(planned, path));
  }

  /** Completes a value now, or when it is there; an error of it is the field's or the item's at `path`. */
  private settle(planned: PlannedField, shape: Shape, value: unknown, path: Path): unknown {
    const completed = isPromise(value)
      ? value.then((resolved) => this.complete(planned, shape, resolved, path))
      : this.complete(planned, shape, value, path);
    return isPromise(completed)
      ? completed.then(undefined, (error: unknown) => this.failed(planned, shape, error, path))
      : completed;
  }

  private complete(planned: PlannedField, shape: Shape, value: unknown, path: Path | undefined): unknown {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) {
      if (shape.isNullable) return null;
      throw new Error(
        `Cannot return null for non-nullable field ${planned.parent.name}.${planned.field.name}.`,
      );
    }
    switch (shape.kind) {
      case 'leaf':
        return serialize(shape.type, value);
      case 'list':
        return this.list(planned, shape.item, value, path);
      case 'object':
        return this.fields(fieldsBelow(this.from, planned, shape.type), value, path);
      case 'abstract': {
        const resolveType = shape.type.resolveType ?? defaultTypeResolver;
        const info = this.info(planned, path as Path);
        const name = resolveType(value, this.context, info, shape.type);
        const below = (type: unknown) =>
          this.fields(
            fieldsBelow(this.from, planned, possibleType(this.executed.schema, planned, shape, type)),
            value,
            path,
          );
        return isPromise(name) ? name.then(below) : below(name);
      }
    }
  }

  private list(planned: PlannedField, item: Shape, value: unknown, path: Path | undefined): unknown {
    let isPending = false;
    const results: unknown[] = [];
    let index = 0;
    for (const each of itemsOf(planned, value)) {
      const at = { prev: path, key: index++, typename: undefined };
      let completed: unknown;
      try {
        completed = this.settle(planned, item, each, at);
      } catch (error) {
        completed = this.failed(planned, item, error, at);
      }
      if (isPromise(completed)) isPending = true;
      results.push(completed);
    }
    return isPending ? Promise.all(results) : results;
  }

  /** An error of a field or an item: noted where null may stand for it, else thrown on to what it belongs to. */
  private failed({ nodes }: PlannedField, { isNullable }: Shape, raw: unknown, path: Path): null {
    const error = locatedError(raw, nodes, pathTo(path));
    if (!isNullable) throw error;
    this.errors.add(error, path);
    return null;
  }
}

/** An ordinary object is faster to make and to write out; under the key `__proto__` it would lose the value. */
const emptyResults = (hasProto: boolean): Results => (hasProto ? (Object.create(null) as Results) : {});

const raise = (error: unknown): never => {
  throw error;
};
