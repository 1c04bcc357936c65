import { useApolloClient } from '@apollo/client/react';
import { useEffect } from 'react';
import { InviteDocument } from './generated/graphql';

/** Clocks differ a little: asked too early, the answer would be the same. */
const MARGIN_MS = 1000;

/** Asks for an invite again once something can be done with it that cannot be done yet. */
export function useAgainAt(id: string, at: string | null): void {
  const client = useApolloClient();
  useEffect(() => {
    if (at === null) return;
    const ask = () =>
      void client.query({ query: InviteDocument, variables: { id }, fetchPolicy: 'network-only' });
    const timer = setTimeout(ask, Math.max(0, Date.parse(at) - Date.now()) + MARGIN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [client, id, at]);
}
