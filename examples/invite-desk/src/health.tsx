import type { AccountsQuery, SourceFragment } from './generated/graphql';
import { Clock } from './instant';
import { isTroubled, SourceReport } from './source-report';
import { StatusPill } from './status-pill';
import { ACCOUNT_STATUS, CONNECTION, VENDORS } from './words';

interface HealthProps {
  readonly sources: readonly SourceFragment[];
  readonly accounts: NonNullable<AccountsQuery['accounts']>['nodes'];
  readonly loading: boolean;
  readonly onRefresh: () => void;
}

/** How complete the list is, and how the connection to each account stands. */
export function Health({ sources, accounts, loading, onRefresh }: HealthProps) {
  const troubled = sources.filter(isTroubled).length;
  return (
    <section className="health" aria-label="Vendors" data-trouble={troubled > 0}>
      <div className="health-line">
        <p role="status">
          <strong>
            {sources.length === 0 && loading
              ? 'Asking the vendors …'
              : troubled === 0
                ? `${plural(sources.length, 'account')} answered.`
                : `${troubled} of ${plural(sources.length, 'account')} did not answer.`}
          </strong>{' '}
          {troubled > 0 && 'The rows of the others are complete.'}
        </p>
        <button
          type="button"
          className="button"
          aria-disabled={loading}
          onClick={() => {
            if (!loading) onRefresh();
          }}
        >
          {loading ? 'Asking …' : 'Ask again'}
        </button>
      </div>
      {troubled > 0 && <SourceReport sources={sources} />}
      <details>
        <summary>Connections of {plural(accounts.length, 'account')}</summary>
        <ul className="connections">
          {accounts.map(({ id, name, vendor, status, connection }) => (
            <li key={id}>
              <span>
                {name ?? id}{' '}
                <span className="quiet">
                  ({VENDORS[vendor]}
                  {ACCOUNT_STATUS[status]})
                </span>
              </span>
              <span>
                <StatusPill label={CONNECTION[connection.state]} />{' '}
                {connection.retryAt && (
                  <span className="quiet">
                    until <Clock at={connection.retryAt} />
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
