import type { Roll } from './use-roll';

/** The way to the other pages. */
export function Pager({ roll: { rows, total, page, next, previous, loading } }: { readonly roll: Roll }) {
  const count = rows?.length ?? 0;
  return (
    <nav className="pager" aria-label="Pages">
      <button
        type="button"
        className="button"
        aria-disabled={!previous || loading}
        onClick={() => {
          if (!loading) previous?.();
        }}
      >
        Previous
      </button>
      <p role="status">
        Page {page} · {count} {total === null ? 'shown' : `of ${total}`}
      </p>
      <button
        type="button"
        className="button"
        aria-disabled={!next || loading}
        onClick={() => {
          if (!loading) next?.();
        }}
      >
        Next
      </button>
    </nav>
  );
}
