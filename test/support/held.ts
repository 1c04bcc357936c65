/** A fault: the vendor executes the request, and its answer is held back until the faults are cleared. */
export const HELD = { kind: 'latency', ms: 3_600_000 } as const;

/** The routes of a vendor's writes. */
const WRITE_ROUTES = ['POST *', 'PUT *', 'PATCH *', 'DELETE *'];

/** Faults that hold back the answers to all requests but those by GET. */
export const HELD_WRITES = WRITE_ROUTES.map((route) => ({ ...HELD, route }));

/** Limits of an app that waits for answers that are held back. */
export const PATIENT_LIMITS = {
  readTimeout: '10m',
  writeTimeout: '10m',
  operationDeadline: '11m',
  softDeadline: '10m',
};
