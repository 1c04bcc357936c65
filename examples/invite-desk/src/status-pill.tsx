import type { Label } from './words';

/** A status: always a word, and a colour for those who see it. */
export const StatusPill = ({ label }: { readonly label: Label }) => (
  <span className="pill" data-tone={label.tone}>
    {label.text}
  </span>
);
