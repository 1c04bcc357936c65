import { useRef } from 'react';
import type { Address, Filters } from './address';
import type { AccountsQuery } from './generated/graphql';
import { INVITE_STATUS, STAFF_STATUS, VENDORS } from './words';

interface FilterBarProps {
  readonly filters: Filters;
  readonly accounts: NonNullable<AccountsQuery['accounts']>['nodes'];
  readonly onChange: (change: Partial<Address>) => void;
}

const NO_FILTERS = { vendor: null, account: null, status: null, search: '' } as const;

/** What to show: one of the two lists, and what narrows it. */
export function FilterBar({ filters, accounts, onChange }: FilterBarProps) {
  const { view, vendor, account, status, search } = filters;
  const isInvites = view === 'invites';
  const offered = accounts.filter((each) => !vendor || each.vendor === vendor);
  const box = useRef<HTMLInputElement>(null);
  const isFiltered = Boolean(vendor ?? account ?? status) || search !== '';
  return (
    <form
      className="filters"
      role="search"
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ search: box.current?.value.trim() ?? '' });
      }}
    >
      <fieldset className="views">
        <legend className="visually-hidden">List</legend>
        {(['invites', 'people'] as const).map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="view"
              checked={view === each}
              onChange={() => {
                onChange({ view: each, status: null, search: '' });
              }}
            />
            <span>{each === 'invites' ? 'Invites' : 'People'}</span>
          </label>
        ))}
      </fieldset>
      <Choice
        label="Vendor"
        all="All vendors"
        value={vendor}
        options={Object.entries(VENDORS)}
        onChange={(value) => {
          onChange({ vendor: value as Filters['vendor'], account: null });
        }}
      />
      <Choice
        label="Account"
        all="All accounts"
        value={account}
        options={offered.map(({ id, name }) => [id, name ?? id])}
        onChange={(value) => {
          onChange({ account: value });
        }}
      />
      <Choice
        label="Status"
        all={isInvites ? 'All but accepted' : 'All'}
        value={status}
        options={Object.entries(isInvites ? INVITE_STATUS : STAFF_STATUS).map(([id, { text }]) => [id, text])}
        onChange={(value) => {
          onChange({ status: value as Filters['status'] });
        }}
      />
      <label className="field field-search" key={`${view} ${search}`}>
        {isInvites ? 'Whole email address' : 'Name or email'}
        <span className="field-with-button">
          <input
            ref={box}
            name="search"
            type={isInvites ? 'email' : 'search'}
            defaultValue={search}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
          />
          <button type="submit" className="button">
            Find
          </button>
          <button
            type="button"
            className="button button-plain"
            aria-disabled={!isFiltered}
            onClick={() => {
              if (isFiltered) onChange(NO_FILTERS);
            }}
          >
            Clear
          </button>
        </span>
      </label>
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly all: string;
  readonly value: string | null;
  readonly options: readonly (readonly [id: string, name: string])[];
  readonly onChange: (value: string | null) => void;
}

const Choice = ({ label, all, value, options, onChange }: ChoiceProps) => (
  <label className="field">
    {label}
    <select
      value={value ?? ''}
      onChange={({ target }) => {
        onChange(target.value || null);
      }}
    >
      <option value="">{all}</option>
      {options.map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  </label>
);
