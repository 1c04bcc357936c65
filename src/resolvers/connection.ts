import type { Edge, List, Source } from '../model';
import { formatCursor } from '../pagination';

/** How a page of any kind is shown: a connection in the sense of Relay. */
export const connection = {
  nodes: <T>({ edges }: List<T>): T[] => edges.map(({ node }) => node),
  edges: <T>({ edges }: List<T>): Edge<T>[] => [...edges],
  totalCount: <T>({ total }: List<T>): Promise<number | null> | number | null => total(),
  pageInfo: <T>({ edges, hasNextPage, hasPreviousPage, question, next }: List<T>) => ({
    hasNextPage,
    hasPreviousPage,
    startCursor: cursorOf(edges[0]),
    endCursor: next && formatCursor(question, next),
  }),
  sources: <T>({ sources }: List<T>): Source[] => [...sources],
};

/** How a row of any page is shown. */
export const edge = {
  cursor: <T>({ question, accountId, position }: Edge<T>): string =>
    formatCursor(question, { account: accountId, position }),
};

const cursorOf = <T>(row: Edge<T> | undefined): string | null =>
  row === undefined ? null : edge.cursor(row);
