/** What a run has shown: figures for a person, and everything that must not be. */
export interface Verdict {
  readonly figures: readonly string[];
  readonly violations: readonly string[];
}
