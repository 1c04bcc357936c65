import type { GraphQLError, GraphQLResolveInfo } from 'graphql';

/** Where in the answer a value stands, as a chain up to the root. */
export type Path = GraphQLResolveInfo['path'];

/** A path as errors have it, from the root down. */
export function pathTo(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let each: Path | undefined = path; each; each = each.prev) keys.push(each.key);
  return keys.reverse();
}

/** The errors of one execution. */
export class ExecutionErrors {
  readonly found: GraphQLError[] = [];
  /** Positions that have become null by an error; paths are the same objects for all that stands below them. */
  private readonly nulled = new Set<Path | undefined>();

  /** Adds an error that makes its position null; not if that is null already, or stands below one that is. */
  add(error: GraphQLError, path: Path | undefined): void {
    if (this.nulled.has(undefined)) return;
    for (let each = path; each; each = each.prev) if (this.nulled.has(each)) return;
    this.nulled.add(path);
    this.found.push(error);
  }
}
