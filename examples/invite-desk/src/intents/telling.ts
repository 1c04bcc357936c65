import type { SendOutcome } from '../generated/graphql';
import type { Tone } from '../words';
import { type Answer, isUnderWay, type Progress, type Verb } from './intent';

/** What a row says about the user's last click on it: a heading, a sentence, a tone. */
export interface Telling {
  readonly heading: string;
  readonly text: string;
  readonly tone: Tone;
}

const ASKING: Record<Verb, string> = {
  RESEND: 'Asking the vendor to send the email again …',
  SEND_NEW: 'Asking the vendor for a new invite …',
  REVOKE: 'Asking the vendor to revoke the invite …',
};

const REQUESTED: Record<Verb, string> = {
  RESEND: 'The vendor took the request. Whether the email arrives cannot be seen from here.',
  SEND_NEW:
    'The vendor took the request for a new invite. Whether the email arrives cannot be seen from here.',
  REVOKE: 'The vendor took the request. The link in the email does not work any more.',
};

const UNCHANGED: Record<Verb, string> = {
  RESEND: 'No email was sent.',
  SEND_NEW: 'No email was sent.',
  REVOKE: 'The invite is as it was.',
};

const HEADINGS: Record<SendOutcome, string> = {
  REQUESTED: 'Requested',
  REJECTED: 'Refused by the vendor',
  NOT_SENT: 'Nothing was sent',
  UNKNOWN: 'Not known',
};

const TONES: Record<SendOutcome, Tone> = {
  REQUESTED: 'good',
  REJECTED: 'bad',
  NOT_SENT: 'late',
  UNKNOWN: 'unsure',
};

/** What is true about an intent and one invite, in words: no more, and no less. */
export function tell(progress: Progress): Telling {
  const { verb } = progress.intent;
  if (progress.phase === 'asking') return { heading: 'Under way', text: ASKING[verb], tone: 'wait' };
  if (progress.phase === 'unanswered')
    return {
      heading: 'No answer',
      text: 'The connection broke before Rollcall answered. Asking again is safe: it is the same request, and it is carried out once.',
      tone: 'unsure',
    };
  return tellAnswer(verb, progress.answer);
}

function tellAnswer(verb: Verb, { outcome, userErrors }: Answer): Telling {
  // This call sent nothing; what the first one does is still open.
  if (isUnderWay({ userErrors }))
    return {
      heading: 'Under way',
      text: 'The first request has not ended. Ask again in a moment.',
      tone: 'wait',
    };
  return { heading: HEADINGS[outcome], text: textOf(verb, outcome, userErrors), tone: TONES[outcome] };
}

function textOf(verb: Verb, outcome: SendOutcome, userErrors: Answer['userErrors']): string {
  if (outcome === 'REQUESTED') return REQUESTED[verb];
  if (outcome === 'UNKNOWN')
    return verb === 'REVOKE'
      ? 'Nobody knows whether the invite is revoked; look before trying again.'
      : 'Nobody knows whether the email went out; look before trying again.';
  // The heading says already that the vendor refused.
  const told = userErrors.filter(({ code }) => code !== 'VENDOR_REJECTED').map(({ message }) => message);
  if (outcome === 'NOT_SENT') return told.join(' ');
  const code = userErrors.find(({ vendorCode }) => vendorCode)?.vendorCode;
  return [...told, UNCHANGED[verb], code ? `The vendor’s own code: ${code}.` : ''].filter(Boolean).join(' ');
}

/** A sentence for the end of an intent; counts where it was about several invites. */
export function summary(verb: Verb, answers: readonly Answer[]): string {
  const tellings = answers.map((answer) => tellAnswer(verb, answer));
  const [only] = tellings;
  if (only && tellings.length === 1) return `${only.heading}. ${only.text}`;
  return [...new Set(tellings.map(({ heading }) => heading))]
    .map((each) => `${each}: ${tellings.filter(({ heading }) => heading === each).length}`)
    .join('. ');
}
