import type { SourceFragment } from './generated/graphql';
import { Clock } from './instant';
import { SOURCE_FAILURE, VENDORS } from './words';

/** Whether an account's part of a list is missing or old. */
export const isTroubled = ({ state }: SourceFragment): boolean => state === 'FAILED' || state === 'STALE';

/** The accounts whose part of a list is missing or old: which, why, and when to ask again. */
export const SourceReport = ({ sources }: { readonly sources: readonly SourceFragment[] }) => (
  <ul className="troubles">
    {sources.filter(isTroubled).map(({ account, state, code, retryAt, asOf }) => (
      <li key={account.id}>
        <strong>{account.name ?? account.id}</strong> ({VENDORS[account.vendor]}){' '}
        {code ? SOURCE_FAILURE[code] : 'did not answer'}
        {state === 'STALE' ? (
          <>
            . Its rows are as they were{' '}
            {asOf ? (
              <>
                at <Clock at={asOf} />
              </>
            ) : (
              'before'
            )}
          </>
        ) : (
          '. Its rows are missing'
        )}
        {retryAt && (
          <>
            . It can be asked again at <Clock at={retryAt} />
          </>
        )}
        .
      </li>
    ))}
  </ul>
);
