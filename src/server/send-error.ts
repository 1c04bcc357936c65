import type { FastifyReply } from 'fastify';

/** Headers of every response. A page that is meant to be shown replaces the policy by its own. */
export const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** An error in the envelope of GraphQL over HTTP, also for requests that never reach GraphQL. */
export const sendError = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({
      errors: [{ message, extensions: { code: status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR' } }],
    });
