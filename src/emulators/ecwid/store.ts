import type { EcwidStaffRow, EcwidStore } from './model';

/** The staff of one store, changeable; emails are told apart without regard to case. */
export interface StaffBook {
  readonly seed: EcwidStore;
  readonly rows: () => EcwidStaffRow[];
  readonly byId: (id: string) => EcwidStaffRow | undefined;
  /** As spelt in the list. */
  readonly byEmail: (email: string) => EcwidStaffRow | undefined;
  /** In any case. */
  readonly isTaken: (email: string) => boolean;
  readonly add: (row: EcwidStaffRow) => void;
  readonly remove: (row: EcwidStaffRow) => void;
  readonly rename: (row: EcwidStaffRow, email: string) => void;
  readonly accept: (row: EcwidStaffRow) => void;
}

/** Opens a store's book on a copy of its seed. */
export function createStaffBook(seed: EcwidStore): StaffBook {
  const book = new Map(structuredClone(seed.staff).map((row) => [keyOf(row.email), row]));
  let joined = 0;
  return {
    seed,
    rows: () => [...book.values()],
    byId: (id) => [...book.values()].find((row) => row.id === id),
    byEmail: (email) => {
      const row = book.get(keyOf(email));
      // Whether Ecwid matches other spellings is unknown; the strict reading keeps callers to the stored one.
      return row?.email === email ? row : undefined;
    },
    isTaken: (email) => book.has(keyOf(email)),
    add: (row) => {
      book.set(keyOf(row.email), row);
    },
    remove: (row) => {
      book.delete(keyOf(row.email));
    },
    rename: (row, email) => {
      book.delete(keyOf(row.email));
      row.email = email;
      book.set(keyOf(email), row);
    },
    accept: (row) => {
      joined += 1;
      row.id ??= `p9${String(joined).padStart(7, '0')}`;
      row.name ??= row.email.split('@')[0] ?? row.email;
      row.inviteAccepted = true;
    },
  };
}

const keyOf = (email: string) => email.toLowerCase();
