import type { VendorName } from '../emulator';
import {
  anything,
  bodyChanges,
  flag,
  headerMap,
  headerValue,
  milliseconds,
  text,
  whole,
  type Check,
} from './checks';
import type { FaultKind } from './fault';

/** What must hold for one kind of fault. */
export interface KindRules {
  /** Whether the vendor executes when the fault does not say. */
  readonly after: 'execute' | 'skip';
  /** Set where the other way round makes no sense: such a fault works on the real answer. */
  readonly fixed?: true;
  readonly needs?: Readonly<Record<string, Check>>;
  readonly takes?: Readonly<Record<string, Check>>;
  readonly vendor?: VendorName;
}

const bytes = whole(1, 2 ** 40);
const redirects = whole(300, 399);
const execute = { after: 'execute' } as const;
const realAnswer = { after: 'execute', fixed: true } as const;
const skip = { after: 'skip' } as const;

/** Every kind of fault with its defaults and the checks of its fields. */
export const kinds = {
  latency: { ...realAnswer, needs: { ms: milliseconds } },
  hang: skip,
  status: {
    ...skip,
    needs: { status: whole(200, 599) },
    takes: { headers: headerMap, body: anything },
  },
  resetBeforeHeaders: skip,
  staleSocket: { after: 'skip', fixed: true },
  resetAfterHeaders: execute,
  truncated: execute,
  malformedJson: skip,
  emptyBody: skip,
  noContent: skip,
  jsonNull: skip,
  arrayForObject: skip,
  html: { ...skip, takes: { status: whole(200, 599) } },
  wrongContentType: { ...execute, takes: { contentType: headerValue } },
  patchBody: { ...realAnswer, needs: { changes: bodyChanges } },
  drip: { ...execute, needs: { bytesEveryMs: milliseconds } },
  hugeBody: { ...skip, needs: { bytes }, takes: { declareLength: flag } },
  gzipBomb: { ...skip, needs: { bytes } },
  redirect: { ...skip, needs: { location: headerValue }, takes: { status: redirects } },
  lostAnswer: realAnswer,
  repeatPages: { ...realAnswer, vendor: 'softwareone' },
  lieTotal: { ...realAnswer, vendor: 'softwareone', needs: { total: whole(-1_000_000, 1_000_000_000) } },
  unknownStatusWord: { ...realAnswer, takes: { word: text } },
} satisfies Record<FaultKind['kind'], KindRules>;

/** The rules of a kind; undefined for a word that is no kind. */
export function rulesOf(kind: string): KindRules | undefined {
  return isKind(kind) ? kinds[kind] : undefined;
}

function isKind(word: string): word is FaultKind['kind'] {
  return Object.hasOwn(kinds, word);
}
